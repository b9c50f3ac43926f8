#include "policy/parameter_list.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
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

// Returns NaN if the text is not a number.
double number_of(const std::string & text) {
    std::istringstream stream(text);
    stream.imbue(std::locale::classic());
    double value = 0.0;
    stream >> value;
    return stream && stream.peek() == std::istringstream::traits_type::eof() ? value : NAN;
}

// Returns NaN if the text is not a number within the range.
double number_within(const std::string & text, double minimum, double maximum) {
    const double value = number_of(text);
    return value >= minimum && value <= maximum ? value : NAN;
}

std::string range_of(const char * kind, double minimum, double maximum) {
    return std::string(kind) + "from " + plain(minimum) + " to " + plain(maximum);
}

Error unknown_name(const std::string & policy, const std::string & name,
                   const std::vector<ParameterDescription> & parameters) {
    std::ostringstream text;
    text << "The policy " << policy << " has no parameter \"" << name << "\"; it has ";
    for (size_t i = 0; i < parameters.size(); i++) {
        text << (i == 0 ? "" : ", ") << parameters[i].name;
    }
    text << '.';
    return { ErrorCode::invalid_argument, text.str() };
}

Error wrong_value(const std::string & policy, const ParameterDescription & parameter,
                  const std::string & given) {
    std::ostringstream text;
    text << "The parameter " << parameter.name << " of the policy " << policy << " must be "
         << parameter.range << ", not " << given << '.';
    return { ErrorCode::invalid_argument, text.str() };
}

} // namespace

void ParameterList::whole(const char * name, int & field, int minimum, int maximum,
                          const char * help) {
    add({ name, plain(field), range_of("a whole number ", minimum, maximum), help },
        [&field, minimum, maximum](const std::string & text) {
            const double value = number_within(text, minimum, maximum);
            if (value != std::floor(value)) { // also for NaN
                return false;
            }
            field = static_cast<int>(value);
            return true;
        });
}

void ParameterList::whole(const char * name, uint32_t & field, const char * help) {
    constexpr double most = std::numeric_limits<uint32_t>::max();
    add({ name, plain(field), range_of("a whole number ", 0.0, most), help },
        [&field](const std::string & text) {
            const double value = number_within(text, 0.0, most);
            if (value != std::floor(value)) {
                return false;
            }
            field = static_cast<uint32_t>(value);
            return true;
        });
}

void ParameterList::odd(const char * name, int & field, int minimum, int maximum,
                        const char * help) {
    add({ name, plain(field), range_of("an odd number ", minimum, maximum), help },
        [&field, minimum, maximum](const std::string & text) {
            const double value = number_within(text, minimum, maximum);
            if (std::fmod(value, 2.0) != 1.0) {
                return false;
            }
            field = static_cast<int>(value);
            return true;
        });
}

void ParameterList::real(const char * name, double & field, double minimum, double maximum,
                         const char * help) {
    add({ name, plain(field), range_of("a number ", minimum, maximum), help },
        [&field, minimum, maximum](const std::string & text) {
            const double value = number_within(text, minimum, maximum);
            if (std::isnan(value)) {
                return false;
            }
            field = value;
            return true;
        });
}

void ParameterList::add(const ParameterDescription & description, const Read & read) {
    for (const Parameter & parameter : parameters_) {
        require(parameter.description.name != description.name, "a parameter is declared twice");
    }
    parameters_.push_back({ description, read });
}

void ParameterList::set(const std::string & policy, const PolicyParameters & given) const {
    for (const auto & [name, text] : given) {
        const auto found =
            std::find_if(parameters_.begin(), parameters_.end(), [&name = name](const auto & each) {
                return each.description.name == name;
            });
        if (found == parameters_.end()) {
            throw unknown_name(policy, name, described());
        }
        if (!found->read(text)) {
            throw wrong_value(policy, found->description, text);
        }
    }
}

std::vector<ParameterDescription> ParameterList::described() const {
    std::vector<ParameterDescription> all;
    for (const Parameter & parameter : parameters_) {
        all.push_back(parameter.description);
    }
    return all;
}

} // namespace loci
