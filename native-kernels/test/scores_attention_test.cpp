#include "scores/attention_statistic.h"
#include "test/device.h"
#include "test/references/attention_statistic_reference.h"

#include <limits>

using namespace loci;
using namespace loci_test;

namespace {

struct Setting {
    AttentionShape shape;
    enum ggml_type type = GGML_TYPE_F16;
    Statistic statistic = Statistic::sum;
    int64_t capacity = 0;   // of the pool; slots are its beginning
    int64_t spare_rows = 0; // query rows that exist but are not observed
    size_t limit = size_t{ 128 } << 20;
    float spread = 1.0f;
    float softening = 1.0f; // of the scale
    bool sinks = false;
    float soft_cap = 0.0f;
    double tolerance = 0.0; // 0: what the type allows
};

double tolerance_of(const Setting & setting) {
    if (setting.tolerance > 0.0) {
        return setting.tolerance;
    }
    switch (setting.type) {
        case GGML_TYPE_F32: return f32_tolerance();
        case GGML_TYPE_F16: return 2e-3;
        default: return 3e-2; // queries are quantised too
    }
}

// Makes the mask of a chunk's last rows: row t sees all slots except the newest rows - 1 - t.
std::vector<float> causal_mask(const AttentionShape & shape) {
    std::vector<float> mask(static_cast<size_t>(shape.rows * shape.slots), 0.0f);
    for (int64_t t = 0; t < shape.rows; t++) {
        for (int64_t i = 0; i < shape.slots; i++) {
            if (i > std::max<int64_t>(shape.slots - shape.rows + t, 0)) {
                mask[static_cast<size_t>(t * shape.slots + i)] =
                    -std::numeric_limits<float>::infinity();
            }
        }
    }
    return mask;
}

void compare(const Setting & setting) {
    const Api & api = runtime().api();
    Compute compute(api, test_device(), 2);
    const AttentionShape & shape = setting.shape;
    std::mt19937 random(11);
    const auto elements = [](int64_t a, int64_t b, int64_t c) {
        return static_cast<size_t>(a * b * c);
    };

    auto keys = random_floats(random, elements(shape.head_size, setting.capacity, shape.kv_heads),
                              setting.spread);
    const auto key_bytes = stored_as(setting.type, keys, shape.head_size);
    const int64_t query_rows = shape.rows + setting.spare_rows;
    const auto queries =
        random_floats(random, elements(shape.head_size, query_rows, shape.heads), setting.spread);
    const auto mask = causal_mask(shape);
    std::vector<ggml_fp16_t> half(mask.size());
    api.ggml_fp32_to_fp16_row(mask.data(), half.data(), static_cast<int64_t>(mask.size()));

    DeviceTensor pool(api, compute.backend(), setting.type,
                      { shape.head_size, setting.capacity, shape.kv_heads });
    DeviceTensor query_store(api, compute.backend(), GGML_TYPE_F32,
                             { shape.head_size, query_rows, shape.heads });
    DeviceTensor mask_store(api, compute.backend(), GGML_TYPE_F16, { shape.slots, shape.rows, 1 });
    api.ggml_backend_tensor_set(pool.get(), key_bytes.data(), 0, key_bytes.size());
    api.ggml_backend_tensor_set(query_store.get(), queries.data(), 0,
                                queries.size() * sizeof(float));
    api.ggml_backend_tensor_set(mask_store.get(), half.data(), 0,
                                half.size() * sizeof(ggml_fp16_t));

    const auto sinks = setting.sinks ? random_floats(random, elements(shape.heads, 1, 1), 3.0f)
                                     : std::vector<float>();
    DeviceTensor sink_store(api, compute.backend(), GGML_TYPE_F32, { shape.heads, 1, 1 });
    api.ggml_backend_tensor_set(sink_store.get(), sinks.data(), 0, sinks.size() * sizeof(float));

    const float scale = setting.softening / std::sqrt(static_cast<float>(shape.head_size));
    const int64_t columns = setting.statistic == Statistic::apart ? shape.heads : shape.kv_heads;
    std::vector<float> actual(static_cast<size_t>(shape.slots * columns));
    compute.run(
        [&](ggml_context * context, ggml_cgraph *) {
            ggml_tensor * key_leaf = compute.alias(context, pool.get());
            key_leaf->ne[1] = shape.slots;
            ggml_tensor * query_leaf = compute.alias(context, query_store.get());
            query_leaf->ne[1] = shape.rows;
            query_leaf->data = static_cast<char *>(query_leaf->data) +
                               static_cast<size_t>(setting.spare_rows) * query_leaf->nb[1];
            AttentionStatisticInput input;
            input.queries = query_leaf;
            input.keys = key_leaf;
            input.mask = compute.alias(context, mask_store.get());
            input.scale = scale;
            input.sinks = setting.sinks ? compute.alias(context, sink_store.get()) : nullptr;
            input.soft_cap = setting.soft_cap;
            input.statistics = { setting.statistic };
            input.intermediate_bytes = setting.limit;
            ggml_tensor * statistic = build_attention_statistics(api, context, input).front();
            REQUIRE_MESSAGE((statistic->type == GGML_TYPE_F32 && statistic->ne[0] == shape.slots &&
                             statistic->ne[1] == columns &&
                             statistic->nb[1] == static_cast<size_t>(shape.slots) * sizeof(float)),
                            "the result is not f32 [slots, heads], contiguous");
            expect_supported(compute, statistic);
            return std::vector<ggml_tensor *>{ statistic };
        },
        nullptr,
        [&](const std::vector<ggml_tensor *> & outputs) {
            api.ggml_backend_tensor_get(outputs.front(), actual.data(), 0,
                                        actual.size() * sizeof(float));
        });

    std::vector<float> seen_keys;
    std::vector<float> seen_queries;
    for (int64_t head = 0; head < shape.kv_heads; head++) {
        const auto begin = keys.begin() + head * setting.capacity * shape.head_size;
        seen_keys.insert(seen_keys.end(), begin, begin + shape.slots * shape.head_size);
    }
    for (int64_t head = 0; head < shape.heads; head++) {
        const auto begin =
            queries.begin() + (head * query_rows + setting.spare_rows) * shape.head_size;
        seen_queries.insert(seen_queries.end(), begin, begin + shape.rows * shape.head_size);
    }
    const auto expected = attention_statistic_reference(shape, seen_queries, seen_keys, mask, scale,
                                                        setting.statistic, sinks, setting.soft_cap);
    expect_close(actual, expected, tolerance_of(setting), "attention statistic");
    if (setting.statistic == Statistic::sum && !setting.sinks) {
        double mass = 0.0;
        for (float value : actual) {
            mass += static_cast<double>(value);
        }
        REQUIRE_MESSAGE(mass == about(static_cast<double>(shape.rows * shape.kv_heads), 1e-3),
                        "every row spends its attention once per KV head");
    }
}

constexpr auto sum = Statistic::sum;
constexpr auto l2 = Statistic::l2;
constexpr auto maximum = Statistic::maximum;
constexpr auto apart = Statistic::apart;

TEST_CASE("f32 keys, one head") {
    compare({ { 64, 32, 1, 300, 1 }, GGML_TYPE_F32, sum, 300 });
}

TEST_CASE("f32 keys, groups of 4, l2") {
    compare({ { 64, 32, 8, 300, 2 }, GGML_TYPE_F32, l2, 512 });
}

TEST_CASE("f32 keys, groups of 7, odd rows") {
    compare({ { 32, 13, 14, 77, 2 }, GGML_TYPE_F32, l2, 128 });
}

TEST_CASE("f16 keys, groups of 3, sum") {
    compare({ { 128, 32, 12, 513, 4 }, GGML_TYPE_F16, sum, 768 });
}

TEST_CASE("f16 keys, groups of 2, l2") {
    compare({ { 80, 32, 4, 256, 2 }, GGML_TYPE_F16, l2, 1024 });
}

TEST_CASE("q8_0 keys in a strided pool") {
    compare({ { 64, 32, 8, 200, 4 }, GGML_TYPE_Q8_0, l2, 256 });
}

TEST_CASE("one row") {
    compare({ { 64, 1, 8, 200, 4 }, GGML_TYPE_F16, l2, 256 });
}

TEST_CASE("one row, sum") {
    compare({ { 64, 1, 8, 200, 8 }, GGML_TYPE_F16, sum, 256 });
}

TEST_CASE("three rows") {
    compare({ { 64, 3, 8, 200, 4 }, GGML_TYPE_F16, sum, 256 });
}

TEST_CASE("rows equal slots") {
    compare({ { 64, 16, 4, 16, 2 }, GGML_TYPE_F16, l2, 256 });
}

TEST_CASE("one slot") {
    compare({ { 64, 1, 4, 1, 2 }, GGML_TYPE_F16, sum, 256 });
}

TEST_CASE("the last rows of more queries") {
    compare({ { 64, 9, 8, 200, 4 }, GGML_TYPE_F16, l2, 256, 23 });
}

constexpr size_t one_head = 1;

TEST_CASE("one KV head at a time, l2") {
    compare({ { 64, 32, 8, 200, 4 }, GGML_TYPE_F16, l2, 256, 0, one_head });
}

TEST_CASE("three KV heads at a time of four, sum") {
    const size_t head = sizeof(float) * 200 * 32 * 2;
    compare({ { 64, 32, 8, 200, 4 }, GGML_TYPE_F32, sum, 256, 0, 3 * head });
}

TEST_CASE("the largest, groups of 4") {
    compare({ { 64, 32, 8, 300, 2 }, GGML_TYPE_F32, maximum, 512 });
}

TEST_CASE("the largest of 13 rows, groups of 7") {
    compare({ { 32, 13, 14, 77, 2 }, GGML_TYPE_F16, maximum, 128 });
}

TEST_CASE("query heads apart, groups of 4") {
    compare({ { 64, 32, 8, 300, 2 }, GGML_TYPE_F32, apart, 512 });
}

TEST_CASE("query heads apart, one KV head at a time") {
    compare({ { 64, 9, 12, 200, 4 }, GGML_TYPE_F16, apart, 256, 0, one_head });
}

TEST_CASE("sinks, groups of 4") {
    Setting setting{ { 64, 32, 8, 300, 2 }, GGML_TYPE_F32, sum, 512 };
    setting.sinks = true;
    compare(setting);
}

TEST_CASE("sinks, one KV head at a time, l2") {
    Setting setting{ { 64, 9, 12, 200, 4 }, GGML_TYPE_F16, l2, 256, 0, one_head };
    setting.sinks = true;
    compare(setting);
}

TEST_CASE("soft-capped products") {
    for (const Statistic statistic : { sum, maximum }) {
        Setting setting{ { 64, 32, 8, 300, 2 }, GGML_TYPE_F32, statistic, 512, 0, one_head };
        setting.spread = 3.0f;
        setting.soft_cap = 4.0f;
        compare(setting);
    }
}

TEST_CASE("products beyond the range of f16") {
    Setting setting{ { 128, 32, 4, 300, 2 }, GGML_TYPE_F16, l2, 300 };
    setting.spread = 100.0f;
    setting.softening = 0.001f;
    setting.tolerance = 1e-2;
    compare(setting);
}

} // namespace
