#pragma once

#include "policy/parameter_list.h"
#include "policy/policy.h"

namespace loci {

/// The rows whose queries are observed when the score or the allocation needs attention.
struct Observers {
    Rows rows = Rows::last;
    int window = 32;
    bool self_guided = false;

    void declare(ParameterList & list);

    /// The number of newest tokens that observe themselves; their attention is no evidence.
    int own_rows() const noexcept;
};

} // namespace loci
