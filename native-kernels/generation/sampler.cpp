#include "generation/sampler.h"

#include "core/error.h"

namespace loci {

Sampler::Sampler(std::shared_ptr<Model> model, const SamplerOptions & options)
    : model_(std::move(model)), chain_(nullptr) {
    const auto share = [](float value) { return value >= 0.0F && value <= 1.0F; };
    if (!share(options.top_p) || !share(options.min_p) || !(options.repeat_penalty > 0.0F) ||
        !(options.temperature <= 100.0F) || options.repeat_last < 0 || options.top_k < 0) {
        throw Error(ErrorCode::invalid_argument,
                    "Sampling needs top-p and min-p within 0 to 1, a repetition penalty above 0, "
                    "a temperature of at most 100, and counts of at least 0.");
    }
    const Api & api = model_->api();
    chain_ = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params());
    if (options.repeat_penalty != 1.0F && options.repeat_last > 0) {
        api.llama_sampler_chain_add(
            chain_, api.llama_sampler_init_penalties(model_->info().vocabulary, options.repeat_last,
                                                     options.repeat_penalty, 0.0F, 0.0F));
    }
    if (options.temperature <= 0.0F) {
        api.llama_sampler_chain_add(chain_, api.llama_sampler_init_greedy());
        return;
    }
    api.llama_sampler_chain_add(chain_, api.llama_sampler_init_top_k(options.top_k));
    api.llama_sampler_chain_add(chain_, api.llama_sampler_init_top_p(options.top_p, 1));
    api.llama_sampler_chain_add(chain_, api.llama_sampler_init_min_p(options.min_p, 1));
    api.llama_sampler_chain_add(chain_, api.llama_sampler_init_temp(options.temperature));
    api.llama_sampler_chain_add(chain_, api.llama_sampler_init_dist(options.seed));
}

Sampler::~Sampler() {
    if (chain_ != nullptr) {
        model_->api().llama_sampler_free(chain_);
    }
}

llama_token Sampler::sample(const std::vector<float> & logits) {
    candidates_.resize(logits.size());
    for (size_t i = 0; i < logits.size(); i++) {
        candidates_[i] = { static_cast<llama_token>(i), logits[i], 0.0F };
    }
    llama_token_data_array array{ candidates_.data(), candidates_.size(), -1, false };
    model_->api().llama_sampler_apply(chain_, &array);
    require(array.selected >= 0 && static_cast<size_t>(array.selected) < array.size,
            "a sampler that chose no token");
    const llama_token token = array.data[array.selected].id;
    model_->api().llama_sampler_accept(chain_, token);
    return token;
}

void Sampler::reset() {
    model_->api().llama_sampler_reset(chain_);
}

} // namespace loci
