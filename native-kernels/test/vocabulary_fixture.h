#pragma once

#include "model/plain_text.h"
#include "test/device.h"
#include "test/gguf_writer.h"

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace loci_test {

/// The token types of GGUF files.
enum TokenType : int32_t { normal = 1, unknown = 2, control = 3, user_defined = 4, byte = 6 };

/// A vocabulary to write to a file.
struct VocabularyFile {
    std::string model; ///< llama, t5, bert, rwkv: SentencePiece BPE, unigram, WordPiece, trie
    std::vector<std::string> tokens;
    std::vector<int32_t> types;
    std::vector<float> scores;

    void add(const std::string & token, TokenType type, float score = 0.0F) {
        tokens.push_back(token);
        types.push_back(type);
        scores.push_back(score);
    }
};

/// A vocabulary without a model.
class Vocabulary {
  public:
    Vocabulary(const VocabularyFile & file, const std::string & chat_template) {
        GgufWriter writer;
        writer.add_text("general.architecture", "llama");
        writer.add_text("tokenizer.ggml.model", file.model);
        writer.add_text("tokenizer.ggml.pre", "default");
        writer.add_texts("tokenizer.ggml.tokens", file.tokens);
        writer.add_integers("tokenizer.ggml.token_type", file.types);
        writer.add_floats("tokenizer.ggml.scores", file.scores);
        const auto path = std::filesystem::temp_directory_path() /
                          ("loci-vocabulary-" + file.model + std::to_string(counter()++) + ".gguf");
        write_file(path.string(), writer.bytes());
        load(path.string(), chat_template);
        std::filesystem::remove(path);
    }

    /// Loads the vocabulary of a model file.
    Vocabulary(const std::vector<uint8_t> & model, const std::string & chat_template) {
        const auto path = std::filesystem::temp_directory_path() /
                          ("loci-vocabulary-" + std::to_string(counter()++) + ".gguf");
        write_file(path.string(), model);
        load(path.string(), chat_template);
        std::filesystem::remove(path);
    }

    const loci::PlainText & plain() const { return *plain_; }

    llama_token find(const std::string & text) const {
        for (llama_token token = 0; token < api().llama_vocab_n_tokens(handle_); token++) {
            if (api().llama_vocab_get_text(handle_, token) == text) {
                return token;
            }
        }
        FAIL("no token ", text);
        return LLAMA_TOKEN_NULL;
    }

    std::string text_of(const std::vector<llama_token> & tokens) const {
        std::string text;
        for (const llama_token token : tokens) {
            text += loci::piece_of(api(), handle_, token, true);
        }
        return text;
    }

    /// Tokenises a text with llama.cpp itself.
    std::vector<llama_token> raw(const std::string & text) const {
        return loci::tokenize_raw(api(), handle_, text, false);
    }

  private:
    struct Free {
        void operator()(llama_model * model) const { runtime().api().llama_model_free(model); }
    };

    static const loci::Api & api() { return runtime().api(); }
    static int & counter() {
        static int count = 0;
        return count;
    }

    void load(const std::string & path, const std::string & chat_template) {
        llama_model_params parameters = api().llama_model_default_params();
        parameters.vocab_only = true;
        model_.reset(api().llama_model_load_from_file(path.c_str(), parameters));
        REQUIRE_MESSAGE(model_ != nullptr, "the vocabulary does not load");
        handle_ = api().llama_model_get_vocab(model_.get());
        plain_ = std::make_unique<loci::PlainText>(
            api(), handle_, loci::ControlTokens(api(), handle_, chat_template));
    }

    std::unique_ptr<llama_model, Free> model_;
    const llama_vocab * handle_ = nullptr;
    std::unique_ptr<loci::PlainText> plain_;
};

/// Returns the bytes of a model file in which every control token has another type.
inline std::vector<uint8_t> retyped_model(const std::string & path, TokenType type) {
    std::vector<uint8_t> bytes = read_file(path);
    const std::string key = "tokenizer.ggml.token_type";
    const auto found = std::search(bytes.begin(), bytes.end(), key.begin(), key.end());
    REQUIRE_MESSAGE(found != bytes.end(), "the model has no types of tokens");
    // The type of the value, the type of its elements, their number, and the elements.
    auto at = static_cast<size_t>(found - bytes.begin()) + key.size() + 8;
    uint64_t count = 0;
    std::memcpy(&count, bytes.data() + at, sizeof(count));
    at += sizeof(count);
    for (uint64_t i = 0; i < count; i++, at += sizeof(int32_t)) {
        int32_t own = 0;
        std::memcpy(&own, bytes.data() + at, sizeof(own));
        if (own == control) {
            const int32_t other = type;
            std::memcpy(bytes.data() + at, &other, sizeof(other));
        }
    }
    return bytes;
}

} // namespace loci_test
