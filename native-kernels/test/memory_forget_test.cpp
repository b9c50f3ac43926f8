// A memory that forgets files: which rows stay, to the bit; what it answers then; and that nothing
// of what was forgotten is left after any sequence of reading and forgetting.

#include "test/forget_fixture.h"
#include "test/memory_fixture.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <set>

using namespace loci;
using namespace loci_test;
using namespace loci_test::forgetting;

namespace {

struct Kind {
    const char * name;
    const char * policy;
    PolicyParameters parameters;
    enum ggml_type type = GGML_TYPE_F16;
};

MemoryOptions options_for(const Kind & kind) {
    MemoryOptions options = options_of(kind.policy, 256, 128);
    options.policy_parameters = kind.parameters;
    options.kv_type = kind.type;
    return options;
}

void equals_a_plain_loop(const Kind & kind) {
    Memory memory(quick_model(), options_for(kind));
    const std::set<int32_t> protect = read_protected(memory, 9);
    auto expected = rows_of(memory);
    const size_t bytes = memory.report().physical_bytes;
    const std::vector<Range> ranges = { Range::checked(130, 201, 576),
                                        Range::checked(520, 530, 576),
                                        Range::checked(190, 210, 576) };
    ForgottenRows count;
    for (auto & layer : expected) {
        const ForgottenRows own = forget_plainly(layer, ranges, memory.store().ragged(), protect);
        count.forgotten += own.forgotten;
        count.evened += own.evened;
    }
    const ForgottenRows took = memory.forget(ranges, never());
    REQUIRE_MESSAGE(took.forgotten > 0, "something was held of it");
    REQUIRE_MESSAGE((memory.store().ragged() || !is_bundled(memory.model()) || took.evened > 0),
                    "heads hold different tokens");
    REQUIRE_MESSAGE(took.forgotten == count.forgotten, "rows forgotten");
    REQUIRE_MESSAGE(took.evened == count.evened, "rows given up");
    const auto left = rows_of(memory);
    int32_t newest = -1;
    for (size_t layer = 0; layer < expected.size(); layer++) {
        for (size_t head = 0; head < expected[layer].size(); head++) {
            const auto & want = expected[layer][head];
            const auto & have = left[layer][head];
            REQUIRE_MESSAGE(have.size() == want.size(), "rows of a head");
            for (size_t i = 0; i < want.size(); i++) {
                REQUIRE_MESSAGE(have[i].held.token == want[i].held.token, "token");
                REQUIRE_MESSAGE(have[i].held.position == want[i].held.position, "position");
                REQUIRE_MESSAGE(have[i].held.carried == want[i].held.carried, "carried score");
                REQUIRE_MESSAGE((have[i].key == want[i].key && have[i].value == want[i].value),
                                "bytes");
                newest = std::max(newest, have[i].held.position);
            }
        }
    }
    REQUIRE_MESSAGE(memory.store().stream().next_position == (int64_t{ newest } + 1),
                    "what comes next");
    REQUIRE_MESSAGE(memory.report().stream_tokens == (int64_t{ 576 }),
                    "indices keep their meaning");
    REQUIRE_MESSAGE(memory.report().physical_bytes < bytes, "bytes follow");
    keeps_the_promise(memory);
    const std::vector<uint16_t> counts = memory.held_counts();
    for (size_t token = 0; token < counts.size(); token++) {
        REQUIRE_MESSAGE((!is_in(ranges, static_cast<int32_t>(token)) || counts[token] == 0),
                        "no row is left");
    }
    memory.append(chunk_of(memory.model(), 128, 50), {}, {}, never());
    keeps_the_promise(memory);
}

std::vector<float> answer(Memory & memory) {
    memory.cut(0);
    memory.extend(chunk_of(memory.model(), 20, 77), false, true, never());
    return memory.logits();
}

// What was read last leaves no trace: as if it had never been read.
void the_newest_leaves_no_trace(const char * layout) {
    const Kind kind{ "", "default", { { "layout", layout } }, GGML_TYPE_F16 };
    Memory memory(quick_model(), options_for(kind));
    Memory without(quick_model(), options_for(kind));
    for (Memory * each : { &memory, &without }) {
        read(*each, 100, 1);
    }
    memory.append(chunk_of(memory.model(), 120, 9), {}, {}, never());
    memory.forget({ Range::checked(100, 220, 220) }, never());
    REQUIRE_MESSAGE(snapshot(memory) == snapshot(without), "rows");
    REQUIRE_MESSAGE(answer(memory) == answer(without), "logits are equal to the bit");
}

// What it answers is what a plain forward pass over the rows that are left gives.
void answers_from_what_is_left(const PolicyParameters & parameters) {
    const auto model = quick_model();
    const Kind kind{ "", "laprox", parameters, GGML_TYPE_F16 };
    Memory memory(model, options_for(kind));
    read(memory, 128, 5);
    memory.forget({ Range::checked(128, 300, 640) }, never());
    ReferenceLlama reference(*model);
    reference.hold(memory);
    const RopeParameters & rope = memory.store().pool_of(0).shape().rope;
    const std::vector<llama_token> question = chunk_of(*model, 6, 99);
    std::vector<float> expected;
    for (size_t i = 0; i < question.size(); i++) {
        expected = reference.step(question[i], 640 + static_cast<int>(i), rope, 1e-5F);
    }
    memory.extend(question, false, true, never());
    REQUIRE_MESSAGE((relative_difference(memory.logits(), expected) < 0.01),
                    "logits over what is left");
}

void is_saved_and_loaded(const Kind & kind) {
    const auto path = std::filesystem::temp_directory_path() /
                      ("loci-forgotten-" + std::to_string(std::random_device()()));
    Memory memory(quick_model(), options_for(kind));
    read_protected(memory, 9);
    memory.forget({ Range::checked(100, 260, 576), Range::checked(500, 576, 576) }, never());
    memory.save(path.u8string(), never());
    Memory second(quick_model(), options_for(kind));
    second.load(path.u8string(), never());
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    for (uint32_t i = 0; i < 3; i++) {
        REQUIRE_MESSAGE(snapshot(second) == snapshot(memory), "rows");
        REQUIRE_MESSAGE(answer(second) == answer(memory), "logits");
        second.cut(0);
        memory.cut(0);
        second.append(chunk_of(second.model(), 64, 30 + i), {}, {}, never());
        memory.append(chunk_of(memory.model(), 64, 30 + i), {}, {}, never());
    }
}

TEST_CASE("a refusal to forget changes nothing") {
    Memory memory(quick_model(), options_of("default", 256, 128));
    read(memory, 100, 5);
    const auto before = snapshot(memory);
    const std::vector<float> logits = answer(memory);
    expect_refusal(
        ErrorCode::invalid_argument,
        [&] { memory.forget({ Range::checked(400, 501, 501) }, never()); }, "beyond the stream");
    Cancellation at_once;
    at_once.cancel();
    expect_refusal(
        ErrorCode::cancelled, [&] { memory.forget({ Range::checked(0, 50, 500) }, at_once); },
        "cancelled");
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after a refusal");
    memory.cut(10);
    memory.extend(chunk_of(memory.model(), 5, 3), false, true, never());
    memory.forget({ Range::checked(40, 40, 500) }, never());
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after forgetting nothing");
    REQUIRE_MESSAGE(memory.report().tail_tokens[0] == (int64_t{ 0 }), "the tail is emptied");
    REQUIRE_MESSAGE(answer(memory) == logits, "and can be used as before");
}

TEST_CASE("everything can be forgotten") {
    Memory memory(quick_model(), options_of("default", 256, 128));
    Memory fresh(quick_model(), options_of("default", 256, 128));
    read(memory, 128, 3);
    memory.forget({ Range::checked(0, 384, 384) }, never());
    REQUIRE_MESSAGE(memory.report().held_tokens == 0.0, "tokens held");
    REQUIRE_MESSAGE(memory.store().stream().next_position == (int64_t{ 0 }), "the next position");
    REQUIRE_MESSAGE(answer(memory) == answer(fresh), "an empty memory");
    memory.cut(0);
    fresh.cut(0);
    read(memory, 128, 1);
    read(fresh, 128, 1);
    REQUIRE_MESSAGE(snapshot(memory) == snapshot(fresh), "reading begins anew");
}

// Files of random lengths come and go; the stream outgrows the model's context.
void any_sequence(const Kind & kind, uint32_t seed) {
    std::mt19937 random(seed);
    Memory memory(quick_model(), options_for(kind));
    std::set<int32_t> gone;
    std::vector<Range> files;
    bool moved = false;
    const int before = random_cases(30);
    read(memory, 128, before);
    for (int i = 0; i < before; i++) {
        files.push_back(
            Range::checked(int64_t{ 128 } * i, int64_t{ 128 } * (i + 1), int64_t{ 128 } * before));
    }
    const int steps = random_cases(40);
    for (int step = 0; step < steps; step++) {
        const auto tokens = static_cast<int32_t>(memory.report().stream_tokens);
        if (files.empty() || random() % 3 != 0) {
            const auto length = static_cast<int32_t>(1 + random() % 128);
            memory.append(
                chunk_of(memory.model(), static_cast<size_t>(length), static_cast<uint32_t>(step)),
                {}, {}, never());
            files.push_back(Range::checked(tokens, tokens + length, tokens + length));
        } else {
            std::vector<Range> some;
            for (uint32_t i = 0; i <= random() % 2 && !files.empty(); i++) {
                const size_t at = random() % files.size();
                some.push_back(files[at]);
                for (int64_t token = files[at].begin(); token < files[at].end(); token++) {
                    gone.insert(static_cast<int32_t>(token));
                }
                files.erase(files.begin() + static_cast<std::ptrdiff_t>(at));
            }
            memory.forget(some, never());
        }
        keeps_the_promise(memory);
        const int64_t next = memory.store().stream().next_position;
        REQUIRE_MESSAGE(next <= memory.model().info().trained_context, "positions in the context");
        for (const auto & layer : rows_of(memory)) {
            for (const auto & rows : layer) {
                REQUIRE_MESSAGE((memory.store().ragged() || rows.size() == layer.front().size()),
                                "the heads of a layer");
                for (size_t i = 0; i < rows.size(); i++) {
                    const HeldRow & row = rows[i].held;
                    moved = moved || row.position != row.original;
                    REQUIRE_MESSAGE(gone.count(row.token) == 0, "no forgotten row is left");
                    REQUIRE_MESSAGE((i == 0 || row.token > rows[i - 1].held.token),
                                    "tokens ascend");
                    REQUIRE_MESSAGE((i == 0 || row.position > rows[i - 1].held.position),
                                    "positions ascend");
                    REQUIRE_MESSAGE(row.position < next, "what comes next stands behind");
                }
            }
        }
    }
    REQUIRE_MESSAGE((moved || !is_bundled(memory.model()) || sanitized),
                    "the stream outgrew the context");
    for (const float logit : answer(memory)) {
        REQUIRE_MESSAGE(std::isfinite(logit), "answers are still computed");
    }
}

const PolicyParameters ragged = { { "layout", "ragged" } };

const std::vector<Kind> & kinds() {
    static const std::vector<Kind> all = {
        { "default", "default", {} },
        { "default, ragged", "default", ragged },
        { "laprox, q8_0", "laprox", {}, GGML_TYPE_Q8_0 },
        { "expected, which sums queries up, q4_0 with originals", "expected", {}, GGML_TYPE_Q4_0 },
    };
    return all;
}

TEST_CASE("forgetting the newest leaves no trace") {
    SUBCASE("rectangular") {
        the_newest_leaves_no_trace("rectangular");
    }
    SUBCASE("ragged") {
        the_newest_leaves_no_trace("ragged");
    }
}

TEST_CASE("a memory that forgot answers from what is left") {
    SUBCASE("rectangular") {
        answers_from_what_is_left({});
    }
    SUBCASE("ragged") {
        answers_from_what_is_left(ragged);
    }
}

TEST_CASE("forgetting equals a plain loop") {
    for (const Kind & kind : kinds()) {
        INFO(kind.name);
        equals_a_plain_loop(kind);
    }
}

TEST_CASE("a memory that forgot is saved and loaded") {
    for (const Kind & kind : kinds()) {
        INFO(kind.name);
        is_saved_and_loaded(kind);
    }
}

TEST_CASE("any sequence of reading and forgetting") {
    for (const Kind & kind : kinds()) {
        if (kind.type != GGML_TYPE_Q8_0) { // as f16, and slower
            INFO(kind.name);
            any_sequence(kind, 5);
        }
    }
}

} // namespace
