#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace loci {

/// Calls body(i) for every i in [0, count), on several threads if `work` (the total number of
/// entries) is large enough. The calls must be independent; the result then does not depend on the
/// number of threads. Rethrows an exception of a call after all have ended.
void for_each_layer(size_t count, int64_t work, const std::function<void(size_t)> & body);

} // namespace loci
