#include "model/model.h"

#include "core/error.h"
#include "model/chat_turns.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace loci {

namespace {

std::string metadata(const Api & api, const llama_model * model, const char * key) {
    char buffer[256];
    const int length = api.llama_model_meta_val_str(model, key, buffer, sizeof(buffer));
    return length >= 0 ? std::string(buffer) : std::string();
}

struct LoadProgress {
    const ModelOptions & options;

    static bool report(float fraction, void * self) noexcept {
        const auto & options = static_cast<LoadProgress *>(self)->options;
        try {
            if (options.progress) {
                options.progress(fraction);
            }
        } catch (...) {
            return false;
        }
        return !(options.cancellation && options.cancellation->cancelled());
    }
};

void refuse_unsupported(const Api & api, const llama_model * model,
                        const std::string & architecture) {
    const char * reason = nullptr;
    if (api.llama_model_is_recurrent(model)) {
        reason = "keeps a recurrent state";
    } else if (api.llama_model_is_diffusion(model)) {
        reason = "generates by diffusion";
    } else if (api.llama_model_has_encoder(model)) {
        reason = "has an encoder";
    }
    if (reason != nullptr) {
        throw Error(ErrorCode::model_unsupported,
                    "The architecture " + architecture + " " + reason +
                        ", which Loci does not support. Choose a dense transformer model "
                        "such as Llama or Qwen.");
    }
}

int checked_length(size_t length) {
    if (length > static_cast<size_t>(std::numeric_limits<int32_t>::max()) / 4) {
        throw Error(ErrorCode::invalid_argument, "The text is too long to be read at once.");
    }
    return static_cast<int>(length);
}

} // namespace

std::shared_ptr<Model> Model::load(std::shared_ptr<const Runtime> runtime,
                                   const ModelOptions & options) {
    const Api & api = runtime->api();
    llama_model_params parameters = api.llama_model_default_params();
    LoadProgress progress{ options };
    ggml_backend_dev_t no_devices[] = { nullptr };
    parameters.n_gpu_layers = options.gpu_layers;
    if (options.gpu_layers == 0) {
        parameters.devices = no_devices; // else large products would still be sent to a GPU
    }
    parameters.progress_callback = LoadProgress::report;
    parameters.progress_callback_user_data = &progress;
    LogHold hold;
    llama_model * handle = api.llama_model_load_from_file(options.path.c_str(), parameters);
    if (handle == nullptr && options.cancellation && options.cancellation->cancelled()) {
        hold.excuse();
    }
    if (handle == nullptr) {
        if (options.cancellation) {
            options.cancellation->check();
        }
        throw Error(ErrorCode::model_invalid,
                    "The model " + options.path +
                        " could not be loaded. The file is damaged, or there is not enough memory "
                        "for it; see the log for llama.cpp's reason.");
    }
    return std::shared_ptr<Model>(new Model(std::move(runtime), handle, options.path));
}

Model::Model(std::shared_ptr<const Runtime> runtime, llama_model * model, std::string path)
    : runtime_(std::move(runtime)), model_(model),
      vocabulary_(runtime_->api().llama_model_get_vocab(model)), path_(std::move(path)) {
    try {
        describe();
    } catch (...) {
        runtime_->api().llama_model_free(model);
        throw;
    }
}

void Model::describe() {
    const Api & api = runtime_->api();
    llama_model * model = model_;
    info_.architecture = metadata(api, model, "general.architecture");
    refuse_unsupported(api, model, info_.architecture);
    if (api.llama_vocab_type(vocabulary_) == LLAMA_VOCAB_TYPE_NONE) {
        throw Error(ErrorCode::model_unsupported,
                    "The model " + path_ + " has no vocabulary; choose another build of it.");
    }
    info_.name = metadata(api, model, "general.name");
    info_.graph_layers = api.llama_model_n_layer(model);
    info_.heads = api.llama_model_n_head(model);
    info_.kv_heads = api.llama_model_n_head_kv(model);
    const std::string head_size =
        metadata(api, model, (info_.architecture + ".attention.key_length").c_str());
    info_.embedding = api.llama_model_n_embd(model);
    info_.head_size = head_size.empty() ? info_.embedding / std::max(1, info_.heads)
                                        : std::atoi(head_size.c_str());
    info_.recurrent = api.llama_model_is_hybrid(model);
    info_.table =
        layer_table(api, { path_, info_.architecture, info_.graph_layers, info_.kv_heads,
                           info_.head_size, api.llama_model_n_swa(model), info_.recurrent });
    info_.layers = layers_of(info_.table, LayerKind::full);
    info_.kv_heads = kv_heads_of(info_.table, LayerKind::full) / info_.layers;
    info_.trained_context = api.llama_model_n_ctx_train(model);
    info_.vocabulary = api.llama_vocab_n_tokens(vocabulary_);
    info_.size_bytes = api.llama_model_size(model);
    info_.parameters = api.llama_model_n_params(model);
    info_.tokens.bos = api.llama_vocab_bos(vocabulary_);
    info_.tokens.eos = api.llama_vocab_eos(vocabulary_);
    // Converters name tokens for whole architectures, which only some of their models have.
    const auto used = [&](llama_token token) {
        const bool known = token >= 0 && token < info_.vocabulary;
        const bool unused =
            known && (static_cast<unsigned>(api.llama_vocab_get_attr(vocabulary_, token)) &
                      LLAMA_TOKEN_ATTR_UNUSED) != 0;
        return known && !unused ? token : -1;
    };
    info_.tokens.fim_prefix = used(api.llama_vocab_fim_pre(vocabulary_));
    info_.tokens.fim_suffix = used(api.llama_vocab_fim_suf(vocabulary_));
    info_.tokens.fim_middle = used(api.llama_vocab_fim_mid(vocabulary_));
    info_.tokens.fim_repository = used(api.llama_vocab_fim_rep(vocabulary_));
    info_.tokens.fim_file_separator = used(api.llama_vocab_fim_sep(vocabulary_));
    info_.add_bos = api.llama_vocab_get_add_bos(vocabulary_);
    const char * chat_template = api.llama_model_chat_template(model, nullptr);
    info_.has_template = chat_template != nullptr;
    info_.chat_template = chat_template != nullptr ? chat_template : "";
    plain_text_.emplace(api, vocabulary_, ControlTokens(api, vocabulary_, info_.chat_template));
}

Model::~Model() {
    runtime_->api().llama_model_free(model_);
}

std::vector<llama_token> Model::tokenize(const std::string & text, bool special) const {
    return special ? tokenize_raw(api(), vocabulary_, text, true) : plain_text_->tokenize(text);
}

std::string Model::token_bytes(llama_token token) const {
    if (token < 0 || token >= info_.vocabulary) {
        throw Error(ErrorCode::invalid_argument,
                    "Token " + std::to_string(token) + " is not in the model's vocabulary.");
    }
    return piece_of(api(), vocabulary_, token, false);
}

bool Model::is_end_of_generation(llama_token token) const {
    return token >= 0 && token < info_.vocabulary && api().llama_vocab_is_eog(vocabulary_, token);
}

std::string Model::apply_chat_template(
    const std::vector<std::pair<std::string, std::string>> & turns, bool add_assistant) const {
    std::vector<llama_chat_message> messages;
    size_t characters = 256;
    for (const auto & [role, content] : turns) {
        messages.push_back({ role.c_str(), content.c_str() });
        characters += role.size() + content.size() + 64;
    }
    // A model without a template is most often a plain completion model: ChatML is the common form.
    const char * chat_template = info_.has_template ? info_.chat_template.c_str() : "chatml";
    std::string text(static_cast<size_t>(checked_length(characters)), '\0');
    for (int attempt = 0; attempt < 2; attempt++) {
        const int length = api().llama_chat_apply_template(
            chat_template, messages.data(), messages.size(), add_assistant, text.data(),
            static_cast<int32_t>(text.size()));
        if (length < 0) {
            if (auto own = format_turns(chat_template, turns, add_assistant)) {
                return std::move(*own);
            }
            throw Error(ErrorCode::model_unsupported,
                        "The chat template of " + path_ +
                            " is not one that Loci knows; choose another build of this model.");
        }
        const bool fits = static_cast<size_t>(length) <= text.size();
        text.resize(static_cast<size_t>(length));
        if (fits) {
            return text;
        }
    }
    return text;
}

} // namespace loci
