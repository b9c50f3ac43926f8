#include "memory/compression.h"

namespace loci {

namespace {

// Positions ahead that expected queries may come from.
constexpr int64_t expected_horizon = 512;

// [kv_heads][before] of what is held, then [kv_heads][count] of what is new, as [kv_heads][slots].
std::vector<float> join_values(const KvPool & pool, const std::vector<float> & fresh,
                               int64_t count) {
    std::vector<float> joined;
    for (int head = 0; head < pool.shape().kv_heads; head++) {
        for (const HeldRow & row : pool.held(head)) {
            joined.push_back(row.value);
        }
        const auto first = fresh.begin() + head * count;
        joined.insert(joined.end(), first, first + count);
    }
    return joined;
}

LayerCandidates candidates(const KvPool & pool, const PolicyNeeds & needs, const Stream & before,
                           int64_t count, PoolObservation & seen) {
    LayerCandidates all;
    all.kv_heads = pool.shape().kv_heads;
    all.slots = static_cast<int>(pool.rows() + count);
    all.attention = std::move(seen.attention);
    all.keys = std::move(seen.keys);
    all.values = std::move(seen.values);
    if (needs.query_moments) {
        all.moments = seen.moments.expected(before.next_position + count, expected_horizon,
                                            pool.shape().rope);
    }
    if (!seen.value_of_all.empty()) {
        all.value = std::move(seen.value_of_all);
    } else if (needs.value != ValueNeed::none) {
        all.value = join_values(pool, seen.value_of_new, count);
    }
    for (int head = 0; head < all.kv_heads; head++) {
        for (const HeldRow & row : pool.held(head)) {
            all.token.push_back(row.token);
            all.carried.push_back(row.carried);
        }
        for (int64_t i = 0; i < count; i++) {
            all.token.push_back(static_cast<int32_t>(before.tokens + i));
            all.carried.push_back(-1.0F);
        }
    }
    return all;
}

SelectionRequest request_for(const KvStore & store, const PolicyNeeds & needs,
                             const CompressionOptions & options, const StoreLimits & limits,
                             const Stream & next, Observations & seen) {
    const int64_t count = next.tokens - store.stream().tokens;
    SelectionRequest request;
    for (size_t i = 0; i < store.pools(); i++) {
        request.layers.push_back(candidates(store.pool(i), needs, store.stream(), count, seen[i]));
        if (store.ragged()) {
            request.layer_of.push_back(store.place(i).layer);
        }
    }
    request.budget_rows = limits.budget_rows * static_cast<int64_t>(store.pools());
    request.max_layer_rows = static_cast<int>(limits.rows());
    request.granule = options.granule;
    request.protected_tokens = &next.protected_tokens;
    request.structure = &next.structure;
    request.recent = needs.recent;
    request.stream_tokens = next.tokens;
    request.profile = options.profile;
    return request;
}

std::vector<KeptRows> chosen(const Policy & policy, const SelectionRequest & request) {
    std::vector<KeptRows> kept;
    for (LayerSelection & selection : policy.select(request)) {
        kept.push_back(
            { selection.rows, std::move(selection.slots), std::move(selection.carried) });
    }
    return kept;
}

} // namespace

KvStore::Plan plan_compression(const KvStore & store, const Policy & policy,
                               const CompressionOptions & options, Stream next,
                               Observations & seen) {
    const SelectionRequest request =
        request_for(store, policy.needs(), options, store.limits(), next, seen);
    std::vector<std::vector<float>> values;
    for (PoolObservation & pool : seen) {
        values.push_back(std::move(pool.value_of_new));
    }
    std::vector<KeptRows> kept = chosen(policy, request);
    return store.plan(std::move(next), std::move(values), std::move(kept));
}

KvStore::Plan plan_shrinking(const KvStore & store, const Policy & policy,
                             const CompressionOptions & options, int64_t budget_rows, Stream next,
                             Observations & seen) {
    StoreLimits limits = store.limits();
    limits.budget_rows = budget_rows;
    SelectionRequest request = request_for(store, policy.needs(), options, limits, next, seen);
    request.observed = false;
    std::vector<KeptRows> kept = chosen(policy, request);
    return store.plan_shrinking(budget_rows, std::move(next), std::move(kept));
}

} // namespace loci
