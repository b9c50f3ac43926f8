// An eviction from a tail does not change the memory before it, nor the tail itself if the eviction
// is cancelled, fails half-way or is refused.

#include "test/model_fixture.h"
#include "test/tail_fixture.h"

#include <cstdlib>
#include <thread>

using namespace loci;
using namespace loci_test;

namespace {

void leaves_no_trace(const char * layout) {
    const auto memory = read_memory(GGML_TYPE_F16, layout);
    const auto before = snapshot(*memory);
    const auto question = text(*memory, 30, 4);
    memory->extend(question, false, true, never());
    const std::vector<float> expected = memory->logits();
    memory->cut(0);
    for (const bool attends : { true, false }) {
        memory->extend(text(*memory, 40, 5), false, attends, never());
        for (uint32_t i = 0; i < 4; i++) {
            memory->extend(text(*memory, static_cast<size_t>(tail_chunk) - 40, 6 + i), false,
                           attends, never());
            memory->evict_tail({ 20, 8, 40 }, never());
        }
        memory->cut(0);
        REQUIRE_MESSAGE(snapshot(*memory) == before, "the memory after many evictions");
    }
    memory->extend(question, false, true, never());
    REQUIRE_MESSAGE(memory->logits() == expected, "the same question gives the same logits");
    memory->cut(0);
    memory->append(text(*memory, 64, 12), {}, {}, never());
}

TEST_CASE("a cancelled eviction leaves the tail" * doctest::skip(!thorough())) {
    const auto memory = read_memory();
    const auto tokens = text(*memory, 100, 9);
    memory->extend(tokens, false, true, never());
    const auto before = rows_of(*memory, true, 0, 100);
    int cancelled = 0;
    for (int delay = 0; delay < 16; delay++) {
        Cancellation flag;
        std::thread canceller([&flag, delay] {
            std::this_thread::sleep_for(std::chrono::microseconds(delay * 300));
            flag.cancel();
        });
        if (delay == 0) {
            flag.cancel();
        }
        try {
            memory->evict_tail({ 20, 10, 60 }, flag);
            memory->cut(0);
            memory->extend(tokens, false, true, never());
        } catch (const Error & failure) {
            REQUIRE_MESSAGE(failure.code() == ErrorCode::cancelled, failure.what());
            cancelled++;
        }
        canceller.join();
        REQUIRE_MESSAGE(memory->report().tail_tokens.front() == int64_t{ 100 },
                        "tokens of the tail");
        REQUIRE_MESSAGE(rows_of(*memory, true, 0, 100) == before, "the rows of the tail");
    }
    REQUIRE_MESSAGE(cancelled > 0, "at least one eviction was cancelled");
    memory->cut(50); // nothing was evicted: any length is permitted
}

/// A step that fails half-way is undone.
TEST_CASE("what was moved can be put back") {
    const auto memory = read_memory(GGML_TYPE_Q8_0);
    memory->extend(text(*memory, 100, 9), false, true, never());
    const auto before = rows_of(*memory, true, 0, 100);
    const auto held = snapshot(*memory);
    std::vector<int32_t> slots;
    auto & pool = const_cast<KvPool &>(memory->store().pool_of(0));
    for (int head = 0; head < pool.shape().kv_heads; head++) {
        slots.insert(slots.end(), { 0, 1, 2, 50, 60, 99 });
    }
    const int64_t first = pool.rows();
    const Range moved = Range::checked(first + 3, first + 100, pool.capacity());
    const KvPool::RowCopy copy = pool.copy(moved);
    pool.compact(Range::checked(first, first + 100, pool.capacity()), slots);
    REQUIRE_MESSAGE(rows_of(*memory, true, 0, 100) != before, "rows have moved");
    pool.restore(moved, copy);
    REQUIRE_MESSAGE(rows_of(*memory, true, 0, 100) == before, "rows are back");
    REQUIRE_MESSAGE(snapshot(*memory) == held, "the memory");
}

TEST_CASE("cuts and refusals") {
    const auto memory = read_memory();
    const auto evict = [&](int64_t first, int64_t last, int64_t rows) {
        return [&memory, first, last, rows] { memory->evict_tail({ first, last, rows }, never()); };
    };
    memory->evict_tail({ 0, 0, 0 }, never());
    expect_refusal(ErrorCode::invalid_argument, evict(0, 0, 1), "more than an empty tail has");
    memory->extend(text(*memory, 50, 2), false, true, never());
    expect_refusal(ErrorCode::invalid_argument, evict(-1, 0, 10), "a negative count");
    expect_refusal(ErrorCode::invalid_argument, evict(20, 20, 30), "less than must stay");
    expect_refusal(ErrorCode::invalid_argument, evict(0, INT64_MAX, INT64_MAX),
                   "beyond all numbers");
    expect_refusal(ErrorCode::invalid_argument, evict(0, 0, 51), "more than there is");
    memory->cut(49);
    memory->evict_tail({ 10, 5, 30 }, never());
    memory->extend(text(*memory, 10, 3), false, true, never());
    expect_refusal(
        ErrorCode::invalid_argument, [&] { memory->cut(29); }, "a cut into what was evicted");
    expect_refusal(
        ErrorCode::invalid_argument, [&] { memory->cut(41); }, "a cut beyond the tail");
    memory->cut(35);
    memory->cut(30);
    memory->cut(0);
    memory->extend(text(*memory, 20, 3), false, true, never());
    memory->cut(1); // a new tail has its own first tokens
}

TEST_CASE("evictions leave no trace in the memory, rectangular" * doctest::skip(!thorough())) {
    leaves_no_trace("rectangular");
}

TEST_CASE("evictions leave no trace in the memory, ragged" * doctest::skip(!thorough())) {
    leaves_no_trace("ragged");
}

} // namespace
