#include "scores/projected_l1.h"
#include "scores/value_norm.h"
#include "test/device.h"
#include "test/references/value_norm_reference.h"

using namespace loci;
using namespace loci_test;

namespace {

struct Setting {
    int64_t head_size = 64;
    int64_t kv_heads = 2;
    int64_t heads = 2;
    int64_t slots = 100;
    int64_t capacity = 128;
    int64_t first = 0;
    int64_t width = 0; // of the output projection; 0: squared norm
    enum ggml_type type = GGML_TYPE_F16;
    size_t limit = size_t{ 128 } << 20;
};

void compare(const Setting & setting) {
    const Api & api = runtime().api();
    Compute compute(api, test_device(), 2);
    std::mt19937 random(5);

    auto values = random_floats(
        random, static_cast<size_t>(setting.head_size * setting.capacity * setting.kv_heads), 1.0f);
    const auto bytes = stored_as(setting.type, values, setting.head_size);
    DeviceTensor pool(api, compute.backend(), setting.type,
                      { setting.head_size, setting.capacity, setting.kv_heads });
    api.ggml_backend_tensor_set(pool.get(), bytes.data(), 0, bytes.size());

    const auto projection = random_floats(
        random, static_cast<size_t>(setting.head_size * setting.heads * setting.width), 0.1f);
    DeviceTensor grams;
    if (setting.width > 0) {
        const auto matrices = gram_reference(projection, setting.head_size, setting.heads);
        grams = DeviceTensor(api, compute.backend(), GGML_TYPE_F32,
                             { setting.head_size, setting.head_size, setting.heads });
        api.ggml_backend_tensor_set(grams.get(), matrices.data(), 0,
                                    matrices.size() * sizeof(float));
    }

    std::vector<float> actual(static_cast<size_t>(setting.slots * setting.kv_heads));
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            ggml_tensor * leaf = compute.alias(context, pool.get());
            leaf->ne[1] = setting.slots;
            leaf->data =
                static_cast<char *>(leaf->data) + static_cast<size_t>(setting.first) * leaf->nb[1];
            ggml_tensor * norm = build_value_norm(
                api, context, leaf, grams ? compute.alias(context, grams.get()) : nullptr, false,
                setting.limit);
            REQUIRE_MESSAGE((norm->type == GGML_TYPE_F32 && norm->ne[0] == setting.slots &&
                             norm->ne[1] == setting.kv_heads &&
                             norm->nb[1] == static_cast<size_t>(setting.slots) * sizeof(float)),
                            "the result is not f32 [slots, kv_heads], contiguous");
            expect_supported(compute, norm);
            return std::vector<ggml_tensor *>{ norm };
        },
        nullptr,
        [&](const std::vector<ggml_tensor *> & outputs) {
            api.ggml_backend_tensor_get(outputs.front(), actual.data(), 0,
                                        actual.size() * sizeof(float));
        });

    std::vector<float> seen;
    for (int64_t head = 0; head < setting.kv_heads; head++) {
        const auto begin =
            values.begin() + (head * setting.capacity + setting.first) * setting.head_size;
        seen.insert(seen.end(), begin, begin + setting.slots * setting.head_size);
    }
    const auto expected = setting.width > 0
                              ? projected_norm_reference(seen, projection, setting.head_size,
                                                         setting.kv_heads, setting.heads)
                              : squared_norm_reference(seen, setting.head_size);
    expect_close(actual, expected, setting.type == GGML_TYPE_F32 ? f32_tolerance() : 2e-3,
                 "value norm");
}

// The L1 norm, and the L2 norms of separate query heads.
TEST_CASE("the L1 norm, and query heads apart") {
    const Api & api = runtime().api();
    Compute compute(api, test_device(), 2);
    constexpr int64_t size = 32;
    constexpr int64_t slots = 37;
    constexpr int64_t kv_heads = 2;
    constexpr int64_t heads = 6;
    constexpr int64_t width = 48;
    std::mt19937 random(9);
    const auto values = random_floats(random, static_cast<size_t>(size * slots * kv_heads), 1.0f);
    // [head_size][width] per head; the file has [width][heads * head_size].
    auto slices = random_floats(random, static_cast<size_t>(heads * size * width), 0.1f);
    std::vector<float> stored(slices.size());
    for (int64_t head = 0; head < heads; head++) {
        for (int64_t i = 0; i < size; i++) {
            for (int64_t out = 0; out < width; out++) {
                stored[static_cast<size_t>(out * heads * size + head * size + i)] =
                    slices[static_cast<size_t>((head * size + i) * width + out)];
            }
        }
    }
    const auto gram = gram_reference(slices, size, heads);
    DeviceTensor pool(api, compute.backend(), GGML_TYPE_F32, { size, slots, kv_heads });
    DeviceTensor projection(api, compute.backend(), GGML_TYPE_F32, { heads * size, width, 1 });
    DeviceTensor grams(api, compute.backend(), GGML_TYPE_F32, { size, size, heads });
    api.ggml_backend_tensor_set(pool.get(), values.data(), 0, values.size() * sizeof(float));
    api.ggml_backend_tensor_set(projection.get(), stored.data(), 0, stored.size() * sizeof(float));
    api.ggml_backend_tensor_set(grams.get(), gram.data(), 0, gram.size() * sizeof(float));
    std::vector<float> l1(static_cast<size_t>(slots * kv_heads));
    std::vector<float> apart(static_cast<size_t>(slots * heads));
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            ggml_tensor * leaf = compute.alias(context, pool.get());
            ggml_tensor * first = build_projected_l1(
                api, context, leaf, compute.alias(context, projection.get()), heads);
            ggml_tensor * second =
                build_value_norm(api, context, leaf, compute.alias(context, grams.get()), true);
            REQUIRE_MESSAGE((first->ne[0] == slots && first->ne[1] == kv_heads),
                            "the L1 norm's shape");
            REQUIRE_MESSAGE((second->ne[0] == slots && second->ne[1] == heads),
                            "a norm for each query head");
            expect_supported(compute, first);
            return std::vector<ggml_tensor *>{ first, second };
        },
        nullptr,
        [&](const std::vector<ggml_tensor *> & outputs) {
            api.ggml_backend_tensor_get(outputs[0], l1.data(), 0, l1.size() * sizeof(float));
            api.ggml_backend_tensor_get(outputs[1], apart.data(), 0, apart.size() * sizeof(float));
        });
    expect_close(l1, projected_l1_reference(values, slices, size, kv_heads, heads), f32_tolerance(),
                 "L1 norm");
    // One query head at a time is a group of one.
    for (int64_t head = 0; head < heads; head++) {
        const auto kv = values.begin() + head / (heads / kv_heads) * slots * size;
        const auto slice = slices.begin() + head * size * width;
        const auto right = projected_norm_reference({ kv, kv + slots * size },
                                                    { slice, slice + size * width }, size, 1, 1);
        const auto own = apart.begin() + head * slots;
        expect_close({ own, own + slots }, right, f32_tolerance(), "norm of one query head");
    }
}

// For a value in the null space of the projection, the quadratic form may round below zero.
TEST_CASE("a value that the projection annihilates is zero, not NaN") {
    const Api & api = runtime().api();
    Compute compute(api, test_device(), 2);
    constexpr int64_t size = 32;
    std::mt19937 random(2);
    std::vector<float> gram(size * size);
    const auto direction = random_floats(random, size, 100.0f);
    double square = 0.0;
    for (float value : direction) {
        square += static_cast<double>(value) * static_cast<double>(value);
    }
    // I - u u^T annihilates u.
    for (size_t a = 0; a < size; a++) {
        for (size_t b = 0; b < size; b++) {
            gram[a * size + b] = static_cast<float>((a == b ? 1.0 : 0.0) -
                                                    static_cast<double>(direction[a]) *
                                                        static_cast<double>(direction[b]) / square);
        }
    }
    DeviceTensor values(api, compute.backend(), GGML_TYPE_F32, { size, 64, 1 });
    DeviceTensor grams(api, compute.backend(), GGML_TYPE_F32, { size, size, 1 });
    for (size_t i = 0; i < 64; i++) {
        std::vector<float> scaled(direction);
        for (float & value : scaled) {
            value *= 1.0f + 0.37f * static_cast<float>(i);
        }
        api.ggml_backend_tensor_set(values.get(), scaled.data(), i * size * sizeof(float),
                                    size * sizeof(float));
    }
    api.ggml_backend_tensor_set(grams.get(), gram.data(), 0, gram.size() * sizeof(float));
    std::vector<float> actual(64);
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            return std::vector<ggml_tensor *>{ build_value_norm(
                api, context, compute.alias(context, values.get()),
                compute.alias(context, grams.get())) };
        },
        nullptr,
        [&](const std::vector<ggml_tensor *> & outputs) {
            api.ggml_backend_tensor_get(outputs.front(), actual.data(), 0,
                                        actual.size() * sizeof(float));
        });
    for (size_t i = 0; i < actual.size(); i++) {
        const double length = std::sqrt(square) * (1.0 + 0.37 * static_cast<double>(i));
        REQUIRE_MESSAGE((actual[i] >= 0.0f && static_cast<double>(actual[i]) < 1e-2 * length),
                        "a value that the projection annihilates has norm ", actual[i]);
    }
}

Setting make(int64_t head_size, int64_t kv_heads, int64_t heads, int64_t width,
             enum ggml_type type) {
    Setting setting;
    setting.head_size = head_size;
    setting.kv_heads = kv_heads;
    setting.heads = heads;
    setting.width = width;
    setting.type = type;
    return setting;
}

TEST_CASE("|v|^2 of f32") {
    compare(make(64, 2, 2, 0, GGML_TYPE_F32));
}

TEST_CASE("|v|^2 of f16 in a strided pool") {
    compare(make(80, 3, 3, 0, GGML_TYPE_F16));
}

TEST_CASE("|v|^2 of q8_0 in a strided pool") {
    compare(make(64, 4, 4, 0, GGML_TYPE_Q8_0));
}

TEST_CASE("|v W| of f32, one head per group") {
    compare(make(64, 2, 2, 96, GGML_TYPE_F32));
}

TEST_CASE("|v W| of f32, groups of 4") {
    compare(make(64, 2, 8, 128, GGML_TYPE_F32));
}

TEST_CASE("|v W| of f16, groups of 3") {
    compare(make(128, 4, 12, 200, GGML_TYPE_F16));
}

TEST_CASE("|v W| of q8_0, groups of 7") {
    compare(make(32, 2, 14, 64, GGML_TYPE_Q8_0));
}

TEST_CASE("|v W| of the newest rows only") {
    Setting setting = make(64, 2, 4, 96, GGML_TYPE_F16);
    setting.first = 100;
    setting.slots = 28;
    compare(setting);
}

TEST_CASE("one slot") {
    Setting setting = make(64, 2, 4, 96, GGML_TYPE_F16);
    setting.slots = 1;
    compare(setting);
}

TEST_CASE("one KV head at a time") {
    Setting setting = make(64, 3, 6, 96, GGML_TYPE_F16);
    setting.limit = 1;
    compare(setting);
}

} // namespace
