#pragma once

#include "policy/attention_score.h"
#include "policy/parameter_list.h"
#include "policy/policy.h"

#include <vector>

namespace loci {

/// What the attention is multiplied by: nothing, |v|^2, or of v W_O^h the L2 or the L1 norm.
enum class ValueTerm { none, squared, projected, l1 };

struct Values {
    ValueTerm term = ValueTerm::none;
    double epsilon = 0.0;
    int pool = 1;

    void declare(ParameterList & list);
};

/// Declares `value` and `epsilon` alone.
void declare_value(ParameterList & list, ValueTerm & term, double & epsilon);

/// What must be known of the values for the term; with `Aggregate::apart` head by head.
ValueNeed need_of(ValueTerm term, Aggregate aggregate = Aggregate::mean);

/// score_i = (score_i + epsilon) * g_i with g the average pool of the value term; of |v|^2, as
/// AhaKV has it, score_i * g_i / max(g) over the head. With `Aggregate::apart` the values are in
/// the score already.
void weigh_by_values(const Values & values, Aggregate aggregate, const LayerCandidates & layer,
                     std::vector<float> & score);

} // namespace loci
