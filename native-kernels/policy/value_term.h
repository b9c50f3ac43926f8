#pragma once

#include "policy/attention_score.h"
#include "policy/parameter_list.h"
#include "policy/policy.h"

#include <vector>

namespace loci {

/// The factor of the attention: none, |v|^2, or the L2 or L1 norm of v W_O^h.
enum class ValueTerm { none, squared, projected, l1 };

struct Values {
    ValueTerm term = ValueTerm::none;
    double epsilon = 0.0;
    int pool = 1;

    void declare(ParameterList & list);
};

/// Declares only `value` and `epsilon`.
void declare_value(ParameterList & list, ValueTerm & term, double & epsilon);

/// Returns what the term needs of the values; one per head with `Aggregate::apart`.
ValueNeed need_of(ValueTerm term, Aggregate aggregate = Aggregate::mean);

/// Multiplies scores: score_i = (score_i + epsilon) * g_i, where g is the average pool of the value
/// term; for |v|^2, as in AhaKV, score_i * g_i / max(g) over the head. With `Aggregate::apart`, the
/// score already contains the values.
void weigh_by_values(const Values & values, Aggregate aggregate, const LayerCandidates & layer,
                     std::vector<float> & score);

} // namespace loci
