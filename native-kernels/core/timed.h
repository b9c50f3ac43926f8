#pragma once

#include <chrono>

namespace loci {

/// Adds the duration of `work` to `seconds`, unless it throws.
template <typename Work>
void timed(double & seconds, const Work & work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace loci
