#pragma once

#include "policy/allocation.h"
#include "policy/policy.h"

#include <cstdint>
#include <vector>

namespace loci {

/// Throws Error(internal) if sizes and arrays of the request are inconsistent.
void check_request(const SelectionRequest & request);

/// Returns, for each of the model's layers, which of the request's `layers` form it: one, or all
/// its KV heads in the ragged layout.
std::vector<std::vector<size_t>> model_layers(const SelectionRequest & request);

/// The class of a slot, compared before any score.
enum class Keep : uint8_t { ordinary, reserved, always };

/// Returns whether the arrays that `needs` asks for are present.
bool has_scores(const SelectionRequest & request, const PolicyNeeds & needs);

/// Throws Error(internal) unless the arrays that `needs` asks for are present.
void check_scores(const SelectionRequest & request, const PolicyNeeds & needs);

/// Returns the number of (KV head, slot) pairs of all layers.
int64_t entry_count(const SelectionRequest & request) noexcept;

/// Returns whether everything may stay: all rows fit the budget and no layer has too many.
bool everything_fits(const SelectionRequest & request);

/// Keeps every slot with its carried score.
std::vector<LayerSelection> keep_everything(const SelectionRequest & request);

/// Returns [kv_heads][slots] of `Keep` for each layer: `always` if the token is protected, is one
/// of the first `sinks` of the stream, or is among the newest `recent` slots; else `ordinary`.
std::vector<std::vector<uint8_t>> kept_slots(const SelectionRequest & request, int sinks);

/// Returns the least and the most rows that each layer may keep. Throws Error(budget_too_small),
/// naming the smallest budget, if the rows that must stay exceed the budget or `max_layer_rows`.
std::vector<LayerBounds> layer_bounds(const SelectionRequest & request,
                                      const std::vector<std::vector<uint8_t>> & kept);

/// Selects the best `rows` slots of each head: those that must stay, then the reserved ones, then
/// by rank; ties go to the lower position. Heads with fewer winners thus keep their next best.
/// Counts ranks that are not finite. `evidence` becomes the carried scores; see `carried_scores`.
LayerSelection select_layer(const LayerCandidates & layer, const std::vector<float> & rank,
                            const std::vector<float> & evidence, const std::vector<uint8_t> & kept,
                            int rows, int unscored);

/// Returns what every slot carries: its evidence, or -1 if it has none, if it is not finite, or if
/// the slot is among the newest `unscored` of its head.
std::vector<float> carried_scores(const LayerCandidates & layer,
                                  const std::vector<float> & evidence, int unscored);

} // namespace loci
