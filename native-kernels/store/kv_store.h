#pragma once

#include "core/token_structure.h"
#include "store/kv_pool.h"
#include "store/limits.h"
#include "store/window_pools.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace loci {

/// The token stream of which a store holds parts.
struct Stream {
    int64_t tokens = 0;
    /// Position behind the memory: where the next chunk or a tail begins.
    int64_t next_position = 0;
    std::vector<uint8_t> protected_tokens; ///< by token; nonzero is never evicted
    TokenStructure structure;
};

/// The stream with a chunk of `tokens` tokens more. `protect` and `structure` are of the chunk, or
/// empty.
Stream extended(const Stream & stream, int64_t tokens, const std::vector<uint8_t> & protect,
                const TokenStructure & structure);

/// The rows that a pool keeps, by their present slots.
struct KeptRows {
    int64_t rows = 0;
    std::vector<int32_t> slots; ///< [kv_heads][rows], ascending within a head
    std::vector<float> carried; ///< [kv_heads][rows], the score that goes with each row
};

/// The keys and values that are held of one stream: one pool a layer, or in the ragged layout one a
/// KV head.
///
/// Rows of a pool are [ memory | working rows ]. Only the memory is counted, kept and saved; what
/// stands behind it belongs to the step that computes there.
///
/// Layers with a window (`windows`) hold the newest tokens beside that. They are not counted among
/// the pools, whose rows a policy chooses.
class KvStore {
  public:
    /// What a pool stands for: a layer, or in the ragged layout one KV head of it.
    struct Place {
        size_t layer = 0;
        int first_head = 0;
    };

    struct Options {
        enum ggml_type type = GGML_TYPE_F16;
        bool ragged = false;
        /// Whether keys will be rotated to other positions.
        bool moves_keys = false;
        StoreLimits limits;
    };

    /// Allocates pools of `limits.budget_rows` and the rows behind them. Layers with a window come
    /// last. `computes`: the device of each layer; they outlive the store. Throws
    /// Error(out_of_memory), or what `check_window` throws.
    KvStore(const std::vector<LayerShape> & shapes, const std::vector<Compute *> & computes,
            const Options & options);

    /// Throws Error(model_unsupported) where a window leaves no room in the trained context.
    static void check_window(int64_t window, const StoreLimits & limits);

    const StoreLimits & limits() const noexcept { return options_.limits; }
    bool ragged() const noexcept { return options_.ragged; }
    const Stream & stream() const noexcept { return stream_; }

    size_t pools() const noexcept { return pools_.size(); }
    KvPool & pool(size_t index) noexcept { return *pools_[index]; }
    const KvPool & pool(size_t index) const noexcept { return *pools_[index]; }
    const Place & place(size_t index) const noexcept { return places_[index]; }
    size_t layers() const noexcept { return first_pools_.size(); }
    size_t pools_in(size_t layer) const noexcept;

    WindowPools & windows() noexcept { return windows_; }
    const WindowPools & windows() const noexcept { return windows_; }
    /// The pools, and behind them those of layers with a window.
    size_t all_pools() const noexcept { return pools_.size() + windows_.size(); }
    KvPool & any_pool(size_t index) noexcept;
    const KvPool & any_pool(size_t index) const noexcept;
    /// Which of the layers that the store was made for is that of any pool.
    size_t layer_of(size_t index) const noexcept;

    int kv_heads(size_t layer) const noexcept;
    /// The model's query head that is the first of a pool's.
    size_t first_query_head(size_t index) const noexcept;

    /// The pool that holds a KV head's rows, and which of its heads that is. Throws
    /// Error(invalid_argument) where the model has no such layer or head.
    const KvPool & pool_of(int layer, int head = 0) const;
    int head_in_pool(int head) const noexcept { return options_.ragged ? 0 : head; }

    /// Tokens that a KV head holds, ascending. Throws as `pool_of`.
    std::vector<int32_t> held(int layer, int head) const;
    /// By token, how many (layer, KV head) pairs hold it.
    std::vector<uint16_t> held_counts() const;
    /// Rows of each layer, mean over its KV heads.
    std::vector<int32_t> rows_of_layers() const;
    /// Mean rows held per (layer, KV head).
    double mean_rows() const noexcept;

    size_t allocated_bytes() const noexcept;
    /// The most that was allocated under the present budget.
    size_t peak_bytes() const noexcept { return peak_bytes_; }
    /// Bytes of the rows that are held, and of `rows` rows in every pool; without windows.
    size_t held_bytes() const noexcept;
    size_t bytes_of(int64_t rows) const noexcept;
    /// The most bytes that the granules of pools add to that.
    size_t padding_bytes() const noexcept;

    /// What `apply` will do.
    struct Plan {
        int64_t chunk_tokens = 0;
        std::vector<std::vector<float>> values; ///< by pool, [kv_heads][chunk_tokens] or empty
        std::vector<KvPool::Plan> pools;
        std::vector<KvPool::Plan> windows;
        Stream stream; ///< as it is afterwards
        int64_t budget_rows = 0;
    };

    /// Plans to let the chunk that was computed behind the memory join it and to keep of each pool
    /// what `kept` names; changes nothing. `next` is the stream with the chunk, which may have no
    /// tokens; `values` are the value statistics of the chunk's rows, by pool. Throws
    /// Error(budget_too_small) where what is kept leaves no room for another chunk,
    /// Error(model_unsupported) where keys would have to move and cannot.
    Plan plan(Stream next, std::vector<std::vector<float>> values,
              std::vector<KeptRows> kept) const;

    /// Plans a smaller budget: of each pool what `kept` names, in room for that and the working
    /// rows; positions stay. Changes nothing. `next` is the stream, which may protect others.
    Plan plan_shrinking(int64_t budget_rows, Stream next, std::vector<KeptRows> kept) const;

    /// Lets a larger budget be filled from here on; what is held stays.
    void grow(int64_t budget_rows, Stream next) noexcept;

    /// Applies a plan. Pools that shrink come first, so that the bytes never exceed the promise.
    /// Where it throws, the store is unusable from then on (`check_usable`).
    void apply(Plan plan);

    /// All that one pool holds, on the host.
    struct PoolContent {
        std::vector<std::vector<HeldRow>> held; ///< by head
        int64_t capacity = 0;
        KvPool::RowCopy rows;
        std::vector<uint8_t> originals;
    };

    /// Puts content in place of what is held, pool by pool as `content_of` gives it, in the order
    /// of `any_pool`. Where it throws, the store is unusable from then on.
    void replace(Stream stream, const std::function<PoolContent(size_t pool)> & content_of);

    /// Whether the keys of every layer can be given other positions.
    bool keys_move() const noexcept;

    /// Throws Error(out_of_memory) after a plan that could not be applied to its end.
    void check_usable() const;

  private:
    size_t index_of(int layer, int head) const noexcept;
    void add_window(Compute & compute, const LayerShape & shape);

    Options options_;
    std::vector<std::unique_ptr<KvPool>> pools_; ///< layer by layer, head by head
    std::vector<Place> places_;                  ///< by pool
    std::vector<size_t> first_pools_;            ///< layer -> its first pool
    WindowPools windows_;
    Stream stream_;
    size_t peak_bytes_ = 0;
    bool lost_ = false;
};

} // namespace loci
