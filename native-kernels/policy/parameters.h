#pragma once

#include "policy/policy.h"

#include <string>
#include <vector>

namespace loci {

enum class NumberKind { real, whole, odd };

/// One parameter of a policy: its default and the values it takes.
struct ParameterSpec {
    const char * name;
    double value;
    double minimum;
    double maximum;
    NumberKind kind;
};

/// The values of `specs`, in their order, with those of `given` in place of the defaults (the last
/// wins). Throws Error(invalid_argument), listing the valid names or values, for an unknown name
/// and for a value outside its range or of the wrong kind.
std::vector<double> resolve_parameters(const char * policy,
                                       const std::vector<ParameterSpec> & specs,
                                       const PolicyParameters & given);

} // namespace loci
