#pragma once

#include "policy/policy.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace loci {

/// The parameters of one policy. Each is declared once and bound to the field with its default; the
/// declaration creates the parser, the range check and the description. The fields must outlive the
/// list and must not move.
class ParameterList {
  public:
    void whole(const char * name, int & field, int minimum, int maximum, const char * help);
    void whole(const char * name, uint32_t & field, const char * help);
    void odd(const char * name, int & field, int minimum, int maximum, const char * help);
    void real(const char * name, double & field, double minimum, double maximum, const char * help);

    template <typename Value>
    using Words = std::vector<std::pair<const char *, Value>>;

    /// Declares a parameter that is one of several words, each of which stands for a value.
    template <typename Value>
    void word(const char * name, Value & field, const Words<Value> & words, const char * help) {
        std::string own;
        std::string all;
        for (const auto & [text, value] : words) {
            all += (all.empty() ? "" : ", ") + std::string(text);
            own = value == field ? text : own;
        }
        add({ name, own, "one of " + all, help }, [&field, words](const std::string & given) {
            for (const auto & [text, value] : words) {
                if (given == text) {
                    field = value;
                    return true;
                }
            }
            return false;
        });
    }

    /// Assigns `given` to the fields in order; the last value of a name wins. Throws
    /// Error(invalid_argument), naming `policy`, for an undeclared name (listing the declared ones)
    /// and for a value that the parameter does not accept.
    void set(const std::string & policy, const PolicyParameters & given) const;

    /// Describes the parameters in the order of declaration, with their defaults.
    std::vector<ParameterDescription> described() const;

  private:
    /// Parses the text into the field; false if the parameter does not accept it.
    using Read = std::function<bool(const std::string & text)>;

    struct Parameter {
        ParameterDescription description;
        Read read;
    };

    void add(const ParameterDescription & description, const Read & read);

    std::vector<Parameter> parameters_;
};

} // namespace loci
