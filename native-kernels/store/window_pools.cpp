#include "store/window_pools.h"

#include "core/error.h"
#include "core/round.h"

#include <algorithm>

namespace loci {

namespace {

constexpr int64_t tail_alignment = 32;

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

int64_t WindowPools::positions_at(int64_t tokens) const noexcept {
    int64_t most = 0;
    for (const auto & pool : pools_) {
        most = std::max(most, rows_at(pool->shape(), tokens));
    }
    return most;
}

std::vector<KvPool::Plan> WindowPools::plan(int64_t chunk_tokens, int64_t tokens,
                                            int64_t next_position) const {
    std::vector<KvPool::Plan> plans;
    for (const auto & pool : pools_) {
        const auto heads = static_cast<size_t>(pool->shape().kv_heads);
        const int64_t rows = rows_at(pool->shape(), tokens);
        const int64_t first = pool->rows() + chunk_tokens - rows;
        KvPool::Plan plan;
        plan.rows = rows;
        plan.capacity = pool->capacity();
        plan.carried.assign(heads * static_cast<size_t>(rows), -1.0F);
        for (size_t head = 0; head < heads; head++) {
            for (int64_t row = 0; row < rows; row++) {
                plan.slots.push_back(static_cast<int32_t>(first + row));
            }
        }
        plan.positions = rows;
        plan.first_position = next_position < 0 ? -1 : static_cast<int32_t>(next_position - rows);
        plans.push_back(std::move(plan));
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
