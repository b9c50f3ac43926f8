#include "attention/ragged_attention.h"

#include "attention/graph_node.h"
#include "core/error.h"

#include <cstring>
#include <utility>

namespace loci {

namespace {

// Moves a leaf to its rows [first, first + count) along one dimension.
void narrow(ggml_tensor & leaf, int dimension, int64_t first, int64_t count) {
    leaf.data = static_cast<char *>(leaf.data) + static_cast<size_t>(first) * leaf.nb[dimension];
    leaf.ne[dimension] = count;
}

} // namespace

RaggedAttention::RaggedAttention(std::vector<LayerPool *> heads, const StaircaseMask & mask,
                                 std::shared_ptr<const Staging> staging)
    : heads_(std::move(heads)), mask_(mask), staging_(std::move(staging)) {
    require(!heads_.empty() && staging_ != nullptr, "a ragged layer without heads or staging");
}

std::shared_ptr<const Staging> RaggedAttention::make_staging(const std::vector<LayerPool *> & heads,
                                                             int64_t batch) {
    Compute & compute = heads.front()->compute();
    const Api & api = compute.api();
    const LayerShape & shape = heads.front()->shape();
    const auto kv_heads = static_cast<int64_t>(heads.size());
    const enum ggml_type type = heads.front()->keys()->type;
    auto staging = std::make_shared<Staging>();
    staging->keys = DeviceTensor(api, compute.backend(), type, { shape.key_size, batch, kv_heads });
    staging->values =
        DeviceTensor(api, compute.backend(), type, { shape.value_size, batch, kv_heads });
    std::vector<int64_t> rows;
    for (int64_t token = 0; token < batch; token++) {
        for (int64_t head = 0; head < kv_heads; head++) {
            rows.push_back(head * batch + token);
        }
    }
    staging->rows = DeviceTensor(api, compute.backend(), GGML_TYPE_I64,
                                 { static_cast<int64_t>(rows.size()), 1, 1 });
    api.ggml_backend_tensor_set(staging->rows.get(), rows.data(), 0, rows.size() * sizeof(int64_t));
    return staging;
}

bool RaggedAttention::shares_staging_with(const std::vector<LayerPool *> & heads) const {
    const LayerPool & mine = *heads_.front();
    const LayerPool & other = *heads.front();
    return heads.size() == heads_.size() && &mine.compute() == &other.compute() &&
           mine.shape().key_size == other.shape().key_size &&
           mine.shape().value_size == other.shape().value_size &&
           mine.keys()->type == other.keys()->type;
}

void RaggedAttention::compute(const ggml_tensor & original, const ggml_tensor * result,
                              const std::vector<LayerStep> & steps, int64_t tokens) const {
    require(steps.size() == heads_.size(), "a step without all heads of its layer");
    Compute & compute = heads_.front()->compute();
    const Api & api = compute.api();
    compute.run([&](ggml_context * context, ggml_cgraph * graph) {
        // In the order of the graph: no edge says that what is stored is read.
        for (size_t head = 0; head < heads_.size(); head++) {
            store(context, graph, head, steps[head], tokens);
        }
        std::vector<ggml_tensor *> copies;
        for (size_t head = 0; head < heads_.size(); head++) {
            ggml_tensor * attended = attend(context, original, head, steps[head], tokens);
            ggml_tensor * own = compute.alias(context, result);
            const int64_t group = attended->ne[1];
            narrow(*own, 1, static_cast<int64_t>(head) * group, group);
            copies.push_back(api.ggml_cpy(context, attended, own));
        }
        return copies;
    });
}

void RaggedAttention::store(ggml_context * context, ggml_cgraph * graph, size_t head,
                            const LayerStep & step, int64_t tokens) const {
    LayerPool & pool = *heads_[head];
    const Compute & compute = pool.compute();
    const Range written =
        Range::checked(step.base + step.held, step.base + step.held + tokens, pool.capacity());
    const std::pair<const DeviceTensor *, ggml_tensor *> parts[] = {
        { &staging_->keys, pool.keys() }, { &staging_->values, pool.values() }
    };
    for (const auto & [staged, stored] : parts) {
        // Both sides without gaps: no backend but the CPU copies quantised rows otherwise.
        ggml_tensor * from = compute.alias(context, staged->get());
        narrow(*from, 2, static_cast<int64_t>(head), 1);
        narrow(*from, 1, 0, tokens);
        ggml_tensor * to = compute.alias(context, stored);
        narrow(*to, 1, written.begin(), tokens);
        from->nb[2] = from->nb[3] = to->nb[2] = to->nb[3] = to->nb[1] * static_cast<size_t>(tokens);
        compute.api().ggml_build_forward_expand(graph, compute.api().ggml_cpy(context, from, to));
    }
}

ggml_tensor * RaggedAttention::attend(ggml_context * context, const ggml_tensor & original,
                                      size_t head, const LayerStep & step, int64_t tokens) const {
    LayerPool & pool = *heads_[head];
    const Compute & compute = pool.compute();
    const Api & api = compute.api();
    const int64_t group = pool.shape().heads;
    const int64_t first = static_cast<int64_t>(head) * group;
    Range::checked(step.base, step.base + step.read, pool.capacity());

    ggml_tensor * queries = compute.alias(context, original.src[0]);
    narrow(*queries, 2, first, group);
    ggml_tensor * keys = compute.alias(context, pool.keys());
    narrow(*keys, 1, step.base, step.read);
    ggml_tensor * values = compute.alias(context, pool.values());
    narrow(*values, 1, step.base, step.read);
    ggml_tensor * mask = api.ggml_new_tensor_1d(context, GGML_TYPE_F16, 1);
    mask_.attention_view(*mask, { step.held, tokens, step.read });

    ggml_tensor * node =
        api.ggml_flash_attn_ext(context, queries, keys, values, nullptr, 0.0F, 0.0F, 0.0F);
    std::memcpy(node->op_params, original.op_params, sizeof(original.op_params));
    set_softmax_scale(*node, pool.shape().scale * step.sharpening);
    api.ggml_flash_attn_ext_set_n_kv_max(node, 0);
    node->src[3] = mask;              // ggml_flash_attn_ext takes no strided one
    if (original.src[4] != nullptr) { // attention sinks, one per query head
        node->src[4] = compute.alias(context, original.src[4]);
        narrow(*node->src[4], 0, first, group);
    }
    return node;
}

} // namespace loci
