// A memory whose KV heads hold different numbers of rows gives the same guarantees as a rectangular
// one.

#include "test/memory_fixture.h"
#include "test/model_fixture.h"

#include <algorithm>
#include <set>

using namespace loci;
using namespace loci_test;

namespace {

MemoryOptions ragged_options(const std::string & policy, int budget, int chunk) {
    MemoryOptions options = options_of(policy, budget, chunk);
    options.policy_parameters = { { "layout", "ragged" } };
    return options;
}

void for_each_head(const Memory & memory, const std::function<void(int, int)> & visit) {
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        for (int head = 0; head < memory.model().info().kv_heads; head++) {
            visit(layer, head);
        }
    }
}

void keeps_the_budget(const std::string & policy, enum ggml_type type) {
    MemoryOptions options = ragged_options(policy, 256, 128);
    options.kv_type = type;
    Memory memory(quick_model(), options);
    for (int i = 0; i < 8; i++) {
        memory.append(chunk_of(memory.model(), 128, static_cast<uint32_t>(i)), {}, {}, never());
        const MemoryReport report = memory.report();
        REQUIRE_MESSAGE(report.peak_bytes <= report.budget_bytes + report.chunk_bytes,
                        "peak bytes");
        REQUIRE_MESSAGE(report.logical_bytes <= report.budget_bytes, "bytes of rows held");
        size_t physical = 0;
        int64_t rows = 0;
        std::set<size_t> counts;
        for_each_head(memory, [&](int layer, int head) {
            const KvPool & pool = memory.store().pool_of(layer, head);
            REQUIRE_MESSAGE((i < 3 || pool.capacity() <= pool.rows() + 128),
                            "a head is allocated by its rows");
            physical += pool.allocated_bytes();
            rows += pool.rows();
            const std::vector<int32_t> held = memory.held(layer, head);
            REQUIRE_MESSAGE(std::is_sorted(held.begin(), held.end()), "stream order");
            REQUIRE_MESSAGE(std::set<int32_t>(held.begin(), held.end()).size() == held.size(),
                            "no token twice");
            REQUIRE_MESSAGE(held.back() == report.stream_tokens - 1, "the newest token is held");
            counts.insert(held.size());
        });
        REQUIRE_MESSAGE(report.physical_bytes == physical, "the bytes of all heads");
        const ModelInfo & info = memory.model().info();
        REQUIRE_MESSAGE(
            report.held_tokens ==
                about(static_cast<double>(rows) / static_cast<double>(info.layers * info.kv_heads),
                      1e-9),
            "the mean over the heads");
        REQUIRE_MESSAGE(report.layer_tokens.size() == static_cast<size_t>(info.layers), "layers");
        // (In a quick model with random weights, all heads are equally valuable.)
        REQUIRE_MESSAGE((i < 3 || !is_bundled(memory.model()) || counts.size() > 1),
                        "heads hold different numbers");
        const std::vector<uint16_t> held_by = memory.held_counts();
        int64_t total = 0;
        for (const uint16_t count : held_by) {
            total += count;
        }
        REQUIRE_MESSAGE(total == rows, "who holds what");
    }
    REQUIRE_MESSAGE(memory.report().held_tokens > 256 * 0.85, "the budget is used");
}

// With the same number of rows for every head, both layouts give the same memory.
void equals_the_rectangular_memory(const std::string & policy,
                                   const PolicyParameters & parameters) {
    MemoryOptions options = options_of(policy, 256, 128);
    options.policy_parameters = parameters;
    Memory rectangular(quick_model(), options);
    options.policy_parameters.emplace_back("layout", "ragged");
    Memory ragged(quick_model(), options);
    read(rectangular, 128, 6);
    read(ragged, 128, 6);
    size_t same = 0;
    size_t all = 0;
    for_each_head(ragged, [&](int layer, int head) {
        const std::vector<int32_t> a = ragged.held(layer, head);
        const std::vector<int32_t> b = rectangular.held(layer, head);
        REQUIRE_MESSAGE(a.size() == b.size(), "rows of a head");
        std::vector<int32_t> both;
        std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
        same += both.size();
        all += a.size();
    });
    // On a GPU, the order of sums differs, which changes borderline selections.
    REQUIRE_MESSAGE((on_cpu() ? same == all : same > all * 9 / 10), "the same tokens");
    const std::vector<llama_token> question = chunk_of(ragged.model(), 20, 3);
    const auto seen = rectangular.extend(question, true, true, never());
    const auto looked = ragged.extend(question, true, true, never());
    for (size_t i = 0; i < seen.size() && on_cpu(); i++) {
        REQUIRE_MESSAGE(static_cast<double>(looked[i]) == about(static_cast<double>(seen[i]), 1e-3),
                        "the attention of a question");
    }
    for (size_t i = 0; i < ragged.logits().size() && on_cpu(); i++) {
        REQUIRE_MESSAGE(static_cast<double>(ragged.logits()[i]) ==
                            about(static_cast<double>(rectangular.logits()[i]), 1e-2),
                        "logits");
    }
}

TEST_CASE("a tail leaves no trace") {
    Memory memory(quick_model(), ragged_options("laprox", 256, 128));
    read(memory, 128, 5);
    const auto before = snapshot(memory);
    const std::vector<llama_token> question = chunk_of(memory.model(), 40, 1);
    memory.extend(question, true, true, never());
    const std::vector<float> first = memory.logits();
    memory.cut(0);
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after a tail");
    memory.extend(chunk_of(memory.model(), 90, 2), false, false, never());
    memory.cut(0);
    memory.extend(question, true, true, never());
    REQUIRE_MESSAGE(memory.logits() == first, "the same tail gives the same logits");
    memory.cut(20);
    memory.extend({ question.begin() + 20, question.end() }, false, true, never());
    memory.cut(0);
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after all tails");
}

TEST_CASE("a cancelled step leaves no trace" * doctest::skip(!thorough())) {
    Memory memory(quick_model(), ragged_options("adakv", 256, 128));
    read(memory, 128, 4);
    const std::vector<llama_token> text = chunk_of(memory.model(), 100, 5);
    memory.extend(text, false, true, never());
    const std::vector<float> undisturbed = memory.logits();
    memory.cut(0);
    cancel_tails(memory, text, 2);
    // llama.cpp may reuse the stopped graph.
    memory.extend(text, false, true, never());
    REQUIRE_MESSAGE(memory.logits() == undisturbed, "what follows is computed as ever");
    memory.cut(0);
    cancel_chunk(memory, chunk_of(memory.model(), 128, 6));
}

void reads_beyond_the_context(enum ggml_type type) {
    MemoryOptions options = ragged_options("laprox", 256, 512);
    options.kv_type = type;
    Memory memory(quick_model(), options);
    const int context = memory.model().info().trained_context;
    read(memory, 512, context * 3 / 2 / 512);
    std::set<int32_t> newest;
    for_each_head(memory, [&](int layer, int head) {
        int32_t last = -1;
        for (const HeldRow & row :
             memory.store().pool_of(layer, head).held(memory.store().head_in_pool(head))) {
            REQUIRE_MESSAGE((row.position > last && row.position < context),
                            "positions in the context");
            last = row.position;
        }
        newest.insert(last);
    });
    REQUIRE_MESSAGE(newest.size() == size_t{ 1 }, "the newest of every head stand together");
    memory.extend(chunk_of(memory.model(), 64, 1), false, true, never());
    REQUIRE_MESSAGE(std::isfinite(memory.logits()[0]), "finite logits");
}

TEST_CASE("adakv keeps the budget") {
    keeps_the_budget("adakv", GGML_TYPE_F16);
}

const PolicyParameters ragged = { { "layout", "ragged" } };

TEST_CASE("attention over ragged heads equals a plain forward pass") {
    matches_the_reference(6, "laprox", GGML_TYPE_F16, ragged);
}

TEST_CASE("laprox keeps the budget, q4_0" * doctest::skip(!thorough())) {
    keeps_the_budget("laprox", GGML_TYPE_Q4_0);
}

TEST_CASE("attention over ragged heads, Ada-KV" * doctest::skip(!thorough())) {
    matches_the_reference(6, "adakv");
}

TEST_CASE("attention over ragged heads, q4_0" * doctest::skip(!thorough())) {
    matches_the_reference(6, "laprox", GGML_TYPE_Q4_0, ragged);
}

TEST_CASE("heads alike hold what a rectangular layer holds" * doctest::skip(!thorough())) {
    equals_the_rectangular_memory("snapkv", {});
}

TEST_CASE("heads alike, projected values and query heads apart" * doctest::skip(!thorough())) {
    equals_the_rectangular_memory("laprox",
                                  { { "allocation", "uniform" }, { "aggregate", "apart" } });
}

TEST_CASE("heads alike, the L1 norm" * doctest::skip(!thorough())) {
    equals_the_rectangular_memory("criticalkv", {});
}

TEST_CASE("heads alike, moments of the queries" * doctest::skip(!thorough())) {
    equals_the_rectangular_memory("expected", {});
}

TEST_CASE("a stream longer than the context" * doctest::skip(!thorough())) {
    reads_beyond_the_context(GGML_TYPE_F16);
}

TEST_CASE("a stream longer than the context, q4_0" * doctest::skip(!thorough())) {
    reads_beyond_the_context(GGML_TYPE_Q4_0);
}

} // namespace
