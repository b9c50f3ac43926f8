// Eviction from a tail: where the kept rows of each head go, and computation over them afterwards.

#include "tensor/hadamard.h"
#include "tensor/rotation.h"
#include "test/model_fixture.h"
#include "test/references/rotation_reference.h"
#include "test/tail_fixture.h"

#include <cstdlib>

using namespace loci;
using namespace loci_test;

namespace {

std::vector<float> floats(const Bytes & bytes, enum ggml_type type, int hadamard) {
    const Api & api = runtime().api();
    const size_t count =
        bytes.size() / api.ggml_type_size(type) * static_cast<size_t>(api.ggml_blck_size(type));
    std::vector<float> values(count);
    api.ggml_get_type_traits(type)->to_float(bytes.data(), values.data(),
                                             static_cast<int64_t>(count));
    if (hadamard > 0) {
        apply_hadamard(values.data(), count, hadamard);
    }
    return values;
}

/// Computes by brute force what every (layer, KV head) of a tail keeps.
std::vector<std::vector<int32_t>> expected_rows(const Memory & memory,
                                                const std::vector<Bytes> & stored,
                                                const TailKeep & keep) {
    std::vector<std::vector<int32_t>> kept;
    for (size_t i = 0; i < stored.size(); i += 2) {
        const KvPool & pool =
            memory.store().pool_of(static_cast<int>(i / 2) / memory.model().info().kv_heads);
        kept.push_back(brute_force(floats(stored[i], pool.keys()->type, pool.shape().key_hadamard),
                                   static_cast<size_t>(pool.shape().key_size), keep));
    }
    return kept;
}

/// Returns the largest error of keys: the rounding of the type, which a rotation adds once.
double rounding_of(enum ggml_type type) {
    return type == GGML_TYPE_F16 ? 2e-3 : type == GGML_TYPE_Q8_0 ? 0.02 : 0.3;
}

void moves_what_it_keeps(enum ggml_type type, bool attends) {
    const auto memory = read_memory(type);
    const auto before = snapshot(*memory);
    memory->extend(text(*memory, 100, 9), false, attends, never());
    const std::vector<float> logits = memory->logits();
    const auto stored = rows_of(*memory, attends, 0, 100);
    const TailKeep keep{ 20, 10, 60 };
    const auto kept = expected_rows(*memory, stored, keep);
    memory->evict_tail(keep, never());
    REQUIRE_MESSAGE(memory->report().tail_tokens.front() == keep.rows, "tokens of the tail");
    REQUIRE_MESSAGE(memory->logits() == logits, "the logits of the last token stay");
    REQUIRE_MESSAGE(snapshot(*memory) == before, "the memory");
    const auto after = rows_of(*memory, attends, 0, keep.rows);
    bool heads_differ = false;
    for (size_t i = 0; i < after.size(); i += 2) {
        const std::vector<int32_t> & rows = kept[i / 2];
        heads_differ = heads_differ || rows != kept.front();
        const KvPool & pool =
            memory->store().pool_of(static_cast<int>(i / 2) / memory->model().info().kv_heads);
        const size_t bytes = stored[i + 1].size() / 100;
        const auto size = static_cast<size_t>(pool.shape().key_size);
        const auto old_keys = floats(stored[i], type, pool.shape().key_hadamard);
        const auto new_keys = floats(after[i], type, pool.shape().key_hadamard);
        for (size_t row = 0; row < rows.size(); row++) {
            const auto from = static_cast<size_t>(rows[row]);
            REQUIRE_MESSAGE(
                std::equal(after[i + 1].begin() + static_cast<std::ptrdiff_t>(row * bytes),
                           after[i + 1].begin() + static_cast<std::ptrdiff_t>((row + 1) * bytes),
                           stored[i + 1].begin() + static_cast<std::ptrdiff_t>(from * bytes)),
                "a value is moved as it is stored");
            const auto key = old_keys.begin() + static_cast<std::ptrdiff_t>(from * size);
            std::vector<float> expected(key, key + static_cast<std::ptrdiff_t>(size));
            rotate_reference(expected, static_cast<int>(row) - rows[row], pool.shape().rope);
            float largest = 0.0F;
            for (const float value : expected) {
                largest = std::max(largest, std::abs(value));
            }
            for (size_t c = 0; c < size; c++) {
                const double off =
                    std::abs(static_cast<double>(new_keys[row * size + c] - expected[c]));
                REQUIRE_MESSAGE(off <= rounding_of(type) * static_cast<double>(largest),
                                "a key is rotated by the difference");
            }
        }
    }
    REQUIRE_MESSAGE(heads_differ, "each head keeps its own");
}

/// Compares a prompt, an eviction and more tokens, twice, with a plain forward pass over the kept
/// rows.
void matches_the_reference(enum ggml_type type) {
    const auto memory = read_memory(type);
    const auto & model = memory->model();
    ReferenceLlama reference(model);
    reference.hold(*memory);
    const RopeParameters & rope = memory->store().pool_of(0).shape().rope;
    const auto first = static_cast<int>(memory->report().stream_tokens);
    const TailKeep keep{ 6, 4, 16 };
    std::vector<float> expected;
    int position = first;
    const auto both = [&](size_t count, uint32_t seed) {
        const std::vector<llama_token> tokens = text(*memory, count, seed);
        for (const llama_token token : tokens) {
            expected = reference.step(token, position++, rope, 1e-5F);
        }
        memory->extend(tokens, false, true, never());
    };
    both(28, 31);
    for (uint32_t round = 0; round < 2; round++) {
        const auto stored = rows_of(*memory, true, 0, memory->report().tail_tokens.front());
        const auto kept = expected_rows(*memory, stored, keep);
        memory->evict_tail(keep, never());
        for (size_t i = 0; i < kept.size(); i++) {
            const int layer = static_cast<int>(i) / model.info().kv_heads;
            reference.evict(layer, static_cast<int>(i) % model.info().kv_heads,
                            static_cast<size_t>(memory->store().pool_of(layer).rows()), kept[i],
                            rope);
        }
        position = first + static_cast<int>(keep.rows);
        both(9, 60 + round);
        const double relative = relative_difference(memory->logits(), expected);
        std::printf("     relative difference of the logits %.2g\n", relative);
        // As in memory_test: quantised keys are multiplied by queries that are also rounded.
        REQUIRE_MESSAGE(relative < (type == GGML_TYPE_F16 ? 0.01 : 0.03),
                        "logits over what was kept");
    }
}

/// If nothing after the prompt is kept, a tail continues as if nothing had been there.
void what_was_evicted_is_not_seen(const char * layout) {
    const auto memory = read_memory(GGML_TYPE_F16, layout);
    const auto prompt = text(*memory, 20, 1);
    const auto more = text(*memory, 5, 2);
    memory->extend(prompt, false, true, never());
    memory->extend(more, false, true, never());
    const std::vector<float> expected = memory->logits();
    memory->cut(20);
    memory->extend(text(*memory, 50, 3), false, true, never());
    memory->evict_tail({ 20, 0, 20 }, never());
    memory->extend(more, false, true, never());
    expect_close(memory->logits(), expected, on_cpu() ? 1e-4 : 2e-2, "logits behind the prompt");
}

TEST_CASE("what stays moves together, its keys rotated, q4_0") {
    moves_what_it_keeps(GGML_TYPE_Q4_0, true);
}

TEST_CASE("what stays moves together in a tail of its own, q8_0") {
    moves_what_it_keeps(GGML_TYPE_Q8_0, false);
}

TEST_CASE("attention after evictions equals a plain forward pass") {
    matches_the_reference(GGML_TYPE_F16);
}

TEST_CASE("what stays moves together, f16" * doctest::skip(!thorough())) {
    moves_what_it_keeps(GGML_TYPE_F16, true);
}

TEST_CASE("attention after evictions, q8_0" * doctest::skip(!thorough())) {
    matches_the_reference(GGML_TYPE_Q8_0);
}

TEST_CASE("attention after evictions, q4_0" * doctest::skip(!thorough())) {
    matches_the_reference(GGML_TYPE_Q4_0);
}

TEST_CASE("what was evicted is not seen" * doctest::skip(!thorough())) {
    what_was_evicted_is_not_seen("rectangular");
}

TEST_CASE("what was evicted is not seen, ragged" * doctest::skip(!thorough())) {
    what_was_evicted_is_not_seen("ragged");
}

} // namespace
