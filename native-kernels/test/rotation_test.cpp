// Rotating a key by a difference equals rotating it from scratch, to rounding.

#include "pool/compute.h"
#include "pool/layer_pool.h"
#include "pool/rotation.h"
#include "test/device.h"

#include <algorithm>
#include <cmath>
#include <random>

using namespace loci;
using namespace loci_test;

namespace {

constexpr int head_size = 64;
constexpr int rows = 96;

RopeParameters rope(int mode, bool factors) {
    RopeParameters parameters;
    parameters.found = true;
    parameters.dimensions = head_size;
    parameters.mode = mode;
    parameters.original_context = 4096;
    parameters.frequency_base = 100000.0F;
    if (factors) {
        for (int j = 0; j < head_size / 2; j++) {
            parameters.frequency_factors.push_back(1.0F + 0.1F * static_cast<float>(j));
        }
    }
    return parameters;
}

std::vector<std::vector<float>> random_keys(uint32_t seed) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> normal;
    std::vector<std::vector<float>> keys(rows, std::vector<float>(head_size));
    for (auto & key : keys) {
        for (float & value : key) {
            value = normal(generator);
        }
    }
    return keys;
}

LayerShape shape_of(const RopeParameters & parameters) {
    LayerShape shape;
    shape.kv_heads = 1;
    shape.heads = 2;
    shape.key_size = shape.value_size = head_size;
    shape.scale = 0.125F;
    shape.device = test_device();
    shape.rope = parameters;
    return shape;
}

// Writes keys that were rotated to positions 0, 1, ... into the first rows of a pool.
void fill(Compute & compute, LayerPool & pool, const std::vector<std::vector<float>> & keys) {
    std::vector<float> flat;
    std::vector<int64_t> targets;
    for (size_t i = 0; i < keys.size(); i++) {
        std::vector<float> key = keys[i];
        rotate_reference(key, static_cast<int>(i), pool.shape().rope);
        flat.insert(flat.end(), key.begin(), key.end());
        targets.push_back(static_cast<int64_t>(i));
    }
    const DeviceTensor scratch(compute.api(), compute.backend(), GGML_TYPE_F32,
                               { head_size, static_cast<int64_t>(keys.size()), 1 });
    compute.api().ggml_backend_tensor_set(scratch.get(), flat.data(), 0,
                                          flat.size() * sizeof(float));
    scatter_rows(compute, scratch, pool.key_store(), targets);
    pool.commit(0, 0, static_cast<int64_t>(keys.size()), {});
}

// Keeps every second of `kept` rows, at positions from `first`.
LayerPool::Plan every_second(const LayerPool & pool, int32_t first) {
    LayerPool::Plan plan;
    plan.rows = pool.rows() / 2;
    plan.capacity = pool.capacity();
    plan.first_position = first;
    for (int64_t i = 0; i < plan.rows; i++) {
        plan.slots.push_back(static_cast<int32_t>(2 * i + 1));
        plan.carried.push_back(0.0F);
    }
    return plan;
}

LayerPool::Plan keep_all(const LayerPool & pool, int32_t first) {
    LayerPool::Plan plan;
    plan.rows = pool.rows();
    plan.capacity = pool.capacity();
    plan.first_position = first;
    for (int64_t i = 0; i < plan.rows; i++) {
        plan.slots.push_back(static_cast<int32_t>(i));
        plan.carried.push_back(0.0F);
    }
    return plan;
}

struct Drift {
    double largest = 0.0;
    double root_mean_square = 0.0;
};

// How far stored keys are from keys that were rotated once, in f64, from scratch.
Drift drift(Compute & compute, const LayerPool & pool,
            const std::vector<std::vector<float>> & keys) {
    std::vector<int32_t> all;
    for (int64_t i = 0; i < pool.rows(); i++) {
        all.push_back(static_cast<int32_t>(i));
    }
    const DeviceTensor stored = gather_rows(compute, pool.key_store(), all, nullptr);
    std::vector<float> values(static_cast<size_t>(pool.rows()) * head_size);
    compute.api().ggml_backend_tensor_get(stored.get(), values.data(), 0,
                                          values.size() * sizeof(float));
    Drift result;
    for (size_t i = 0; i < all.size(); i++) {
        const HeldRow & row = pool.held(0)[i];
        std::vector<float> key = keys[static_cast<size_t>(row.token)];
        rotate_reference(key, row.position, pool.shape().rope);
        for (size_t j = 0; j < head_size; j++) {
            const auto delta = static_cast<double>(std::abs(values[i * head_size + j] - key[j]));
            result.largest = std::max(result.largest, delta);
            result.root_mean_square += delta * delta;
        }
    }
    result.root_mean_square =
        std::sqrt(result.root_mean_square / static_cast<double>(values.size()));
    return result;
}

void rotates_by_difference(int mode, bool factors) {
    Compute compute(runtime().api(), test_device(), 2);
    LayerPool pool(compute, shape_of(rope(mode, factors)), GGML_TYPE_F16, 128);
    const auto keys = random_keys(3);
    fill(compute, pool, keys);
    expect(drift(compute, pool, keys).largest < 0.004, "keys as they were written");
    pool.apply(every_second(pool, 1000));
    expect_equal(pool.rows(), int64_t{ rows / 2 }, "rows kept");
    expect_equal(pool.held(0)[5].token, 11, "token of row 5");
    expect_equal(pool.held(0)[5].position, 1005, "position of row 5");
    expect(drift(compute, pool, keys).largest < 0.006, "keys rotated by the difference");
}

// Every move of an f16 key rounds it once more. The slow pairs turn by less than half a step of
// f16 each time, so their roundings can all point one way: n moves cost at most n roundings. A
// quantised key is always rotated from its original, so two independent roundings count, however
// often it moves.
void drifts_little(enum ggml_type type, double roundings) {
    Compute compute(runtime().api(), test_device(), 2);
    LayerPool pool(compute, shape_of(rope(0, false)), type, 128);
    const auto keys = random_keys(5);
    fill(compute, pool, keys);
    const double once = drift(compute, pool, keys).root_mean_square;
    for (int i = 1; i <= 64; i++) {
        pool.apply(keep_all(pool, 37 * i));
    }
    const double after = drift(compute, pool, keys).root_mean_square;
    std::printf("     root mean square: written %.5f, after 64 moves %.5f\n", once, after);
    expect(after < once * roundings, "keys after 64 moves");
}

} // namespace

int main() {
    return run({
        { "neighbouring pairs", [] { rotates_by_difference(GGML_ROPE_TYPE_NORMAL, false); } },
        { "halves (NeoX)", [] { rotates_by_difference(GGML_ROPE_TYPE_NEOX, false); } },
        { "frequency factors", [] { rotates_by_difference(GGML_ROPE_TYPE_NEOX, true); } },
        { "f16 keys after 64 moves", [] { drifts_little(GGML_TYPE_F16, 65); } },
        { "q8_0 keys are rotated once from their original",
          [] { drifts_little(GGML_TYPE_Q8_0, 1.25 * std::sqrt(2.0)); } },
    });
}
