// Several tails on one memory: each continues bit-identically as if the others did not exist, and
// the memory is unchanged.

#include "test/model_fixture.h"
#include "test/tail_fixture.h"

#include <algorithm>
#include <random>

using namespace loci;
using namespace loci_test;

namespace {

const std::vector<int> capacities = { 192, 64, 96 };

/// One reader's step: some tokens, and whether it attends to the memory.
struct Turn {
    size_t tail;
    std::vector<llama_token> tokens;
};

std::vector<Turn> random_turns(const Memory & memory, uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<Turn> turns;
    std::vector<size_t> used(capacities.size(), 0);
    for (int i = 0; i < 24; i++) {
        const size_t tail = random() % capacities.size();
        const size_t room = static_cast<size_t>(capacities[tail]) - used[tail];
        const size_t count = std::min<size_t>(room, 1 + random() % 40);
        if (count > 0) {
            turns.push_back({ tail, text(memory, count, seed * 100 + static_cast<uint32_t>(i)) });
            used[tail] += count;
        }
    }
    return turns;
}

/// Requires that each tail's last logits equal those of a memory in which it is alone.
void are_apart(enum ggml_type type, const char * layout, bool attends) {
    for (const uint32_t seed : { 1U, 2U }) {
        const auto shared = read_memory(type, layout, capacities);
        const auto before = snapshot(*shared);
        const std::vector<Turn> turns = random_turns(*shared, seed);
        for (const Turn & turn : turns) {
            shared->extend(turn.tokens, false, attends, never(), turn.tail);
        }
        REQUIRE_MESSAGE(snapshot(*shared) == before, "the memory beside its tails");
        for (size_t tail = 0; tail < capacities.size(); tail++) {
            const auto alone = read_memory(type, layout, { capacities.front() });
            bool any = false;
            for (const Turn & turn : turns) {
                if (turn.tail == tail) {
                    alone->extend(turn.tokens, false, attends, never());
                    any = true;
                }
            }
            if (any) {
                REQUIRE_MESSAGE(shared->logits(tail) == alone->logits(), "a tail that is alone");
                // The rows are restored too, not only the logits.
                shared->cut(1, tail);
                alone->cut(1);
                const auto next = text(*alone, 3, 999);
                shared->extend(next, false, attends, never(), tail);
                alone->extend(next, false, attends, never());
                REQUIRE_MESSAGE(shared->logits(tail) == alone->logits(), "a tail that was cut");
            }
        }
    }
}

/// A long first tail is complete again after another one has overwritten its rows and evicted.
TEST_CASE("a tail comes back whole") {
    const auto memory = read_memory(GGML_TYPE_F16, "ragged", capacities);
    memory->extend(text(*memory, 180, 5), false, true, never());
    const auto before = rows_of(*memory, true, 0, 180);
    memory->extend(text(*memory, 64, 6), false, false, never(), 1);
    memory->evict_tail({ 8, 8, 32 }, never(), 1);
    memory->extend(text(*memory, 90, 7), false, true, never(), 2);
    memory->cut(0, 2);
    memory->extend(text(*memory, 1, 8), false, true, never());
    REQUIRE_MESSAGE(rows_of(*memory, true, 0, 180) == before, "the rows of the first tail");
    const auto bytes = memory->report();
    REQUIRE_MESSAGE(bytes.physical_bytes + bytes.host_bytes <=
                        bytes.budget_bytes + bytes.working_bytes,
                    "the promise about bytes");
}

/// A tail that is cut while it is not in place stays cut and can grow to its full capacity.
TEST_CASE("a tail is cut where it waits") {
    const auto memory = read_memory(GGML_TYPE_F16, "rectangular", capacities);
    memory->extend(text(*memory, 50, 1), false, true, never(), 1);
    memory->extend(text(*memory, 100, 2), false, true, never());
    memory->cut(20, 1);
    memory->cut(0);
    memory->extend(text(*memory, 44, 3), false, true, never(), 1);
    const std::vector<int64_t> tokens = { 0, 64, 0 };
    REQUIRE_MESSAGE(memory->report().tail_tokens == tokens, "tokens by tail");
    memory->extend(text(*memory, 192, 4), false, true, never());
    memory->cut(0);
    expect_refusal(
        ErrorCode::busy, [&] { memory->append(text(*memory, 64, 12), {}, {}, never()); },
        "reading behind a tail");
    memory->cut(0, 1);
    memory->append(text(*memory, 64, 12), {}, {}, never());
}

void refusals() {
    const auto memory = read_memory(GGML_TYPE_F16, "rectangular", capacities);
    const auto one = text(*memory, 1, 1);
    expect_refusal(
        ErrorCode::invalid_argument, [&] { memory->extend(one, false, true, never(), 3); },
        "a tail that is not there");
    expect_refusal(
        ErrorCode::invalid_argument, [&] { memory->cut(0, 3); }, "cutting one that is not there");
    expect_refusal(
        ErrorCode::tail_full,
        [&] { memory->extend(text(*memory, 65, 1), false, true, never(), 1); },
        "more than a tail holds");
    expect_refusal(
        ErrorCode::invalid_argument,
        [&] {
            read_memory(GGML_TYPE_F16, "rectangular", { 64, 65 });
        },
        "larger than the first");
    expect_refusal(
        ErrorCode::invalid_argument,
        [&] {
            read_memory(GGML_TYPE_F16, "rectangular", { 64, 0 });
        },
        "a tail without rows");
    REQUIRE_MESSAGE(memory->report().tail_tokens == std::vector<int64_t>({ 0, 0, 0 }),
                    "nothing was begun");
}

TEST_CASE("refusals") {
    refusals();
}

TEST_CASE("tails are apart, ragged") {
    are_apart(GGML_TYPE_F16, "ragged", true);
}

TEST_CASE("tails are apart, q8_0, with the memory" * doctest::skip(!thorough())) {
    are_apart(GGML_TYPE_Q8_0, "rectangular", true);
}

TEST_CASE("tails are apart, q8_0, by themselves" * doctest::skip(!thorough())) {
    are_apart(GGML_TYPE_Q8_0, "rectangular", false);
}

} // namespace
