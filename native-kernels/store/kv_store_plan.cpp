// Letting a chunk join the memory: planned as a whole, then applied pool by pool.

#include "core/error.h"
#include "store/kv_store.h"

#include <algorithm>
#include <numeric>

namespace loci {

namespace {

// Appends what is known of the chunk's tokens; tokens that nothing is known of belong to nothing.
template <typename Value>
void extend(std::vector<Value> & into, const std::vector<Value> & from, int64_t before,
            int64_t after, Value nothing) {
    into.resize(static_cast<size_t>(before), nothing);
    into.insert(into.end(), from.begin(), from.end());
    into.resize(static_cast<size_t>(after), nothing);
}

} // namespace

Stream extended(const Stream & stream, int64_t tokens, const std::vector<uint8_t> & protect,
                const TokenStructure & structure) {
    Stream next = stream;
    next.tokens = stream.tokens + tokens;
    next.next_position = stream.next_position + tokens;
    extend(next.protected_tokens, protect, stream.tokens, next.tokens, uint8_t{ 0 });
    if (!stream.structure.empty() || !structure.empty()) {
        TokenStructure & all = next.structure;
        extend(all.units, structure.units, stream.tokens, next.tokens, int32_t{ -1 });
        extend(all.raised, structure.raised, stream.tokens, next.tokens, uint8_t{ 0 });
        extend(all.files, structure.files, stream.tokens, next.tokens, int32_t{ -1 });
    }
    return next;
}

KvStore::Plan KvStore::plan(Stream next, std::vector<std::vector<float>> values,
                            std::vector<KeptRows> kept) const {
    require(kept.size() == pools_.size() && values.size() == pools_.size(),
            "a plan for other pools");
    const StoreLimits & limits = options_.limits;
    Plan plan;
    plan.chunk_tokens = next.tokens - stream_.tokens;
    plan.values = std::move(values);
    plan.stream = std::move(next);
    plan.budget_rows = limits.budget_rows;
    int64_t most = 0;
    bool evicts = false;
    for (size_t i = 0; i < kept.size(); i++) {
        most = std::max(most, limits.positions_of(kept[i].rows));
        evicts = evicts || kept[i].rows < pools_[i]->rows() + plan.chunk_tokens;
    }
    // The next chunk, or a tail, must still fit behind what is held.
    const bool compacts = limits.outgrown_at(plan.stream.next_position);
    if (compacts && most > limits.positions()) {
        throw Error(ErrorCode::budget_too_small,
                    "The repository is longer than the model's context and the policy keeps " +
                        std::to_string(most) + " of " + std::to_string(limits.trained_context) +
                        " positions. Lower the budget, or choose a policy that evicts.");
    }
    if (compacts && !keys_move()) {
        throw Error(ErrorCode::model_unsupported,
                    "The repository is longer than the model's context, and this model's keys "
                    "cannot be moved to new positions. Read fewer files, or choose another model.");
    }
    // Windows hold the newest tokens at positions that follow each other, however few rows the
    // other layers keep.
    most = std::max(most, windows_.positions_after(plan.chunk_tokens));
    for (size_t i = 0; i < kept.size(); i++) {
        const KvPool & pool = *pools_[i];
        KvPool::Plan own;
        own.rows = kept[i].rows;
        // Before anything is evicted the first allocation stays: it is the budget's.
        own.capacity = limits.capacity_for(own.rows, pool.granule());
        own.capacity = evicts ? own.capacity : std::max(own.capacity, pool.capacity());
        own.slots = std::move(kept[i].slots);
        own.carried = std::move(kept[i].carried);
        own.positions = limits.positions_of(own.rows);
        own.first_position = compacts ? static_cast<int32_t>(most - own.positions) : -1;
        plan.pools.push_back(std::move(own));
    }
    plan.windows = windows_.plan(plan.chunk_tokens, compacts ? most : -1);
    if (compacts) {
        plan.stream.next_position = most;
    }
    return plan;
}

KvStore::Plan KvStore::plan_shrinking(int64_t budget_rows, Stream next,
                                      std::vector<KeptRows> kept) const {
    require(kept.size() == pools_.size() && next.tokens == stream_.tokens &&
                next.next_position == stream_.next_position,
            "a plan for another stream");
    Plan plan;
    plan.values.resize(pools_.size());
    plan.stream = std::move(next);
    plan.budget_rows = budget_rows;
    plan.windows = windows_.plan(0, -1);
    for (size_t i = 0; i < kept.size(); i++) {
        KeptRows & rows = kept[i];
        KvPool::Plan own;
        own.rows = rows.rows;
        own.capacity = options_.limits.capacity_for(rows.rows, pools_[i]->granule());
        own.slots = std::move(rows.slots);
        own.carried = std::move(rows.carried);
        plan.pools.push_back(std::move(own));
    }
    return plan;
}

void KvStore::grow(int64_t budget_rows, Stream next) noexcept {
    options_.limits.budget_rows = budget_rows;
    stream_ = std::move(next);
}

bool KvStore::keys_move() const noexcept {
    for (size_t i = 0; i < all_pools(); i++) {
        if (!any_pool(i).shape().keys_move()) {
            return false;
        }
    }
    return true;
}

void KvStore::apply(Plan plan) {
    std::vector<size_t> order(pools_.size());
    std::iota(order.begin(), order.end(), size_t{ 0 });
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        return plan.pools[a].rows - pools_[a]->rows() < plan.pools[b].rows - pools_[b]->rows();
    });
    lost_ = true;
    for (const size_t i : order) {
        KvPool & pool = *pools_[i];
        if (plan.chunk_tokens > 0) {
            pool.commit(static_cast<int32_t>(stream_.tokens),
                        static_cast<int32_t>(stream_.next_position), plan.chunk_tokens,
                        plan.values[i]);
        }
        pool.apply(plan.pools[i]);
        peak_bytes_ = std::max(peak_bytes_, allocated_bytes());
    }
    for (size_t i = 0; i < windows_.size(); i++) {
        KvPool & pool = windows_.pool(i);
        if (plan.chunk_tokens > 0) {
            pool.commit(static_cast<int32_t>(stream_.tokens),
                        static_cast<int32_t>(stream_.next_position), plan.chunk_tokens, {});
        }
        pool.apply(plan.windows[i]);
    }
    stream_ = std::move(plan.stream);
    if (plan.budget_rows != options_.limits.budget_rows) {
        options_.limits.budget_rows = plan.budget_rows;
        peak_bytes_ = allocated_bytes();
    }
    lost_ = false;
}

void KvStore::replace(Stream stream, const std::function<PoolContent(size_t pool)> & content_of) {
    lost_ = true;
    for (size_t i = 0; i < all_pools(); i++) {
        PoolContent content = content_of(i);
        any_pool(i).replace(std::move(content.held), content.capacity, content.rows,
                            content.originals);
        peak_bytes_ = std::max(peak_bytes_, allocated_bytes());
    }
    stream_ = std::move(stream);
    lost_ = false;
}

} // namespace loci
