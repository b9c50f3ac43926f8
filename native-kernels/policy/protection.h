#pragma once

#include "policy/parameter_list.h"
#include "policy/policy.h"

#include <array>
#include <cstdint>
#include <vector>

namespace loci {

/// How a token's unit (a line or the head of a declaration) raises its score.
struct Units {
    double share = 0.0;
    bool whole = false;
    double raise = 1.0;
    double raise_path = 1.0;
    double raise_import = 1.0;
    double raise_signature = 1.0;
    double raise_type = 1.0;
    double raise_value = 1.0;
    double raise_return = 1.0;

    void declare(ParameterList & list);

    /// Returns the factor of each class of unit, in the order of `TokenStructure::raised`; the
    /// first, for no class, is 1.
    std::array<float, 7> factors() const noexcept;
};

/// Raises scores by the unit of their tokens: first by the factor of the unit's class, then to at
/// least `share` times the mean of the unit in that head, so that a line is kept or evicted with
/// its newline. All tokens of `whole` units get their mean. Before that, scores are shifted up by
/// `least`, the lowest negative score of the model's whole layer. Does nothing without a structure.
void raise_units(const Units & units, const TokenStructure * structure,
                 const LayerCandidates & layer, float least, std::vector<float> & rank);

/// Returns the lowest finite score, or 0 if none is negative.
float lowest_score(const std::vector<float> & rank) noexcept;

/// The tokens that stay regardless of their scores.
struct Protection {
    int sinks = 0;
    int recent = -1;
    double quota = 0.0;

    void declare(ParameterList & list);

    /// Returns the number of newest tokens that stay: `recent`, or else the rows that observe
    /// themselves, or else 32.
    int newest(int own_rows) const noexcept;
};

/// Marks the best tokens of every file as `reserved`: in total the share `quota` of `rows` per
/// head, divided in proportion to the square roots of the files' lengths so far. Marks nothing
/// without a structure. `kept` is [kv_heads][slots] of `Keep`.
void reserve_quotas(double quota, const TokenStructure * structure, const LayerCandidates & layer,
                    const std::vector<float> & rank, int rows, std::vector<uint8_t> & kept);

/// CriticalKV's first stage (arXiv 2502.03805): marks the best `share` of `rows` by evidence, that
/// is, by attention alone.
void reserve_critical(double share, const LayerCandidates & layer,
                      const std::vector<float> & evidence, int rows, std::vector<uint8_t> & kept);

/// DefensiveKV (arXiv 2510.13334): marks the tokens that together receive the share `mass` of the
/// mean attention, at most `rows`. Marks nothing without attention.
void reserve_mass(double mass, const LayerCandidates & layer, int rows,
                  std::vector<uint8_t> & kept);

} // namespace loci
