#include "model/chat_turns.h"

#include <algorithm>
#include <array>

namespace loci {

namespace {

struct Turn {
    const char * role;
    const char * before;
    const char * after;
};

struct Form {
    std::array<const char *, 2> marks; ///< what the template must contain
    std::array<Turn, 3> turns;
    const char * answer; ///< what opens an answer
};

// The first that fits counts.
constexpr Form forms[] = {
    // Gemma 4
    { { "<|turn>", "'<|channel>thought\\n<channel|>'" },
      { { { "system", "<|turn>system\n", "<turn|>\n" },
          { "user", "<|turn>user\n", "<turn|>\n" },
          { "assistant", "<|turn>model\n", "<turn|>\n" } } },
      "<|turn>model\n<|channel>thought\n<channel|>" },
    // Gemma 4 in the sizes that open no channel unasked
    { { "<|turn>", "<turn|>" },
      { { { "system", "<|turn>system\n", "<turn|>\n" },
          { "user", "<|turn>user\n", "<turn|>\n" },
          { "assistant", "<|turn>model\n", "<turn|>\n" } } },
      "<|turn>model\n" },
    // Laguna XS
    { { "\"<user>\\n\"", "</assistant>\\n" },
      { { { "system", "\xE3\x80\x88|EOS|\xE3\x80\x89<system>\n\n", "\n</system>\n" },
          { "user", "<user>\n", "\n</user>\n" },
          { "assistant", "<assistant>\n</think>\n", "\n</assistant>\n" } } },
      "<assistant>\n</think>" },
    // Laguna S
    { { "\"<user>\"", "\"</assistant>\\n\"" },
      { { { "system", "\xE3\x80\x88|EOS|\xE3\x80\x89<system>", "</system>\n" },
          { "user", "<user>", "</user>\n" },
          { "assistant", "<assistant></think>", "</assistant>\n" } } },
      "<assistant></think>" },
};

} // namespace

std::optional<std::string> format_turns(
    const std::string & chat_template,
    const std::vector<std::pair<std::string, std::string>> & turns, bool add_assistant) {
    const auto contains = [&](const char * mark) {
        return chat_template.find(mark) != std::string::npos;
    };
    for (const Form & form : forms) {
        if (!std::all_of(form.marks.begin(), form.marks.end(), contains)) {
            continue;
        }
        std::string text;
        for (const auto & [role, content] : turns) {
            const std::string & name = role;
            const auto turn = std::find_if(form.turns.begin(), form.turns.end(),
                                           [&](const Turn & one) { return name == one.role; });
            if (turn == form.turns.end()) {
                return std::nullopt;
            }
            text += turn->before + content + turn->after;
        }
        return add_assistant ? text + form.answer : text;
    }
    return std::nullopt;
}

} // namespace loci
