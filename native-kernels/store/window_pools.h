#pragma once

#include "store/kv_pool.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace loci {

/// The rows of the layers that attend through a window: of each the newest tokens of the stream, in
/// its order, as many as the next token sees. A policy chooses nothing here.
///
/// Rows of a pool are [ memory | working rows ] as in the other layers, so that a chunk or a tail
/// stands behind the newest tokens. What a token sees of both is up to the mask.
class WindowPools {
  public:
    WindowPools() = default;

    /// Adds a layer, whose shape has a window, with room for `working_rows` behind its rows.
    void add(Compute & compute, const LayerShape & shape, const Storage & storage,
             int64_t working_rows);

    size_t size() const noexcept { return pools_.size(); }
    KvPool & pool(size_t index) noexcept { return *pools_[index]; }
    const KvPool & pool(size_t index) const noexcept { return *pools_[index]; }

    /// Rows that a layer holds of a stream of so many tokens.
    static int64_t rows_at(const LayerShape & shape, int64_t tokens) noexcept;
    /// The most rows that a layer holds, rounded up to where any device lets a tail begin.
    static int64_t most_rows(const LayerShape & shape) noexcept;
    /// Rows of the layer that holds most when a chunk has joined.
    int64_t positions_after(int64_t chunk_tokens) const noexcept;

    /// What becomes of each pool when a chunk has joined it. `next_position`: behind the memory,
    /// where keys move to other positions; negative: they stay.
    std::vector<KvPool::Plan> plan(int64_t chunk_tokens, int64_t next_position) const;
    /// What becomes of each pool when the tokens that are nonzero in `gone` leave; positions stay.
    std::vector<KvPool::Plan> plan_forgetting(const std::vector<uint8_t> & gone) const;

    size_t allocated_bytes() const noexcept;
    /// Bytes of the rows held at most, and of `working` rows behind them.
    size_t bytes_of(int64_t working) const noexcept;

  private:
    std::vector<std::unique_ptr<KvPool>> pools_;
};

} // namespace loci
