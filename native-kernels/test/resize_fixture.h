#pragma once

#include "test/memory_fixture.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

/// What a memory held before and after it was resized, and the plain reference of what stays.
namespace loci_test::resizing {

struct Kind {
    const char * name;
    const char * policy;
    loci::PolicyParameters parameters;
    enum ggml_type type = GGML_TYPE_F16;
};

struct Row {
    loci::HeldRow held;
    std::vector<uint8_t> key;
    std::vector<uint8_t> value;
    std::vector<float> plain;
};
/// By (layer, KV head), in the order of the stream.
using HeldRows = std::vector<std::vector<Row>>;

inline HeldRows rows_of(const loci::Memory & memory) {
    HeldRows all;
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        for (int head = 0; head < memory.model().info().kv_heads; head++) {
            const loci::KvPool & pool = memory.store().pool_of(layer, head);
            const int own = memory.store().head_in_pool(head);
            const std::vector<float> keys = memory.keys(layer, head);
            const auto size = pool.shape().key_size;
            std::vector<Row> rows;
            for (int64_t i = 0; i < pool.rows(); i++) {
                const loci::Range at = loci::Range::checked(i, i + 1, pool.capacity());
                rows.push_back({ pool.held(own)[static_cast<size_t>(i)],
                                 pool.stored(pool.key_store(), own, at),
                                 pool.stored(pool.value_store(), own, at),
                                 { keys.begin() + i * size, keys.begin() + (i + 1) * size } });
            }
            all.push_back(std::move(rows));
        }
    }
    return all;
}

// What decides within a head, by its formula and in doubles; empty where that is another's test.
inline std::vector<double> ranks(const Kind & kind, const std::vector<Row> & rows) {
    const std::string policy = kind.policy;
    std::vector<double> rank;
    if (policy == "snapkv" || policy == "kvzip" || policy == "adakv" || policy == "cake") {
        for (const Row & row : rows) {
            rank.push_back(static_cast<double>(row.held.carried));
        }
    } else if (policy == "laprox") {
        for (const Row & row : rows) {
            rank.push_back(static_cast<double>(row.held.carried * row.held.value));
        }
    } else if (policy == "default" || policy == "keydiff") {
        std::vector<double> anchor(rows.empty() ? 0 : rows[0].plain.size(), 0.0);
        const auto length = [](const std::vector<float> & key) {
            double sum = 0.0;
            for (const float value : key) {
                sum += static_cast<double>(value) * static_cast<double>(value);
            }
            return std::sqrt(sum);
        };
        for (const Row & row : rows) {
            for (size_t c = 0; c < anchor.size(); c++) {
                anchor[c] += static_cast<double>(row.plain[c]) / length(row.plain);
            }
        }
        for (const Row & row : rows) {
            double dot = 0.0;
            for (size_t c = 0; c < anchor.size(); c++) {
                dot += static_cast<double>(row.plain[c]) * anchor[c];
            }
            rank.push_back(-dot / length(row.plain));
        }
    }
    return rank;
}

/// What stays of a head is what it was, to the bit, and the best of it.
inline void keeps_the_best(const Kind & kind, const loci::Memory & memory,
                           const std::vector<Row> & before, const std::vector<Row> & after) {
    std::map<int32_t, const Row *> had;
    for (const Row & row : before) {
        had[row.held.token] = &row;
    }
    std::set<int32_t> kept;
    for (const Row & row : after) {
        const auto found = had.find(row.held.token);
        REQUIRE_MESSAGE(found != had.end(), "a row that was not there");
        const Row & old = *found->second;
        REQUIRE_MESSAGE((row.key == old.key && row.value == old.value), "a row is moved as it is");
        REQUIRE_MESSAGE((row.held.position == old.held.position &&
                         row.held.original == old.held.original &&
                         row.held.value == old.held.value && row.held.carried == old.held.carried),
                        "what is known of a row");
        kept.insert(row.held.token);
    }
    const int recent = loci::make_policy(kind.policy, kind.parameters)->needs().recent;
    const std::vector<double> rank = ranks(kind, before);
    double worst_kept = std::numeric_limits<double>::infinity();
    double best_lost = -worst_kept;
    for (size_t i = 0; i < before.size(); i++) {
        const int32_t token = before[i].held.token;
        const bool guarded =
            memory.store().stream().protected_tokens[static_cast<size_t>(token)] != 0 ||
            i + static_cast<size_t>(recent) >= before.size();
        const bool stays = kept.count(token) > 0;
        REQUIRE_MESSAGE((stays || !guarded), "what is protected stays");
        if (!rank.empty() && !guarded) {
            (stays ? worst_kept : best_lost) =
                stays ? std::min(worst_kept, rank[i]) : std::max(best_lost, rank[i]);
        }
    }
    REQUIRE_MESSAGE(best_lost <= worst_kept + 1e-5 * std::abs(worst_kept),
                    "the best rows are those kept");
}

} // namespace loci_test::resizing
