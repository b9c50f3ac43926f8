#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace loci {

/// Chat turns (role and content) in a form that llama.cpp's list of templates lacks, recognised by
/// what a template contains; the template is never executed. `add_assistant` opens an answer
/// without thoughts. None for a template of another form, or a role that the form does not have.
std::optional<std::string> format_turns(
    const std::string & chat_template,
    const std::vector<std::pair<std::string, std::string>> & turns, bool add_assistant);

} // namespace loci
