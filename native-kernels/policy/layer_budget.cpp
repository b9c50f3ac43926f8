#include "policy/layer_budget.h"

#include "core/error.h"
#include "policy/selection.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

// The sum of a layer's scores, or a head's, without the newest tokens, which see themselves.
double sum_of_scores(const Settings & settings, const LayerCandidates & layer,
                     const std::vector<float> & rank) {
    const auto slots = static_cast<size_t>(layer.slots);
    const auto recent = static_cast<size_t>(settings.recent);
    const size_t counted = slots > recent ? slots - recent : slots;
    double sum = 0.0;
    for (size_t i = 0; i < rank.size(); i++) {
        if (i % slots < counted && std::isfinite(rank[i])) {
            sum += static_cast<double>(rank[i]);
        }
    }
    return sum;
}

// Scores as shares of the sum of the model's whole layer, never of one head's.
std::vector<std::vector<float>> shares_of_layers(const Settings & settings,
                                                 const SelectionRequest & request,
                                                 const std::vector<std::vector<float>> & rank) {
    std::vector<std::vector<float>> shares(rank);
    for (const std::vector<size_t> & members : model_layers(request)) {
        double sum = 0.0;
        for (const size_t l : members) {
            sum += sum_of_scores(settings, request.layers[l], rank[l]);
        }
        for (const size_t l : members) {
            for (float & share : shares[l]) {
                share = sum > 0.0 && settings.normalise
                            ? static_cast<float>(static_cast<double>(share) / sum)
                            : share;
            }
        }
    }
    return shares;
}

std::vector<RankedLayer> ranked_layers(const SelectionRequest & request,
                                       const std::vector<std::vector<float>> & score,
                                       const std::vector<std::vector<uint8_t>> & kept,
                                       const std::vector<LayerBounds> & bounds) {
    std::vector<RankedLayer> ranked;
    for (size_t l = 0; l < score.size(); l++) {
        const LayerCandidates & layer = request.layers[l];
        ranked.push_back({ layer.kv_heads, layer.slots, score[l].data(), kept[l].data(),
                           layer.token.data(), bounds[l].upper });
    }
    return ranked;
}

// What each of the request's layers wants where the model's layers want `wishes`; these may be by
// head already.
std::vector<double> by_head(const SelectionRequest & request, const std::vector<double> & wishes) {
    if (wishes.empty() || wishes.size() == request.layers.size()) {
        return wishes;
    }
    std::vector<double> all(request.layers.size());
    const auto layers = model_layers(request);
    require(wishes.size() == layers.size(), "a profile of another model");
    for (size_t layer = 0; layer < layers.size(); layer++) {
        for (const size_t l : layers[layer]) {
            all[l] = wishes[layer];
        }
    }
    return all;
}

std::vector<double> layer_wishes(const Settings & settings, const SelectionRequest & request,
                                 const std::vector<std::vector<float>> & rank,
                                 const std::vector<std::vector<uint8_t>> & kept,
                                 const std::vector<LayerBounds> & bounds) {
    const auto budget = static_cast<double>(request.budget_rows);
    const double mean = budget / static_cast<double>(request.layers.size());
    switch (settings.allocation) {
        case Allocation::pyramid:
            return by_head(request, pyramid_wishes(model_layers(request).size(), mean,
                                                   settings.recent, settings.beta));
        case Allocation::cake: return cake_wishes(request.layers, budget, request.layer_of);
        case Allocation::profile:
            return profile_wishes(by_head(request, request.profile), bounds, budget,
                                  settings.alpha);
        case Allocation::model: {
            const auto shares = shares_of_layers(settings, request, rank);
            return model_wide_wishes(ranked_layers(request, shares, kept, bounds),
                                     request.budget_rows, settings.floor);
        }
        case Allocation::uniform:
        case Allocation::ada: break;
    }
    const std::vector<int> rows = uniform_rows(bounds, request.budget_rows, 1);
    return { rows.begin(), rows.end() };
}

} // namespace

std::vector<int> layer_budgets(const Settings & settings, const SelectionRequest & request,
                               const std::vector<std::vector<float>> & rank,
                               const std::vector<std::vector<uint8_t>> & kept,
                               const std::vector<LayerBounds> & bounds) {
    const bool adaptive = settings.head_alpha < 1.0;
    if (settings.allocation == Allocation::uniform && !adaptive) {
        return uniform_rows(bounds, request.budget_rows, request.granule);
    }
    std::vector<double> wishes = layer_wishes(settings, request, rank, kept, bounds);
    if (adaptive) {
        for (size_t l = 0; l < wishes.size(); l++) {
            wishes[l] = std::clamp(wishes[l], static_cast<double>(bounds[l].lower),
                                   static_cast<double>(bounds[l].upper));
        }
        wishes = ada_wishes(ranked_layers(request, rank, kept, bounds), model_layers(request),
                            wishes, settings.head_alpha);
    }
    return round_rows(wishes, bounds, request.budget_rows, request.granule);
}

} // namespace loci
