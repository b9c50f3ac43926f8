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

void Units::declare(ParameterList & list) {
    list.real("unit", share, 0, 1, "A token scores at least this times the mean of its unit.");
    list.word<bool>("units", whole, { { "tokens", false }, { "whole", true } },
                    "Keep or drop tokens, or whole units: a line or a declaration's head.");
    const auto factor = [&list](const char * name, double & field, const char * help) {
        list.real(name, field, 1, 1e6, help);
    };
    factor("raise", raise, "The factor on the scores of every declaration.");
    factor("raise-path", raise_path, "A further factor on paths.");
    factor("raise-import", raise_import, "A further factor on imports.");
    factor("raise-signature", raise_signature, "A further factor on signatures.");
    factor("raise-type", raise_type, "A further factor on types.");
    factor("raise-value", raise_value, "A further factor on declared values.");
    factor("raise-return", raise_return, "A further factor on returned literals.");
}

std::array<float, 7> Units::factors() const noexcept {
    const auto of = [this](double own) { return static_cast<float>(raise * own); };
    return { 1.0f,           of(raise_path),  of(raise_import), of(raise_signature),
             of(raise_type), of(raise_value), of(raise_return) };
}

void Protection::declare(ParameterList & list) {
    list.whole("sinks", sinks, 0, 1024, "How many of the stream's first tokens always stay.");
    list.whole("recent", recent, -1, 1024,
               "How many of the newest tokens always stay; -1: those that observe, or else 32.");
    list.real("quota", quota, 0, 1, "The share of a head's tokens that files have for themselves.");
}

int Protection::newest(int own_rows) const noexcept {
    constexpr int unobserved = 32;
    return recent >= 0 ? recent : own_rows > 0 ? own_rows : unobserved;
}

void raise_units(const Units & units, const TokenStructure * structure,
                 const LayerCandidates & layer, float least, std::vector<float> & rank) {
    const std::array<float, 7> factors = units.factors();
    const bool raises =
        std::any_of(factors.begin(), factors.end(), [](float factor) { return factor > 1.0f; });
    const bool by_unit = units.share > 0.0 || units.whole;
    if (!has_structure(structure) || (!raises && !by_unit)) {
        return;
    }
    for (size_t i = 0; i < rank.size(); i++) {
        const size_t kind = structure->raised[static_cast<size_t>(layer.token[i])];
        rank[i] = (rank[i] - least) * factors[std::min(kind, factors.size() - 1)];
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
            const auto level = static_cast<float>(units.share * mean);
            for (size_t i = first; i < end; i++) {
                if (std::isfinite(rank[i])) {
                    rank[i] = units.whole ? static_cast<float>(mean) : std::max(rank[i], level);
                }
            }
        });
    }
}

void reserve_quotas(double quota, const TokenStructure * structure, const LayerCandidates & layer,
                    const std::vector<float> & rank, int rows, std::vector<uint8_t> & kept) {
    if (!has_structure(structure) || !(quota > 0.0)) {
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
            const auto own = static_cast<int64_t>(quota * rows * share);
            for (const int32_t best :
                 top_k(rank.data() + first, nullptr, static_cast<int64_t>(end - first), own)) {
                reserve(kept[first + static_cast<size_t>(best)]);
            }
        });
    }
}

void reserve_critical(double share, const LayerCandidates & layer,
                      const std::vector<float> & evidence, int rows, std::vector<uint8_t> & kept) {
    const auto count = static_cast<int64_t>(share * rows);
    for (size_t base = 0; base < evidence.size(); base += slots_of(layer)) {
        for (const int32_t best : top_k(evidence.data() + base, nullptr, layer.slots, count)) {
            reserve(kept[base + static_cast<size_t>(best)]);
        }
    }
}

void reserve_mass(double mass, const LayerCandidates & layer, int rows,
                  std::vector<uint8_t> & kept) {
    if (!(mass > 0.0)) {
        return;
    }
    const size_t slots = slots_of(layer);
    for (size_t base = 0; base < layer.attention.sum.size(); base += slots) {
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
            if (seen >= mass * total || !std::isfinite(mean[order[i]])) {
                break;
            }
            seen += static_cast<double>(mean[order[i]]);
            reserve(kept[base + order[i]]);
        }
    }
}

} // namespace loci
