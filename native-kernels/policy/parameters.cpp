#include "policy/parameters.h"

#include "core/error.h"

#include <cmath>
#include <locale>
#include <sstream>

namespace loci {

namespace {

std::string plain(double value) {
    std::ostringstream text;
    text << value;
    return text.str();
}

// The number that a text is; NaN where it is none.
double number_of(const std::string & text) {
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    double value = 0.0;
    stream >> value;
    return stream && stream.peek() == std::istringstream::traits_type::eof() ? value : NAN;
}

std::string range_of(const ParameterSpec & spec) {
    const char * kind = spec.kind == NumberKind::whole ? "a whole number from "
                        : spec.kind == NumberKind::odd ? "an odd number from "
                                                       : "from ";
    return kind + plain(spec.minimum) + " to " + plain(spec.maximum);
}

bool is_of_kind(double value, NumberKind kind) {
    switch (kind) {
        case NumberKind::real: return true;
        case NumberKind::whole: return value == std::floor(value);
        case NumberKind::odd: return std::fmod(value, 2.0) == 1.0;
    }
    return false;
}

std::string names_of(const std::vector<ParameterSpec> & specs) {
    std::string names;
    for (const ParameterSpec & spec : specs) {
        names += (names.empty() ? "" : ", ") + std::string(spec.name) + " (" + range_of(spec) + ")";
    }
    return names;
}

} // namespace

std::vector<double> resolve_parameters(const char * policy,
                                       const std::vector<ParameterSpec> & specs,
                                       const PolicyParameters & given) {
    std::vector<double> values;
    for (const ParameterSpec & spec : specs) {
        values.push_back(spec.value);
    }
    for (const auto & [name, text] : given) {
        const double value = number_of(text);
        size_t index = 0;
        while (index < specs.size() && name != specs[index].name) {
            index++;
        }
        if (index == specs.size()) {
            throw Error(
                ErrorCode::invalid_argument,
                std::string("The policy ") + policy + " has no parameter \"" + name +
                    (specs.empty() ? "\"; it has none." : "\"; it has " + names_of(specs) + "."));
        }
        const ParameterSpec & spec = specs[index];
        const bool inside = value >= spec.minimum && value <= spec.maximum; // false for NaN
        if (!inside || !is_of_kind(value, spec.kind)) {
            throw Error(ErrorCode::invalid_argument, std::string("The parameter ") + name +
                                                         " of the policy " + policy + " must be " +
                                                         range_of(spec) + ", not " + text + ".");
        }
        values[index] = value;
    }
    return values;
}

} // namespace loci
