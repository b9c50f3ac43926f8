// Rotating a key by a difference equals rotating it from scratch, up to rounding; and the loss of
// each storage type.

#include "store/kv_pool.h"
#include "tensor/compute.h"
#include "tensor/hadamard.h"
#include "tensor/rotation.h"
#include "test/device.h"
#include "test/references/rotation_reference.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>
#include <tuple>

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

LayerShape shape_of(const RopeParameters & parameters, int hadamard = 0) {
    LayerShape shape;
    shape.kv_heads = 1;
    shape.heads = 2;
    shape.key_size = shape.value_size = head_size;
    shape.scale = 0.125F;
    shape.device = test_device();
    shape.rope = parameters;
    shape.key_hadamard = hadamard;
    return shape;
}

// Makes a key as the graph writes it: rotated to its position, then by the Hadamard matrix.
std::vector<float> stored_key(std::vector<float> key, int position, const LayerShape & shape) {
    rotate_reference(key, position, shape.rope);
    if (shape.key_hadamard > 0) {
        apply_hadamard(key.data(), key.size(), shape.key_hadamard);
    }
    return key;
}

// Writes keys rotated to positions 0, 1, ... to the first rows of a pool.
void fill(Compute & compute, KvPool & pool, const std::vector<std::vector<float>> & keys) {
    std::vector<float> flat;
    std::vector<int64_t> targets;
    for (size_t i = 0; i < keys.size(); i++) {
        const std::vector<float> key = stored_key(keys[i], static_cast<int>(i), pool.shape());
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
KvPool::Plan every_second(const KvPool & pool, int32_t first) {
    KvPool::Plan plan;
    plan.rows = pool.rows() / 2;
    plan.capacity = pool.capacity();
    plan.first_position = first;
    for (int64_t i = 0; i < plan.rows; i++) {
        plan.slots.push_back(static_cast<int32_t>(2 * i + 1));
        plan.carried.push_back(0.0F);
    }
    return plan;
}

KvPool::Plan keep_all(const KvPool & pool, int32_t first) {
    KvPool::Plan plan;
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

// Measures the distance of stored keys from keys rotated once, in f64, from scratch.
Drift drift(Compute & compute, const KvPool & pool, const std::vector<std::vector<float>> & keys) {
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
        // The Hadamard rotation preserves distances, so they are measured after it.
        const std::vector<float> key =
            stored_key(keys[static_cast<size_t>(row.token)], row.position, pool.shape());
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
    CAPTURE(mode);
    CAPTURE(factors);
    Compute compute(runtime().api(), test_device(), 2);
    KvPool pool(compute, shape_of(rope(mode, factors)), { GGML_TYPE_F16 }, 128);
    const auto keys = random_keys(3);
    fill(compute, pool, keys);
    REQUIRE_MESSAGE(drift(compute, pool, keys).largest < 0.004, "keys as they were written");
    pool.apply(every_second(pool, 1000));
    REQUIRE_MESSAGE(pool.rows() == int64_t{ rows / 2 }, "rows kept");
    REQUIRE_MESSAGE(pool.held(0)[5].token == 11, "token of row 5");
    REQUIRE_MESSAGE(pool.held(0)[5].position == 1005, "position of row 5");
    REQUIRE_MESSAGE(drift(compute, pool, keys).largest < 0.006, "keys rotated by the difference");
}

struct Drifts {
    double written;
    double once;
    double often; ///< after 64 moves
};

// Makes keys with outliers in two places, like those of trained models.
std::vector<std::vector<float>> keys_with_outliers() {
    auto keys = random_keys(5);
    for (auto & key : keys) {
        key[3] *= 12.0F;
        key[40] *= 8.0F;
    }
    return keys;
}

Drifts measure_drifts(const Storage & storage, int hadamard) {
    Compute compute(runtime().api(), test_device(), 2);
    KvPool pool(compute, shape_of(rope(0, false), hadamard), storage, 128);
    const auto keys = keys_with_outliers();
    fill(compute, pool, keys);
    Drifts result{};
    result.written = drift(compute, pool, keys).root_mean_square;
    pool.apply(keep_all(pool, 37));
    result.once = drift(compute, pool, keys).root_mean_square;
    for (int i = 2; i <= 64; i++) {
        pool.apply(keep_all(pool, 37 * i));
    }
    result.often = drift(compute, pool, keys).root_mean_square;
    double square = 0.0;
    for (const auto & key : keys) {
        for (const float value : key) {
            square += static_cast<double>(value) * static_cast<double>(value);
        }
    }
    const double scale = std::sqrt(square / (static_cast<double>(rows) * head_size));
    std::printf("     error / rms of the keys: written %.5f, moved once %.5f, 64 times %.5f\n",
                result.written / scale, result.once / scale, result.often / scale);
    return result;
}

// Measures once, because 64 moves are slow on an emulated device.
Drifts drifts(const Storage & storage, int hadamard) {
    static std::map<std::tuple<int, bool, int>, Drifts> measured;
    const auto key = std::make_tuple(int{ storage.type }, storage.keeps_originals, hadamard);
    const auto found = measured.find(key);
    return found != measured.end()
               ? found->second
               : measured.emplace(key, measure_drifts(storage, hadamard)).first->second;
}

// Every move of an f16 key rounds it again. Slow pairs rotate by less than half a step of f16 each
// time, so all their roundings may have the same sign: n moves cost at most n roundings.
TEST_CASE("f16 keys after 64 moves") {
    const Drifts result = drifts({ GGML_TYPE_F16 }, 0);
    REQUIRE_MESSAGE(result.often < result.written * 65, "keys after 64 moves");
}

// A key rotated from its original has two independent roundings, however often it moves.
void originals_hold(enum ggml_type type) {
    const Drifts result = drifts({ type, true }, head_size);
    REQUIRE_MESSAGE(result.often < result.written * 1.25 * std::sqrt(2.0), "keys after 64 moves");
}

// A key rotated from itself is rounded again with each move, independently, because the Hadamard
// rotation mixes slow and fast pairs.
void drifts_from_itself(enum ggml_type type) {
    const Drifts result = drifts({ type, false }, head_size);
    REQUIRE_MESSAGE(result.once < result.written * 1.25 * std::sqrt(2.0), "keys after one move");
    REQUIRE_MESSAGE(result.often < result.written * 1.25 * std::sqrt(65.0), "keys after 64 moves");
}

// This is why rotated q8_0 needs no originals and the others do: after 64 moves from itself, it is
// still more exact than q4_0 is without any move.
TEST_CASE("only rotated q8_0 stays fine without originals") {
    const double written = drifts({ GGML_TYPE_Q4_0, false }, head_size).written;
    const double q8_0 = drifts({ GGML_TYPE_Q8_0, false }, head_size).often;
    const double q8_0_as_it_is = drifts({ GGML_TYPE_Q8_0, false }, 0).often;
    const double q4_0 = drifts({ GGML_TYPE_Q4_0, false }, head_size).often;
    REQUIRE_MESSAGE(q8_0 < 0.75 * written, "q8_0 after 64 moves, q4_0 as written");
    REQUIRE_MESSAGE(q8_0_as_it_is > written, "q8_0 that is not rotated in blocks");
    REQUIRE_MESSAGE(q4_0 > 4.0 * written, "q4_0 after 64 moves");
    const LayerShape rotated = shape_of(rope(0, false), head_size);
    const LayerShape plain = shape_of(rope(0, false), 0);
    REQUIRE_MESSAGE(!Storage::of(GGML_TYPE_F16, plain, true).keeps_originals, "f16");
    REQUIRE_MESSAGE(!Storage::of(GGML_TYPE_Q8_0, rotated, true).keeps_originals, "q8_0, rotated");
    REQUIRE_MESSAGE(Storage::of(GGML_TYPE_Q8_0, plain, true).keeps_originals, "q8_0, not rotated");
    REQUIRE_MESSAGE(Storage::of(GGML_TYPE_Q4_0, rotated, true).keeps_originals, "q4_0");
    REQUIRE_MESSAGE(!Storage::of(GGML_TYPE_Q4_0, rotated, false).keeps_originals,
                    "q4_0 that never moves");
}

// Bits per value: 16, 8.5 and 4.5; a third row if originals are kept.
TEST_CASE("bytes of a row") {
    const Api & api = runtime().api();
    const LayerShape shape = shape_of(rope(0, false), head_size);
    REQUIRE_MESSAGE(KvPool::row_bytes(api, shape, { GGML_TYPE_F16 }) == size_t{ 256 }, "f16");
    REQUIRE_MESSAGE(KvPool::row_bytes(api, shape, { GGML_TYPE_Q8_0 }) == size_t{ 136 }, "q8_0");
    REQUIRE_MESSAGE(KvPool::row_bytes(api, shape, { GGML_TYPE_Q4_0 }) == size_t{ 72 }, "q4_0");
    REQUIRE_MESSAGE(KvPool::row_bytes(api, shape, { GGML_TYPE_Q4_0, true }) == size_t{ 108 },
                    "q4_0 with originals");
    Compute compute(api, test_device(), 2);
    for (const bool originals : { false, true }) {
        const KvPool pool(compute, shape, { GGML_TYPE_Q4_0, originals }, 128);
        REQUIRE_MESSAGE(pool.allocated_bytes() == 128 * pool.row_bytes(), "bytes allocated");
    }
}

// Without the Hadamard rotation, outliers leave few steps for the other values of a block.
void blocks_save_precision(enum ggml_type type) {
    const double plain = drifts({ type, false }, 0).written;
    const double rotated = drifts({ type, false }, head_size).written;
    REQUIRE_MESSAGE(rotated < 0.75 * plain, "the error of keys with outliers");
}

TEST_CASE("a rotation by the difference equals one from scratch") {
    rotates_by_difference(GGML_ROPE_TYPE_NORMAL, false);
    rotates_by_difference(GGML_ROPE_TYPE_NEOX, false);
    rotates_by_difference(GGML_ROPE_TYPE_NEOX, true);
}

TEST_CASE("quantised keys, from originals and from themselves") {
    for (const enum ggml_type type : { GGML_TYPE_Q8_0, GGML_TYPE_Q4_0 }) {
        CAPTURE(runtime().api().ggml_type_name(type));
        originals_hold(type);
        drifts_from_itself(type);
    }
}

TEST_CASE("the rotation in blocks makes keys finer") {
    for (const enum ggml_type type : { GGML_TYPE_Q8_0, GGML_TYPE_Q4_0 }) {
        CAPTURE(runtime().api().ggml_type_name(type));
        blocks_save_precision(type);
    }
}

} // namespace
