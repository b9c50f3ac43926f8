#pragma once

#include "policy/policy.h"

#include <string>
#include <vector>

namespace loci {

enum class ParameterKind { real, whole, odd, word };

/// One parameter of a policy: its default as written, and the values it takes.
struct ParameterSpec {
    const char * name;
    const char * value;
    ParameterKind kind;
    double minimum = 0.0;
    double maximum = 0.0;
    /// Of kind `word`.
    std::vector<const char *> words = {};
};

/// Parameters that hold what their specs allow.
class Parameters {
  public:
    /// The defaults of `specs`, then `given` in their order; the last of a name wins. Throws
    /// Error(invalid_argument), listing the valid names or values, for an unknown name and for a
    /// value that its parameter does not take. `policy` is named in the sentence.
    Parameters(const std::string & policy, const std::vector<ParameterSpec> & specs,
               const PolicyParameters & given);

    // Of a name that is among the specs.
    double number(const char * name) const;
    int whole(const char * name) const;
    const std::string & word(const char * name) const;

  private:
    PolicyParameters values_;
};

} // namespace loci
