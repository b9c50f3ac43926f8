#include "policy/protection.h"

#include "policy/selection.h"
#include "policy/top_k.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace loci {

namespace {

size_t slots_of(const LayerCandidates & layer) {
    return static_cast<size_t>(layer.slots);
}

bool has_structure(const TokenStructure * structure) {
    return structure != nullptr && !structure->empty();
}

// Calls visit(unit, begin, end) for each run of slots of one head that belong to one unit.
template <typename Visit>
void for_each_run(const std::vector<int32_t> & owner, const LayerCandidates & layer, size_t base,
                  const Visit & visit) {
    const size_t end = base + slots_of(layer);
    for (size_t first = base; first < end;) {
        const int32_t own = owner[static_cast<size_t>(layer.token[first])];
        size_t next = first + 1;
        while (next < end && owner[static_cast<size_t>(layer.token[next])] == own) {
            next++;
        }
        visit(own, first, next);
        first = next;
    }
}

void reserve(uint8_t & kept) {
    kept = std::max<uint8_t>(kept, static_cast<uint8_t>(Keep::reserved));
}

} // namespace

float lowest_score(const std::vector<float> & rank) noexcept {
    float least = 0.0f;
    for (const float score : rank) {
        least = std::isfinite(score) ? std::min(least, score) : least;
    }
    return least;
}

void raise_units(const Settings & settings, const TokenStructure * structure,
                 const LayerCandidates & layer, float least, std::vector<float> & rank) {
    const bool raises = std::any_of(settings.raise.begin(), settings.raise.end(),
                                    [](float factor) { return factor > 1.0f; });
    const bool by_unit = settings.unit > 0.0 || settings.whole_units;
    if (!has_structure(structure) || (!raises && !by_unit)) {
        return;
    }
    for (size_t i = 0; i < rank.size(); i++) {
        const size_t kind = structure->raised[static_cast<size_t>(layer.token[i])];
        rank[i] = (rank[i] - least) * settings.raise[std::min(kind, settings.raise.size() - 1)];
    }
    for (size_t base = 0; by_unit && base < rank.size(); base += slots_of(layer)) {
        for_each_run(structure->units, layer, base, [&](int32_t unit, size_t first, size_t end) {
            if (unit < 0) {
                return;
            }
            double sum = 0.0;
            for (size_t i = first; i < end; i++) {
                sum += std::isfinite(rank[i]) ? static_cast<double>(rank[i]) : 0.0;
            }
            const double mean = sum / static_cast<double>(end - first);
            const auto level = static_cast<float>(settings.unit * mean);
            for (size_t i = first; i < end; i++) {
                if (std::isfinite(rank[i])) {
                    rank[i] =
                        settings.whole_units ? static_cast<float>(mean) : std::max(rank[i], level);
                }
            }
        });
    }
}

void reserve_quotas(const Settings & settings, const TokenStructure * structure,
                    const LayerCandidates & layer, const std::vector<float> & rank, int rows,
                    std::vector<uint8_t> & kept) {
    if (!has_structure(structure) || !(settings.quota > 0.0)) {
        return;
    }
    std::vector<double> lengths;
    for (const int32_t file : structure->files) {
        if (file >= 0) {
            lengths.resize(std::max(lengths.size(), static_cast<size_t>(file) + 1), 0.0);
            lengths[static_cast<size_t>(file)] += 1.0;
        }
    }
    double total = 0.0;
    for (const double length : lengths) {
        total += std::sqrt(length);
    }
    for (size_t base = 0; base < rank.size(); base += slots_of(layer)) {
        for_each_run(structure->files, layer, base, [&](int32_t file, size_t first, size_t end) {
            if (file < 0) {
                return;
            }
            const double share = std::sqrt(lengths[static_cast<size_t>(file)]) / total;
            const auto own = static_cast<int64_t>(settings.quota * rows * share);
            for (const int32_t best :
                 top_k(rank.data() + first, nullptr, static_cast<int64_t>(end - first), own)) {
                reserve(kept[first + static_cast<size_t>(best)]);
            }
        });
    }
}

void reserve_critical(const Settings & settings, const LayerCandidates & layer,
                      const std::vector<float> & evidence, int rows, std::vector<uint8_t> & kept) {
    const size_t slots = slots_of(layer);
    for (size_t base = 0; base < evidence.size(); base += slots) {
        if (settings.critical > 0.0) {
            const auto count = static_cast<int64_t>(settings.critical * rows);
            for (const int32_t best : top_k(evidence.data() + base, nullptr, layer.slots, count)) {
                reserve(kept[base + static_cast<size_t>(best)]);
            }
        }
        if (!(settings.mass > 0.0) || layer.attention.sum.empty()) {
            continue;
        }
        const float * mean = layer.attention.sum.data() + base;
        std::vector<size_t> order(slots);
        std::iota(order.begin(), order.end(), size_t{ 0 });
        std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
            return score_order(mean[a]) > score_order(mean[b]);
        });
        double total = 0.0;
        for (size_t i = 0; i < slots; i++) {
            total += std::isfinite(mean[i]) ? static_cast<double>(mean[i]) : 0.0;
        }
        double seen = 0.0;
        for (size_t i = 0; i < std::min(slots, static_cast<size_t>(rows)); i++) {
            if (seen >= settings.mass * total || !std::isfinite(mean[order[i]])) {
                break;
            }
            seen += static_cast<double>(mean[order[i]]);
            reserve(kept[base + order[i]]);
        }
    }
}

} // namespace loci
