// The keys that a memory returns equal those in its pools.

#include "core/error.h"
#include "tensor/hadamard.h"
#include "test/memory_fixture.h"
#include "test/model_fixture.h"

#include <cmath>

using namespace loci;
using namespace loci_test;

namespace {

// Reads a head's keys from the pool's bytes with ggml's own conversion of the type.
std::vector<float> stored_keys(const Memory & memory, int layer, int head) {
    const Api & api = memory.model().api();
    const KvPool & pool = memory.store().pool_of(layer, head);
    const Range all = Range::checked(0, pool.rows(), pool.capacity());
    const std::vector<uint8_t> bytes =
        pool.stored(pool.key_store(), memory.store().head_in_pool(head), all);
    std::vector<float> keys(static_cast<size_t>(pool.rows() * pool.shape().key_size));
    api.ggml_get_type_traits(pool.keys()->type)
        ->to_float(bytes.data(), keys.data(), static_cast<int64_t>(keys.size()));
    if (pool.shape().key_hadamard > 0) {
        apply_hadamard(keys.data(), keys.size(), pool.shape().key_hadamard);
    }
    return keys;
}

MemoryOptions options_for(const char * layout, enum ggml_type type) {
    MemoryOptions options = options_of("laprox", 256, 128);
    options.policy_parameters = { { "layout", layout } };
    options.kv_type = type;
    return options;
}

void equals_what_is_stored(const char * layout, enum ggml_type type) {
    Memory memory(quick_model(), options_for(layout, type));
    REQUIRE_MESSAGE(memory.keys(0, 0).empty(), "an empty memory has no keys");
    read(memory, 128, 4);
    const auto before = snapshot(memory);
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        for (int head = 0; head < memory.model().info().kv_heads; head++) {
            const std::vector<float> keys = memory.keys(layer, head);
            const auto width =
                static_cast<std::ptrdiff_t>(memory.store().pool_of(layer, head).shape().key_size);
            REQUIRE_MESSAGE(memory.keys(layer, head, 3) ==
                                std::vector<float>(keys.end() - 3 * width, keys.end()),
                            "the newest keys");
            REQUIRE_MESSAGE(memory.keys(layer, head, 0).empty(), "none of them");
            const std::vector<float> stored = stored_keys(memory, layer, head);
            const auto size =
                static_cast<size_t>(memory.store().pool_of(layer, head).shape().key_size);
            REQUIRE_MESSAGE(keys.size() == memory.held(layer, head).size() * size,
                            "one key for a row");
            REQUIRE_MESSAGE(keys.size() == stored.size(), "all that is stored");
            for (size_t i = 0; i < keys.size(); i++) {
                REQUIRE_MESSAGE(static_cast<double>(keys[i]) ==
                                    about(static_cast<double>(stored[i]), 1e-6),
                                "layer ", layer, ", head ", head);
            }
        }
    }
    REQUIRE_MESSAGE(snapshot(memory) == before, "reading keys changes nothing");
}

// Keys stored with the Hadamard rotation are returned as f16 stores them, up to rounding.
void is_turned_back(const char * layout) {
    Memory plain(quick_model(), options_for(layout, GGML_TYPE_F16));
    Memory rotated(quick_model(), options_for(layout, GGML_TYPE_Q8_0));
    read(plain, 128, 1);
    read(rotated, 128, 1);
    const int last = plain.model().info().kv_heads - 1;
    const std::vector<float> a = plain.keys(0, last); // not yet affected by rounded attention
    const std::vector<float> b = rotated.keys(0, last);
    REQUIRE_MESSAGE(a.size() == b.size(), "rows");
    double difference = 0.0;
    double total = 0.0;
    for (size_t i = 0; i < a.size(); i++) {
        difference += std::pow(static_cast<double>(a[i] - b[i]), 2.0);
        total += std::pow(static_cast<double>(a[i]), 2.0);
    }
    REQUIRE_MESSAGE((total > 0.0 && std::sqrt(difference / total) < 0.02), "the same keys");
}

TEST_CASE("a wrong layer or head is refused") {
    Memory memory(quick_model(), options_of("full", 256, 128));
    read(memory, 128, 1);
    const ModelInfo & info = memory.model().info();
    for (const auto & [layer, head] :
         { std::pair{ -1, 0 }, { info.layers, 0 }, { 0, -1 }, { 0, info.kv_heads } }) {
        try {
            memory.keys(layer, head);
        } catch (const Error & failure) {
            REQUIRE_MESSAGE(failure.code() == ErrorCode::invalid_argument, failure.what());
            continue;
        }
        FAIL("a layer or head that the model does not have");
    }
}

TEST_CASE("keys as stored, f16, rectangular") {
    equals_what_is_stored("rectangular", GGML_TYPE_F16);
}

TEST_CASE("keys as stored, q4_0, rectangular" * doctest::skip(!thorough())) {
    equals_what_is_stored("rectangular", GGML_TYPE_Q4_0);
}

TEST_CASE("out of the rotation, rectangular" * doctest::skip(!thorough())) {
    is_turned_back("rectangular");
}

TEST_CASE("keys as stored, f16, ragged") {
    equals_what_is_stored("ragged", GGML_TYPE_F16);
}

TEST_CASE("keys as stored, q4_0, ragged" * doctest::skip(!thorough())) {
    equals_what_is_stored("ragged", GGML_TYPE_Q4_0);
}

TEST_CASE("out of the rotation, ragged" * doctest::skip(!thorough())) {
    is_turned_back("ragged");
}

} // namespace
