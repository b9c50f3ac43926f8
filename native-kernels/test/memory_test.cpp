// The memory's guarantees: the budget, no traces of tails or cancelled steps, and attention over
// the surviving rows.

#include "test/memory_fixture.h"
#include "test/model_fixture.h"

#include <algorithm>
#include <cstdlib>
#include <set>

using namespace loci;
using namespace loci_test;

namespace {

void keeps_the_budget(const std::string & policy, enum ggml_type type = GGML_TYPE_F16) {
    MemoryOptions options = options_of(policy, 256, 128);
    options.kv_type = type;
    Memory memory(quick_model(), options);
    for (int i = 0; i < 8; i++) {
        memory.append(chunk_of(memory.model(), 128, static_cast<uint32_t>(i)), {}, {}, never());
        const MemoryReport report = memory.report();
        REQUIRE_MESSAGE(report.peak_bytes <= report.budget_bytes + report.chunk_bytes,
                        "peak bytes");
        REQUIRE_MESSAGE(report.logical_bytes <= report.budget_bytes, "bytes of rows held");
        for (int layer = 0; layer < memory.model().info().layers; layer++) {
            for (int head = 0; head < memory.model().info().kv_heads; head++) {
                const std::vector<int32_t> held = memory.held(layer, head);
                REQUIRE_MESSAGE(std::is_sorted(held.begin(), held.end()), "stream order");
                REQUIRE_MESSAGE(std::set<int32_t>(held.begin(), held.end()).size() == held.size(),
                                "no token twice");
                REQUIRE_MESSAGE(held.back() == report.stream_tokens - 1,
                                "the newest token is held");
            }
        }
    }
    REQUIRE_MESSAGE(memory.report().held_tokens > 256 * 0.85, "the budget is used");
}

// The tokens that an observation appends to a chunk use rows of the chunk, and none of them stays.
void observing_keeps_the_promise(const std::string & policy, const PolicyParameters & parameters) {
    MemoryOptions options = options_of(policy, 256, 512);
    options.policy_parameters = parameters;
    const auto model = quick_model();
    options.probe = chunk_of(*model, 24, 70);
    options.repeat_prompt = chunk_of(*model, 8, 71);
    Memory memory(model, options);
    const int64_t capacity = memory.report().append_capacity;
    REQUIRE_MESSAGE((capacity < 512 && capacity >= 64), "a chunk leaves room for what observes it");
    expect_refusal(
        ErrorCode::invalid_argument,
        [&] {
            memory.append(chunk_of(*model, static_cast<size_t>(capacity) + 1, 0), {}, {}, never());
        },
        "more than it takes");
    for (uint32_t i = 0; i < 3; i++) {
        memory.append(chunk_of(*model, static_cast<size_t>(capacity), i), {}, {}, never());
        const MemoryReport report = memory.report();
        REQUIRE_MESSAGE(report.stream_tokens == (i + 1) * capacity, "only the chunk was read");
        REQUIRE_MESSAGE(report.peak_bytes <= report.budget_bytes + report.chunk_bytes,
                        "peak bytes");
        REQUIRE_MESSAGE(report.held_tokens <= 256.0, "the budget");
    }
}

// If a layer needs more tokens than the context has positions, neighbours share a position.
TEST_CASE("neighbours share positions" * doctest::skip(!thorough())) {
    const auto model = quick_model();
    const int context = model->info().trained_context;
    const int layers = model->info().layers;
    MemoryOptions options =
        options_of("random", std::max(context * 6 / 5 / layers, context / 4), 256);
    options.policy_parameters = { { "allocation", "profile" },
                                  { "positions", "shared" },
                                  { "alpha", "0" } };
    options.layer_profile = std::vector<double>(static_cast<size_t>(layers), 1.0);
    options.layer_profile[1] = 100.0;
    Memory memory(model, options);
    read(memory, 256, context * 6 / 5 / 256 + 1);
    const std::vector<HeldRow> & rows = memory.store().pool_of(1).held(0);
    const int limit = context - 256;
    REQUIRE_MESSAGE(rows.size() > static_cast<size_t>(limit), "more rows than positions");
    std::set<int32_t> positions;
    for (size_t i = 0; i < rows.size(); i++) {
        REQUIRE_MESSAGE((i == 0 || rows[i].position >= rows[i - 1].position),
                        "positions are in order");
        positions.insert(rows[i].position);
    }
    REQUIRE_MESSAGE((*positions.begin() >= 0 && *positions.rbegin() < limit),
                    "all lie within the context");
    REQUIRE_MESSAGE(positions.size() == static_cast<size_t>(limit), "and all are used");
    memory.extend(chunk_of(*model, 8, 3), false, true, never());
    for (const float logit : memory.logits()) {
        REQUIRE_MESSAGE(std::isfinite(logit), "answers are still computed");
    }
}

TEST_CASE("layers and heads hold what is theirs, and bytes follow" * doctest::skip(!thorough())) {
    // Layers of random weights are all equally valuable.
    Memory memory(bundled_model(), options_of("laprox", 128, 128));
    read(memory, 128, 4);
    const std::vector<int32_t> rows = memory.report().layer_tokens;
    REQUIRE_MESSAGE(std::set<int32_t>(rows.begin(), rows.end()).size() > 1,
                    "layers hold different numbers");
    const int last = memory.model().info().layers - 1;
    REQUIRE_MESSAGE(memory.held(last, 0) != memory.held(last, 1), "heads hold different tokens");
    // The allocated memory shrinks with the counts.
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        const KvPool & pool = memory.store().pool_of(layer);
        REQUIRE_MESSAGE(pool.capacity() <= pool.rows() + 128, "a layer is allocated by its rows");
    }
}

TEST_CASE("a tail leaves no trace") {
    Memory memory(quick_model(), options_of("laprox", 256, 128));
    read(memory, 128, 5);
    const auto before = snapshot(memory);
    const std::vector<llama_token> a = chunk_of(memory.model(), 40, 1);
    const std::vector<llama_token> b = chunk_of(memory.model(), 90, 2);
    memory.extend(a, true, true, never());
    const std::vector<float> first = memory.logits();
    memory.cut(0);
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after a tail");
    memory.extend(b, false, false, never());
    memory.cut(0);
    memory.extend(a, true, true, never());
    REQUIRE_MESSAGE(memory.logits() == first, "the same tail gives the same logits");
    memory.cut(0);
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after three tails");
}

TEST_CASE("a cancelled step leaves no trace" * doctest::skip(!thorough())) {
    Memory memory(quick_model(), options_of("laprox", 256, 128));
    read(memory, 128, 4);
    const MemoryReport report = memory.report();
    cancel_tails(memory, chunk_of(memory.model(), 100, 5), 4);
    cancel_chunk(memory, chunk_of(memory.model(), 128, 6));
    REQUIRE_MESSAGE(memory.report().stream_tokens == report.stream_tokens, "stream tokens");
    memory.append(chunk_of(memory.model(), 128, 6), {}, {}, never());
    REQUIRE_MESSAGE(memory.report().stream_tokens == report.stream_tokens + 128, "reading goes on");
}

void reads_beyond_the_context(enum ggml_type type) {
    MemoryOptions options = options_of("laprox", 256, 512);
    options.kv_type = type;
    Memory memory(quick_model(), options);
    const int context = memory.model().info().trained_context;
    read(memory, 512, context * 3 / 2 / 512);
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        for (int head = 0; head < memory.model().info().kv_heads; head++) {
            int32_t last = -1;
            for (const HeldRow & row : memory.store().pool_of(layer).held(head)) {
                REQUIRE_MESSAGE((row.position > last && row.position < context),
                                "positions in the context");
                last = row.position;
            }
        }
    }
    memory.extend(chunk_of(memory.model(), 64, 1), false, true, never());
    REQUIRE_MESSAGE(std::isfinite(memory.logits()[0]), "finite logits");
}

TEST_CASE("protected tokens stay") {
    Memory memory(quick_model(), options_of("laprox", 256, 128));
    std::vector<uint8_t> protect(128, 0);
    protect[3] = protect[70] = 1;
    memory.append(chunk_of(memory.model(), 128, 0), protect, {}, never());
    read(memory, 128, 6);
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        for (int head = 0; head < memory.model().info().kv_heads; head++) {
            const std::vector<int32_t> held = memory.held(layer, head);
            REQUIRE_MESSAGE((std::binary_search(held.begin(), held.end(), 3) &&
                             std::binary_search(held.begin(), held.end(), 70)),
                            "protected tokens are held");
        }
    }
}

TEST_CASE("nonsense is refused in a sentence" * doctest::skip(!thorough())) {
    const auto model = quick_model();
    expect_refusal(
        ErrorCode::budget_too_small, [&] { Memory memory(model, options_of("laprox", 8, 128)); },
        "tiny budget");
    expect_refusal(
        ErrorCode::invalid_argument, [&] { Memory memory(model, options_of("laprox", 256, 100)); },
        "odd chunk");
    expect_refusal(
        ErrorCode::invalid_argument,
        [&] { Memory memory(model, options_of("nonsense", 256, 128)); }, "policy");
    Memory memory(model, options_of("full", 256, 128));
    expect_refusal(
        ErrorCode::invalid_argument, [&] { memory.append({ -5 }, {}, {}, never()); },
        "a negative token");
    expect_refusal(
        ErrorCode::invalid_argument, [&] { memory.append({ 1 << 20 }, {}, {}, never()); },
        "a token beyond the vocabulary");
    expect_refusal(
        ErrorCode::invalid_argument, [&] { memory.append({}, {}, {}, never()); }, "nothing");
    expect_refusal(
        ErrorCode::invalid_argument, [&] { memory.cut(1); }, "a cut beyond the tail");
    expect_refusal(
        ErrorCode::invalid_argument, [&] { memory.cut(-1); }, "a negative cut");
    expect_refusal(
        ErrorCode::tail_full,
        [&] { memory.extend(chunk_of(*model, 129, 1), false, true, never()); }, "a tail too long");
    read(memory, 128, 2);
    expect_refusal(
        ErrorCode::budget_too_small, [&] { read(memory, 128, 1); },
        "the full policy beyond its budget");
    REQUIRE_MESSAGE(memory.report().stream_tokens == int64_t{ 256 },
                    "stream tokens after a refusal");
}

TEST_CASE("laprox keeps the budget") {
    keeps_the_budget("laprox");
}

TEST_CASE("attention over an evicted cache equals a plain forward pass") {
    matches_the_reference(6, "laprox");
}

TEST_CASE("attention over an evicted cache, q4_0") {
    matches_the_reference(6, "laprox", GGML_TYPE_Q4_0);
}

TEST_CASE("a stream longer than the context, f16") {
    reads_beyond_the_context(GGML_TYPE_F16);
}

TEST_CASE("streaming keeps the budget" * doctest::skip(!thorough())) {
    keeps_the_budget("streaming");
}

TEST_CASE("ahakv keeps the budget" * doctest::skip(!thorough())) {
    keeps_the_budget("ahakv");
}

TEST_CASE("laprox keeps the budget, q4_0" * doctest::skip(!thorough())) {
    keeps_the_budget("laprox", GGML_TYPE_Q4_0);
}

TEST_CASE("attention over a streaming cache equals a plain forward pass" *
          doctest::skip(!thorough())) {
    matches_the_reference(4, "streaming");
}

TEST_CASE("attention over an evicted cache, q8_0" * doctest::skip(!thorough())) {
    matches_the_reference(6, "laprox", GGML_TYPE_Q8_0);
}

TEST_CASE("a stream longer than the context, q8_0" * doctest::skip(!thorough())) {
    reads_beyond_the_context(GGML_TYPE_Q8_0);
}

TEST_CASE("a stream longer than the context, q4_0" * doctest::skip(!thorough())) {
    reads_beyond_the_context(GGML_TYPE_Q4_0);
}

TEST_CASE("a repetition behind the chunk" * doctest::skip(!thorough())) {
    observing_keeps_the_promise("kvzip", {});
}

TEST_CASE("a probe behind the chunk" * doctest::skip(!thorough())) {
    observing_keeps_the_promise("laprox", { { "rows", "both" } });
}

} // namespace
