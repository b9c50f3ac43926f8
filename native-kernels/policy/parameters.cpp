#include "policy/parameters.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <locale>
#include <sstream>

namespace loci {

namespace {

std::string plain(double value) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << std::setprecision(12) << value;
    return text.str();
}

// NaN where the text is no number.
double number_of(const std::string & text) {
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    double value = 0.0;
    stream >> value;
    return stream && stream.peek() == std::istringstream::traits_type::eof() ? value : NAN;
}

std::string range_of(const ParameterSpec & spec) {
    if (spec.kind == ParameterKind::word) {
        std::string words;
        for (const char * word : spec.words) {
            words += (words.empty() ? "" : ", ") + std::string(word);
        }
        return "one of " + words;
    }
    const char * kind = spec.kind == ParameterKind::whole ? "a whole number from "
                        : spec.kind == ParameterKind::odd ? "an odd number from "
                                                          : "from ";
    return kind + plain(spec.minimum) + " to " + plain(spec.maximum);
}

bool takes(const ParameterSpec & spec, const std::string & text) {
    if (spec.kind == ParameterKind::word) {
        return std::any_of(spec.words.begin(), spec.words.end(),
                           [&](const char * word) { return text == word; });
    }
    const double value = number_of(text);
    if (!(value >= spec.minimum && value <= spec.maximum)) { // also for NaN
        return false;
    }
    switch (spec.kind) {
        case ParameterKind::whole: return value == std::floor(value);
        case ParameterKind::odd: return std::fmod(value, 2.0) == 1.0;
        default: return true;
    }
}

std::string names_of(const std::vector<ParameterSpec> & specs) {
    std::string names;
    for (const ParameterSpec & spec : specs) {
        names += (names.empty() ? "" : ", ") + std::string(spec.name) + " (" + range_of(spec) + ")";
    }
    return names;
}

Error unknown_name(const std::string & policy, const std::string & name,
                   const std::vector<ParameterSpec> & specs) {
    const std::string valid = specs.empty() ? "it has none." : "it has " + names_of(specs) + ".";
    return { ErrorCode::invalid_argument,
             "The policy " + policy + " has no parameter \"" + name + "\"; " + valid };
}

Error wrong_value(const std::string & policy, const ParameterSpec & spec,
                  const std::string & text) {
    return { ErrorCode::invalid_argument, "The parameter " + std::string(spec.name) +
                                              " of the policy " + policy + " must be " +
                                              range_of(spec) + ", not " + text + "." };
}

} // namespace

Parameters::Parameters(const std::string & policy, const std::vector<ParameterSpec> & specs,
                       const PolicyParameters & given) {
    for (const ParameterSpec & spec : specs) {
        values_.emplace_back(spec.name, spec.value);
    }
    for (const auto & [name, text] : given) {
        size_t index = 0;
        while (index < specs.size() && name != specs[index].name) {
            index++;
        }
        if (index == specs.size()) {
            throw unknown_name(policy, name, specs);
        }
        if (!takes(specs[index], text)) {
            throw wrong_value(policy, specs[index], text);
        }
        values_[index].second = text;
    }
}

const std::string & Parameters::word(const char * name) const {
    const auto found = std::find_if(values_.begin(), values_.end(),
                                    [&](const auto & pair) { return pair.first == name; });
    require(found != values_.end(), "a parameter that no policy has");
    return found->second;
}

double Parameters::number(const char * name) const {
    return number_of(word(name));
}

int Parameters::whole(const char * name) const {
    return static_cast<int>(number(name));
}

} // namespace loci
