#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace loci {

/// Calls body(i) for every i in [0, count), on several threads where `work` (entries in all) is
/// worth it. The calls must not depend on each other; the result then does not depend on the number
/// of threads. What a call throws is thrown here, after all have ended.
void for_each_layer(size_t count, int64_t work, const std::function<void(size_t)> & body);

} // namespace loci
