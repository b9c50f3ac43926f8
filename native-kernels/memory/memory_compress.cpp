#include "core/error.h"
#include "memory/memory.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace loci {

namespace {

// [kv_heads][before] of what is held, then [kv_heads][count] of what is new, as [kv_heads][slots].
std::vector<float> join_values(const LayerPool & pool, const std::vector<float> & fresh,
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

// Chunks without a structure belong to nothing.
TokenStructure joined_structure(const TokenStructure & before, const TokenStructure & fresh,
                                int64_t stream_tokens, int64_t count) {
    TokenStructure all = before;
    if (before.empty() && fresh.empty()) {
        return all;
    }
    const auto extend = [&](auto & into, const auto & from, auto nothing) {
        into.resize(static_cast<size_t>(stream_tokens), nothing);
        into.insert(into.end(), from.begin(), from.end());
        into.resize(static_cast<size_t>(stream_tokens + count), nothing);
    };
    extend(all.units, fresh.units, int32_t{ -1 });
    extend(all.raised, fresh.raised, uint8_t{ 0 });
    extend(all.files, fresh.files, int32_t{ -1 });
    return all;
}

// Positions ahead that expected queries may come from.
constexpr int64_t expected_horizon = 512;

} // namespace

LayerCandidates Memory::candidates(size_t layer, int64_t count, LayerObservation & seen) const {
    const LayerPool & pool = *pools_[layer];
    LayerCandidates all;
    all.kv_heads = pool.shape().kv_heads;
    all.slots = static_cast<int>(pool.rows() + count);
    all.attention = std::move(seen.attention);
    all.keys = std::move(seen.keys);
    all.values = std::move(seen.values);
    if (needs_.query_moments) {
        all.moments =
            seen.moments.expected(next_position_ + count, expected_horizon, pool.shape().rope);
    }
    if (!seen.value_of_all.empty()) {
        all.value = std::move(seen.value_of_all);
    } else if (!seen.value_of_new.empty()) {
        all.value = join_values(pool, seen.value_of_new, count);
    }
    for (int head = 0; head < all.kv_heads; head++) {
        for (const HeldRow & row : pool.held(head)) {
            all.token.push_back(row.token);
            all.carried.push_back(row.carried);
        }
        for (int64_t i = 0; i < count; i++) {
            all.token.push_back(static_cast<int32_t>(stream_tokens_ + i));
            all.carried.push_back(-1.0F);
        }
    }
    return all;
}

void Memory::compress(int64_t count, const std::vector<uint8_t> & protect,
                      const TokenStructure & structure, Observations & seen,
                      const Cancellation & cancellation) {
    std::vector<uint8_t> marks = protected_;
    marks.resize(static_cast<size_t>(stream_tokens_), 0);
    if (protect.empty()) {
        marks.resize(marks.size() + static_cast<size_t>(count), 0);
    } else {
        marks.insert(marks.end(), protect.begin(), protect.end());
    }
    SelectionRequest request;
    for (size_t i = 0; i < pools_.size(); i++) {
        request.layers.push_back(candidates(i, count, seen[i]));
    }
    if (needs_.ragged) {
        for (const Place & place : places_) {
            request.layer_of.push_back(place.layer);
        }
    }
    request.budget_rows =
        static_cast<int64_t>(options_.budget_tokens) * static_cast<int64_t>(pools_.size());
    request.max_layer_rows = static_cast<int>(layer_limit());
    request.granule = static_cast<int>(granule_);
    TokenStructure all = joined_structure(structure_, structure, stream_tokens_, count);
    request.protected_tokens = &marks;
    request.structure = &all;
    request.recent = needs_.recent;
    request.stream_tokens = stream_tokens_ + count;
    request.profile = options_.layer_profile;
    const std::vector<LayerSelection> selections = policy_->select(request);

    int64_t most = 0;
    bool evicts = false;
    for (size_t i = 0; i < selections.size(); i++) {
        most = std::max(most, positions_of(selections[i].rows));
        evicts = evicts || selections[i].rows < pools_[i]->rows() + count;
    }
    // The next chunk, or a tail, must still fit behind what is held.
    const int64_t position = next_position_ + count;
    const bool compacts = position + options_.chunk_tokens > model_->info().trained_context;
    if (compacts && most > position_limit()) {
        throw Error(ErrorCode::budget_too_small,
                    "The repository is longer than the model's context and the policy keeps " +
                        std::to_string(most) + " of " +
                        std::to_string(model_->info().trained_context) +
                        " positions; choose a smaller budget or a policy that evicts.");
    }
    if (compacts && !std::all_of(pools_.begin(), pools_.end(),
                                 [](const auto & pool) { return pool->shape().rope.found; })) {
        throw Error(ErrorCode::model_unsupported,
                    "The repository is longer than the model's context, and this model's keys "
                    "cannot be moved to new positions; read fewer files or choose another model.");
    }
    cancellation.check();

    // From here on the plan is applied; it allocates no more than is freed before.
    const auto start = std::chrono::steady_clock::now();
    poisoned_ = true;
    std::vector<size_t> order(pools_.size());
    std::iota(order.begin(), order.end(), size_t{ 0 });
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        return selections[a].rows - pools_[a]->rows() < selections[b].rows - pools_[b]->rows();
    });
    for (const size_t i : order) {
        LayerPool & pool = *pools_[i];
        LayerPool::Plan plan;
        plan.rows = selections[i].rows;
        // Before anything is evicted the first allocation stays: it is the budget's.
        plan.capacity =
            evicts ? capacity_for(plan.rows) : std::max(capacity_for(plan.rows), pool.capacity());
        plan.slots = selections[i].slots;
        plan.carried = selections[i].carried;
        plan.positions = positions_of(plan.rows);
        plan.first_position = compacts ? static_cast<int32_t>(most - plan.positions) : -1;
        pool.commit(static_cast<int32_t>(stream_tokens_), static_cast<int32_t>(next_position_),
                    count, seen[i].value_of_new);
        pool.apply(plan);
        peak_bytes_ = std::max(peak_bytes_, physical_bytes());
    }
    protected_ = std::move(marks);
    structure_ = std::move(all);
    stream_tokens_ += count;
    next_position_ = compacts ? most : position;
    poisoned_ = false;
    compact_seconds_ +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

MemoryReport Memory::report() const {
    MemoryReport report;
    report.stream_tokens = stream_tokens_;
    double rows = 0.0;
    for (size_t layer = 0; layer < first_pools_.size(); layer++) {
        const size_t count = pools_in(layer);
        int64_t held = 0;
        for (size_t i = 0; i < count; i++) {
            held += pools_[first_pools_[layer] + i]->rows();
        }
        report.layer_tokens.push_back(
            static_cast<int32_t>(held / static_cast<int64_t>(std::max(count, size_t{ 1 }))));
    }
    for (const auto & pool : pools_) {
        rows += static_cast<double>(pool->rows());
        report.logical_bytes += static_cast<size_t>(pool->rows()) * pool->row_bytes();
        report.budget_bytes += static_cast<size_t>(options_.budget_tokens) * pool->row_bytes();
        report.chunk_bytes += static_cast<size_t>(options_.chunk_tokens) * pool->row_bytes();
    }
    report.held_tokens = pools_.empty() ? 0.0 : rows / static_cast<double>(pools_.size());
    report.physical_bytes = physical_bytes();
    report.peak_bytes = peak_bytes_;
    report.scratch_bytes = retarget_->bytes();
    for (const auto & mask : masks_) {
        report.scratch_bytes += mask->bytes();
    }
    for (const auto & compute : computes_) {
        report.scratch_bytes += compute->scratch_bytes();
    }
    for (const auto * weights : { &grams_, &projections_ }) {
        for (const DeviceTensor & weight : *weights) {
            report.scratch_bytes += weight.bytes();
        }
    }
    report.tail_tokens = tail_.tokens;
    report.tail_capacity = tail_capacity();
    report.append_capacity = options_.chunk_tokens - extra_rows();
    report.prefill_seconds = prefill_seconds_;
    report.score_seconds = score_seconds_ - compact_seconds_;
    report.compact_seconds = compact_seconds_;
    return report;
}

void Memory::check_head(int layer, int head) const {
    const bool known = layer >= 0 && static_cast<size_t>(layer) < first_pools_.size();
    if (!known || head < 0 || head >= kv_heads(static_cast<size_t>(layer))) {
        throw Error(ErrorCode::invalid_argument, "The model has no such layer or KV head.");
    }
}

std::vector<int32_t> Memory::held(int layer, int head) const {
    check_head(layer, head);
    std::vector<int32_t> tokens;
    for (const HeldRow & row : pool(layer, head).held(head_in_pool(head))) {
        tokens.push_back(row.token);
    }
    return tokens;
}

std::vector<uint16_t> Memory::held_counts() const {
    std::vector<uint16_t> counts(static_cast<size_t>(stream_tokens_), 0);
    for (const auto & pool : pools_) {
        for (int head = 0; head < pool->shape().kv_heads; head++) {
            for (const HeldRow & row : pool->held(head)) {
                counts[static_cast<size_t>(row.token)]++;
            }
        }
    }
    return counts;
}

void Memory::check_usable() const {
    if (poisoned_) {
        throw Error(ErrorCode::out_of_memory,
                    "The memory was lost when the device ran out of room; read the repository "
                    "again with a smaller budget.");
    }
}

void Memory::check_tokens(const std::vector<llama_token> & tokens) const {
    for (const llama_token token : tokens) {
        if (token < 0 || token >= model_->info().vocabulary) {
            throw Error(ErrorCode::invalid_argument,
                        "Token " + std::to_string(token) + " is not in the model's vocabulary.");
        }
    }
}

} // namespace loci
