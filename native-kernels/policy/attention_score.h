#pragma once

#include "policy/parameter_list.h"
#include "policy/score.h"

#include <vector>

namespace loci {

/// How the attention of the observing rows becomes one number; with A as in `Statistic`: the mean
/// over the rows, the L2 norm over them, the largest, CAKE's mean + 200 * variance, or the L2 norm
/// times the norm of the projected value, query head by query head, and the group's mean of that.
enum class Aggregate { mean, l2, maximum, variance, apart };

/// What a score by attention consists of.
struct Attention {
    Aggregate aggregate = Aggregate::mean;
    int pool = 1;
    bool pool_maximum = false;
    double carry = 1.0;

    void declare(ParameterList & list);
};

/// The statistics of the attention that `aggregate` is made of.
std::vector<Statistic> statistics_of(Aggregate aggregate);

/// The family of SnapKV, CAKE, CriticalKV, LaProx, DefensiveKV and KVzip:
///
///     e_i = pool(aggregate over the observing rows of the attention to slot i)
///     e_i = max(carry * carried_i, e_i)
///
/// which is both what decides and what is carried. Deviation from the papers, which compress once:
/// in a stream the newest window alone would turn the cache into a recency cache, so a survivor
/// keeps the evidence that earlier windows gave for it. carry 0 scores anew every time. Pooling
/// runs over the slots that are still held, and after the aggregation (DefensiveKV pools each row
/// before it). Where no attention was observed, the evidence is what is carried.
LayerScore attention_score(const Attention & attention, const LayerCandidates & layer);

/// One number per slot out of the observing rows.
std::vector<float> aggregated(Aggregate aggregate, const LayerCandidates & layer);

/// Every head's row pooled; what is not finite stays so in its own slot.
std::vector<float> pooled(const std::vector<float> & in, const LayerCandidates & layer, int width,
                          bool maximum);

/// Each slot's evidence becomes the larger of its own and `carry` times what it carried.
void join_carried(double carry, const LayerCandidates & layer, std::vector<float> & evidence);

/// The mean over the heads in place of each head's, so that a layer's heads hold the same tokens.
void share_heads(const LayerCandidates & layer, std::vector<float> & evidence);

/// No slot scores below its head's mean.
void raise_to_mean(const LayerCandidates & layer, std::vector<float> & score);

/// Declares `carry`, for the methods that score by attention in their own way.
void declare_carry(ParameterList & list, double & carry);

} // namespace loci
