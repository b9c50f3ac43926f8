#pragma once

#include "policy/policy.h"
#include "policy/settings.h"

#include <cstdint>
#include <vector>

namespace loci {

/// Raises scores by what their tokens belong to: those of raised units by the factor of their
/// class, then every token to at least `Settings::unit` times the mean of its unit in that head, so
/// that a line is kept or dropped with its newline. Scores are shifted up by `least` first, the
/// lowest one below zero of the model's whole layer. Does nothing without a structure.
void raise_units(const Settings & settings, const TokenStructure * structure,
                 const LayerCandidates & layer, float least, std::vector<float> & rank);

/// The lowest finite score, and at most 0.
float lowest_score(const std::vector<float> & rank) noexcept;

/// Marks the best tokens of every file as `reserved`: together `Settings::quota` of `rows` per
/// head, shared out in proportion to the square root of the files' lengths so far. Marks nothing
/// without a structure. `kept` is [kv_heads][slots] of `Keep`.
void reserve_quotas(const Settings & settings, const TokenStructure * structure,
                    const LayerCandidates & layer, const std::vector<float> & rank, int rows,
                    std::vector<uint8_t> & kept);

/// Marks what the attention alone decides: with `Settings::critical` that share of `rows` by
/// evidence (CriticalKV, arXiv 2502.03805, first stage), with `Settings::mass` the tokens that
/// together have that share of the mean attention, at most `rows` (DefensiveKV, arXiv 2510.13334).
void reserve_critical(const Settings & settings, const LayerCandidates & layer,
                      const std::vector<float> & evidence, int rows, std::vector<uint8_t> & kept);

} // namespace loci
