// Tokens that are protected while the memory is in use, against a memory that read them as
// protected.

#include "test/model_fixture.h"
#include "test/resize_fixture.h"
#include "test/state_checks.h"

#include <algorithm>

using namespace loci;
using namespace loci_test;
using namespace loci_test::resizing;

namespace {

MemoryOptions options_for(const Kind & kind, int budget) {
    MemoryOptions options = state_options(kind.policy);
    options.budget_tokens = budget;
    options.kv_type = kind.type;
    for (const auto & parameter : kind.parameters) {
        options.policy_parameters.push_back(parameter);
    }
    return options;
}

// Chunks of 96 tokens, of which those of the stream in `protect` are protected.
void read_beside(Memory & memory, int from, int to, const std::vector<uint8_t> & protect) {
    constexpr size_t length = 96;
    for (int i = from; i < to; i++) {
        const size_t begin = static_cast<size_t>(i) * length;
        std::vector<uint8_t> own(length, 0);
        for (size_t token = 0; token < length && begin + token < protect.size(); token++) {
            own[token] = protect[begin + token];
        }
        memory.append(chunk_of(memory.model(), length, static_cast<uint32_t>(i)), own, {}, never());
    }
}

void holds_protected(const Memory & memory, const std::vector<uint8_t> & protect) {
    const std::vector<uint16_t> counts = memory.held_counts();
    const size_t heads = rows_of(memory).size();
    for (size_t token = 0; token < protect.size(); token++) {
        REQUIRE_MESSAGE((protect[token] == 0 || counts[token] == heads),
                        "a protected token of every head");
    }
}

/// While nothing is evicted it is no matter when tokens were protected: the reference is a memory
/// that read them as protected ones.
void protects_later(const Kind & kind) {
    std::vector<uint8_t> protect(288, 0);
    std::fill(protect.begin() + 100, protect.begin() + 170, uint8_t{ 1 });
    Memory reference(quick_model(), options_for(kind, 384));
    read_beside(reference, 0, 3, protect);
    Memory memory(quick_model(), options_for(kind, 384));
    read_beside(memory, 0, 3, {});
    answer(memory, 0, 1);
    const auto before = snapshot(memory);
    const std::vector<float> logits = memory.logits();
    const std::vector<int64_t> tails = memory.report().tail_tokens;
    memory.resize(384, protect, never());
    REQUIRE_MESSAGE(
        (memory.report().tail_tokens == tails && memory.logits() == logits && tails[0] > 0),
        "tails stay");
    REQUIRE_MESSAGE(memory.store().stream().protected_tokens == protect, "what is protected");
    memory.resize(384, std::vector<uint8_t>(288, 0), never());
    REQUIRE_MESSAGE(snapshot(memory) == before, "rows stay, and protection is taken back");
    memory.resize(384, protect, never());
    memory.cut(0);
    read_beside(memory, 3, 9, {});
    read_beside(reference, 3, 9, {});
    REQUIRE_MESSAGE(snapshot(memory) == snapshot(reference), "as if it had been read so");
    holds_protected(memory, protect);
    memory.resize(192, {}, never());
    holds_protected(memory, protect);
    memory.resize(192, std::vector<uint8_t>(size_t{ 9 } * 96, 0), never());
    read_beside(memory, 9, 15, {});
    const std::vector<uint16_t> counts = memory.held_counts();
    const size_t heads = rows_of(memory).size();
    REQUIRE_MESSAGE(std::any_of(counts.begin() + 100, counts.begin() + 170,
                                [heads](uint16_t count) { return count < heads; }),
                    "what is protected no longer goes");
}

TEST_CASE("the same budget takes another protection alone") {
    const std::vector<Kind> kinds = {
        { "default", "default", {} },
        { "default, ragged, q8_0", "default", { { "layout", "ragged" } }, GGML_TYPE_Q8_0 },
        { "streaming", "streaming", {} },
        { "random", "random", {} },
    };
    for (const Kind & kind : kinds) {
        INFO(kind.name);
        protects_later(kind);
    }
}

} // namespace
