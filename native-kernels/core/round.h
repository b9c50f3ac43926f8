#pragma once

#include <cstdint>

namespace loci {

/// Returns the smallest multiple of `step` that is at least `value`. `value` is at least 0, `step`
/// at least 1.
inline int64_t round_up(int64_t value, int64_t step) noexcept {
    return (value + step - 1) / step * step;
}

} // namespace loci
