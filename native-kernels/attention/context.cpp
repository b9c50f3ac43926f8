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
                 enum ggml_type kv_type)
    : api_(model.api()), pool_(pool), batch_(batch), vocabulary_(model.info().vocabulary) {
    if (model.info().head_size % api_.ggml_blck_size(kv_type) != 0) {
        throw Error(ErrorCode::model_unsupported, "This model's heads of " +
                                                      std::to_string(model.info().head_size) +
                                                      " values do not divide into blocks of " +
                                                      std::to_string(api_.ggml_blck_size(kv_type)) +
                                                      ". Store keys and values as f16.");
    }
    llama_context_params parameters = api_.llama_context_default_params();
    parameters.n_ctx = static_cast<uint32_t>(std::max(256, batch));
    parameters.n_batch = static_cast<uint32_t>(batch);
    parameters.n_ubatch = static_cast<uint32_t>(batch);
    parameters.n_threads = pool_.share().threads;
    parameters.n_threads_batch = parameters.n_threads;
    parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
    parameters.type_k = kv_type;
    parameters.type_v = kv_type;
    parameters.cb_eval = Retarget::callback;
    parameters.cb_eval_user_data = &retarget;
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

std::vector<float> Context::decode(const llama_token * tokens, int64_t count, int64_t position,
                                   bool wants_logits, bool forget,
                                   const Cancellation & cancellation) {
    require(count > 0 && count <= batch_, "a batch of the wrong size");
    cancellation.check();
    batch_buffers_.n_tokens = static_cast<int32_t>(count);
    for (int64_t i = 0; i < count; i++) {
        batch_buffers_.token[i] = tokens[i];
        batch_buffers_.pos[i] = static_cast<llama_pos>(position + i);
        batch_buffers_.n_seq_id[i] = 1;
        batch_buffers_.seq_id[i][0] = 0;
        batch_buffers_.logits[i] = wants_logits && i == count - 1 ? 1 : 0;
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
        if (status == aborted) {
            hold.excuse();
        }
    }
    api_.llama_set_abort_callback(context_, nullptr, nullptr);
    std::vector<float> logits;
    if (status == 0 && wants_logits) {
        const float * values = api_.llama_get_logits_ith(context_, static_cast<int32_t>(count - 1));
        require(values != nullptr, "no logits after a decode");
        logits.assign(values, values + vocabulary_);
    }
    if (forget || status != 0) {
        this->forget();
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
    api_.llama_memory_clear(api_.llama_get_memory(context_), false);
}

} // namespace loci
