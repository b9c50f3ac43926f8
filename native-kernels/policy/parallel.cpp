#include "policy/parallel.h"

#include "core/thread_limit.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace loci {

namespace {

constexpr int64_t entries_per_thread = 1 << 17; // about 10 ms
constexpr int64_t most_threads = 8;             // memory bandwidth limits more threads

} // namespace

void for_each_layer(size_t count, int64_t work, const std::function<void(size_t)> & body) {
    const int64_t cores =
        std::min<int64_t>(std::max(1u, std::thread::hardware_concurrency()), thread_limit());
    const int64_t threads =
        std::min({ most_threads, cores, work / entries_per_thread, static_cast<int64_t>(count) });
    std::atomic<size_t> next{ 0 };
    const auto run = [&] {
        for (size_t i = next++; i < count; i = next++) {
            body(i);
        }
    };
    // A future waits in its destructor, so nothing outlives this call even when `run` throws.
    std::vector<std::future<void>> others;
    for (int64_t i = 1; i < threads; i++) {
        others.push_back(std::async(std::launch::async, run));
    }
    run();
    for (std::future<void> & other : others) {
        other.get();
    }
}

} // namespace loci
