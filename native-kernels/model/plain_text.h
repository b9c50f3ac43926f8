#pragma once

#include "model/control_tokens.h"
#include "runtime/api.h"

#include <string>
#include <vector>

namespace loci {

/// llama.cpp's tokens of a text, without BOS; `special` reads control tokens written in it as such.
/// Throws Error(invalid_argument) where the text is too long.
std::vector<llama_token> tokenize_raw(const Api & api, const llama_vocab * vocabulary,
                                      const std::string & text, bool special);

/// The bytes of a token, those of control tokens where `special`.
std::string piece_of(const Api & api, const llama_vocab * vocabulary, llama_token token,
                     bool special);

/// Reads text as text: what looks like a control token becomes the tokens of its characters, in
/// every kind of vocabulary.
class PlainText {
  public:
    PlainText(const Api & api, const llama_vocab * vocabulary, ControlTokens control);

    /// The tokens of a text; never a control token. Throws Error(invalid_argument) where the text
    /// is too long.
    std::vector<llama_token> tokenize(const std::string & text) const;

    const ControlTokens & control() const noexcept { return control_; }

  private:
    void append(const std::string & text, bool continues, std::vector<llama_token> & tokens) const;
    std::vector<llama_token> tokenize_continuation(const std::string & text) const;
    std::vector<size_t> cuts(const std::string & text,
                             const std::vector<llama_token> & tokens) const;

    const Api & api_;
    const llama_vocab * vocabulary_;
    ControlTokens control_;
    bool adds_blank_; ///< whether the vocabulary puts a blank before every text
};

} // namespace loci
