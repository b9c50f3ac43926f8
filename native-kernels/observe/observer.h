#pragma once

#include "attention/stepper.h"
#include "core/cancellation.h"
#include "observe/observation.h"
#include "observe/output_weights.h"
#include "policy/policy.h"
#include "scores/query_moments.h"
#include "store/kv_store.h"

#include <cstdint>
#include <vector>

namespace loci {

/// What was observed of one pool while a chunk was read.
struct PoolObservation {
    AttentionStatistics attention;
    QueryMomentSums moments;         ///< of the stream with the chunk
    std::vector<float> value_of_new; ///< [kv_heads][chunk tokens]
    std::vector<float> value_of_all; ///< [heads][slots]
    std::vector<float> keys;
    std::vector<float> values;
};
using Observations = std::vector<PoolObservation>; ///< by pool

/// Seconds that reading took so far, by what they went to.
struct ReadSeconds {
    double prefill = 0.0;
    double score = 0.0; ///< with `compact`
    double compact = 0.0;
};

/// Reads chunks behind the memory of a store and sees what a policy needs to choose by.
class Observer {
  public:
    struct Options {
        PolicyNeeds needs;
        /// Text behind each chunk through whose queries a policy with `Rows::probe` looks.
        std::vector<llama_token> probe;
        /// What a repetition begins with, for a policy with `Rows::repeat`.
        std::vector<llama_token> repeat_prompt;
    };

    /// All outlive the observer.
    Observer(Stepper & stepper, KvStore & store, const OutputWeights & weights, Options options);

    /// Rows behind the chunk that observing takes.
    static int64_t extra_rows(const Options & options);

    /// Computes a chunk behind the memory and observes it; the memory stays as it is. Throws what
    /// `Stepper::run` throws.
    Observations read(const std::vector<llama_token> & tokens, ReadSeconds & seconds,
                      const Cancellation & cancellation);

    /// What is known of the rows that are held, without computing a step: values, vectors and the
    /// moments of the queries so far, as the policy needs them; no attention. Throws
    /// Error(cancelled).
    Observations look(const Cancellation & cancellation);

    /// Takes the moments of a chunk that has joined the memory, and the recurrent state behind it.
    void accept(Observations & seen);

    /// What was summed up over the stream, to be saved with the memory.
    std::vector<uint8_t> state() const;
    size_t state_bytes() const noexcept;
    /// Takes such a state, of `state_bytes` bytes, back.
    void restore(const std::vector<uint8_t> & state);

    /// By token of the stream, the attention that the last `rows` tokens of `behind` working rows
    /// pay to it, summed over rows, KV heads (mean of the group) and layers. The last step must
    /// have kept their queries.
    std::vector<float> attention_to_memory(int64_t behind, int64_t rows);

  private:
    Observations remembered() const;
    float score_scale(size_t pool, int64_t slots) const;
    void observe_step(int64_t behind, int64_t rows, int64_t count, Observations & seen);
    void read_chunk(const std::vector<llama_token> & tokens, Observations & seen,
                    ReadSeconds & seconds, const Cancellation & cancellation);
    void read_probe(int64_t count, Observations & seen, const Cancellation & cancellation);
    void read_repetitions(const std::vector<llama_token> & tokens, Observations & seen,
                          const Cancellation & cancellation);
    void observe_rows(int64_t count, Observations & seen, const Cancellation & cancellation);

    Stepper & stepper_;
    KvStore & store_;
    const OutputWeights & weights_;
    Options options_;
    const PolicyNeeds & needs_;
    std::vector<QueryMomentSums> moments_; ///< by pool; empty unless the policy needs them
};

} // namespace loci
