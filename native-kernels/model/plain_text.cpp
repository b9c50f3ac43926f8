#include "model/plain_text.h"

#include "core/error.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>

namespace loci {

namespace {

// What may stand before a text so that its first word is not one at a beginning. One that no
// vocabulary merges with what follows comes first.
constexpr const char * leads[] = { "\n", "\x02", "|" };

} // namespace

std::vector<llama_token> tokenize_raw(const Api & api, const llama_vocab * vocabulary,
                                      const std::string & text, bool special) {
    constexpr size_t most = static_cast<size_t>(std::numeric_limits<int32_t>::max()) / 4;
    std::vector<llama_token> tokens(text.size() / 2 + 16);
    for (int attempt = 0; attempt < 2 && text.size() <= most; attempt++) {
        const int count =
            api.llama_tokenize(vocabulary, text.data(), static_cast<int32_t>(text.size()),
                               tokens.data(), static_cast<int32_t>(tokens.size()), false, special);
        if (count >= 0) {
            tokens.resize(static_cast<size_t>(count));
            return tokens;
        }
        if (count == std::numeric_limits<int32_t>::min()) {
            break;
        }
        tokens.resize(static_cast<size_t>(-static_cast<int64_t>(count)));
    }
    throw Error(ErrorCode::invalid_argument, "The text is too long to be read at once.");
}

std::string piece_of(const Api & api, const llama_vocab * vocabulary, llama_token token,
                     bool special) {
    std::string bytes(64, '\0');
    for (int attempt = 0; attempt < 2; attempt++) {
        const int count = api.llama_token_to_piece(vocabulary, token, bytes.data(),
                                                   static_cast<int32_t>(bytes.size()), 0, special);
        if (count >= 0) {
            bytes.resize(static_cast<size_t>(count));
            return bytes;
        }
        bytes.resize(static_cast<size_t>(-static_cast<int64_t>(count)));
    }
    return {};
}

PlainText::PlainText(const Api & api, const llama_vocab * vocabulary, ControlTokens control)
    : api_(api), vocabulary_(vocabulary), control_(std::move(control)), adds_blank_(false) {
    const std::vector<llama_token> letter = tokenize_raw(api_, vocabulary_, "a", false);
    adds_blank_ =
        !letter.empty() && piece_of(api_, vocabulary_, letter.front(), false).rfind(' ', 0) == 0;
}

std::vector<llama_token> PlainText::tokenize(const std::string & text) const {
    std::vector<llama_token> tokens;
    append(text, false, tokens);
    return tokens;
}

// Appends the tokens of a text, cut wherever a control token came out of it. Each cut shortens what
// is read next, so this ends.
void PlainText::append(const std::string & text, bool continues,
                       std::vector<llama_token> & tokens) const {
    const std::vector<llama_token> read =
        continues ? tokenize_continuation(text) : tokenize_raw(api_, vocabulary_, text, false);
    const auto is_control = [&](llama_token token) { return control_.contains(token); };
    if (std::none_of(read.begin(), read.end(), is_control)) {
        tokens.insert(tokens.end(), read.begin(), read.end());
        return;
    }
    const std::vector<size_t> places = cuts(text, read);
    if (places.empty()) { // a single character
        std::copy_if(read.begin(), read.end(), std::back_inserter(tokens),
                     [&](llama_token token) { return !is_control(token); });
        return;
    }
    size_t begin = 0;
    for (const size_t place : places) {
        append(text.substr(begin, place - begin), continues || begin > 0, tokens);
        begin = place;
    }
    append(text.substr(begin), true, tokens);
}

// Vocabularies that put a blank before every text must not put one in the middle of it.
std::vector<llama_token> PlainText::tokenize_continuation(const std::string & text) const {
    if (adds_blank_) {
        for (const std::string lead : leads) {
            std::vector<llama_token> read = tokenize_raw(api_, vocabulary_, lead + text, false);
            size_t taken = 0;
            std::string before;
            while (taken < read.size() && before.size() <= lead.size()) {
                before += piece_of(api_, vocabulary_, read[taken++], true);
            }
            if (before == " " + lead) {
                read.erase(read.begin(), read.begin() + static_cast<std::ptrdiff_t>(taken));
                return read;
            }
        }
    }
    return tokenize_raw(api_, vocabulary_, text, false);
}

// Places inside of every control token that came out, ascending; where none stands in the text as
// it is written, since a normaliser made it, the text's middle.
std::vector<size_t> PlainText::cuts(const std::string & text,
                                    const std::vector<llama_token> & tokens) const {
    std::set<std::string> markers;
    for (const llama_token token : tokens) {
        if (control_.contains(token)) {
            markers.insert(api_.llama_vocab_get_text(vocabulary_, token));
            markers.insert(piece_of(api_, vocabulary_, token, true));
        }
    }
    std::set<size_t> places;
    for (const std::string & marker : markers) {
        const size_t inside = marker.empty() ? 0 : marker_cut(marker);
        for (size_t at = inside == 0 ? std::string::npos : text.find(marker);
             at != std::string::npos; at = text.find(marker, at + 1)) {
            places.insert(at + inside);
        }
    }
    if (places.empty()) {
        const size_t middle = text.empty() ? 0 : marker_cut(text);
        if (middle > 0) {
            places.insert(middle);
        }
    }
    return { places.begin(), places.end() };
}

} // namespace loci
