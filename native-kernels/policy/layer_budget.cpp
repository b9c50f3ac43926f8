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

std::vector<double> cake_wishes(const std::vector<LayerCandidates> & layers, double budget,
                                const std::vector<size_t> & layer_of) {
    struct Sums {
        double entropy = 0.0;
        double variance = 0.0;
        double heads = 0.0;
    };
    std::vector<Sums> all;
    const auto place = [&](size_t l) { return layer_of.empty() ? l : layer_of[l]; };
    for (size_t l = 0; l < layers.size(); l++) {
        const LayerCandidates & layer = layers[l];
        all.resize(std::max(all.size(), place(l) + 1));
        Sums & sums = all[place(l)];
        const double rows = std::max(layer.attention.rows, 1);
        for (size_t i = 0; i < layer.token.size(); i++) {
            const double mean = static_cast<double>(layer.attention.sum[i]) / rows;
            const double l2 = static_cast<double>(layer.attention.l2[i]);
            if (std::isfinite(mean) && std::isfinite(l2)) {
                sums.entropy -= mean > 0.0 ? mean * std::log(mean) : 0.0;
                sums.variance += std::max(l2 * l2 / rows - mean * mean, 0.0);
            }
        }
        sums.heads += layer.kv_heads;
    }
    std::vector<double> preferences;
    double total = 0.0;
    for (size_t l = 0; l < layers.size(); l++) {
        const Sums & sums = all[place(l)];
        preferences.push_back(std::pow(std::max(sums.entropy / sums.heads, 0.0), 1.0 / 1.6) *
                              std::pow(sums.variance / sums.heads, 1.0 / 0.6));
        total += preferences.back();
    }
    for (double & preference : preferences) {
        preference = total > 0.0 ? budget * preference / total
                                 : budget / static_cast<double>(preferences.size());
    }
    return preferences;
}

std::vector<double> ada_wishes(const std::vector<RankedLayer> & heads,
                               const std::vector<std::vector<size_t>> & layers,
                               const std::vector<double> & wishes, double alpha) {
    std::vector<double> all(wishes);
    for (const std::vector<size_t> & members : layers) {
        std::vector<RankedLayer> competing;
        double total = 0.0;
        for (const size_t head : members) {
            competing.push_back(heads[head]);
            total += wishes[head];
        }
        const auto rows = static_cast<int64_t>(std::floor(total + 1e-6));
        const std::vector<double> won = model_wide_wishes(competing, rows, 0.0);
        for (size_t i = 0; i < members.size(); i++) {
            all[members[i]] = (1.0 - alpha) * won[i] + alpha * wishes[members[i]];
        }
    }
    return all;
}

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
