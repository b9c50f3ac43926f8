#include "policy/layer_budget.h"

#include "policy/model_wide.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

// Shares of the layer's sum, without the newest tokens, which see themselves.
std::vector<float> shares_of_layer(const Settings & settings, const LayerCandidates & layer,
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
    std::vector<float> shares(rank);
    if (sum > 0.0 && settings.normalise) {
        for (float & share : shares) {
            share = static_cast<float>(static_cast<double>(share) / sum);
        }
    }
    return shares;
}

std::vector<double> competing_wishes(const Settings & settings, const SelectionRequest & request,
                                     const std::vector<std::vector<float>> & rank,
                                     const std::vector<std::vector<uint8_t>> & kept,
                                     const std::vector<LayerBounds> & bounds) {
    std::vector<std::vector<float>> shares;
    for (size_t l = 0; l < rank.size(); l++) {
        shares.push_back(shares_of_layer(settings, request.layers[l], rank[l]));
    }
    std::vector<RankedLayer> ranked;
    for (size_t l = 0; l < rank.size(); l++) {
        const LayerCandidates & layer = request.layers[l];
        ranked.push_back({ layer.kv_heads, layer.slots, shares[l].data(), kept[l].data(),
                           layer.token.data(), bounds[l].upper });
    }
    return model_wide_wishes(ranked, request.budget_rows, settings.floor);
}

} // namespace

std::vector<double> pyramid_wishes(size_t layers, double mean, int window, double beta) {
    const double rest = std::max(mean - window, 0.0);
    const double least = rest / beta;
    const double most = 2.0 * rest - least;
    std::vector<double> wishes;
    for (size_t l = 0; l < layers; l++) {
        const double place =
            layers > 1 ? static_cast<double>(l) / static_cast<double>(layers - 1) : 0.5;
        wishes.push_back(window + most + (least - most) * place);
    }
    return wishes;
}

std::vector<double> profile_wishes(const std::vector<double> & profile,
                                   const std::vector<LayerBounds> & bounds, double budget,
                                   double alpha) {
    const size_t layers = bounds.size();
    double sum = 0.0;
    for (const double need : profile) {
        sum += need;
    }
    std::vector<double> weights(layers, 1.0);
    for (size_t l = 0; l < profile.size(); l++) {
        weights[l] = alpha + (1.0 - alpha) * profile[l] * static_cast<double>(layers) / sum;
    }
    std::vector<double> wishes(layers, 0.0);
    std::vector<bool> settled(layers, false);
    double rest = budget;
    for (bool changed = true; changed;) {
        changed = false;
        double weight = 0.0;
        for (size_t l = 0; l < layers; l++) {
            weight += settled[l] ? 0.0 : weights[l];
        }
        const double unit = weight > 0.0 ? std::max(rest, 0.0) / weight : 0.0;
        for (size_t l = 0; l < layers; l++) {
            const double least = bounds[l].lower;
            const double most = bounds[l].upper;
            const double wish = unit * weights[l];
            if (!settled[l] && (wish >= most || wish <= least)) {
                wishes[l] = wish >= most ? most : least;
                rest -= wishes[l];
                settled[l] = true;
                changed = true;
            } else if (!settled[l]) {
                wishes[l] = wish;
            }
        }
    }
    return wishes;
}

std::vector<double> cake_wishes(const std::vector<LayerCandidates> & layers, double budget) {
    std::vector<double> preferences;
    double total = 0.0;
    for (const LayerCandidates & layer : layers) {
        const auto slots = static_cast<size_t>(layer.slots);
        const double rows = std::max(layer.attention.rows, 1);
        double entropy = 0.0;
        double variance = 0.0;
        for (size_t i = 0; i < slots * static_cast<size_t>(layer.kv_heads); i++) {
            const double mean = static_cast<double>(layer.attention.sum[i]) / rows;
            const double l2 = static_cast<double>(layer.attention.l2[i]);
            if (std::isfinite(mean) && std::isfinite(l2)) {
                entropy -= mean > 0.0 ? mean * std::log(mean) : 0.0;
                variance += std::max(l2 * l2 / rows - mean * mean, 0.0);
            }
        }
        const double heads = layer.kv_heads;
        const double preference = std::pow(std::max(entropy / heads, 0.0), 1.0 / 1.6) *
                                  std::pow(variance / heads, 1.0 / 0.6);
        preferences.push_back(preference);
        total += preference;
    }
    for (double & preference : preferences) {
        preference = total > 0.0 ? budget * preference / total
                                 : budget / static_cast<double>(preferences.size());
    }
    return preferences;
}

std::vector<int> layer_budgets(const Settings & settings, const SelectionRequest & request,
                               const std::vector<std::vector<float>> & rank,
                               const std::vector<std::vector<uint8_t>> & kept,
                               const std::vector<LayerBounds> & bounds) {
    const auto budget = static_cast<double>(request.budget_rows);
    const size_t layers = request.layers.size();
    std::vector<double> wishes;
    switch (settings.allocation) {
        case Allocation::uniform: return uniform_rows(bounds, request.budget_rows, request.granule);
        case Allocation::pyramid:
            wishes = pyramid_wishes(layers, budget / static_cast<double>(layers), settings.recent,
                                    settings.beta);
            break;
        case Allocation::cake: wishes = cake_wishes(request.layers, budget); break;
        case Allocation::profile:
            wishes = profile_wishes(request.profile, bounds, budget, settings.alpha);
            break;
        case Allocation::model:
            wishes = competing_wishes(settings, request, rank, kept, bounds);
            break;
    }
    return round_rows(wishes, bounds, request.budget_rows, request.granule);
}

} // namespace loci
