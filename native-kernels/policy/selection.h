#pragma once

#include "policy/allocation.h"
#include "policy/policy.h"

#include <cstdint>
#include <vector>

namespace loci {

/// Throws Error(internal) unless sizes and arrays of the request fit each other.
void check_request(const SelectionRequest & request);

/// Which of the request's `layers` make up each of the model's layers: itself, or in the ragged
/// layout all its KV heads.
std::vector<std::vector<size_t>> model_layers(const SelectionRequest & request);

/// How a slot stands before any score is compared.
enum class Keep : uint8_t { ordinary, reserved, always };

/// Whether the arrays that `needs` asks for are there.
bool has_scores(const SelectionRequest & request, const PolicyNeeds & needs);

/// Throws Error(internal) unless the arrays that `needs` asks for are there.
void check_scores(const SelectionRequest & request, const PolicyNeeds & needs);

/// The (KV head, slot) pairs of all layers.
int64_t entry_count(const SelectionRequest & request) noexcept;

/// Whether everything may stay: all rows fit the budget and no layer has too many.
bool everything_fits(const SelectionRequest & request);

/// Keeps every slot with the score it carried.
std::vector<LayerSelection> keep_everything(const SelectionRequest & request);

/// Per layer, [kv_heads][slots] of `Keep`: `always` where the slot is never evicted, because its
/// token is protected, is one of the first `sinks` of the stream, or is among the newest `recent`
/// slots; `ordinary` elsewhere.
std::vector<std::vector<uint8_t>> kept_slots(const SelectionRequest & request, int sinks);

/// The rows each layer must and may keep. Throws Error(budget_too_small), naming the smallest
/// budget, where what must stay exceeds the budget or `max_layer_rows`.
std::vector<LayerBounds> layer_bounds(const SelectionRequest & request,
                                      const std::vector<std::vector<uint8_t>> & kept);

/// The best `rows` slots of each head: those that must stay, then those that are reserved, then by
/// rank, ties to the lower position. Short heads are thereby filled with their next best. Ranks
/// that are not finite are counted. `evidence` becomes what is carried; see `carried_scores`.
LayerSelection select_layer(const LayerCandidates & layer, const std::vector<float> & rank,
                            const std::vector<float> & evidence, const std::vector<uint8_t> & kept,
                            int rows, int unscored);

/// What every slot carries: its evidence; -1 where that is not finite, where there is none at all,
/// and for the newest `unscored` slots of each head.
std::vector<float> carried_scores(const LayerCandidates & layer,
                                  const std::vector<float> & evidence, int unscored);

} // namespace loci
