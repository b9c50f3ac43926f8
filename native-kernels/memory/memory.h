#pragma once

#include "attention/context.h"
#include "attention/retarget.h"
#include "core/cancellation.h"
#include "memory/compression.h"
#include "memory/engine_parts.h"
#include "memory/forgetting.h"
#include "memory/working_set.h"
#include "model/model.h"
#include "observe/observer.h"
#include "observe/output_weights.h"
#include "policy/policy.h"
#include "policy/tail_selection.h"
#include "store/kv_store.h"
#include "tensor/thread_pool.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace loci {

struct MemoryOptions {
    /// Mean number of tokens held per (layer, KV head) after each compression.
    int budget_tokens = 0;
    /// Tokens of one prefill step.
    int chunk_tokens = 512;
    /// Rows that each tail may take, none more than the first; empty: one tail, of a chunk.
    std::vector<int> tails;
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
    /// and no originals of keys are kept (store/kv_pool.h). Should it turn out longer, keys are
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
    /// The most that a chunk or the tails take beside the budget, and what the tails take of it on
    /// the host.
    size_t working_bytes = 0;
    size_t host_bytes = 0;
    /// The recurrent states of memory, tails and steps, which `physical_bytes`, `peak_bytes` and
    /// `working_bytes` count; 0 for a model without recurrent layers.
    size_t state_bytes = 0;
    /// The rows of layers with a window at most, with those of the tails; counted likewise.
    size_t window_bytes = 0;
    std::vector<int64_t> tail_tokens;     ///< by tail
    std::vector<int64_t> tail_capacities; ///< by tail
    /// The most tokens that one `append` takes.
    int64_t append_capacity = 0;
    /// Tokens that each layer holds, mean over its KV heads.
    std::vector<int32_t> layer_tokens;
    double prefill_seconds = 0.0;
    double score_seconds = 0.0;
    double compact_seconds = 0.0;
};

/// What survived of one token stream, and behind it the tails of those who ask.
///
/// A facade: `KvStore` holds the rows, `Observer` reads chunks and sees what the policy chooses by,
/// `WorkingSet` holds the tails, `Stepper` computes. Calls must not overlap. A tail is named by its
/// number, the first is 0; one that is not there throws Error(invalid_argument).
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

    /// Takes the rows of these tokens (ranges of stream indices) out of every pool, see
    /// `plan_forgetting`, and cuts the tails. Stream indices keep their meaning, and none of these
    /// tokens is held again. What was computed from them stays: the rows of later tokens, and what
    /// a policy summed up of their queries. Throws Error(invalid_argument) for a range beyond the
    /// stream, (model_unsupported) where the model has a recurrent state, (cancelled); the memory
    /// is then as it was.
    ForgottenRows forget(const std::vector<Range> & ranges, const Cancellation & cancellation);

    /// Changes the budget in place. A smaller one is met at once, by the policy's own allocation
    /// and selection: scores of attention are those that rows carry, and the model computes
    /// nothing; every tail is cut. Under a larger one nothing changes but what reading on may fill.
    /// `protect` is empty or one byte a token of the stream, in place of what was protected; under
    /// the same budget only that changes, and rows and tails stay. On a throw the memory is as it
    /// was: Error(budget_too_small), (invalid_argument), (cancelled), and (out_of_memory), after
    /// which it may be unusable.
    void resize(int budget_tokens, const std::vector<uint8_t> & protect,
                const Cancellation & cancellation);

    /// Appends tokens to the tail; logits() are then those of the last one. With `observe`,
    /// returns per token of the stream the attention that these tokens pay to it, summed over rows,
    /// KV heads (mean of the group) and layers. On a throw the tail is as it was.
    std::vector<float> extend(const std::vector<llama_token> & tokens, bool observe,
                              bool attend_memory, const Cancellation & cancellation,
                              size_t tail = 0);

    /// Makes room in the tail: each KV head of each layer keeps what `select_tail_rows` chooses by
    /// the tail's own keys. What stays moves together and its keys are rotated by the difference,
    /// so that the tail again takes as many positions as rows, right behind the memory; `logits`
    /// stay those of the last token. The memory is not read and not written. Throws
    /// Error(invalid_argument) where `keep` does not fit the tail, (model_unsupported) where this
    /// model's keys cannot be moved, (cancelled), (out_of_memory); the tail is then as it was, to
    /// the bit.
    void evict_tail(const TailKeep & keep, const Cancellation & cancellation, size_t tail = 0);

    /// Cuts the tail to `length` tokens: 0, or at least what it had right after it was last evicted
    /// from, since what stands before that are no longer its first tokens. With recurrent layers
    /// nothing lies between 0 and the tail's end. Throws Error(invalid_argument) below that and
    /// beyond the tail's end.
    void cut(int64_t length, size_t tail = 0);

    /// Logits of the last token of the tail; throws Error(invalid_argument) before any `extend`.
    const std::vector<float> & logits(size_t tail = 0) const { return tails_->tail(tail).logits(); }

    /// Saves what is held to a file, without the tails; see `save_store`.
    void save(const std::string & path, const Cancellation & cancellation) const;

    /// Takes what `save` wrote in place of what is held, and cuts the tails; see `load_store`. The
    /// model, its libraries, the policy, the budget and the type must be those it was saved with.
    void load(const std::string & path, const Cancellation & cancellation);

    MemoryReport report() const;

    /// Stream indices that a head holds, ascending.
    std::vector<int32_t> held(int layer, int head) const { return store().held(layer, head); }

    /// The keys that a head holds, or the newest `last` of them, f32 [rows][size] in the order of
    /// `held`: as they were computed
    /// and rotated to their positions, out of the Hadamard rotation in which they may be stored.
    /// Throws Error(invalid_argument) where the model has no such layer or head.
    std::vector<float> keys(int layer, int head,
                            int64_t last = std::numeric_limits<int64_t>::max()) const;

    /// Per token of the stream, how many (layer, KV head) pairs hold it.
    std::vector<uint16_t> held_counts() const { return store().held_counts(); }

    const Model & model() const noexcept { return *model_; }
    const KvStore & store() const noexcept { return *parts_->store; }

    /// The recurrent state behind the memory, as bytes; none for a model without one.
    std::vector<uint8_t> recurrent_state() const { return context_->save_state(sequences::memory); }

  private:
    void check_options() const;
    /// Throws Error(model_unsupported) where the policy needs what these layers do not give.
    void check_needs(const std::vector<LayerShape> & shapes) const;
    static void check_budget(int budget_tokens);
    void check_tokens(const std::vector<llama_token> & tokens) const;
    void check_chunk(const std::vector<llama_token> & tokens, const std::vector<uint8_t> & protect,
                     const TokenStructure & structure) const;
    std::vector<int64_t> tail_capacities() const;
    StoreLimits limits(int64_t budget_rows) const;
    Observer::Options observer_options() const;
    uint64_t fingerprint() const;

    std::shared_ptr<Model> model_;
    MemoryOptions options_;
    std::unique_ptr<Policy> policy_;
    PolicyNeeds needs_;
    CompressionOptions compression_;
    ThreadPool threads_;

    // In the order in which each needs the ones before it.
    std::unique_ptr<Retarget> retarget_;
    std::unique_ptr<Context> context_;
    std::optional<EngineParts> parts_;
    std::unique_ptr<OutputWeights> weights_;
    std::unique_ptr<Observer> observer_;
    std::unique_ptr<WorkingSet> tails_;
    ReadSeconds seconds_;
};

} // namespace loci
