#pragma once

#include "attention/retarget.h"
#include "attention/sequences.h"
#include "core/cancellation.h"
#include "model/model.h"
#include "tensor/thread_pool.h"

#include <cstdint>
#include <vector>

namespace loci {

/// llama.cpp's context, used for its graph alone: its own cache holds one batch and is forgotten
/// after each, so that every batch may start at any position. What a model with recurrent layers
/// has read it cannot forget so: llama.cpp holds their states, one a sequence (`sequences`).
class Context {
  public:
    /// `batch`: tokens of the largest decode. `kv_type`: what keys and values are stored as; the
    /// graph rotates what it quantises. `tails`: who may hold a recurrent state besides the memory.
    /// `cells`: tokens that llama.cpp's own cache must hold at once, if more than a batch.
    /// Throws Error(out_of_memory), or Error(model_unsupported) where the model's heads do not
    /// divide into blocks of that type. The pool must outlive it.
    Context(const Model & model, Retarget & retarget, int batch, const ThreadPool & pool,
            enum ggml_type kv_type, size_t tails, int64_t cells = 0);
    ~Context();

    Context(const Context &) = delete;
    Context & operator=(const Context &) = delete;

    int batch() const noexcept { return batch_; }

    /// What one decode runs.
    struct Batch {
        const llama_token * tokens = nullptr;
        int64_t count = 0;
        int64_t position = 0; ///< of the first token
        bool wants_logits = false;
        int sequence = sequences::running; ///< whose recurrent state it goes on from, and changes
    };

    /// Runs a batch. Returns the logits of the last token where they are wanted, else nothing.
    /// `forget` empties llama.cpp's own cache afterwards, but for the recurrent states. Throws
    /// Error(cancelled) where it was stopped, Error(internal) where it failed; the sequence is then
    /// dropped, and every other one is as it was.
    std::vector<float> decode(const Batch & batch, bool forget, const Cancellation & cancellation);

    /// Empties llama.cpp's own cache and every recurrent state.
    void forget();

    /// Makes the recurrent state of `into` that of `from`, which stays; without bytes being moved.
    void fork(int from, int into) noexcept;

    /// Makes the recurrent state of a sequence that before the first token.
    void drop(int sequence) noexcept;

    /// Bytes of all recurrent states together; 0 for a model without any.
    size_t states_bytes() const noexcept;

    /// The recurrent state of a sequence for a file, always of `saved_bytes` bytes: none for a
    /// model without one.
    std::vector<uint8_t> save_state(int sequence) const;
    size_t saved_bytes() const noexcept;

    /// Puts what `save_state` returned in place of a sequence's state.
    void restore_state(int sequence, const std::vector<uint8_t> & saved);

  private:
    void take_threads();
    void forget_attention(const Batch & batch, bool failed) noexcept;
    llama_memory_t memory() const noexcept { return api_.llama_get_memory(context_); }

    const Api & api_;
    const ThreadPool & pool_;
    ThreadPool::Share share_{ 0, nullptr };
    llama_context * context_;
    llama_batch batch_buffers_{};
    int batch_;
    int vocabulary_;
    int sequences_ = 0;      ///< 0: the model has no recurrent state
    size_t state_bytes_ = 0; ///< of one, as llama.cpp writes it; known after the first decode
};

} // namespace loci
