#pragma once

#include "runtime/api.h"

#include <string>
#include <vector>

namespace loci {

/// Whether a token of this text structures prompts rather than stands for text: `<|im_start|>`,
/// `[INST]`, `<fim_middle>`, or what else the chat template writes between turns. Runs of blanks
/// and HTML tags, which some vocabularies hold whole, are text.
bool is_marker(const std::string & text, const std::string & chat_template);

/// Where to cut a marker so that neither half is one and the halves become the tokens that the
/// whole would become as text: before the punctuation that closes it, where every pre-tokeniser
/// begins a piece anyway. 0 where it is a single character.
size_t marker_cut(const std::string & marker);

/// The tokens of one vocabulary that act as control tokens, whatever type the model file gives
/// them: many fine-tunes declare theirs user-defined, and llama.cpp finds those in any text.
class ControlTokens {
  public:
    ControlTokens() = default;
    ControlTokens(const Api & api, const llama_vocab * vocabulary,
                  const std::string & chat_template);

    bool contains(llama_token token) const noexcept {
        return token >= 0 && static_cast<size_t>(token) < control_.size() &&
               control_[static_cast<size_t>(token)];
    }

  private:
    std::vector<bool> control_;
};

} // namespace loci
