#include "model/control_tokens.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace loci {

namespace {

constexpr std::string_view blank_mark = "\xE2\x96\x81"; // U+2581, SentencePiece's blank

bool is_word(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

bool is_blank(char character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
}

bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

bool starts_with(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

std::string_view without_blanks(std::string_view text) {
    for (;;) {
        if (starts_with(text, blank_mark)) {
            text.remove_prefix(blank_mark.size());
        } else if (!text.empty() && is_blank(text.front())) {
            text.remove_prefix(1);
        } else if (!text.empty() && is_blank(text.back())) {
            text.remove_suffix(1);
        } else {
            return text;
        }
    }
}

bool is_html_tag(std::string_view text) {
    // Those that vocabularies hold whole, such as Gemma's.
    constexpr std::array<std::string_view, 27> names = {
        "a",  "b",  "blockquote", "br", "caption", "code",  "div", "em",    "h1",
        "h2", "h3", "h4",         "h5", "h6",      "i",     "li",  "ol",    "p",
        "td", "th", "thead",      "tr", "table",   "tbody", "u",   "tfoot", "strong",
    };
    if (text.size() < 3 || text.front() != '<' || text.back() != '>') {
        return false;
    }
    text = text.substr(1, text.size() - 2);
    if (text.front() == '/') {
        text.remove_prefix(1);
    }
    return std::find(names.begin(), names.end(), text) != names.end();
}

bool is_bracketed(std::string_view text) {
    constexpr std::array<std::pair<char, char>, 4> brackets = { {
        { '<', '>' },
        { '[', ']' },
        { '|', '|' },
        { '{', '}' },
    } };
    return text.size() >= 3 &&
           std::any_of(brackets.begin(), brackets.end(), [&](const auto & pair) {
               return text.front() == pair.first && text.back() == pair.second;
           });
}

std::vector<llama_token> declared_tokens(const Api & api, const llama_vocab * vocabulary) {
    return {
        api.llama_vocab_bos(vocabulary),     api.llama_vocab_eos(vocabulary),
        api.llama_vocab_eot(vocabulary),     api.llama_vocab_sep(vocabulary),
        api.llama_vocab_pad(vocabulary),     api.llama_vocab_mask(vocabulary),
        api.llama_vocab_fim_pre(vocabulary), api.llama_vocab_fim_suf(vocabulary),
        api.llama_vocab_fim_mid(vocabulary), api.llama_vocab_fim_pad(vocabulary),
        api.llama_vocab_fim_rep(vocabulary), api.llama_vocab_fim_sep(vocabulary),
    };
}

} // namespace

bool is_marker(const std::string & text, const std::string & chat_template) {
    const std::string_view core = without_blanks(text);
    const bool speaks = std::any_of(core.begin(), core.end(), is_word);
    if (core.size() < 2 || !speaks) {
        return false;
    }
    const bool punctuated = !std::all_of(core.begin(), core.end(), is_word);
    if (punctuated && chat_template.find(core) != std::string::npos) {
        return true;
    }
    return is_bracketed(core) && !is_html_tag(core);
}

size_t marker_cut(const std::string & marker) {
    for (size_t i = marker.size() - 1; i > 0 && i < marker.size(); i--) {
        if (is_word(marker[i - 1]) && !is_word(marker[i])) {
            return i;
        }
    }
    for (size_t i = 1; i < marker.size(); i++) {
        if (!is_word(marker[i - 1]) && is_word(marker[i])) {
            return i;
        }
    }
    size_t middle = marker.size() / 2;
    while (middle > 0 && continues_character(marker[middle])) {
        middle--;
    }
    return middle;
}

ControlTokens::ControlTokens(const Api & api, const llama_vocab * vocabulary,
                             const std::string & chat_template) {
    const std::vector<llama_token> declared = declared_tokens(api, vocabulary);
    const int count = api.llama_vocab_n_tokens(vocabulary);
    control_.resize(static_cast<size_t>(count), false);
    for (llama_token token = 0; token < count; token++) {
        const char * text = api.llama_vocab_get_text(vocabulary, token);
        if (text == nullptr || without_blanks(text).empty()) {
            continue; // some vocabularies end a turn with an empty line
        }
        const auto attributes = static_cast<unsigned>(api.llama_vocab_get_attr(vocabulary, token));
        const bool user_defined = (attributes & LLAMA_TOKEN_ATTR_USER_DEFINED) != 0;
        control_[static_cast<size_t>(token)] =
            (attributes & LLAMA_TOKEN_ATTR_CONTROL) != 0 ||
            api.llama_vocab_is_eog(vocabulary, token) ||
            std::find(declared.begin(), declared.end(), token) != declared.end() ||
            (user_defined && is_marker(text, chat_template));
    }
}

} // namespace loci
