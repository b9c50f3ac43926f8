// A memory that is given another budget while it is in use, against a plain reference.

#include "test/model_fixture.h"
#include "test/resize_fixture.h"
#include "test/state_checks.h"

#include <algorithm>
#include <cmath>

using namespace loci;
using namespace loci_test;
using namespace loci_test::resizing;

namespace {

constexpr int chunk = 128;
constexpr int chunks = 8;

MemoryOptions options_for(const Kind & kind, int budget) {
    MemoryOptions options = state_options(kind.policy);
    options.budget_tokens = budget;
    options.kv_type = kind.type;
    for (const auto & parameter : kind.parameters) {
        options.policy_parameters.push_back(parameter);
    }
    return options;
}

// The first token of each chunk is protected.
void read_protected(Memory & memory, int count, uint32_t seed) {
    for (int i = 0; i < count; i++) {
        const size_t length =
            std::min<size_t>(96, static_cast<size_t>(memory.report().append_capacity));
        std::vector<uint8_t> protect;
        for (size_t token = 0; token < length; token++) {
            protect.push_back(token == 0 ? 1 : 0);
        }
        memory.append(chunk_of(memory.model(), length, seed + static_cast<uint32_t>(i)), protect,
                      {}, never());
    }
}

void within_bytes(const Memory & memory, int budget) {
    const MemoryReport report = memory.report();
    REQUIRE_MESSAGE(report.held_tokens <= budget, "tokens within the budget");
    REQUIRE_MESSAGE(report.budget_bytes == memory.store().bytes_of(budget), "the promise");
    REQUIRE_MESSAGE(report.physical_bytes <= report.budget_bytes + report.working_bytes,
                    "bytes now");
    REQUIRE_MESSAGE(report.peak_bytes <= report.budget_bytes + report.working_bytes,
                    "bytes at most");
}

std::vector<float> answer_of(Memory & memory) {
    memory.cut(0);
    memory.cut(0, 1);
    const std::vector<float> first = answer(memory, 0, 1);
    std::vector<float> both = answer(memory, 1, 2);
    both.insert(both.end(), first.begin(), first.end());
    REQUIRE_MESSAGE(
        (std::all_of(both.begin(), both.end(), [](float x) { return std::isfinite(x); })),
        "logits");
    return both;
}

std::string file_name() {
    return (std::filesystem::temp_directory_path() /
            ("loci-" + std::to_string(std::random_device()()) + "-resized"))
        .u8string();
}

/// Another memory of the present budget loads it, and is the same to the bit from then on.
void is_saved_under_its_budget(const Kind & kind, Memory & memory, int budget) {
    const std::string path = file_name();
    memory.save(path, never());
    Memory other(quick_model(), options_for(kind, budget));
    other.load(path, never());
    REQUIRE_MESSAGE(snapshot(other) == snapshot(memory), "a resized memory that was loaded");
    REQUIRE_MESSAGE(other.report().physical_bytes == memory.report().physical_bytes, "its bytes");
    REQUIRE_MESSAGE(answer_of(other) == answer_of(memory), "its answers");
    Memory foreign(quick_model(), options_for(kind, budget + 64));
    expect_refusal(
        ErrorCode::snapshot_invalid, [&] { foreign.load(path, never()); }, "another budget");
    std::filesystem::remove(std::filesystem::u8path(path));
}

/// 50 %, 10 %, 25 % of what was read.
void is_resized(const Kind & kind) {
    Memory memory(quick_model(), options_for(kind, 384));
    read_protected(memory, chunks, 0);
    within_bytes(memory, 384);
    answer_of(memory);
    const HeldRows before = rows_of(memory);
    const size_t bytes = memory.report().physical_bytes;

    memory.resize(96, {}, never());
    within_bytes(memory, 96);
    REQUIRE_MESSAGE(memory.report().physical_bytes < bytes, "fewer bytes");
    REQUIRE_MESSAGE(memory.report().tail_tokens[0] + memory.report().tail_tokens[1] ==
                        (int64_t{ 0 }),
                    "rows of tails");
    const HeldRows after = rows_of(memory);
    size_t held = 0;
    for (size_t i = 0; i < before.size(); i++) {
        keeps_the_best(kind, memory, before[i], after[i]);
        held += after[i].size();
    }
    REQUIRE_MESSAGE(held * 10 >= after.size() * 96 * 9, "the budget is used");
    is_saved_under_its_budget(kind, memory, 96);

    const auto small = snapshot(memory);
    const std::vector<float> said = answer_of(memory);
    memory.resize(192, {}, never());
    REQUIRE_MESSAGE(snapshot(memory) == small, "a larger budget leaves what is held");
    REQUIRE_MESSAGE(memory.report().budget_bytes == memory.store().bytes_of(192),
                    "the larger promise");
    memory.cut(0);
    memory.cut(0, 1);
    for (int i = 0; i < 4; i++) {
        read_protected(memory, 1, 40 + static_cast<uint32_t>(i));
        within_bytes(memory, 192);
    }
    REQUIRE_MESSAGE(memory.report().held_tokens > 150.0, "reading on fills it");
    REQUIRE_MESSAGE(answer_of(memory) != said, "what was read since is seen");
    is_saved_under_its_budget(kind, memory, 192);
}

/// Layers alike: their rows are the budget's, in whole multiples.
TEST_CASE("resizing gives layers alike the same") {
    const Kind kind{ "", "snapkv", {} };
    Memory memory(quick_model(), options_for(kind, 384));
    read_protected(memory, chunks, 0);
    memory.resize(128, {}, never());
    for (const int32_t rows : memory.report().layer_tokens) {
        REQUIRE_MESSAGE(rows == 128, "rows of a layer");
    }
}

/// The logits over what is left are those of a plain forward pass over the same rows.
TEST_CASE("a resized memory answers from what is left") {
    Memory memory(quick_model(), options_of("laprox", 256, chunk));
    read(memory, chunk, 4);
    memory.resize(96, {}, never());
    ReferenceLlama reference(memory.model());
    reference.hold(memory);
    const RopeParameters & rope = memory.store().pool_of(0).shape().rope;
    const std::vector<llama_token> question = chunk_of(memory.model(), 6, 99);
    std::vector<float> expected;
    for (size_t i = 0; i < question.size(); i++) {
        expected = reference.step(question[i], 4 * chunk + static_cast<int>(i), rope, 1e-5F);
    }
    memory.extend(question, false, true, never());
    REQUIRE_MESSAGE((relative_difference(memory.logits(), expected) < 0.01),
                    "logits over what is left");
}

void refused_without_a_trace(Memory & memory, ErrorCode code, const std::function<void()> & body,
                             const char * what) {
    const auto before = snapshot(memory);
    const MemoryReport had = memory.report();
    const auto logits = std::vector<float>(memory.logits());
    expect_refusal(code, body, what);
    const MemoryReport has = memory.report();
    REQUIRE_MESSAGE((snapshot(memory) == before && memory.logits() == logits), what, ": rows");
    REQUIRE_MESSAGE((has.physical_bytes == had.physical_bytes &&
                     has.budget_bytes == had.budget_bytes &&
                     has.scratch_bytes == had.scratch_bytes && has.tail_tokens == had.tail_tokens),
                    what, ": bytes and tails");
}

TEST_CASE("a refused resizing changes nothing") {
    Memory memory(quick_model(), options_for({ "", "default", {} }, 384));
    read_protected(memory, chunks, 0);
    answer(memory, 0, 1);
    const std::vector<uint8_t> all(static_cast<size_t>(memory.report().stream_tokens), 1);
    refused_without_a_trace(
        memory, ErrorCode::budget_too_small, [&] { memory.resize(96, all, never()); },
        "too much that is protected");
    refused_without_a_trace(
        memory, ErrorCode::budget_too_small, [&] { memory.resize(63, {}, never()); }, "too small");
    refused_without_a_trace(
        memory, ErrorCode::invalid_argument,
        [&] {
            memory.resize(96, { 1, 0 }, never());
        },
        "a protection of other tokens");
    Cancellation at_once;
    at_once.cancel();
    refused_without_a_trace(
        memory, ErrorCode::cancelled, [&] { memory.resize(96, {}, at_once); }, "a cancelled step");
    refused_without_a_trace(
        memory, ErrorCode::cancelled, [&] { memory.resize(960, {}, at_once); },
        "a cancelled larger one");
    memory.resize(96, {}, never());

    Memory full(quick_model(), options_for({ "", "full", {} }, 384));
    read_protected(full, 3, 0);
    answer(full, 0, 1);
    refused_without_a_trace(
        full, ErrorCode::budget_too_small, [&] { full.resize(96, {}, never()); }, "policy full");
}

/// What is protected no longer may go, and what is protected from now on stays.
TEST_CASE("resizing takes another protection") {
    Memory memory(quick_model(), options_for({ "", "default", {} }, 384));
    read_protected(memory, chunks, 0);
    std::vector<uint8_t> protect(static_cast<size_t>(memory.report().stream_tokens), 0);
    const std::vector<int32_t> held = memory.held(0, 0);
    const int32_t wanted = held[held.size() / 2];
    protect[static_cast<size_t>(wanted)] = 1;
    memory.resize(96, protect, never());
    const std::vector<int32_t> left = memory.held(0, 0);
    REQUIRE_MESSAGE((std::count(left.begin(), left.end(), wanted) == 1), "what is protected now");
    REQUIRE_MESSAGE(memory.store().stream().protected_tokens == protect,
                    "what is protected is known");
    REQUIRE_MESSAGE((std::count(left.begin(), left.end(), 96) == 0 ||
                     std::count(left.begin(), left.end(), 192) == 0 ||
                     std::count(left.begin(), left.end(), 288) == 0),
                    "what was protected may go");
}

TEST_CASE("50 %, 10 %, 25 %") {
    std::vector<Kind> kinds = {
        { "default", "default", {} },
        { "default, ragged, q8_0", "default", { { "layout", "ragged" } }, GGML_TYPE_Q8_0 },
        { "laprox, which compares layers", "laprox", {} },
        { "expected, whose keys keep originals, q4_0", "expected", {}, GGML_TYPE_Q4_0 },
    };
    if (thorough()) {
        kinds.push_back({ "snapkv, layers alike", "snapkv", {} });
        kinds.push_back({ "adakv, heads apart", "adakv", {} });
        kinds.push_back({ "cake, by what layers hold", "cake", {} });
        kinds.push_back({ "kvzip", "kvzip", {} });
        kinds.push_back({ "h2o", "h2o", {} });
        kinds.push_back({ "tova", "tova", {} });
        kinds.push_back({ "defensive", "defensive", {} });
        kinds.push_back({ "criticalkv", "criticalkv", {} });
        kinds.push_back({ "laprox, head by head", "laprox", { { "aggregate", "apart" } } });
        kinds.push_back({ "lagkv", "lagkv", { { "partition", "32" }, { "recent", "32" } } });
        kinds.push_back({ "random", "random", {} });
        kinds.push_back({ "streaming", "streaming", {} });
    }
    for (const Kind & kind : kinds) {
        INFO(kind.name);
        is_resized(kind);
    }
}

} // namespace
