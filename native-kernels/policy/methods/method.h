#pragma once

#include "policy/parameter_list.h"
#include "policy/policy.h"

#include <memory>
#include <vector>

namespace loci {

/// A policy under its name, with its parameters. The fields hold the defaults until `configure`.
class Method : public Policy {
  public:
    const char * name() const noexcept final { return name_; }

    /// Takes its name, which must outlive it, and puts `given` in place of the defaults; once.
    /// Throws Error(invalid_argument) for what it does not have or take, with the valid ones.
    void configure(const char * name, const PolicyParameters & given);

    /// What it has, with the defaults; before `configure`.
    std::vector<ParameterDescription> parameters();

  protected:
    /// Declares every parameter.
    virtual void declare(ParameterList & list) = 0;

    /// Throws Error(invalid_argument) where parameters contradict each other.
    virtual void check() const {}

  private:
    const char * name_ = "";
};

/// How a method is found and made; methods/registry.h lists them.
struct MethodEntry {
    const char * name;
    std::unique_ptr<Method> (*make)();
};

template <typename Made>
std::unique_ptr<Method> make_method() {
    return std::make_unique<Made>();
}

} // namespace loci
