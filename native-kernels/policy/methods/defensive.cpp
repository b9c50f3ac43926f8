#include "policy/methods/defensive.h"

#include <algorithm>

namespace loci {

Defensive::Defensive() {
    observers.rows = Rows::last;
    observers.window = 32;
    attention.aggregate = Aggregate::maximum;
    attention.pool = 7;
    values.term = ValueTerm::l1;
}

LayerScore Defensive::score(const LayerCandidates & layer, const ScorePlace &) const {
    LayerScore score = attention_score(attention, layer);
    if (defend) {
        raise_to_mean(layer, score.rank);
    }
    weigh_by_values(values, attention.aggregate, layer, score.rank);
    return score;
}

void Defensive::reserve(const LayerCandidates & layer, const std::vector<float> &, int rows,
                        std::vector<uint8_t> & kept) const {
    reserve_mass(mass, layer, rows, kept);
}

PolicyNeeds Defensive::reads() const {
    PolicyNeeds needs = ValueEviction::reads();
    std::vector<Statistic> & all = needs.attention.statistics;
    if (mass > 0.0 && std::find(all.begin(), all.end(), Statistic::sum) == all.end()) {
        all.push_back(Statistic::sum);
    }
    return needs;
}

void Defensive::declare_own(ParameterList & list) {
    ValueEviction::declare_own(list);
    list.word<bool>("defend", defend, { { "no", false }, { "yes", true } },
                    "Whether no token scores below its head's mean.");
    list.real("mass", mass, 0, 1, "The share of the mean attention whose tokens come first.");
}

const MethodEntry defensive_method = { "defensive", make_method<Defensive> };

} // namespace loci
