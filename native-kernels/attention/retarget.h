#pragma once

#include "attention/graph_node.h"
#include "attention/staircase_mask.h"
#include "pool/compute.h"
#include "pool/device_tensor.h"
#include "pool/layer_pool.h"

#include <cstdint>
#include <exception>
#include <string>
#include <unordered_map>
#include <vector>

namespace loci {

/// Where one step (one batch of at most a ubatch) stands in a layer: it writes rows
/// [base + held, base + held + tokens) and attends to rows [base, base + read), of which the
/// first held + i + 1 are visible to token i.
struct LayerStep {
    int64_t base = 0;
    int64_t held = 0;
    int64_t read = 0;
    /// Factor of the model's own softmax scale.
    float sharpening = 1.0F;
};

/// Points the attention of llama.cpp's own graph at our pool, through the public evaluation
/// callback: before a split is computed, SET_ROWS nodes are made to write to the pool and
/// FLASH_ATTN_EXT nodes to read from it. Nothing is synchronised, so it runs at stock speed. The
/// graph may be reused by llama.cpp: nodes that were rewritten are recognised and rewritten again.
class Retarget {
  public:
    Retarget(const Api & api, int layers);
    ~Retarget() = default;

    Retarget(const Retarget &) = delete;
    Retarget & operator=(const Retarget &) = delete;

    /// To be given to llama_context_params::cb_eval with the object as user data.
    static bool callback(ggml_tensor * node, bool ask, void * self) noexcept;

    /// The next decodes run on llama.cpp's own cache, and the shape of every layer is noted.
    void begin_probe();
    /// The shapes that were noted; throws Error(model_unsupported) unless every layer has one
    /// attention node over one cache of its own, rotated in a way that can be undone.
    const std::vector<LayerShape> & shapes() const;

    /// The next decodes run on these pools. `masks` and `computes` are by layer.
    void attach(std::vector<LayerPool *> pools, std::vector<StaircaseMask *> masks);

    /// Sets up one step of `tokens` tokens. With `observed` > 0 the queries of its last rows are
    /// kept: that synchronises once per layer.
    void begin_step(const std::vector<LayerStep> & steps, int64_t tokens, int64_t observed);
    /// Ends it; throws what went wrong inside the callback.
    void end_step();

    /// The queries kept by the last observed step: f32 [key_size, observed, heads].
    ggml_tensor * queries(int layer) const;
    int64_t observed() const noexcept { return observed_; }

    /// Bytes of indices and queries on the devices.
    size_t bytes() const noexcept;

  private:
    enum class Mode { off, probe, attached };

    /// Leaves that stand in for a node's sources, and the node as llama.cpp built it.
    struct Rewritten {
        ggml_tensor original{};
        ggml_tensor leaves[4]{};
    };
    struct Layer {
        LayerPool * pool = nullptr;
        StaircaseMask * mask = nullptr;
        LayerStep step;
        Rewritten keys;
        Rewritten values;
        Rewritten attention;
        DeviceTensor rows;    ///< i64 [kv_heads * tokens]: where the step writes
        DeviceTensor queries; ///< f32 [key_size, observed, heads]
        StoredRows stored_keys;
        StoredRows stored_values;
    };

    bool handle(ggml_tensor * node, bool ask);
    bool probe(ggml_tensor * node, bool ask);
    int hadamard_of(const StoredRows & rows) const;
    void rewrite_store(ggml_tensor * node, Rewritten & saved, Layer & layer, bool values);
    void rewrite_attention(ggml_tensor * node, Layer & layer);
    void keep_queries(const ggml_tensor * node, Layer & layer);
    Layer & checked_layer(int index);

    const Api & api_;
    Mode mode_ = Mode::off;
    std::vector<Layer> layers_;
    std::vector<LayerShape> shapes_;
    /// Our own leaves, by address: how a node that was rewritten before is known.
    struct Known {
        CachePart part;
        int layer;
        bool attention;
    };
    std::unordered_map<const ggml_tensor *, Known> known_;
    /// Block sizes of the Hadamard rotations that the probe has seen, by node.
    std::unordered_map<const ggml_tensor *, int> hadamards_;

    int64_t tokens_ = 0;
    int64_t observed_ = 0;
    std::exception_ptr failure_;
    int stores_seen_ = 0;
    int attentions_seen_ = 0;
};

} // namespace loci
