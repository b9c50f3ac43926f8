// The rows wished for each layer, and for each head of a layer, before rounding.

#include "policy/layer_budget.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

// The budget in the proportions in which it is held.
std::vector<double> held_wishes(const std::vector<LayerCandidates> & layers, double budget) {
    double total = 0.0;
    for (const LayerCandidates & layer : layers) {
        total += layer.slots;
    }
    std::vector<double> wishes;
    for (const LayerCandidates & layer : layers) {
        wishes.push_back(total > 0.0 ? budget * layer.slots / total : 0.0);
    }
    return wishes;
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
    if (std::all_of(layers.begin(), layers.end(),
                    [](const LayerCandidates & layer) { return layer.attention.empty(); })) {
        return held_wishes(layers, budget);
    }
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

} // namespace loci
