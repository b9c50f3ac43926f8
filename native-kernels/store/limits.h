#pragma once

#include "core/round.h"

#include <algorithm>
#include <cstdint>

namespace loci {

/// How much of the model's context the memory may take. Everything is in rows or positions of one
/// KV head.
struct StoreLimits {
    int64_t trained_context = 0;
    /// Tokens of one prefill step.
    int64_t chunk_rows = 0;
    /// Rows kept free behind the memory for a chunk that is read, or for a tail; at least a
    /// chunk's.
    int64_t working_rows = 0;
    /// Mean rows held per (layer, KV head).
    int64_t budget_rows = 0;
    /// A pool may hold more rows than there are positions; neighbours then share one.
    bool shares_positions = false;

    /// Positions that the memory may take: the trained context less the working rows.
    int64_t positions() const noexcept {
        return std::max<int64_t>(64, trained_context - working_rows);
    }

    /// Rows of one pool. Pools differ in number, but none takes so many that masks and scratch
    /// outgrow the budget. Where positions are shared, a short context is no limit.
    int64_t rows() const noexcept {
        constexpr int64_t most_shared = 16384;
        const int64_t most = shares_positions ? std::max(positions(), most_shared) : positions();
        return std::min(most, 4 * budget_rows);
    }

    /// Rows before a step, of the largest pool that there can be.
    int64_t mask_rows() const noexcept { return std::max(budget_rows, rows()) + working_rows; }

    /// Positions that so many rows of a pool take.
    int64_t positions_of(int64_t rows) const noexcept {
        return shares_positions ? std::min(rows, positions()) : rows;
    }

    /// Rows to allocate for so many and the working rows behind them, in a pool of this granule.
    int64_t capacity_for(int64_t rows, int64_t granule) const noexcept {
        return round_up(rows, granule) + round_up(working_rows, granule);
    }

    /// Whether another chunk or tail behind this position would leave the trained context.
    bool outgrown_at(int64_t position) const noexcept {
        return position + working_rows > trained_context;
    }
};

} // namespace loci
