#pragma once

#include "attention/retarget.h"
#include "core/cancellation.h"
#include "model/model.h"
#include "tensor/thread_pool.h"

#include <cstdint>
#include <vector>

namespace loci {

/// llama.cpp's context, used for its graph alone: its own cache holds one batch and is forgotten
/// after each, so that every batch may start at any position.
class Context {
  public:
    /// `batch`: tokens of the largest decode. `kv_type`: what keys and values are stored as; the
    /// graph rotates what it quantises. Throws Error(out_of_memory), or Error(model_unsupported)
    /// where the model's heads do not divide into blocks of that type. The pool must outlive it.
    Context(const Model & model, Retarget & retarget, int batch, const ThreadPool & pool,
            enum ggml_type kv_type);
    ~Context();

    Context(const Context &) = delete;
    Context & operator=(const Context &) = delete;

    int batch() const noexcept { return batch_; }

    /// Runs `count` tokens at positions from `position`. Returns the logits of the last token
    /// where `wants_logits`, else nothing. `forget` empties llama.cpp's own cache afterwards.
    /// Throws Error(cancelled) where it was stopped, Error(internal) where it failed.
    std::vector<float> decode(const llama_token * tokens, int64_t count, int64_t position,
                              bool wants_logits, bool forget, const Cancellation & cancellation);

    /// Empties llama.cpp's own cache.
    void forget();

  private:
    void take_threads();

    const Api & api_;
    const ThreadPool & pool_;
    ThreadPool::Share share_{ 0, nullptr };
    llama_context * context_;
    llama_batch batch_buffers_{};
    int batch_;
    int vocabulary_;
};

} // namespace loci
