#pragma once

#include "attention/retarget.h"
#include "attention/staircase_mask.h"
#include "core/cancellation.h"
#include "memory/context.h"
#include "memory/observation.h"
#include "model/model.h"
#include "policy/policy.h"
#include "policy/tail_selection.h"
#include "pool/layer_pool.h"
#include "scores/query_moments.h"

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace loci {

struct MemoryOptions {
    /// Mean number of tokens held per (layer, KV head) after each compression.
    int budget_tokens = 0;
    /// Tokens of one prefill step, and the rows that a tail may take.
    int chunk_tokens = 512;
    std::string policy = "laprox";
    PolicyParameters policy_parameters;
    /// Text behind each chunk through whose queries a policy with `Rows::probe` looks.
    std::vector<llama_token> probe;
    /// What each layer needs compared with the others, for a policy with `Allocation::profile`; of
    /// a ragged memory also every KV head, layer by layer.
    std::vector<double> layer_profile;
    /// What a repetition begins with, for a policy with `Rows::repeat`.
    std::vector<llama_token> repeat_prompt;
    /// f16, q8_0 or q4_0.
    enum ggml_type kv_type = GGML_TYPE_F16;
    /// Tokens of the whole stream; 0: not known. Where they fit the trained context no key moves,
    /// and no originals of keys are kept (pool/layer_pool.h). Should it turn out longer, keys are
    /// rotated from what is stored of them.
    int64_t stream_tokens = 0;
    int threads = 1;
    /// Folder for what is computed once per model; empty: not kept.
    std::string cache_directory;
    CancellationPtr cancellation;
};

struct MemoryReport {
    int64_t stream_tokens = 0;
    double held_tokens = 0.0;
    size_t logical_bytes = 0;
    size_t physical_bytes = 0;
    size_t peak_bytes = 0;
    size_t scratch_bytes = 0;
    size_t budget_bytes = 0;
    size_t chunk_bytes = 0;
    int64_t tail_tokens = 0;
    int64_t tail_capacity = 0;
    /// The most tokens that one `append` takes.
    int64_t append_capacity = 0;
    /// Tokens that each layer holds, mean over its KV heads.
    std::vector<int32_t> layer_tokens;
    double prefill_seconds = 0.0;
    double score_seconds = 0.0;
    double compact_seconds = 0.0;
};

/// What survived of one token stream, and behind it the one resident tail.
///
/// A layer's KV heads share a pool, or have one each where the policy is ragged (`PolicyNeeds`).
/// Rows of a pool: [ memory | tail ]. A chunk is read behind the memory, scored, and the pool is
/// compressed back to the budget; a tail is never counted as held, so cutting it leaves the memory
/// as it was to the bit. Calls must not overlap.
class Memory {
  public:
    /// Creates context, pools and policy and checks that our attention computes what llama.cpp's
    /// does. Throws Error(budget_too_small), (out_of_memory), (parity_failed), (invalid_argument),
    /// (model_unsupported), (cancelled).
    Memory(std::shared_ptr<Model> model, const MemoryOptions & options);
    ~Memory();

    Memory(const Memory &) = delete;
    Memory & operator=(const Memory &) = delete;

    /// Reads at most `append_capacity` tokens (a chunk, less what observing takes) and compresses.
    /// `protect` is empty or one byte a token: nonzero is never evicted; `structure` is empty or
    /// names every token. On a throw the memory is as it was.
    void append(const std::vector<llama_token> & tokens, const std::vector<uint8_t> & protect,
                const TokenStructure & structure, const Cancellation & cancellation);

    /// Appends tokens to the tail; logits() are then those of the last one. With `observe`,
    /// returns per token of the stream the attention that these tokens pay to it, summed over rows,
    /// KV heads (mean of the group) and layers. On a throw the tail is as it was.
    std::vector<float> extend(const std::vector<llama_token> & tokens, bool observe,
                              bool attend_memory, const Cancellation & cancellation);

    /// Makes room in the tail: each KV head of each layer keeps what `select_tail_rows` chooses by
    /// the tail's own keys. What stays moves together and its keys are rotated by the difference,
    /// so that the tail again takes as many positions as rows, right behind the memory; `logits`
    /// stay those of the last token. The memory is not read and not written. Throws
    /// Error(invalid_argument) where `keep` does not fit the tail, (model_unsupported) where this
    /// model's keys cannot be moved, (cancelled), (out_of_memory); the tail is then as it was, to
    /// the bit.
    void evict_tail(const TailKeep & keep, const Cancellation & cancellation);

    /// Cuts the tail to `length` tokens: 0, or at least what it had right after it was last evicted
    /// from, since what stands before that are no longer its first tokens. Throws
    /// Error(invalid_argument) below that and beyond the tail's end.
    void cut(int64_t length);

    /// Logits of the last token of the tail; throws Error(invalid_argument) before any `extend`.
    const std::vector<float> & logits() const;

    MemoryReport report() const;

    /// Stream indices that a head holds, ascending.
    std::vector<int32_t> held(int layer, int head) const;

    /// The keys that a head holds, or the newest `last` of them, f32 [rows][size] in the order of
    /// `held`: as they were computed
    /// and rotated to their positions, out of the Hadamard rotation in which they may be stored.
    /// Throws Error(invalid_argument) where the model has no such layer or head.
    std::vector<float> keys(int layer, int head,
                            int64_t last = std::numeric_limits<int64_t>::max()) const;

    /// Per token of the stream, how many (layer, KV head) pairs hold it.
    std::vector<uint16_t> held_counts() const;

    const Model & model() const noexcept { return *model_; }
    /// The pool that holds a KV head's rows: its layer's, or in the ragged layout its own.
    const LayerPool & pool(int layer, int head = 0) const { return *pools_[pool_of(layer, head)]; }
    /// Which head of that pool it is.
    int head_in_pool(int head) const noexcept { return needs_.ragged ? 0 : head; }

  private:
    /// What a pool holds: a layer, or of a ragged layer one KV head.
    struct Place {
        size_t layer = 0;
        int first_head = 0;
    };

    struct Tail {
        int64_t tokens = 0;
        bool attends_memory = true;
        int64_t evicted_to = 0; ///< tokens right after the last eviction; 0: none
    };

    /// What was observed of one layer while a chunk was read.
    struct LayerObservation {
        AttentionStatistics attention;
        QueryMomentSums moments;
        std::vector<float> value_of_new; ///< [kv_heads][count]
        std::vector<float> value_of_all; ///< [heads][slots]
        std::vector<float> keys;
        std::vector<float> values;
    };
    using Observations = std::vector<LayerObservation>;

    void create_pools();
    void create_computes(const std::vector<LayerShape> & shapes);
    size_t pool_of(int layer, int head) const noexcept;
    size_t pools_in(size_t layer) const noexcept;
    int kv_heads(size_t layer) const noexcept;
    size_t first_query_head(size_t pool) const;
    void load_projections(const Cancellation & cancellation);
    int64_t extra_rows() const;
    float score_scale(size_t layer, int64_t slots) const;
    void observe_step(int64_t behind, int64_t rows, int64_t count, Observations & seen);
    void read_chunk(const std::vector<llama_token> & tokens, Observations & seen,
                    const Cancellation & cancellation);
    void read_probe(int64_t count, Observations & seen, const Cancellation & cancellation);
    void read_repetitions(const std::vector<llama_token> & tokens, Observations & seen,
                          const Cancellation & cancellation);
    void place_piece(AttentionStatistics & piece, int64_t first, int64_t length) const;
    void observe_rows(int64_t count, Observations & seen);
    template <typename Work>
    void timed(double & seconds, const Work & work) {
        const auto start = std::chrono::steady_clock::now();
        work();
        seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    bool may_move() const;
    void check_parity();
    void load_grams(const Cancellation & cancellation);
    void check_usable() const;
    void check_head(int layer, int head) const;
    void check_tokens(const std::vector<llama_token> & tokens) const;
    int64_t capacity_for(int64_t rows) const;
    int64_t position_limit() const;
    int64_t layer_limit() const;
    int64_t positions_of(int64_t rows) const;
    float sharpening_of(size_t pool) const;
    size_t physical_bytes() const;
    int64_t tail_capacity() const;
    int64_t tail_base(size_t layer, bool attends_memory) const;
    Range tail_range(size_t layer, int64_t from) const;
    void decode(const llama_token * tokens, int64_t count, int64_t behind, bool attend_memory,
                int64_t observed, bool wants_logits, const Cancellation & cancellation);
    void compress(int64_t count, const std::vector<uint8_t> & protect,
                  const TokenStructure & structure, Observations & seen,
                  const Cancellation & cancellation);
    LayerCandidates candidates(size_t layer, int64_t count, LayerObservation & seen) const;

    std::shared_ptr<Model> model_;
    const Api & api_;
    MemoryOptions options_;
    std::unique_ptr<Policy> policy_;
    PolicyNeeds needs_;
    ThreadPool threads_;
    std::unique_ptr<Retarget> retarget_;
    std::unique_ptr<Context> context_;
    std::vector<std::unique_ptr<Compute>> computes_;
    std::vector<std::unique_ptr<StaircaseMask>> masks_; ///< by compute
    std::vector<size_t> device_of_;                     ///< pool -> compute
    std::vector<std::unique_ptr<LayerPool>> pools_;     ///< layer by layer, head by head
    std::vector<Place> places_;                         ///< by pool
    std::vector<size_t> first_pools_;                   ///< layer -> its first pool
    std::vector<DeviceTensor> grams_;       ///< by pool; empty unless the policy needs them
    std::vector<DeviceTensor> projections_; ///< likewise
    std::vector<QueryMomentSums> moments_;  ///< likewise

    int64_t granule_ = 32;
    int64_t stream_tokens_ = 0;
    int64_t next_position_ = 0;
    std::vector<uint8_t> protected_;
    TokenStructure structure_;
    Tail tail_;
    std::vector<float> logits_;
    size_t peak_bytes_ = 0;
    double prefill_seconds_ = 0.0;
    double score_seconds_ = 0.0;
    double compact_seconds_ = 0.0;
    bool poisoned_ = false;
};

} // namespace loci
