#pragma once

#include "attention/context.h"
#include "attention/devices.h"
#include "attention/retarget.h"
#include "core/cancellation.h"
#include "store/kv_store.h"

#include <cstdint>
#include <vector>

namespace loci {

/// One batch of tokens that is computed behind the memory.
struct Step {
    const llama_token * tokens = nullptr;
    int64_t count = 0;
    /// Working rows that stand between the memory and this step, and that it attends to.
    int64_t behind = 0;
    bool attends_memory = true;
    /// Of how many of its last tokens the queries are kept (`Stepper::queries`).
    int64_t observed = 0;
    bool wants_logits = false;
    int sequence = sequences::running; ///< as `Context::Batch`
};

/// Computes steps with llama.cpp's graph over the rows of a store. Nothing that the memory counts
/// is written: a step's rows stand behind it.
class Stepper {
  public:
    /// All outlive the stepper. `sharpen`: see `sharpening`.
    Stepper(Context & context, Retarget & retarget, Devices & devices, KvStore & store,
            double sharpen);

    /// Returns the logits of the last token where the step wants them, else nothing. Throws
    /// Error(cancelled), (out_of_memory), (model_unsupported), (internal).
    std::vector<float> run(const Step & step, const Cancellation & cancellation);

    /// As `Context::fork` and `Context::drop`.
    void fork(int from, int into) noexcept { context_.fork(from, into); }
    void drop(int sequence) noexcept { context_.drop(sequence); }

    /// Whether the model has recurrent layers, which go back to where they were forked alone.
    bool recurrent() const noexcept { return context_.states_bytes() > 0; }

    /// Tokens of the largest step.
    int64_t batch() const noexcept { return context_.batch(); }

    /// The first working row of any pool of a step that attends to the memory (counted from its
    /// begin), or of a tail of its own.
    int64_t base(size_t pool, bool attends_memory) const;

    /// As `Retarget::observe_readers`.
    void observe_readers(bool also) { retarget_.observe_readers(also); }

    /// The queries that the last step kept, as `Retarget::queries`.
    ggml_tensor * queries(size_t pool) { return retarget_.queries(pool); }
    const StaircaseMask & mask_of(size_t pool);

    /// The scale of a pool's softmax: the model's, sharper where the pool holds more rows than the
    /// trained context.
    float scale(size_t pool) const;

  private:
    float sharpening_of(size_t pool) const;
    LayerStep place(size_t pool, const Step & step) const;

    Context & context_;
    Retarget & retarget_;
    Devices & devices_;
    KvStore & store_;
    double sharpen_;
};

} // namespace loci
