#include "policy/model_wide.h"

#include "core/error.h"
#include "policy/parallel.h"
#include "policy/selection.h"
#include "policy/top_k.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

namespace loci {

namespace {

enum Tier : uint8_t { ordinary, floored, always };

// One layer's state in the model-wide top-K. `cost` and the budget are in units of 1 / lcm of the
// layers' KV heads, so that all arithmetic is exact.
struct Contest {
    const RankedLayer * layer = nullptr;
    std::vector<uint8_t> tier;
    int64_t cost = 0;
    int64_t room = 0; // entries that may still win
    int64_t won = 0;
};

template <typename Visit>
void for_each_entry(const Contest & contest, Tier tier, const Visit & visit) {
    for (size_t i = 0; i < contest.tier.size(); i++) {
        if (contest.tier[i] == tier) {
            visit(i);
        }
    }
}

// The winners among one tier's entries in the layers that still compete: all entries above `order`,
// and as many equal to it as the rest of the budget allows.
struct Threshold {
    uint32_t order = 0;
    int64_t rest = 0;
};

Threshold find_threshold(const std::vector<Contest *> & contests, Tier tier, int64_t budget) {
    // Two passes over 16 bits each find the exact value without sorting.
    constexpr size_t buckets = size_t{ 1 } << 16;
    std::vector<int64_t> histogram(buckets, 0);
    const auto descend = [&](int64_t & rest) {
        size_t bucket = buckets;
        while (bucket > 0 && histogram[bucket - 1] <= rest) {
            rest -= histogram[--bucket];
        }
        return bucket; // the first bucket below does not fit; 0: everything fits
    };
    for (const Contest * contest : contests) {
        for_each_entry(*contest, tier, [&](size_t i) {
            histogram[score_order(contest->layer->score[i]) >> 16] += contest->cost;
        });
    }
    int64_t rest = budget;
    const size_t high = descend(rest);
    require(high > 0, "a threshold was sought though everything fits");

    std::fill(histogram.begin(), histogram.end(), 0);
    for (const Contest * contest : contests) {
        for_each_entry(*contest, tier, [&](size_t i) {
            const uint32_t order = score_order(contest->layer->score[i]);
            if (order >> 16 == high - 1) {
                histogram[order & 0xffffu] += contest->cost;
            }
        });
    }
    const size_t low = descend(rest);
    require(low > 0, "a threshold was not found in its bucket");
    return { static_cast<uint32_t>((high - 1) << 16 | (low - 1)), rest };
}

// Counts the winning entries of each contest.
std::vector<int64_t> winners(const std::vector<Contest *> & contests, Tier tier,
                             const Threshold & threshold) {
    using Tie = std::tuple<int32_t, size_t, size_t>; // token, layer, entry (head-major)
    std::vector<int64_t> won(contests.size(), 0);
    std::vector<Tie> ties;
    for (size_t c = 0; c < contests.size(); c++) {
        for_each_entry(*contests[c], tier, [&](size_t i) {
            const uint32_t order = score_order(contests[c]->layer->score[i]);
            if (order > threshold.order) {
                won[c]++;
            } else if (order == threshold.order && threshold.rest > 0) {
                ties.emplace_back(contests[c]->layer->token[i], c, i);
            }
        });
    }
    std::sort(ties.begin(), ties.end());
    int64_t rest = threshold.rest;
    for (const Tie & tie : ties) {
        const size_t c = std::get<1>(tie);
        if (contests[c]->cost > rest) {
            break;
        }
        rest -= contests[c]->cost;
        won[c]++;
    }
    return won;
}

// Spends the budget on the entries of one tier in the order of their scores.
void run_tier(std::vector<Contest> & all, Tier tier, int64_t & budget) {
    std::vector<Contest *> open;
    for (Contest & contest : all) {
        open.push_back(&contest);
    }
    while (!open.empty()) {
        std::vector<int64_t> won(open.size(), 0);
        int64_t total = 0;
        for (size_t c = 0; c < open.size(); c++) {
            for_each_entry(*open[c], tier, [&](size_t) { won[c]++; });
            total += won[c] * open[c]->cost;
        }
        if (total > budget) {
            won = winners(open, tier, find_threshold(open, tier, budget));
        }
        // Full layers drop out; the others share the rest of their budget.
        std::vector<Contest *> next;
        for (size_t c = 0; c < open.size(); c++) {
            if (won[c] >= open[c]->room) {
                budget -= open[c]->room * open[c]->cost;
                open[c]->won += open[c]->room;
                open[c]->room = 0;
            } else {
                next.push_back(open[c]);
            }
        }
        if (next.size() == open.size()) {
            for (size_t c = 0; c < open.size(); c++) {
                budget -= won[c] * open[c]->cost;
                open[c]->won += won[c];
                open[c]->room -= won[c];
            }
            return;
        }
        open = std::move(next);
    }
}

std::vector<uint8_t> tiers_of(const RankedLayer & layer, int floor) {
    const size_t slots = static_cast<size_t>(layer.slots);
    std::vector<uint8_t> tiers(static_cast<size_t>(layer.kv_heads) * slots, ordinary);
    for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads); head++) {
        const size_t base = head * slots;
        for (int32_t slot : top_k(layer.score + base, layer.kept + base, layer.slots, floor)) {
            tiers[base + static_cast<size_t>(slot)] = floored;
        }
        for (size_t i = base; i < base + slots; i++) {
            if (layer.kept[i] == static_cast<uint8_t>(Keep::always)) {
                tiers[i] = always;
            } else if (layer.kept[i] == static_cast<uint8_t>(Keep::reserved)) {
                tiers[i] = floored;
            }
        }
    }
    return tiers;
}

} // namespace

std::vector<double> model_wide_wishes(const std::vector<RankedLayer> & layers, int64_t budget,
                                      double floor_share) {
    if (layers.empty()) {
        return {};
    }
    int64_t unit = 1; // entries per row, over all layers
    for (const RankedLayer & layer : layers) {
        unit = std::lcm(unit, static_cast<int64_t>(layer.kv_heads));
    }
    const double mean = static_cast<double>(budget) / static_cast<double>(layers.size());
    const int floor = static_cast<int>(std::floor(floor_share * mean));

    std::vector<Contest> contests(layers.size());
    int64_t work = 0;
    for (const RankedLayer & layer : layers) {
        work += int64_t{ layer.kv_heads } * layer.slots;
    }
    for_each_layer(layers.size(), work, [&](size_t l) {
        const RankedLayer & layer = layers[l];
        contests[l] = { &layer, tiers_of(layer, floor), unit / layer.kv_heads,
                        int64_t{ layer.most_rows } * layer.kv_heads, 0 };
    });
    int64_t rest = budget * unit;
    for (const Tier tier : { always, floored, ordinary }) {
        run_tier(contests, tier, rest);
    }
    std::vector<double> wishes;
    for (const Contest & contest : contests) {
        wishes.push_back(static_cast<double>(contest.won) /
                         static_cast<double>(contest.layer->kv_heads));
    }
    return wishes;
}

} // namespace loci
