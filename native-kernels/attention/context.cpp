#include "attention/context.h"

#include "core/error.h"

#include <algorithm>
#include <string>

namespace loci {

namespace {

// What llama_decode returns where its abort callback stopped it.
constexpr int32_t aborted = 2;

// llama.cpp polls this between the nodes of a CPU graph.
bool poll_cancellation(void * data) noexcept {
    return static_cast<const Cancellation *>(data)->cancelled();
}

} // namespace

Context::Context(const Model & model, Retarget & retarget, int batch, const ThreadPool & pool,
                 enum ggml_type kv_type, size_t tails, int64_t cells)
    : api_(model.api()), pool_(pool), batch_(batch), vocabulary_(model.info().vocabulary),
      sequences_(model.info().recurrent ? sequences::count(tails) : 0) {
    for (const ModelLayer & layer : model.info().table) {
        if (layer.head_size % api_.ggml_blck_size(kv_type) != 0) {
            throw Error(ErrorCode::model_unsupported,
                        "This model's heads of " + std::to_string(layer.head_size) +
                            " values do not divide into blocks of " +
                            std::to_string(api_.ggml_blck_size(kv_type)) +
                            ". Store keys and values as f16.");
        }
    }
    llama_context_params parameters = api_.llama_context_default_params();
    // Each sequence may leave one cell of attention behind (`forget_attention`).
    parameters.n_ctx =
        static_cast<uint32_t>(std::max({ 256, batch + sequences_, static_cast<int>(cells) }));
    if (sequences_ > 0) {
        parameters.n_seq_max = static_cast<uint32_t>(sequences_);
        parameters.kv_unified = true; // else every sequence has a cache of its own
    }
    parameters.n_batch = static_cast<uint32_t>(batch);
    parameters.n_ubatch = static_cast<uint32_t>(batch);
    parameters.n_threads = pool_.share().threads;
    parameters.n_threads_batch = parameters.n_threads;
    parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
    parameters.type_k = kv_type;
    parameters.type_v = kv_type;
    parameters.cb_eval = Retarget::callback;
    parameters.cb_eval_user_data = &retarget;
    parameters.op_offload = false; // attention is computed where its keys are
    parameters.no_perf = true;
    context_ = api_.llama_init_from_model(model.handle(), parameters);
    if (context_ == nullptr) {
        throw Error(ErrorCode::out_of_memory,
                    "There is not enough memory to compute with this model. Choose a smaller "
                    "model or fewer GPU layers.");
    }
    batch_buffers_ = api_.llama_batch_init(batch, 0, 1);
}

Context::~Context() {
    api_.llama_batch_free(batch_buffers_);
    api_.llama_free(context_);
}

std::vector<float> Context::decode(const Batch & batch, bool forget,
                                   const Cancellation & cancellation) {
    const int64_t count = batch.count;
    require(count > 0 && count <= batch_, "a batch of the wrong size");
    require(sequences_ == 0 || batch.sequence != sequences::memory, "a step on the memory's state");
    cancellation.check();
    batch_buffers_.n_tokens = static_cast<int32_t>(count);
    for (int64_t i = 0; i < count; i++) {
        batch_buffers_.token[i] = batch.tokens[i];
        batch_buffers_.pos[i] = static_cast<llama_pos>(batch.position + i);
        batch_buffers_.n_seq_id[i] = 1;
        batch_buffers_.seq_id[i][0] = sequences_ > 0 ? batch.sequence : 0;
        batch_buffers_.logits[i] = batch.wants_logits && i == count - 1 ? 1 : 0;
    }
    take_threads();
    // Only the poll may look at the flag, and it never writes through the pointer.
    api_.llama_set_abort_callback(context_, poll_cancellation,
                                  const_cast<Cancellation *>(&cancellation));
    int32_t status = 0;
    {
        LogHold hold;
        status = api_.llama_decode(context_, batch_buffers_);
        api_.llama_synchronize(context_);
        // That positions go back where keys have moved is news to recurrent layers alone.
        if (status == aborted || (status == 0 && sequences_ > 0)) {
            hold.excuse();
        }
    }
    api_.llama_set_abort_callback(context_, nullptr, nullptr);
    std::vector<float> logits;
    if (status == 0 && batch.wants_logits) {
        const float * values = api_.llama_get_logits_ith(context_, static_cast<int32_t>(count - 1));
        require(values != nullptr, "no logits after a decode");
        logits.assign(values, values + vocabulary_);
    }
    if (sequences_ > 0 && state_bytes_ == 0 && status == 0) {
        state_bytes_ = api_.llama_state_seq_get_size_ext(context_, batch.sequence,
                                                         LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY);
    }
    if (forget || status != 0) {
        forget_attention(batch, status != 0);
    }
    if (status != 0) {
        cancellation.check();
        throw Error(ErrorCode::internal, "llama.cpp failed to compute (status " +
                                             std::to_string(status) +
                                             "). See the log for the reason.");
    }
    return logits;
}

// As many threads as may be taken now.
void Context::take_threads() {
    const ThreadPool::Share share = pool_.share();
    if (share == share_) {
        return;
    }
    if (share.pool != nullptr) {
        api_.llama_attach_threadpool(context_, share.pool, share.pool);
    } else {
        api_.llama_detach_threadpool(context_);
    }
    api_.llama_set_n_threads(context_, share.threads, share.threads);
    share_ = share;
}

void Context::forget() {
    api_.llama_memory_clear(memory(), false);
}

// The cell of the last token stays: who would remove it, would remove the recurrent state of its
// position. It takes no part in our attention.
void Context::forget_attention(const Batch & batch, bool failed) noexcept {
    if (sequences_ == 0) {
        api_.llama_memory_clear(memory(), false);
    } else if (failed) {
        drop(batch.sequence);
    } else {
        const int64_t last = batch.position + batch.count - 1;
        api_.llama_memory_seq_rm(memory(), batch.sequence, 0, static_cast<llama_pos>(last));
    }
}

void Context::drop(int sequence) noexcept {
    if (sequences_ > 0) {
        api_.llama_memory_seq_rm(memory(), sequence, -1, -1);
    }
}

void Context::fork(int from, int into) noexcept {
    drop(into);
    if (sequences_ > 0 && from != sequences::none) {
        // No position lies in this range, so that no cell of attention comes along: the copy may
        // go on at any position.
        api_.llama_memory_seq_cp(memory(), from, into, 0, 0);
    }
}

} // namespace loci
