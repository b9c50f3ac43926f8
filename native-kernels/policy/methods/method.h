#pragma once

#include "policy/parameter_list.h"
#include "policy/policy.h"

#include <memory>
#include <vector>

namespace loci {

/// A named policy with parameters. The fields hold the defaults until `configure`.
class Method : public Policy {
  public:
    const char * name() const noexcept final { return name_; }

    /// Sets the name, which must outlive the method, and overrides defaults by `given`. Call once.
    /// Throws Error(invalid_argument), listing what is valid, for an unknown name or a refused
    /// value.
    void configure(const char * name, const PolicyParameters & given);

    /// Describes the parameters and their defaults; call before `configure`.
    std::vector<ParameterDescription> parameters();

  protected:
    /// Declares every parameter.
    virtual void declare(ParameterList & list) = 0;

    /// Throws Error(invalid_argument) if parameters contradict each other.
    virtual void check() const {}

  private:
    const char * name_ = "";
};

/// A method's name and factory; methods/registry.h lists all entries.
struct MethodEntry {
    const char * name;
    std::unique_ptr<Method> (*make)();
};

template <typename Made>
std::unique_ptr<Method> make_method() {
    return std::make_unique<Made>();
}

} // namespace loci
