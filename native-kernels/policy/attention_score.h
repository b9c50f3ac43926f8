#pragma once

#include "policy/parameter_list.h"
#include "policy/score.h"

#include <vector>

namespace loci {

/// How the attention of the observing rows becomes one number, with A as in `Statistic`: the mean
/// over the rows, the L2 norm, the maximum, CAKE's mean + 200 * variance, or the group's mean of
/// each query head's L2 norm times the norm of its projected value (`apart`).
enum class Aggregate { mean, l2, maximum, variance, apart };

/// The parts of a score by attention.
struct Attention {
    Aggregate aggregate = Aggregate::mean;
    int pool = 1;
    bool pool_maximum = false;
    double carry = 1.0;

    void declare(ParameterList & list);
};

/// Returns the attention statistics that `aggregate` needs.
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

/// Aggregates the observing rows into one number per slot.
std::vector<float> aggregated(Aggregate aggregate, const LayerCandidates & layer);

/// Pools each head's row; values that are not finite stay in their slots.
std::vector<float> pooled(const std::vector<float> & in, const LayerCandidates & layer, int width,
                          bool maximum);

/// Sets each slot's evidence to the larger of itself and `carry` times the carried evidence.
void join_carried(double carry, const LayerCandidates & layer, std::vector<float> & evidence);

/// Replaces each head's evidence by the mean over the heads, so that all heads of a layer hold the
/// same tokens.
void share_heads(const LayerCandidates & layer, std::vector<float> & evidence);

/// Raises every slot's score to at least its head's mean.
void raise_to_mean(const LayerCandidates & layer, std::vector<float> & score);

/// Declares `carry`, for methods with their own score by attention.
void declare_carry(ParameterList & list, double & carry);

} // namespace loci
