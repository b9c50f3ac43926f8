#include "policy/value_term.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

// Considers only finite values; returns 0 if none is above 0.
float one_over_largest(const std::vector<float> & values, size_t begin, size_t end) {
    float most = 0.0f;
    for (size_t i = begin; i < end; i++) {
        most = std::isfinite(values[i]) ? std::max(most, values[i]) : most;
    }
    return most > 0.0f ? 1.0f / most : 0.0f;
}

} // namespace

void declare_value(ParameterList & list, ValueTerm & term, double & epsilon) {
    list.word<ValueTerm>("value", term,
                         { { "none", ValueTerm::none },
                           { "squared", ValueTerm::squared },
                           { "projected", ValueTerm::projected },
                           { "l1", ValueTerm::l1 } },
                         "What the attention is multiplied by: nothing, the value's squared norm, "
                         "or the L2 or L1 norm of the projected value.");
    list.real("epsilon", epsilon, 0, 1, "Added to the attention before it meets the value.");
}

void Values::declare(ParameterList & list) {
    declare_value(list, term, epsilon);
    list.odd("value-pool", pool, 1, 63, "Over how many neighbours the values are averaged.");
}

ValueNeed need_of(ValueTerm term, Aggregate aggregate) {
    switch (term) {
        case ValueTerm::none: break;
        case ValueTerm::squared: return ValueNeed::squared_norm;
        case ValueTerm::projected:
            return aggregate == Aggregate::apart ? ValueNeed::projected_apart
                                                 : ValueNeed::projected_norm;
        case ValueTerm::l1: return ValueNeed::projected_l1;
    }
    return ValueNeed::none;
}

void weigh_by_values(const Values & values, Aggregate aggregate, const LayerCandidates & layer,
                     std::vector<float> & score) {
    if (values.term == ValueTerm::none || aggregate == Aggregate::apart) {
        return;
    }
    const std::vector<float> prior = pooled(layer.value, layer, values.pool, false);
    const auto epsilon = static_cast<float>(values.epsilon);
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t base = 0; base < score.size(); base += slots) {
        const float factor =
            values.term == ValueTerm::squared ? one_over_largest(prior, base, base + slots) : 1.0f;
        for (size_t i = base; i < base + slots; i++) {
            score[i] = (score[i] + epsilon) * (prior[i] * factor);
        }
    }
}

} // namespace loci
