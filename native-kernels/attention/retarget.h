#pragma once

#include "attention/attention_outputs.h"
#include "attention/graph_node.h"
#include "attention/layer_step.h"
#include "attention/ragged_attention.h"
#include "attention/staircase_mask.h"
#include "model/layer_table.h"
#include "store/kv_pool.h"
#include "tensor/compute.h"
#include "tensor/device_tensor.h"

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace loci {

/// What the attention of one layer is pointed at: one pool, or where the heads are apart (a ragged
/// layer) one for each KV head.
struct AttachedLayer {
    int number = 0; ///< which of the model's layers it is
    std::vector<KvPool *> pools;
    StaircaseMask * mask = nullptr;
    bool ragged = false;
    bool observed = true; ///< whether its queries are kept where a step is observed
};

/// Points the attention of llama.cpp's own graph at our pool, through the public evaluation
/// callback: before a split is computed, SET_ROWS nodes are made to write to the pool and
/// FLASH_ATTN_EXT nodes to read from it. Nothing is synchronised, so it runs at stock speed. Ragged
/// layers are the exception: RaggedAttention computes what their FLASH_ATTN_EXT node would. The
/// graph may be reused by llama.cpp: nodes that were rewritten are recognised and rewritten again,
/// or where a step has failed, made what they were.
class Retarget {
  public:
    /// `table`: the layers of the model.
    Retarget(const Api & api, const LayerTable & table);
    ~Retarget() = default;

    Retarget(const Retarget &) = delete;
    Retarget & operator=(const Retarget &) = delete;

    /// To be given to llama_context_params::cb_eval with the object as user data.
    static bool callback(ggml_tensor * node, bool ask, void * self) noexcept;

    /// The next decodes run on llama.cpp's own cache, and the shape of every layer is noted.
    void begin_probe();
    /// The shapes that were noted, of the layers that hold keys and values, in their order; throws
    /// Error(model_unsupported) unless they are as many as promised, each with one attention node
    /// over one cache of its own.
    std::vector<LayerShape> shapes() const;

    /// How many rows of llama.cpp's cache the last token of the last probed step saw, by the layers
    /// of `shapes`.
    std::vector<int64_t> visible() const;

    /// The next decodes, of at most `batch` tokens each, run on the pools of these layers: all that
    /// hold keys and values, in any order. Layers that share these read the same pools.
    void attach(std::vector<AttachedLayer> layers, int64_t batch);

    /// Whether an observed step also keeps the queries of layers that read a pool of another.
    void observe_readers(bool also);

    /// Sets up one step of `tokens` tokens; `steps` are by pool, in the order of the attached
    /// layers. With `observed` > 0 the queries of its last rows are kept: that synchronises once
    /// per layer that is observed.
    void begin_step(const std::vector<LayerStep> & steps, int64_t tokens, int64_t observed);
    /// Ends it; throws what went wrong inside the callback.
    void end_step();

    /// The queries kept by the last observed step that look at a pool: f32 [key_size, observed,
    /// heads]. Of each KV head those of the pool's own layer come first, then those of each layer
    /// that reads it, if these are kept.
    ggml_tensor * queries(size_t pool);
    int64_t observed() const noexcept { return observed_; }

    /// Bytes of indices, queries and attention's outputs of our own on the devices.
    size_t bytes() const noexcept;

  private:
    enum class Mode { off, probe, attached };

    /// Leaves that stand in for a node's sources, and the node as llama.cpp built it.
    struct Rewritten {
        ggml_tensor original{};
        ggml_tensor leaves[4]{};
    };
    struct Layer {
        std::vector<KvPool *> pools;
        StaircaseMask * mask = nullptr;
        bool observed = true;
        int readers = 1; ///< layers whose queries `queries` has, its own the first of them
        int reader = 0;  ///< which of them it is of its source's
        std::vector<LayerStep> steps;            ///< by pool
        std::unique_ptr<RaggedAttention> ragged; ///< null: rectangular
        Rewritten keys;
        Rewritten values;
        Rewritten attention;
        ggml_tensor probed{};         ///< its node as the probe saw it
        ggml_tensor probed_queries{}; ///< likewise
        DeviceTensor rows;            ///< i64 [kv_heads * tokens]: where the step writes
        DeviceTensor queries;         ///< f32 [key_size, observed, heads of all pools]
        ggml_tensor looked{};         ///< the part of them that was asked for last
        StoredRows stored_keys;
        StoredRows stored_values;
    };

    bool handle(ggml_tensor * node, bool ask);
    bool probe(ggml_tensor * node, bool ask);
    int hadamard_of(const StoredRows & rows) const;
    void rewrite_store(ggml_tensor * node, Rewritten & saved, Layer & layer, bool values);
    void rewrite_attention(ggml_tensor * node, Layer & layer);
    void aim(ggml_tensor & node, ggml_tensor (&leaves)[4], Layer & layer) const;
    void plan_outputs();
    void restore(ggml_tensor * node) noexcept;
    void leave_out(ggml_tensor * node, Layer & layer);
    void upload_rows(Layer & layer);
    void attach_readers();
    int reader_of(int cache);
    void note_shape(const ggml_tensor * attention, int number);
    void keep_queries(const ggml_tensor * node, const Layer & layer, Layer & source);
    Layer & checked_layer(int index);
    Layer & source_of(int number) noexcept;

    const Api & api_;
    Mode mode_ = Mode::off;
    LayerTable table_;
    std::vector<int> attending_; ///< numbers of the layers that attend, as the graph has them
    size_t holding_;             ///< how many of them hold keys and values
    std::vector<Layer> layers_;  ///< every layer of the model; those that do not attend stay empty
    std::vector<std::pair<size_t, size_t>> places_; ///< pool -> layer, and which of its pools
    std::vector<LayerShape> probed_;                ///< by layer of the model
    std::vector<int64_t> visible_;                  ///< likewise
    /// Our own leaves, by address: how a node that was rewritten before is known.
    struct Known {
        CachePart part;
        int layer;
        bool attention;
    };
    std::unordered_map<const ggml_tensor *, Known> known_;
    /// Block sizes of the Hadamard rotations that the probe has seen, by node.
    std::unordered_map<const ggml_tensor *, int> hadamards_;

    AttentionOutputs outputs_;
    int64_t tokens_ = 0;
    int64_t observed_ = 0;
    std::exception_ptr failure_;
    size_t stores_ = 0; ///< SET_ROWS nodes of one step
    size_t stores_seen_ = 0;
    size_t attentions_seen_ = 0;
};

} // namespace loci
