#pragma once

#include "policy/policy.h"
#include "test/check.h"

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace loci_test {

/// A request together with the protection it points to.
struct Scenario {
    loci::SelectionRequest request;
    std::vector<uint8_t> guarded;

    const loci::SelectionRequest & ready() {
        request.protected_tokens = guarded.empty() ? nullptr : &guarded;
        return request;
    }
};

inline int below(std::mt19937 & random, int limit) {
    return static_cast<int>(random() % static_cast<uint32_t>(limit));
}

inline float uniform(std::mt19937 & random) {
    return static_cast<float>(random() >> 8) / 16777216.0f;
}

/// Sets every statistic to the same numbers, as of one observing row, for all methods.
inline void observe(loci::LayerCandidates & layer, const std::vector<float> & attention) {
    for (const auto statistic : { loci::Statistic::sum, loci::Statistic::l2,
                                  loci::Statistic::maximum, loci::Statistic::apart }) {
        layer.attention.of(statistic) = attention;
    }
    layer.attention.rows = 1;
}

/// Adds keys, values and moments of the queries for the methods that read them: size 4, one query
/// head for each KV head.
inline void add_vectors(std::mt19937 & random, loci::LayerCandidates & layer) {
    constexpr int size = 4;
    const auto centred = [&] { return uniform(random) - 0.5f; };
    for (size_t i = 0; i < layer.token.size() * size; i++) {
        layer.keys.push_back(centred());
        layer.values.push_back(centred());
    }
    layer.moments.heads = layer.kv_heads;
    layer.moments.size = size;
    for (int i = 0; i < layer.kv_heads * size; i++) {
        layer.moments.mean.push_back(centred());
        for (int c = 0; c < size; c++) {
            layer.moments.covariance.push_back(c == i % size ? 1.0f : 0.0f);
        }
    }
}

/// Makes `slots` new tokens in every head with scores between 0 and 1 and nothing carried.
inline loci::LayerCandidates plain_layer(std::mt19937 & random, int kv_heads, int slots) {
    loci::LayerCandidates layer;
    layer.kv_heads = kv_heads;
    layer.slots = slots;
    std::vector<float> attention;
    for (int i = 0; i < kv_heads * slots; i++) {
        attention.push_back(uniform(random));
        layer.value.push_back(0.5f + uniform(random));
        layer.carried.push_back(-1.0f);
        layer.token.push_back(i % slots);
    }
    observe(layer, attention);
    return layer;
}

/// Makes a score as a broken or a degenerate model may give it.
inline float odd_score(std::mt19937 & random, int kind) {
    switch (kind) {
        case 0: return 0.25f;                                // all equal
        case 1: return static_cast<float>(below(random, 4)); // many ties
        case 2: {
            constexpr float odd[] = { std::numeric_limits<float>::quiet_NaN(),
                                      std::numeric_limits<float>::infinity(),
                                      -std::numeric_limits<float>::infinity() };
            return below(random, 4) == 0 ? odd[below(random, 3)] : uniform(random);
        }
        case 3: return 0.0f;
        default: return uniform(random) * uniform(random);
    }
}

/// Makes any request that may occur: ragged layers, layers without slots, survivors of a longer
/// stream, protections, odd scores, budgets from far too small to more than enough.
inline Scenario random_scenario(std::mt19937 & random) {
    Scenario scenario;
    auto & request = scenario.request;
    const int layers = 1 + below(random, 5);
    const int kv_heads = 1 + below(random, 4);
    const int stream = 1 + below(random, 200);
    const int kind = below(random, 8);
    int64_t total = 0;
    for (int l = 0; l < layers; l++) {
        loci::LayerCandidates layer;
        layer.kv_heads = below(random, 8) == 0 ? 1 + below(random, 4) : kv_heads;
        const int held = below(random, 10) == 0 ? 0 : 1 + below(random, stream);
        layer.slots = below(random, 3) == 0 ? stream : held;
        std::vector<float> attention;
        for (int head = 0; head < layer.kv_heads; head++) {
            // Each head has its own survivors of the stream, in order.
            int left = layer.slots;
            for (int token = 0; token < stream; token++) {
                if (below(random, stream - token) < left) {
                    left--;
                    layer.token.push_back(token);
                    attention.push_back(odd_score(random, kind));
                    layer.value.push_back(odd_score(random, kind));
                    layer.carried.push_back(below(random, 2) == 0 ? -1.0f : uniform(random));
                }
            }
        }
        observe(layer, attention);
        add_vectors(random, layer);
        total += layer.slots;
        request.layers.push_back(std::move(layer));
    }
    request.stream_tokens = stream;
    request.budget_rows = below(random, static_cast<int>(total) + 20);
    request.max_layer_rows = below(random, 3) == 0 ? 1 + below(random, stream) : 4096;
    constexpr int granules[] = { 1, 1, 4, 16, 32 };
    request.granule = granules[below(random, 5)];
    request.recent = below(random, 3) == 0 ? 32 : below(random, 8);
    if (below(random, 2) == 0) {
        for (int token = 0; token < stream; token++) {
            scenario.guarded.push_back(below(random, 12) == 0 ? 1 : 0);
        }
    }
    return scenario;
}

/// Returns one KV head of a layer as a layer of its own.
inline loci::LayerCandidates head_alone(const loci::LayerCandidates & layer, int head) {
    const auto part = [&](const auto & all) {
        const auto length = static_cast<int64_t>(all.size()) / layer.kv_heads;
        const auto first = all.begin() + head * length;
        return std::decay_t<decltype(all)>(first, first + length);
    };
    loci::LayerCandidates alone;
    alone.kv_heads = 1;
    alone.slots = layer.slots;
    alone.attention.rows = layer.attention.rows;
    for (const auto statistic : { loci::Statistic::sum, loci::Statistic::l2,
                                  loci::Statistic::maximum, loci::Statistic::apart }) {
        alone.attention.of(statistic) = part(layer.attention.of(statistic));
    }
    alone.value = part(layer.value);
    alone.keys = part(layer.keys);
    alone.values = part(layer.values);
    alone.carried = part(layer.carried);
    alone.token = part(layer.token);
    alone.moments.heads = layer.moments.heads / layer.kv_heads;
    alone.moments.size = layer.moments.size;
    alone.moments.mean = part(layer.moments.mean);
    alone.moments.covariance = part(layer.moments.covariance);
    return alone;
}

/// Returns the same request in the ragged layout, with as many rows for each KV head.
inline loci::SelectionRequest heads_apart(const loci::SelectionRequest & request) {
    loci::SelectionRequest apart = request;
    apart.layers.clear();
    for (size_t l = 0; l < request.layers.size(); l++) {
        for (int head = 0; head < request.layers[l].kv_heads; head++) {
            apart.layers.push_back(head_alone(request.layers[l], head));
            apart.layer_of.push_back(l);
        }
    }
    apart.budget_rows = request.budget_rows * static_cast<int64_t>(apart.layers.size()) /
                        static_cast<int64_t>(request.layers.size());
    return apart;
}

/// Returns whether the slot must stay, derived only from the rules.
inline bool must_stay(const loci::SelectionRequest & request, const loci::LayerCandidates & layer,
                      int head, int slot) {
    const auto token = static_cast<size_t>(
        layer.token[static_cast<size_t>(head) * static_cast<size_t>(layer.slots) +
                    static_cast<size_t>(slot)]);
    return slot >= layer.slots - request.recent ||
           (request.protected_tokens != nullptr && (*request.protected_tokens)[token] != 0);
}

/// Lists the survivors of each head of a layer: "0:1,4,5 1:0,4,5".
inline std::string survivors(const loci::LayerCandidates & layer,
                             const loci::LayerSelection & selection) {
    std::string text;
    for (int head = 0; head < layer.kv_heads; head++) {
        text += (head == 0 ? "" : " ") + std::to_string(head) + ":";
        for (int row = 0; row < selection.rows; row++) {
            const auto at = static_cast<size_t>(head) * static_cast<size_t>(selection.rows) +
                            static_cast<size_t>(row);
            text += (row == 0 ? "" : ",") + std::to_string(selection.slots[at]);
        }
    }
    return text;
}

inline void expect_text(const std::string & actual, const std::string & expected,
                        const std::string & what) {
    REQUIRE_MESSAGE(actual == expected, what);
}

} // namespace loci_test
