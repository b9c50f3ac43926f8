#pragma once

#include "policy/parameter_list.h"
#include "policy/policy.h"

#include <array>
#include <cstdint>
#include <vector>

namespace loci {

/// What a token's unit, a line or a declaration's head, does for it.
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

    /// The factor of each class of unit, in the order of `TokenStructure::raised`; the first is 1,
    /// of what has no class.
    std::array<float, 7> factors() const noexcept;
};

/// Raises scores by what their tokens belong to: those of raised units by the factor of their
/// class, then every token to at least `share` times the mean of its unit in that head, so that a
/// line is kept or dropped with its newline; `whole` units have their mean alone. Scores are
/// shifted up by `least` first, the lowest one below zero of the model's whole layer. Does nothing
/// without a structure.
void raise_units(const Units & units, const TokenStructure * structure,
                 const LayerCandidates & layer, float least, std::vector<float> & rank);

/// The lowest finite score, and at most 0.
float lowest_score(const std::vector<float> & rank) noexcept;

/// What stays whatever it scores.
struct Protection {
    int sinks = 0;
    int recent = -1;
    double quota = 0.0;

    void declare(ParameterList & list);

    /// The newest tokens that stay: `recent`, or the rows that observe themselves, or without any
    /// the last 32.
    int newest(int own_rows) const noexcept;
};

/// Marks the best tokens of every file as `reserved`: together `quota` of `rows` per head, shared
/// out in proportion to the square root of the files' lengths so far. Marks nothing without a
/// structure. `kept` is [kv_heads][slots] of `Keep`.
void reserve_quotas(double quota, const TokenStructure * structure, const LayerCandidates & layer,
                    const std::vector<float> & rank, int rows, std::vector<uint8_t> & kept);

/// CriticalKV's first stage (arXiv 2502.03805): marks the best `share` of `rows` by evidence, which
/// the attention alone decides.
void reserve_critical(double share, const LayerCandidates & layer,
                      const std::vector<float> & evidence, int rows, std::vector<uint8_t> & kept);

/// DefensiveKV (arXiv 2510.13334): marks the tokens that together have the share `mass` of the mean
/// attention, at most `rows`. Marks nothing without an attention.
void reserve_mass(double mass, const LayerCandidates & layer, int rows,
                  std::vector<uint8_t> & kept);

} // namespace loci
