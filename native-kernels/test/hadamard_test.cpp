// The Hadamard rotation: ours equals that of llama.cpp's graph, and it preserves norms.

#include "attention/graph_node.h"
#include "core/error.h"
#include "scores/value_norm.h"
#include "tensor/compute.h"
#include "tensor/hadamard.h"
#include "test/model_fixture.h"
#include "test/references/value_norm_reference.h"

#include <algorithm>
#include <cstdio>

using namespace loci;
using namespace loci_test;

namespace {

// Applies the definition: the matrix times every block.
std::vector<float> multiplied(const std::vector<float> & rows, int size) {
    const std::vector<float> matrix = hadamard_matrix(size);
    const auto n = static_cast<size_t>(size);
    std::vector<float> result(rows.size());
    for (size_t i = 0; i < rows.size(); i++) {
        double sum = 0.0;
        for (size_t j = 0; j < n; j++) {
            sum += static_cast<double>(matrix[(i % n) * n + j]) *
                   static_cast<double>(rows[i / n * n + j]);
        }
        result[i] = static_cast<float>(sum);
    }
    return result;
}

double largest_difference(const std::vector<float> & a, const std::vector<float> & b) {
    REQUIRE_MESSAGE(a.size() == b.size(), "length");
    double largest = 0.0;
    for (size_t i = 0; i < a.size(); i++) {
        largest = std::fmax(largest, std::abs(static_cast<double>(a[i] - b[i])));
    }
    return largest;
}

void rotates(int length, int size) {
    std::mt19937 random(11);
    const auto rows = random_floats(random, static_cast<size_t>(length) * 3, 1.0F);
    const std::vector<float> expected = multiplied(rows, size);
    std::vector<float> fast = rows;
    apply_hadamard(fast.data(), fast.size(), size);
    REQUIRE_MESSAGE(largest_difference(fast, expected) < 1e-5, "the fast transform");
    apply_hadamard(fast.data(), fast.size(), size);
    REQUIRE_MESSAGE(largest_difference(fast, rows) < 1e-5, "the transform is its own inverse");
}

void rotates_on_the_device(int length, int size) {
    const Api & api = runtime().api();
    Compute compute(api, test_device(), 2);
    std::mt19937 random(12);
    const auto rows = random_floats(random, static_cast<size_t>(length) * 7, 1.0F);
    const std::vector<float> matrix = hadamard_matrix(size);
    ggml_tensor * input = nullptr;
    ggml_tensor * rotation = nullptr;
    std::vector<float> actual(rows.size());
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            input = api.ggml_new_tensor_3d(context, GGML_TYPE_F32, length, 1, 7);
            rotation = api.ggml_new_tensor_2d(context, GGML_TYPE_F32, size, size);
            api.ggml_set_input(input);
            api.ggml_set_input(rotation);
            return std::vector<ggml_tensor *>{ build_hadamard(api, context, input, rotation) };
        },
        [&] {
            api.ggml_backend_tensor_set(input, rows.data(), 0, rows.size() * sizeof(float));
            api.ggml_backend_tensor_set(rotation, matrix.data(), 0, matrix.size() * sizeof(float));
        },
        [&](const std::vector<ggml_tensor *> & outputs) {
            api.ggml_backend_tensor_get(outputs.front(), actual.data(), 0,
                                        actual.size() * sizeof(float));
        });
    const double difference = largest_difference(actual, multiplied(rows, size));
    std::printf("     largest difference %.2g\n", difference);
    REQUIRE_MESSAGE(difference < 10.0 * f32_tolerance(), "the transform as a node");
}

// v^T G v of the values equals v'^T G' v' of their rotations, and both equal |v W|^2.
void keeps_projected_norms(int head_size, int block) {
    std::mt19937 random(13);
    const auto size = static_cast<size_t>(head_size);
    const size_t count = 40;
    auto values = random_floats(random, count * size, 1.0F);
    const auto projection = random_floats(random, size * 96, 0.1F);
    const auto expected = projected_norm_reference(values, projection, head_size, 1, 1);
    std::vector<float> gram = gram_reference(projection, head_size, 1);
    rotate_gram(gram.data(), size, block);
    apply_hadamard(values.data(), values.size(), block);
    std::vector<float> actual;
    for (size_t row = 0; row < count; row++) {
        double form = 0.0;
        for (size_t a = 0; a < size; a++) {
            for (size_t b = 0; b < size; b++) {
                form += static_cast<double>(values[row * size + a]) *
                        static_cast<double>(gram[a * size + b]) *
                        static_cast<double>(values[row * size + b]);
            }
        }
        actual.push_back(static_cast<float>(std::sqrt(form)));
    }
    expect_close(actual, expected, 1e-4, "projected norm");
}

int found_in_graph(enum ggml_type type, bool values) {
    MemoryOptions options;
    options.budget_tokens = 64;
    options.chunk_tokens = 64;
    options.policy = "full";
    options.kv_type = type;
    const Memory memory(bundled_model(), options);
    const LayerShape & shape = memory.store().pool_of(0).shape();
    REQUIRE_MESSAGE(shape.rope.found, "the rotation to positions is found behind that in blocks");
    REQUIRE_MESSAGE(shape.rope.dimensions == 64, "its dimensions");
    return values ? shape.value_hadamard : shape.key_hadamard;
}

// hadamard_size checks that the graph's matrix equals ours: it refuses any other.
TEST_CASE("it is found in the graph where it is" * doctest::skip(!thorough())) {
    for (const enum ggml_type type : { GGML_TYPE_Q8_0, GGML_TYPE_Q4_0 }) {
        REQUIRE_MESSAGE(found_in_graph(type, false) == 64, "block of the keys");
        REQUIRE_MESSAGE(found_in_graph(type, true) == 64, "block of the values");
    }
    REQUIRE_MESSAGE(found_in_graph(GGML_TYPE_F16, false) == 0, "block of f16 keys");
    REQUIRE_MESSAGE(found_in_graph(GGML_TYPE_F16, true) == 0, "block of f16 values");
}

void set_environment(const char * name, const char * value) {
#ifdef _WIN32
    _putenv_s(name, value);
#else
    setenv(name, value, 1);
#endif
}

TEST_CASE("it is not assumed where it is not" * doctest::skip(!thorough())) {
    set_environment("LLAMA_ATTN_ROT_DISABLE", "1");
    const int keys = found_in_graph(GGML_TYPE_Q8_0, false);
    const int values = found_in_graph(GGML_TYPE_Q8_0, true);
    set_environment("LLAMA_ATTN_ROT_DISABLE", "0");
    REQUIRE_MESSAGE(keys == 0, "block of keys that are not rotated");
    REQUIRE_MESSAGE(values == 0, "block of values that are not rotated");
}

// Returns |v W| of every row that a memory holds, by layer and head.
std::vector<float> norms_held(enum ggml_type type) {
    MemoryOptions options;
    options.budget_tokens = 256;
    options.chunk_tokens = 128;
    options.policy = "laprox";
    options.kv_type = type;
    Memory memory(bundled_model(), options);
    memory.append(some_tokens(128, 3, memory.model().info().vocabulary), {}, {}, never());
    std::vector<float> norms;
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        for (int head = 0; head < memory.model().info().kv_heads; head++) {
            for (const HeldRow & row : memory.store().pool_of(layer).held(head)) {
                norms.push_back(row.value);
            }
        }
    }
    return norms;
}

double mean_relative_error(const std::vector<float> & actual, const std::vector<float> & expected) {
    REQUIRE_MESSAGE(actual.size() == expected.size(), "rows held");
    double sum = 0.0;
    for (size_t i = 0; i < actual.size(); i++) {
        sum += std::abs(static_cast<double>(actual[i] / expected[i]) - 1.0);
    }
    return sum / static_cast<double>(actual.size());
}

// A memory's norms of rotated values equal those of values that were never rotated.
TEST_CASE("norms in a memory do not notice it" * doctest::skip(!thorough())) {
    const std::vector<float> plain = norms_held(GGML_TYPE_F16);
    const double q8_0 = mean_relative_error(norms_held(GGML_TYPE_Q8_0), plain);
    const double q4_0 = mean_relative_error(norms_held(GGML_TYPE_Q4_0), plain);
    std::printf("     mean error of the norms: q8_0 %.4f, q4_0 %.4f\n", q8_0, q4_0);
    REQUIRE_MESSAGE(q8_0 < 0.005, "norms of q8_0 values");
    REQUIRE_MESSAGE(q4_0 < 0.05, "norms of q4_0 values");
}

TEST_CASE("another matrix is refused") {
    const Api & api = runtime().api();
    Compute compute(api, test_device(), 2);
    std::vector<float> matrix = hadamard_matrix(64);
    DeviceTensor rotation(api, compute.backend(), GGML_TYPE_F32, { 64, 64, 1 });
    const auto upload = [&] {
        api.ggml_backend_tensor_set(rotation.get(), matrix.data(), 0,
                                    matrix.size() * sizeof(float));
    };
    ggml_tensor node{};
    node.op = GGML_OP_MUL_MAT;
    node.src[0] = rotation.get();
    REQUIRE_MESSAGE(!is_hadamard(&node), "a product that is not marked");
    node.op_params[1] = GGML_HINT_SRC0_IS_HADAMARD;
    REQUIRE_MESSAGE(is_hadamard(&node), "a product that is marked");
    upload();
    REQUIRE_MESSAGE(hadamard_size(api, &node) == 64, "the size");
    std::swap(matrix[0], matrix[65]); // a sign
    upload();
    try {
        hadamard_size(api, &node);
    } catch (const Error & failure) {
        REQUIRE_MESSAGE(failure.code() == ErrorCode::model_unsupported, failure.what());
        return;
    }
    FAIL("another matrix is refused");
}

TEST_CASE("64 in blocks of 64") {
    rotates(64, 64);
}

TEST_CASE("192 in blocks of 64") {
    rotates(192, 64);
}

TEST_CASE("256 in blocks of 128") {
    rotates(256, 128);
}

TEST_CASE("on the device: 64 in blocks of 64") {
    rotates_on_the_device(64, 64);
}

TEST_CASE("on the device: 192 in blocks of 64") {
    rotates_on_the_device(192, 64);
}

TEST_CASE("on the device: 128 in blocks of 128") {
    rotates_on_the_device(128, 128);
}

TEST_CASE("norms of projected values, one block") {
    keeps_projected_norms(64, 64);
}

TEST_CASE("norms of projected values, two blocks") {
    keeps_projected_norms(128, 64);
}

} // namespace
