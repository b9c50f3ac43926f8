// Rows that are key and value at once (MLA): stored once, rotated only in the part that has a
// position, and weighed by one Gram matrix for all heads.

#include "model/layer_gram.h"
#include "observe/observation.h"
#include "store/kv_pool.h"
#include "test/device.h"
#include "test/gram_fixture.h"
#include "test/references/rotation_reference.h"

#include <algorithm>
#include <cmath>
#include <random>

using namespace loci;
using namespace loci_test;

namespace {

constexpr int value_size = 64;
constexpr int rotated = 32;
constexpr int key_size = value_size + rotated;
constexpr int rows = 40;

LayerShape latent_shape(bool separate = false) {
    LayerShape shape;
    shape.kv_heads = 1;
    shape.heads = 4;
    shape.key_size = key_size;
    shape.value_size = value_size;
    shape.values_in_keys = !separate;
    shape.scale = 0.125F;
    shape.device = test_device();
    shape.rope.found = true;
    shape.rope.dimensions = rotated;
    shape.rope.offset = value_size;
    shape.rope.mode = GGML_ROPE_TYPE_NORMAL;
    shape.rope.original_context = 4096;
    shape.rope.frequency_base = 10000.0F;
    return shape;
}

std::vector<std::vector<float>> random_rows() {
    std::mt19937 random(11);
    std::vector<std::vector<float>> all(rows);
    for (auto & row : all) {
        row = random_floats(random, key_size, 1.0F);
    }
    return all;
}

// Writes rows as keys of the positions 0, 1, ...
void fill(Compute & compute, KvPool & pool, const std::vector<std::vector<float>> & all) {
    std::vector<float> flat;
    std::vector<int64_t> targets;
    for (size_t i = 0; i < all.size(); i++) {
        std::vector<float> key = all[i];
        rotate_reference(key, static_cast<int>(i), pool.shape().rope);
        flat.insert(flat.end(), key.begin(), key.end());
        targets.push_back(static_cast<int64_t>(i));
    }
    const DeviceTensor scratch(compute.api(), compute.backend(), GGML_TYPE_F32,
                               { key_size, rows, 1 });
    compute.api().ggml_backend_tensor_set(scratch.get(), flat.data(), 0,
                                          flat.size() * sizeof(float));
    scatter_rows(compute, scratch, pool.key_store(), targets);
    pool.commit(0, 0, rows, {});
}

std::vector<float> read_all(const KvPool & pool, ggml_tensor * part) {
    return read_vectors(pool, part, Range::checked(0, pool.rows(), pool.capacity()), 0);
}

KvPool::Plan every_second(const KvPool & pool, int32_t first) {
    KvPool::Plan plan;
    plan.rows = pool.rows() / 2;
    plan.capacity = pool.capacity() / 2;
    plan.first_position = first;
    for (int64_t i = 0; i < plan.rows; i++) {
        plan.slots.push_back(static_cast<int32_t>(2 * i + 1));
        plan.carried.push_back(0.0F);
    }
    return plan;
}

// The largest difference from rows that were rotated to their positions from scratch.
double largest_difference(const KvPool & pool, const std::vector<std::vector<float>> & all) {
    const std::vector<float> keys = read_all(pool, pool.keys());
    const std::vector<float> values = read_all(pool, pool.values());
    REQUIRE_MESSAGE(values.size() == static_cast<size_t>(pool.rows()) * value_size, "values");
    double most = 0.0;
    for (size_t i = 0; i < pool.held(0).size(); i++) {
        const HeldRow & row = pool.held(0)[i];
        std::vector<float> expected = all[static_cast<size_t>(row.token)];
        rotate_reference(expected, row.position, pool.shape().rope);
        for (size_t j = 0; j < key_size; j++) {
            const double delta = std::abs(static_cast<double>(keys[i * key_size + j]) -
                                          static_cast<double>(expected[j]));
            most = std::max(most, delta);
            if (j < value_size) {
                REQUIRE_MESSAGE(values[i * value_size + j] == keys[i * key_size + j],
                                "a value is the beginning of its key");
            }
        }
    }
    return most;
}

TEST_CASE("a row that is key and value is stored once") {
    const Api & api = runtime().api();
    const LayerShape shape = latent_shape();
    REQUIRE_MESSAGE(KvPool::row_bytes(api, shape, { GGML_TYPE_F16 }) == size_t{ 2 } * key_size,
                    "its bytes");
    REQUIRE_MESSAGE(KvPool::row_bytes(api, latent_shape(true), { GGML_TYPE_F16 }) ==
                        size_t{ 2 } * (key_size + value_size),
                    "those of a value beside its key");
    Compute compute(api, test_device(), 2);
    for (const Storage storage : { Storage{ GGML_TYPE_F16 }, Storage{ GGML_TYPE_Q8_0, true } }) {
        const KvPool pool(compute, shape, storage, 128);
        REQUIRE_MESSAGE(pool.allocated_bytes() == 128 * pool.row_bytes(), "bytes allocated");
    }
}

TEST_CASE("only the end of a row is rotated") {
    Compute compute(runtime().api(), test_device(), 2);
    const auto all = random_rows();
    for (const Storage storage : { Storage{ GGML_TYPE_F16 }, Storage{ GGML_TYPE_Q8_0, true } }) {
        const double step = storage.type == GGML_TYPE_F16 ? 0.004 : 0.05;
        KvPool pool(compute, latent_shape(), storage, 64);
        fill(compute, pool, all);
        REQUIRE_MESSAGE(largest_difference(pool, all) < step, "rows as they were written");
        const std::vector<float> before = read_all(pool, pool.values());
        pool.apply(every_second(pool, 1000));
        REQUIRE_MESSAGE(pool.capacity() == 32, "a smaller pool");
        REQUIRE_MESSAGE(largest_difference(pool, all) < 2 * step, "rows that moved");
        const std::vector<float> after = read_all(pool, pool.values());
        for (size_t i = 0; i < after.size(); i++) {
            const size_t old = (2 * (i / value_size) + 1) * value_size + i % value_size;
            REQUIRE_MESSAGE(after[i] == before[old], "a value that moved is the same to the bit");
        }
    }
}

TEST_CASE("a tail of such rows closes its gaps") {
    Compute compute(runtime().api(), test_device(), 2);
    const auto all = random_rows();
    KvPool pool(compute, latent_shape(), { GGML_TYPE_F16 }, 64);
    fill(compute, pool, all);
    KvPool tail(compute, latent_shape(), { GGML_TYPE_F16 }, 64);
    tail.replace(std::vector<std::vector<HeldRow>>(1), 64, {}, {});
    tail.restore(Range::checked(0, rows, 64), pool.copy(Range::checked(0, rows, 64)));
    tail.compact(Range::checked(0, rows, 64), { 0, 5, 6, 20 });
    tail.commit(0, 0, 4, {});
    std::vector<std::vector<float>> left{ all[0], all[5], all[6], all[20] };
    REQUIRE_MESSAGE(largest_difference(tail, left) < 0.008, "rows at their new positions");
}

TEST_CASE("such rows are copied and put back") {
    Compute compute(runtime().api(), test_device(), 2);
    const auto all = random_rows();
    KvPool pool(compute, latent_shape(), { GGML_TYPE_Q8_0, true }, 64);
    fill(compute, pool, all);
    const Range range = Range::checked(0, rows, 64);
    const KvPool::RowCopy copy = pool.copy(range);
    const KvPool::CopyBytes bytes = pool.copy_bytes(rows);
    REQUIRE_MESSAGE(copy.keys.size() == bytes.keys, "bytes of keys");
    REQUIRE_MESSAGE((copy.values.empty() && bytes.values == 0), "no bytes of values");
    KvPool other(compute, latent_shape(), { GGML_TYPE_Q8_0, true }, 128);
    other.replace({ pool.held(0) }, 64, copy, pool.copy_originals(range));
    REQUIRE_MESSAGE(other.copy(range).keys == copy.keys, "rows that were put back");
    KvPool::RowCopy zeros{ std::vector<uint8_t>(bytes.keys), {} };
    KvPool::RowCopy scratch = zeros;
    other.exchange(range, zeros, scratch);
    REQUIRE_MESSAGE(zeros.keys == copy.keys, "rows that were exchanged");
}

// Each layer makes its values from rows of 48 numbers.
TEST_CASE("one Gram matrix gives the mean of the heads' squared norms") {
    constexpr int latent = 48;
    constexpr size_t size = GramModel::head_size;
    const GramModel model;
    std::mt19937 random(13);
    const std::vector<float> made =
        random_floats(random, size_t{ GramModel::heads } * size * latent, 0.2F);
    Compute compute(runtime().api(),
                    runtime().api().ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU), 2);
    const std::vector<float> slices =
        by_head(model.weights[2], GramModel::heads, GramModel::head_size);
    const std::vector<float> grams = gram_reference(slices, GramModel::head_size, GramModel::heads);
    Weight weight;
    weight.shape = { latent, GramModel::head_size, GramModel::heads, 1 };
    const std::vector<float> mean = gram_of_latent(compute, grams, weight, made);

    const std::vector<float> row = random_floats(random, latent, 1.0F);
    double expected = 0.0;
    for (size_t head = 0; head < size_t{ GramModel::heads }; head++) {
        std::vector<double> out(GramModel::width, 0.0);
        for (size_t i = 0; i < size; i++) {
            double value = 0.0;
            for (size_t j = 0; j < latent; j++) {
                value += static_cast<double>(made[(head * size + i) * latent + j]) *
                         static_cast<double>(row[j]);
            }
            for (size_t w = 0; w < out.size(); w++) {
                out[w] += value * static_cast<double>(slices[(head * size + i) * out.size() + w]);
            }
        }
        for (const double number : out) {
            expected += number * number / GramModel::heads;
        }
    }
    double found = 0.0;
    for (size_t a = 0; a < latent; a++) {
        for (size_t b = 0; b < latent; b++) {
            found += static_cast<double>(row[a]) * static_cast<double>(row[b]) *
                     static_cast<double>(mean[a * latent + b]);
        }
    }
    REQUIRE_MESSAGE(std::abs(found / expected - 1.0) < 1e-4, "the mean of squared norms");
}

} // namespace
