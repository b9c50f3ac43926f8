// Threads sleep between graphs, and only the permitted number computes.

#include "core/thread_limit.h"
#include "tensor/thread_pool.h"
#include "test/memory_fixture.h"

#include <ctime>
#include <limits>
#include <thread>

using namespace loci_test;
using loci::ThreadPool;

namespace {

constexpr int no_limit = std::numeric_limits<int>::max();

TEST_CASE("how many compute") {
    const ThreadPool four(runtime().api(), 4);
    loci::set_thread_limit(no_limit);
    REQUIRE_MESSAGE(four.share().threads == 4, "all of them");
    REQUIRE_MESSAGE(four.share().pool != nullptr, "threads to wake");
    loci::set_thread_limit(3);
    REQUIRE_MESSAGE(four.share().threads == 3, "fewer");
    loci::set_thread_limit(1);
    REQUIRE_MESSAGE(four.share().threads == 1, "one");
    REQUIRE_MESSAGE(four.share().pool == nullptr, "no thread to wake");
    loci::set_thread_limit(0);
    REQUIRE_MESSAGE(four.share().threads == 1, "at least one");
    loci::set_thread_limit(no_limit);
    REQUIRE_MESSAGE(ThreadPool(runtime().api(), 0).share().threads == 1, "at least the caller");
}

// The logits do not depend on the number of threads, which changes between two steps.
TEST_CASE("the same logits") {
    const auto model = quick_model();
    loci::MemoryOptions options = options_of("full", 512, 512);
    options.threads = 2;
    const auto tokens = some_tokens(24, 1, model->info().vocabulary);
    std::vector<std::vector<float>> logits;
    loci::Memory memory(model, options);
    for (const int limit : { 1, 2, 1 }) {
        loci::set_thread_limit(limit);
        memory.extend(tokens, false, false, never());
        logits.push_back(memory.logits());
        memory.cut(0);
    }
    loci::set_thread_limit(no_limit);
    for (const auto & other : logits) {
        REQUIRE_MESSAGE(relative_difference(other, logits.front()) == about(0.0, 1e-3), "logits");
    }
}

#if defined(CLOCK_PROCESS_CPUTIME_ID)
double cpu_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// By default, each thread would poll for a tenth of a second or longer.
void waiting_costs_nothing() {
    const auto model = quick_model();
    loci::MemoryOptions options = options_of("full", 512, 512);
    options.threads = 2;
    loci::Memory memory(model, options);
    memory.extend(some_tokens(16, 1, model->info().vocabulary), false, false, never());
    const double before = cpu_seconds();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    REQUIRE_MESSAGE(cpu_seconds() - before < 0.05, "threads without work compute");
}
#else
void waiting_costs_nothing() {}
#endif

TEST_CASE("waiting") {
    waiting_costs_nothing();
}

} // namespace
