#include "policy/selection.h"

#include "core/error.h"
#include "policy/top_k.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace loci {

namespace {

size_t entries(const LayerCandidates & layer) {
    return static_cast<size_t>(layer.kv_heads) * static_cast<size_t>(layer.slots);
}

} // namespace

void check_request(const SelectionRequest & request) {
    require(!request.layers.empty(), "a selection has no layers");
    require(request.budget_rows >= 0 && request.max_layer_rows > 0 && request.granule > 0 &&
                request.recent >= 0,
            "a selection's limits make no sense");
    const std::vector<size_t> & layer_of = request.layer_of;
    require(layer_of.empty() || layer_of.size() == request.layers.size(),
            "a head belongs to no layer");
    for (size_t i = 0; i < layer_of.size(); i++) {
        const size_t before = i == 0 ? 0 : layer_of[i - 1];
        require(layer_of[i] == before || (i > 0 && layer_of[i] == before + 1),
                "the heads of a layer do not stand together");
    }
    for (const LayerCandidates & layer : request.layers) {
        require(layer.kv_heads > 0 && layer.slots >= 0, "a layer has no heads");
        require(layer_of.empty() || layer.kv_heads == 1, "a head of several heads");
        require(layer.token.size() == entries(layer) && layer.carried.size() == entries(layer),
                "a layer's tokens or carried scores do not match its slots");
    }
}

std::vector<std::vector<size_t>> model_layers(const SelectionRequest & request) {
    std::vector<std::vector<size_t>> all;
    for (size_t i = 0; i < request.layers.size(); i++) {
        const size_t layer = request.layer_of.empty() ? i : request.layer_of[i];
        all.resize(std::max(all.size(), layer + 1));
        all[layer].push_back(i);
    }
    return all;
}

bool has_scores(const SelectionRequest & request, const PolicyNeeds & needs) {
    for (const LayerCandidates & layer : request.layers) {
        const size_t count = entries(layer);
        for (const Statistic statistic : needs.attention.statistics) {
            if (!request.observed) {
                break;
            }
            const size_t have = layer.attention.of(statistic).size();
            if (statistic == Statistic::apart ? have < count : have != count) {
                return false;
            }
        }
        const bool by_vectors = needs.keys || needs.values;
        if ((needs.value != ValueNeed::none && layer.value.size() < count) ||
            (by_vectors && layer.keys.size() < count) ||
            (needs.values && layer.values.size() < count) ||
            (needs.query_moments && layer.moments.heads <= 0)) {
            return false;
        }
    }
    return true;
}

void check_scores(const SelectionRequest & request, const PolicyNeeds & needs) {
    require(has_scores(request, needs), "a layer lacks what its score is made of");
}

int64_t entry_count(const SelectionRequest & request) noexcept {
    int64_t total = 0;
    for (const LayerCandidates & layer : request.layers) {
        total += int64_t{ layer.kv_heads } * layer.slots;
    }
    return total;
}

bool everything_fits(const SelectionRequest & request) {
    int64_t total = 0;
    for (const LayerCandidates & layer : request.layers) {
        total += layer.slots;
        if (layer.slots > request.max_layer_rows) {
            return false;
        }
    }
    return total <= request.budget_rows;
}

std::vector<LayerSelection> keep_everything(const SelectionRequest & request) {
    std::vector<LayerSelection> selections;
    for (const LayerCandidates & layer : request.layers) {
        LayerSelection selection;
        selection.rows = layer.slots;
        selection.carried = layer.carried;
        selection.slots.resize(entries(layer));
        for (int head = 0; head < layer.kv_heads; head++) {
            const auto begin = selection.slots.begin() + int64_t{ head } * layer.slots;
            std::iota(begin, begin + layer.slots, 0);
        }
        selections.push_back(std::move(selection));
    }
    return selections;
}

std::vector<std::vector<uint8_t>> kept_slots(const SelectionRequest & request, int sinks) {
    std::vector<std::vector<uint8_t>> kept;
    for (const LayerCandidates & layer : request.layers) {
        std::vector<uint8_t> flags(entries(layer), 0);
        const size_t slots = static_cast<size_t>(layer.slots);
        const int first_recent = std::max(layer.slots - request.recent, 0);
        for (size_t i = 0; i < flags.size(); i++) {
            const int32_t token = layer.token[i];
            const bool guarded = request.protected_tokens != nullptr && token >= 0 &&
                                 static_cast<size_t>(token) < request.protected_tokens->size() &&
                                 (*request.protected_tokens)[static_cast<size_t>(token)] != 0;
            const bool recent = i % slots >= static_cast<size_t>(first_recent);
            const bool stays = guarded || recent || (token >= 0 && token < sinks);
            flags[i] = static_cast<uint8_t>(stays ? Keep::always : Keep::ordinary);
        }
        kept.push_back(std::move(flags));
    }
    return kept;
}

std::vector<LayerBounds> layer_bounds(const SelectionRequest & request,
                                      const std::vector<std::vector<uint8_t>> & kept) {
    std::vector<LayerBounds> bounds;
    int64_t least = 0;
    int largest = 0;
    for (size_t l = 0; l < request.layers.size(); l++) {
        const LayerCandidates & layer = request.layers[l];
        int needed = 0;
        for (int head = 0; head < layer.kv_heads; head++) {
            const auto begin = kept[l].begin() + int64_t{ head } * layer.slots;
            needed =
                std::max(needed, static_cast<int>(std::count(begin, begin + layer.slots,
                                                             static_cast<uint8_t>(Keep::always))));
        }
        LayerBounds bound;
        bound.upper = floor_rows(std::min(layer.slots, request.max_layer_rows), request.granule);
        bound.lower = ceil_rows(needed, request.granule);
        if (bound.lower > layer.slots) {
            // Too few slots for the next multiple: the layer stays as it is.
            bound.lower = layer.slots;
            bound.upper = layer.slots;
        }
        least += bound.lower;
        largest = std::max(largest, bound.lower);
        bounds.push_back(bound);
    }
    if (largest > request.max_layer_rows) {
        throw Error(ErrorCode::budget_too_small,
                    "The tokens that must always be kept (" + std::to_string(largest) +
                        ") do not fit. The memory may use at most " +
                        std::to_string(request.max_layer_rows) +
                        " tokens of the model's context. Choose a model with a longer context.");
    }
    if (least > request.budget_rows) {
        const int64_t layers = static_cast<int64_t>(request.layers.size());
        throw Error(
            ErrorCode::budget_too_small,
            "The cache budget of " + std::to_string(request.budget_rows / layers) +
                " tokens is too small for the tokens that must always be kept. Use at least " +
                std::to_string((least + layers - 1) / layers) + " tokens.");
    }
    return bounds;
}

LayerSelection select_layer(const LayerCandidates & layer, const std::vector<float> & rank,
                            const std::vector<float> & evidence, const std::vector<uint8_t> & kept,
                            int rows, int unscored) {
    LayerSelection selection;
    selection.rows = rows;
    selection.slots.reserve(static_cast<size_t>(layer.kv_heads) * static_cast<size_t>(rows));
    selection.carried.reserve(selection.slots.capacity());
    selection.non_finite =
        std::count_if(rank.begin(), rank.end(), [](float value) { return !std::isfinite(value); });
    const std::vector<float> carried = carried_scores(layer, evidence, unscored);
    for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads); head++) {
        const size_t base = head * static_cast<size_t>(layer.slots);
        for (int32_t slot : top_k(rank.data() + base, kept.data() + base, layer.slots, rows)) {
            selection.slots.push_back(slot);
            selection.carried.push_back(carried[base + static_cast<size_t>(slot)]);
        }
    }
    return selection;
}

std::vector<float> carried_scores(const LayerCandidates & layer,
                                  const std::vector<float> & evidence, int unscored) {
    std::vector<float> carried(layer.token.size(), -1.0f);
    const auto slots = static_cast<size_t>(layer.slots);
    const size_t scored = slots - std::min(slots, static_cast<size_t>(unscored));
    for (size_t i = 0; i < evidence.size(); i++) {
        if (i % slots < scored && std::isfinite(evidence[i])) {
            carried[i] = evidence[i];
        }
    }
    return carried;
}

} // namespace loci
