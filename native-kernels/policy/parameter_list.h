#pragma once

#include "policy/policy.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace loci {

/// The parameters of one policy. Each is declared once, bound to the field that holds its default;
/// the declaration makes the parser, the check of the range, and the description. The fields must
/// outlive the list and stay where they are.
class ParameterList {
  public:
    void whole(const char * name, int & field, int minimum, int maximum, const char * help);
    void whole(const char * name, uint32_t & field, const char * help);
    void odd(const char * name, int & field, int minimum, int maximum, const char * help);
    void real(const char * name, double & field, double minimum, double maximum, const char * help);

    template <typename Value>
    using Words = std::vector<std::pair<const char *, Value>>;

    /// One of several words, each of which stands for a value.
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

    /// Puts `given` into the fields, in their order; the last of a name wins. `policy` is named in
    /// the sentence of a refusal. Throws Error(invalid_argument) for a name that was not declared,
    /// with those that were, and for a value that its parameter does not take.
    void set(const std::string & policy, const PolicyParameters & given) const;

    /// What was declared, in its order, with the defaults.
    std::vector<ParameterDescription> described() const;

  private:
    /// Puts the text into the field; false where the parameter does not take it.
    using Read = std::function<bool(const std::string & text)>;

    struct Parameter {
        ParameterDescription description;
        Read read;
    };

    void add(const ParameterDescription & description, const Read & read);

    std::vector<Parameter> parameters_;
};

} // namespace loci
