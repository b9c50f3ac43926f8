#pragma once

#include "policy/allocation.h"
#include "policy/policy.h"

#include <cstdint>
#include <vector>

namespace loci {

/// Throws Error(internal) unless sizes and arrays of the request fit each other.
void check_request(const SelectionRequest & request);

/// Throws Error(internal) unless the arrays that `needs` asks for are there.
void check_scores(const SelectionRequest & request, const PolicyNeeds & needs);

/// The (KV head, slot) pairs of all layers.
int64_t entry_count(const SelectionRequest & request) noexcept;

/// Whether everything may stay: all rows fit the budget and no layer has too many.
bool everything_fits(const SelectionRequest & request);

/// Keeps every slot with the score it carried.
std::vector<LayerSelection> keep_everything(const SelectionRequest & request);

/// Per layer, [kv_heads][slots]: nonzero where the slot is never evicted, because its token is
/// protected, is one of the first `sinks` of the stream, or is among the newest `recent` slots.
std::vector<std::vector<uint8_t>> kept_slots(const SelectionRequest & request, int sinks);

/// The rows each layer must and may keep. Throws Error(budget_too_small), naming the smallest
/// budget, where what must stay exceeds the budget or `max_layer_rows`.
std::vector<LayerBounds> layer_bounds(const SelectionRequest & request,
                                      const std::vector<std::vector<uint8_t>> & kept);

/// The best `rows` slots of each head: kept ones first, then by score, ties to the lower position.
/// Short heads are thereby filled with their next best. The newest `unscored` slots and those whose
/// score is not finite carry no score; scores that are not finite are counted.
LayerSelection select_layer(const LayerCandidates & layer, const std::vector<float> & score,
                            const std::vector<uint8_t> & kept, int rows, int unscored);

/// score = max(carry * carried, score) for slots that carry one. Deviation from the papers, which
/// compress once: in a stream the newest window alone would turn the cache into a recency cache, so
/// a survivor keeps the evidence that earlier windows gave for it. carry 0 scores anew every time.
void apply_carried(const std::vector<float> & carried, double carry, std::vector<float> & score);

} // namespace loci
