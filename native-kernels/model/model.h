#pragma once

#include "core/cancellation.h"
#include "model/layer_table.h"
#include "model/plain_text.h"
#include "runtime/runtime.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace loci {

struct SpecialTokens {
    llama_token bos = -1;
    llama_token eos = -1;
    llama_token fim_prefix = -1;
    llama_token fim_suffix = -1;
    llama_token fim_middle = -1;
    llama_token fim_repository = -1;
    llama_token fim_file_separator = -1;
};

/// What a loaded model says of itself.
struct ModelInfo {
    std::string architecture;
    std::string name;
    /// Layers that attend to every token: those that a policy chooses rows of.
    int layers = 0;
    /// All layers.
    int graph_layers = 0;
    /// Each of them.
    LayerTable table;
    /// Whether some layers keep a recurrent state.
    bool recurrent = false;
    int heads = 0;
    int kv_heads = 0;
    int head_size = 0;
    int embedding = 0;
    int trained_context = 0;
    int vocabulary = 0;
    uint64_t size_bytes = 0;
    uint64_t parameters = 0;
    SpecialTokens tokens;
    bool add_bos = false;
    bool has_template = false;
    std::string chat_template;
};

struct ModelOptions {
    std::string path;
    /// Layers on the GPU: 0 none, negative all.
    int gpu_layers = 0;
    CancellationPtr cancellation;
    /// A fraction in [0, 1], on the loading thread.
    std::function<void(float)> progress;
};

/// A model's weights and vocabulary.
class Model {
  public:
    /// Throws Error(cancelled), Error(model_invalid), or Error(model_unsupported) for models
    /// whose attending layers have not one cache of keys and values each.
    static std::shared_ptr<Model> load(std::shared_ptr<const Runtime> runtime,
                                       const ModelOptions & options);
    ~Model();

    Model(const Model &) = delete;
    Model & operator=(const Model &) = delete;

    const Runtime & runtime() const noexcept { return *runtime_; }
    const Api & api() const noexcept { return runtime_->api(); }
    llama_model * handle() const noexcept { return model_; }
    const ModelInfo & info() const noexcept { return info_; }
    const std::string & path() const noexcept { return path_; }

    /// Tokens of a text, without BOS; `special` reads control tokens written in it as such, else
    /// none comes out, whatever type the model file gives them.
    std::vector<llama_token> tokenize(const std::string & text, bool special) const;

    /// Whether a token structures prompts, by its type, its role or its looks.
    bool is_control(llama_token token) const noexcept {
        return plain_text_->control().contains(token);
    }

    /// The bytes of one token; a character may span several. Throws Error(invalid_argument) for
    /// a token outside the vocabulary.
    std::string token_bytes(llama_token token) const;

    /// Whether a check of the whole model passed with keys and values of a type (one is enough as
    /// long as it is loaded), and to remember that it did. May be called on any thread.
    bool has_passed(enum ggml_type type) const noexcept { return (passed_ >> type & 1U) != 0; }
    void remember_passed(enum ggml_type type) noexcept { passed_ |= uint64_t{ 1 } << type; }

    bool is_end_of_generation(llama_token token) const;

    /// Chat turns in the model's own template, by llama.cpp's built-in list of templates or ours (a
    /// template from a file is never executed). Throws Error(model_unsupported) where the
    /// template is in neither list.
    std::string apply_chat_template(const std::vector<std::pair<std::string, std::string>> & turns,
                                    bool add_assistant) const;

  private:
    Model(std::shared_ptr<const Runtime> runtime, llama_model * model, std::string path);

    void describe();

    std::shared_ptr<const Runtime> runtime_;
    llama_model * model_;
    const llama_vocab * vocabulary_;
    std::string path_;
    ModelInfo info_;
    std::optional<PlainText> plain_text_;
    std::atomic<uint64_t> passed_{ 0 }; ///< a bit for each type
};

} // namespace loci
