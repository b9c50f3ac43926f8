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

RaggedAttention::RaggedAttention(std::vector<KvPool *> heads, const StaircaseMask & mask,
                                 std::shared_ptr<const Staging> staging)
    : heads_(std::move(heads)), mask_(mask), staging_(std::move(staging)) {
    require(!heads_.empty(), "a ragged layer without heads");
    if (staging_ != nullptr) {
        Compute & compute = heads_.front()->compute();
        targets_ =
            DeviceTensor(compute.api(), compute.backend(), GGML_TYPE_I64,
                         { staging_->keys.get()->ne[1], static_cast<int64_t>(heads_.size()), 1 });
    }
}

std::shared_ptr<const Staging> RaggedAttention::make_staging(const std::vector<KvPool *> & heads,
                                                             int64_t batch) {
    Compute & compute = heads.front()->compute();
    const Api & api = compute.api();
    const LayerShape & shape = heads.front()->shape();
    const auto kv_heads = static_cast<int64_t>(heads.size());
    auto staging = std::make_shared<Staging>();
    staging->keys =
        DeviceTensor(api, compute.backend(), GGML_TYPE_F32, { shape.key_size, batch, kv_heads });
    if (!shape.values_in_keys) {
        staging->values = DeviceTensor(api, compute.backend(), GGML_TYPE_F32,
                                       { shape.value_size, batch, kv_heads });
    }
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

bool RaggedAttention::shares_staging_with(const std::vector<KvPool *> & heads) const {
    const KvPool & mine = *heads_.front();
    const KvPool & other = *heads.front();
    return heads.size() == heads_.size() && &mine.compute() == &other.compute() &&
           mine.shape().key_size == other.shape().key_size &&
           mine.shape().value_size == other.shape().value_size &&
           mine.shape().values_in_keys == other.shape().values_in_keys;
}

void RaggedAttention::begin_step(const std::vector<LayerStep> & steps, int64_t tokens) {
    require(steps.size() == heads_.size(), "a step of another layer");
    steps_ = steps;
    tokens_ = tokens;
    if (staging_ == nullptr) {
        return;
    }
    const int64_t batch = targets_.get()->ne[0];
    require(tokens <= batch, "a step of another layer");
    std::vector<int64_t> rows(static_cast<size_t>(batch) * heads_.size(), 0);
    for (size_t head = 0; head < heads_.size(); head++) {
        for (int64_t i = 0; i < tokens; i++) {
            rows[head * static_cast<size_t>(batch) + static_cast<size_t>(i)] =
                steps[head].base + steps[head].held + i;
        }
    }
    // Only as far as this step reads.
    const size_t used =
        (heads_.size() - 1) * static_cast<size_t>(batch) + static_cast<size_t>(tokens);
    heads_.front()->compute().api().ggml_backend_tensor_set(targets_.get(), rows.data(), 0,
                                                            used * sizeof(int64_t));
}

void RaggedAttention::compute(const ggml_tensor & original, const ggml_tensor * result) const {
    Compute & compute = heads_.front()->compute();
    compute.run([&](ggml_context * context, ggml_cgraph *) {
        std::vector<ggml_tensor *> copies;
        for (size_t head = 0; head < heads_.size(); head++) {
            ggml_tensor * attended = attend(context, original, head);
            ggml_tensor * own = compute.alias(context, result);
            const int64_t group = attended->ne[1];
            narrow(*own, 1, static_cast<int64_t>(head) * group, group);
            copies.push_back(compute.api().ggml_cpy(context, attended, own));
        }
        return copies;
    });
}

// The pool's rows with the step's among them, as far as the step reads. By SET_ROWS, as llama.cpp
// stores them: not every device copies quantised rows to any offset. They are there already where
// another layer stored them.
ggml_tensor * RaggedAttention::store(ggml_context * context, const DeviceTensor * staged,
                                     ggml_tensor * pool, size_t head) const {
    const Compute & compute = heads_[head]->compute();
    const Api & api = compute.api();
    const LayerStep & step = steps_[head];
    ggml_tensor * all = compute.alias(context, pool);
    if (staged != nullptr) {
        ggml_tensor * from = compute.alias(context, staged->get());
        narrow(*from, 2, static_cast<int64_t>(head), 1);
        narrow(*from, 1, 0, tokens_);
        ggml_tensor * rows = compute.alias(context, targets_.get());
        narrow(*rows, 1, static_cast<int64_t>(head), 1);
        narrow(*rows, 0, 0, tokens_);
        all = api.ggml_set_rows(context, all, from, rows);
    }
    return api.ggml_view_3d(context, all, all->ne[0], step.read, 1, all->nb[1],
                            all->nb[1] * static_cast<size_t>(step.read),
                            static_cast<size_t>(step.base) * all->nb[1]);
}

ggml_tensor * RaggedAttention::attend(ggml_context * context, const ggml_tensor & original,
                                      size_t head) const {
    KvPool & pool = *heads_[head];
    const Compute & compute = pool.compute();
    const Api & api = compute.api();
    const LayerStep & step = steps_[head];
    const int64_t group = pool.shape().heads;
    const int64_t first = static_cast<int64_t>(head) * group;

    ggml_tensor * queries = compute.alias(context, original.src[0]);
    narrow(*queries, 2, first, group);
    const Staging * staged = staging_.get();
    ggml_tensor * keys =
        store(context, staged != nullptr ? &staged->keys : nullptr, pool.keys(), head);
    ggml_tensor * values =
        pool.shape().values_in_keys
            ? api.ggml_view_3d(context, keys, pool.shape().value_size, keys->ne[1], 1, keys->nb[1],
                               keys->nb[2], 0)
            : store(context, staged != nullptr ? &staged->values : nullptr, pool.values(), head);
    ggml_tensor * mask = api.ggml_new_tensor_1d(context, GGML_TYPE_F16, 1);
    mask_.attention_view(*mask, { step.held, tokens_, step.read });

    ggml_tensor * node =
        api.ggml_flash_attn_ext(context, queries, keys, values, nullptr, 0.0F, 0.0F, 0.0F);
    std::memcpy(node->op_params, original.op_params, sizeof(original.op_params));
    set_softmax_scale(*node, pool.shape().scale * step.sharpening);
    api.ggml_flash_attn_ext_set_n_kv_max(node, 0);
    node->src[3] = mask; // ggml_flash_attn_ext takes no strided one
    if (pool.sinks() != nullptr) {
        // Not a part of the model's own: few devices take one that begins anywhere.
        node->src[4] = compute.alias(context, pool.sinks());
    }
    require_kernel(compute, node);
    return node;
}

} // namespace loci
