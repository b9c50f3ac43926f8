// The number of rows of each layer, against slow and obvious versions of the same rules.

#include "policy/allocation.h"
#include "policy/model_wide.h"
#include "policy/top_k.h"
#include "test/policy_fixture.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

using namespace loci;
using namespace loci_test;

namespace {

int64_t sum_of(const std::vector<int> & rows) {
    return std::accumulate(rows.begin(), rows.end(), int64_t{ 0 });
}

bool permitted(int rows, int granule) {
    return rows <= granule || (granule > 0 && rows % granule == 0);
}

TEST_CASE("permitted numbers of rows") {
    for (const int granule : { 1, 3, 32 }) {
        for (int rows = 0; rows < 100; rows++) {
            int down = rows;
            while (!permitted(down, granule)) {
                down--;
            }
            int up = rows;
            while (!permitted(up, granule)) {
                up++;
            }
            REQUIRE_MESSAGE(floor_rows(rows, granule) == down, "rounded down");
            REQUIRE_MESSAGE(ceil_rows(rows, granule) == up, "rounded up");
        }
    }
}

// Finds the least sum of squared distances to the wishes among all whole allocations of that sum.
double best_distance(const std::vector<double> & wishes, const std::vector<LayerBounds> & bounds,
                     size_t layer, int64_t left) {
    if (layer == wishes.size()) {
        return left == 0 ? 0.0 : 1e300;
    }
    double best = 1e300;
    for (int rows = bounds[layer].lower; rows <= bounds[layer].upper && rows <= left; rows++) {
        const double distance = (rows - wishes[layer]) * (rows - wishes[layer]);
        best = std::min(best, distance + best_distance(wishes, bounds, layer + 1, left - rows));
    }
    return best;
}

TEST_CASE("rounding finds the nearest of all allocations, 1,500 cases") {
    std::mt19937 random(4);
    for (int round = 0; round < random_cases(1500); round++) {
        const int layers = 1 + below(random, 4);
        std::vector<double> wishes;
        std::vector<LayerBounds> bounds;
        int64_t least = 0;
        int64_t most = 0;
        for (int l = 0; l < layers; l++) {
            const int upper = below(random, 9);
            bounds.push_back({ below(random, upper + 1), upper });
            wishes.push_back(static_cast<double>(below(random, 40)) / 4.0);
            least += bounds.back().lower;
            most += upper;
        }
        const int64_t budget = least + below(random, 12);
        const auto rows = round_rows(wishes, bounds, budget, 1);
        double distance = 0.0;
        for (size_t l = 0; l < rows.size(); l++) {
            REQUIRE_MESSAGE((rows[l] >= bounds[l].lower && rows[l] <= bounds[l].upper),
                            "outside its bounds");
            distance += (rows[l] - wishes[l]) * (rows[l] - wishes[l]);
        }
        REQUIRE_MESSAGE(sum_of(rows) == std::min(budget, most), "the budget is used up");
        REQUIRE_MESSAGE(distance ==
                            about(best_distance(wishes, bounds, 0, std::min(budget, most)), 1e-9),
                        "not the nearest allocation");
    }
}

TEST_CASE("rounding to granules wastes nothing it could use, 2,000 cases") {
    std::mt19937 random(5);
    for (int round = 0; round < random_cases(2000); round++) {
        constexpr int granules[] = { 2, 16, 32, 256 };
        const int granule = granules[below(random, 4)];
        const int layers = 1 + below(random, 6);
        std::vector<double> wishes;
        std::vector<LayerBounds> bounds;
        int64_t least = 0;
        for (int l = 0; l < layers; l++) {
            const int upper = floor_rows(below(random, 1000), granule);
            bounds.push_back({ floor_rows(below(random, upper + 1), granule), upper });
            wishes.push_back(static_cast<double>(below(random, 4000)) / 4.0);
            least += bounds.back().lower;
        }
        const int64_t budget = least + below(random, 2000);
        const auto rows = round_rows(wishes, bounds, budget, granule);
        REQUIRE_MESSAGE(sum_of(rows) <= budget, "the budget is exceeded");
        for (size_t l = 0; l < rows.size(); l++) {
            REQUIRE_MESSAGE((rows[l] >= bounds[l].lower && rows[l] <= bounds[l].upper),
                            "outside its bounds");
            REQUIRE_MESSAGE(permitted(rows[l], granule), "not a permitted number of rows");
            const int next = ceil_rows(rows[l] + 1, granule);
            REQUIRE_MESSAGE((next > bounds[l].upper || sum_of(rows) - rows[l] + next > budget),
                            "a layer could still have grown");
        }
    }
}

TEST_CASE("uniform layers") {
    const auto same = uniform_rows({ { 0, 100 }, { 0, 100 }, { 0, 100 } }, 100, 1);
    REQUIRE_MESSAGE(same == std::vector<int>({ 34, 33, 33 }), "the rest goes to the lowest layer");
    const auto ragged = uniform_rows({ { 0, 10 }, { 0, 100 }, { 0, 100 } }, 100, 1);
    REQUIRE_MESSAGE(ragged == std::vector<int>({ 10, 45, 45 }),
                    "what a short layer leaves is shared");
    const auto forced = uniform_rows({ { 60, 100 }, { 0, 100 }, { 0, 100 } }, 100, 1);
    REQUIRE_MESSAGE(forced == std::vector<int>({ 60, 20, 20 }),
                    "what a layer must keep, others lack");
    const auto granular = uniform_rows({ { 0, 512 }, { 0, 512 }, { 0, 512 } }, 900, 128);
    REQUIRE_MESSAGE(granular == std::vector<int>({ 384, 256, 256 }),
                    "whole granules, lowest layer first");
    const auto small = uniform_rows({ { 0, 500 }, { 0, 500 } }, 100, 256);
    REQUIRE_MESSAGE(small == std::vector<int>({ 50, 50 }),
                    "below one granule any number is permitted");
    REQUIRE_MESSAGE(uniform_rows({ { 0, 5 }, { 0, 6 } }, 100, 1) == std::vector<int>({ 5, 6 }),
                    "more budget than slots");
    REQUIRE_MESSAGE(uniform_rows({ { 3, 5 } }, 3, 1) == std::vector<int>({ 3 }),
                    "one layer, no slack");
}

// One layer for the model-wide contest.
struct Arrays {
    int kv_heads = 0;
    int slots = 0;
    int most = 0;
    std::vector<float> score;
    std::vector<uint8_t> kept;
    std::vector<int32_t> token;
};

// Sorts all entries in one list; each wins while the budget lasts and its layer has room.
std::vector<double> wishes_by_sorting(const std::vector<Arrays> & layers, int64_t budget,
                                      double floor_share) {
    int64_t unit = 1;
    for (const Arrays & layer : layers) {
        unit = std::lcm(unit, static_cast<int64_t>(layer.kv_heads));
    }
    const int floor = static_cast<int>(
        floor_share * (static_cast<double>(budget) / static_cast<double>(layers.size())));
    using Entry = std::tuple<int, int64_t, int32_t, size_t, size_t>;
    std::vector<Entry> entries;
    for (size_t l = 0; l < layers.size(); l++) {
        const Arrays & layer = layers[l];
        const auto slots = static_cast<size_t>(layer.slots);
        for (size_t i = 0; i < layer.score.size(); i++) {
            // Count the better entries of its head: the best `floor` are granted.
            int ahead = 0;
            const size_t base = i / slots * slots;
            for (size_t j = base; j < base + slots; j++) {
                const auto mine = std::make_tuple(layer.kept[i], score_order(layer.score[i]));
                const auto other = std::make_tuple(layer.kept[j], score_order(layer.score[j]));
                ahead += other > mine || (other == mine && j < i) ? 1 : 0;
            }
            const int tier = layer.kept[i] == 2 ? 0 : layer.kept[i] == 1 || ahead < floor ? 1 : 2;
            entries.emplace_back(tier, -static_cast<int64_t>(score_order(layer.score[i])),
                                 layer.token[i], l, i);
        }
    }
    std::sort(entries.begin(), entries.end());
    std::vector<int64_t> won(layers.size(), 0);
    int64_t rest = budget * unit;
    int stopped = -1; // the tier in which the next entry was too expensive
    for (const Entry & entry : entries) {
        const int tier = std::get<0>(entry);
        const size_t l = std::get<3>(entry);
        const int64_t cost = unit / layers[l].kv_heads;
        if (tier == stopped || won[l] >= int64_t{ layers[l].most } * layers[l].kv_heads) {
            continue;
        }
        if (cost > rest) {
            stopped = tier;
            continue;
        }
        rest -= cost;
        won[l]++;
    }
    std::vector<double> wishes;
    for (size_t l = 0; l < layers.size(); l++) {
        wishes.push_back(static_cast<double>(won[l]) / layers[l].kv_heads);
    }
    return wishes;
}

TEST_CASE("the model-wide top-K equals one sorted list, 2,000 cases") {
    std::mt19937 random(6);
    for (int round = 0; round < random_cases(2000); round++) {
        std::vector<Arrays> layers(1 + random() % 4);
        const int kind = below(random, 6);
        const int kv_heads = 1 + below(random, 3);
        int total = 0;
        for (Arrays & layer : layers) {
            layer.kv_heads = below(random, 4) == 0 ? 1 + below(random, 4) : kv_heads;
            layer.slots = below(random, 25);
            layer.most = below(random, 3) == 0 ? below(random, layer.slots + 1) : layer.slots;
            total += layer.slots;
            int most_kept = 0;
            for (int head = 0; head < layer.kv_heads; head++) {
                int kept = 0;
                for (int slot = 0; slot < layer.slots; slot++) {
                    const bool keep = kept < layer.most && below(random, 8) == 0;
                    kept += keep ? 1 : 0;
                    layer.score.push_back(odd_score(random, kind));
                    layer.kept.push_back(keep ? 2 : below(random, 12) == 0 ? 1 : 0);
                    layer.token.push_back(slot + below(random, 2));
                }
                most_kept = std::max(most_kept, kept);
            }
            layer.most = std::max(layer.most, most_kept);
        }
        const int64_t budget = below(random, total + 5);
        const double share = below(random, 2) == 0 ? 0.0 : 0.2 * below(random, 6);
        std::vector<RankedLayer> ranked;
        for (const Arrays & layer : layers) {
            ranked.push_back({ layer.kv_heads, layer.slots, layer.score.data(), layer.kept.data(),
                               layer.token.data(), layer.most });
        }
        const auto actual = model_wide_wishes(ranked, budget, share);
        const auto expected = wishes_by_sorting(layers, budget, share);
        for (size_t l = 0; l < layers.size(); l++) {
            REQUIRE_MESSAGE(actual[l] == about(expected[l], 1e-12), "the wish of layer ", l);
        }
        // With equally many heads in every layer, the whole budget is spent, unless layers are
        // full.
        double spent = 0.0;
        double room = 0.0;
        bool even = true;
        for (size_t l = 0; l < layers.size(); l++) {
            spent += actual[l];
            room += std::min(layers[l].most, layers[l].slots);
            even = even && layers[l].kv_heads == layers[0].kv_heads;
        }
        if (even) {
            REQUIRE_MESSAGE(spent == about(std::min(static_cast<double>(budget), room), 1e-9),
                            "rows spent");
        }
    }
}

// The order of the layers must not decide between equal scores: permuting layers permutes the
// result.
TEST_CASE("laprox treats layers alike") {
    std::mt19937 random(12);
    for (int round = 0; round < 200; round++) {
        Scenario scenario;
        auto & request = scenario.request;
        for (int l = 0; l < 3; l++) {
            request.layers.push_back(plain_layer(random, 2, 40 + below(random, 40)));
        }
        request.budget_rows = 96 + below(random, 20);
        request.max_layer_rows = 1000;
        request.recent = 4;
        const auto policy = make_policy("laprox", { { "window", "4" }, { "recent", "4" } });
        const auto forward = policy->select(scenario.ready());
        std::reverse(request.layers.begin(), request.layers.end());
        auto backward = policy->select(scenario.ready());
        std::reverse(backward.begin(), backward.end());
        for (size_t l = 0; l < forward.size(); l++) {
            // The layer's place decides between equal remainders, so one row may move.
            REQUIRE_MESSAGE(std::abs(forward[l].rows - backward[l].rows) <= 1,
                            "a layer's place matters");
        }
    }
}

} // namespace
