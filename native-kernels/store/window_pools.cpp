#include "store/window_pools.h"

#include "core/error.h"
#include "core/round.h"

#include <algorithm>
#include <numeric>

namespace loci {

namespace {

constexpr int64_t tail_alignment = 32;

// All heads keep the same slots, at their positions.
KvPool::Plan plan_of(const KvPool & pool, const std::vector<int32_t> & slots) {
    KvPool::Plan plan;
    plan.rows = static_cast<int64_t>(slots.size());
    plan.capacity = pool.capacity();
    for (int head = 0; head < pool.shape().kv_heads; head++) {
        plan.slots.insert(plan.slots.end(), slots.begin(), slots.end());
    }
    plan.carried.assign(plan.slots.size(), -1.0F);
    plan.positions = plan.rows;
    plan.first_position = -1;
    return plan;
}

} // namespace

void WindowPools::add(Compute & compute, const LayerShape & shape, const Storage & storage,
                      int64_t working_rows) {
    require(shape.window > 0, "a layer without a window");
    pools_.push_back(
        std::make_unique<KvPool>(compute, shape, storage, most_rows(shape) + working_rows));
}

// A token sees itself, so one row less is behind it.
int64_t WindowPools::rows_at(const LayerShape & shape, int64_t tokens) noexcept {
    return std::min(tokens, shape.window - 1);
}

int64_t WindowPools::most_rows(const LayerShape & shape) noexcept {
    return round_up(shape.window - 1, tail_alignment);
}

int64_t WindowPools::positions_after(int64_t chunk_tokens) const noexcept {
    int64_t most = 0;
    for (const auto & pool : pools_) {
        most = std::max(most, rows_at(pool->shape(), pool->rows() + chunk_tokens));
    }
    return most;
}

std::vector<KvPool::Plan> WindowPools::plan(int64_t chunk_tokens, int64_t next_position) const {
    std::vector<KvPool::Plan> plans;
    for (const auto & pool : pools_) {
        // Fewer than the stream has, where tokens were forgotten.
        const int64_t there = pool->rows() + chunk_tokens;
        const int64_t rows = rows_at(pool->shape(), there);
        std::vector<int32_t> slots(static_cast<size_t>(rows));
        std::iota(slots.begin(), slots.end(), static_cast<int32_t>(there - rows));
        KvPool::Plan plan = plan_of(*pool, slots);
        plan.first_position = next_position < 0 ? -1 : static_cast<int32_t>(next_position - rows);
        plans.push_back(std::move(plan));
    }
    return plans;
}

std::vector<KvPool::Plan> WindowPools::plan_forgetting(const std::vector<uint8_t> & gone) const {
    std::vector<KvPool::Plan> plans;
    for (const auto & pool : pools_) {
        std::vector<int32_t> slots;
        for (int32_t slot = 0; slot < pool->rows(); slot++) {
            const HeldRow & row = pool->held(0)[static_cast<size_t>(slot)];
            if (gone[static_cast<size_t>(row.token)] == 0) {
                slots.push_back(slot);
            }
        }
        plans.push_back(plan_of(*pool, slots));
    }
    return plans;
}

size_t WindowPools::allocated_bytes() const noexcept {
    size_t total = 0;
    for (const auto & pool : pools_) {
        total += pool->allocated_bytes();
    }
    return total;
}

size_t WindowPools::bytes_of(int64_t working) const noexcept {
    size_t total = 0;
    for (const auto & pool : pools_) {
        total += static_cast<size_t>(most_rows(pool->shape()) + working) * pool->row_bytes();
    }
    return total;
}

} // namespace loci
