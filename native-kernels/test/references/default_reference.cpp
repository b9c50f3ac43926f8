#include "test/references/default_reference.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace loci {

namespace {

// As in `default`: a factor of a thousand for declarations, ten thousand for imports and values.
constexpr double raise_of[] = { 1.0, 1e3, 1e4, 1e3, 1e3, 1e4, 1e3 };

} // namespace

Doubles keydiff_reference(const LayerCandidates & layer, size_t head) {
    const auto slots = static_cast<size_t>(layer.slots);
    const size_t size = layer.keys.size() / layer.token.size();
    const auto key = [&](size_t slot, size_t c) {
        return static_cast<double>(layer.keys[(head * slots + slot) * size + c]);
    };
    const auto norm = [&](size_t slot) {
        double sum = 0.0;
        for (size_t c = 0; c < size; c++) {
            sum += key(slot, c) * key(slot, c);
        }
        return std::sqrt(sum);
    };
    Doubles anchor(size, 0.0);
    for (size_t slot = 0; slot < slots; slot++) {
        for (size_t c = 0; c < size; c++) {
            anchor[c] += key(slot, c) / norm(slot);
        }
    }
    const double length =
        std::sqrt(std::inner_product(anchor.begin(), anchor.end(), anchor.begin(), 0.0));
    Doubles score;
    for (size_t slot = 0; slot < slots; slot++) {
        double product = 0.0;
        for (size_t c = 0; c < size; c++) {
            product += key(slot, c) * anchor[c];
        }
        score.push_back(-product / (norm(slot) * length));
    }
    return score;
}

Doubles raised_reference(const LayerCandidates & layer, size_t head, double least,
                         const TokenStructure & structure) {
    const auto slots = static_cast<size_t>(layer.slots);
    const auto token = [&](size_t slot) {
        return static_cast<size_t>(layer.token[head * slots + slot]);
    };
    Doubles rank = keydiff_reference(layer, head);
    for (size_t slot = 0; slot < slots; slot++) {
        rank[slot] = (rank[slot] - least) * raise_of[structure.raised[token(slot)]];
    }
    Doubles means = rank;
    for (size_t slot = 0; slot < slots; slot++) {
        const int32_t unit = structure.units[token(slot)];
        double sum = 0.0;
        double count = 0.0;
        for (size_t other = 0; other < slots && unit >= 0; other++) {
            if (structure.units[token(other)] == unit) {
                sum += rank[other];
                count += 1.0;
            }
        }
        means[slot] = unit >= 0 ? sum / count : rank[slot];
    }
    return means;
}

std::vector<int> rows_reference(const SelectionRequest & request) {
    const size_t count = request.layers.size();
    const size_t heads = count / request.profile.size(); // of a ragged layer
    const double sum = std::accumulate(request.profile.begin(), request.profile.end(), 0.0);
    Doubles weight;
    Doubles most;
    for (size_t l = 0; l < count; l++) {
        const double own = request.profile[l / heads] * static_cast<double>(request.profile.size());
        weight.push_back(0.2 + 0.8 * own / sum);
        most.push_back(std::min(request.layers[l].slots, request.max_layer_rows));
    }
    double low = 0.0;
    double high = 1e9;
    for (int i = 0; i < 200; i++) {
        const double level = (low + high) / 2;
        double taken = 0.0;
        for (size_t l = 0; l < count; l++) {
            taken += std::min(level * weight[l], most[l]);
        }
        (taken <= static_cast<double>(request.budget_rows) ? low : high) = level;
    }
    std::vector<int> rows;
    Doubles lack;
    int64_t left = request.budget_rows;
    for (size_t l = 0; l < count; l++) {
        const double wish = std::min(low * weight[l], most[l]);
        rows.push_back(static_cast<int>(std::floor(wish + 1e-6)));
        lack.push_back(wish - rows.back());
        left -= rows.back();
    }
    while (left > 0) {
        size_t taker = count;
        for (size_t l = 0; l < count; l++) {
            if (rows[l] < most[l] && (taker == count || lack[l] > lack[taker] + 1e-9)) {
                taker = l;
            }
        }
        if (taker == count) {
            break;
        }
        rows[taker]++;
        lack[taker] -= 1.0;
        left--;
    }
    return rows;
}

} // namespace loci
