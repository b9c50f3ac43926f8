#pragma once

#include "attention/layer_step.h"
#include "attention/staircase_mask.h"
#include "store/kv_pool.h"
#include "tensor/device_tensor.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace loci {

/// Where a step's keys and values wait, f32 [size, batch, kv_heads] each, until they are stored in
/// the pools of their heads. Layers of one shape on one device share it: a layer's rows are read
/// before the next layer writes its own.
struct Staging {
    DeviceTensor keys;
    DeviceTensor values;
    /// i64 [batch * kv_heads]: the row of each (token, head), tokens first. Any number of tokens
    /// takes the first part of it.
    DeviceTensor rows;
};

/// The attention of one layer whose KV heads hold different numbers of rows, each in a pool of its
/// own (Ada-KV's and LaProx's counts to the letter).
///
/// No node of llama.cpp's graph reads that, so its FLASH_ATTN_EXT node is left out of the graph,
/// and when the scheduler shows it a second time its result is computed here, on the same device:
/// per KV head the attention of its group's queries over the head's own pool. That synchronises
/// once per layer.
class RaggedAttention {
  public:
    /// `heads`: the pools of the layer's KV heads, in order, all on one device. `staging`: null
    /// where another layer stores what this one reads.
    RaggedAttention(std::vector<KvPool *> heads, const StaircaseMask & mask,
                    std::shared_ptr<const Staging> staging);

    /// A staging for steps of at most `batch` tokens of such a layer. Throws Error(out_of_memory).
    static std::shared_ptr<const Staging> make_staging(const std::vector<KvPool *> & heads,
                                                       int64_t batch);

    /// Whether a layer of these heads could use this one's staging.
    bool shares_staging_with(const std::vector<KvPool *> & heads) const;
    const std::shared_ptr<const Staging> & staging() const noexcept { return staging_; }

    /// Says where the next step stands; `steps` are by head. Throws Error(out_of_memory).
    void begin_step(const std::vector<LayerStep> & steps, int64_t tokens);

    /// Stores the rows that wait in the staging behind what each head holds, and computes the
    /// attention. `original` is the node as llama.cpp built it, with its queries
    /// [key_size, tokens, heads] computed; the result goes to the data of `result`,
    /// f32 [value_size, heads, tokens]. Throws Error(out_of_memory), (internal).
    void compute(const ggml_tensor & original, const ggml_tensor * result) const;

    /// Bytes of its own on the device, without the staging.
    size_t bytes() const noexcept { return targets_.bytes(); }

  private:
    ggml_tensor * store(ggml_context * context, const DeviceTensor * staged, ggml_tensor * pool,
                        size_t head) const;
    ggml_tensor * attend(ggml_context * context, const ggml_tensor & original, size_t head) const;

    std::vector<KvPool *> heads_;
    const StaircaseMask & mask_;
    std::shared_ptr<const Staging> staging_;
    DeviceTensor targets_; ///< i64 [batch, kv_heads]: the rows in each head's pool
    std::vector<LayerStep> steps_;
    int64_t tokens_ = 0;
};

} // namespace loci
