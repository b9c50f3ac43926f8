#include "core/thread_limit.h"

#include <algorithm>
#include <atomic>
#include <limits>

namespace loci {

namespace {

std::atomic<int> limit{ std::numeric_limits<int>::max() };

} // namespace

void set_thread_limit(int threads) noexcept {
    limit.store(std::max(threads, 1), std::memory_order_relaxed);
}

int thread_limit() noexcept {
    return limit.load(std::memory_order_relaxed);
}

} // namespace loci
