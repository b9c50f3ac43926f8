#pragma once

#include "policy/parameter_list.h"
#include "policy/policy.h"

namespace loci {

/// Whose queries look at the keys, wherever the score or the allocation asks for attention.
struct Observers {
    Rows rows = Rows::last;
    int window = 32;
    bool self_guided = false;

    void declare(ParameterList & list);

    /// The newest tokens that observe themselves: what they say of each other is no evidence.
    int own_rows() const noexcept;
};

} // namespace loci
