// Ada-KV's budgets for the heads of a layer, against plain sorting.

#include "policy/layer_budget.h"
#include "policy/top_k.h"
#include "test/policy_fixture.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

using namespace loci;
using namespace loci_test;

namespace {

struct Head {
    int most = 0;
    std::vector<float> score;
    std::vector<uint8_t> kept;
    std::vector<int32_t> token;
};

std::vector<RankedLayer> ranked(const std::vector<Head> & heads) {
    std::vector<RankedLayer> all;
    for (const Head & head : heads) {
        all.push_back({ 1, static_cast<int>(head.score.size()), head.score.data(), head.kept.data(),
                        head.token.data(), head.most });
    }
    return all;
}

Head plain_head(const std::vector<float> & score) {
    Head head;
    head.most = static_cast<int>(score.size());
    head.score = score;
    head.kept.assign(score.size(), 0);
    head.token.resize(score.size());
    std::iota(head.token.begin(), head.token.end(), 0);
    return head;
}

// Sorts all scores of the layer in one list and counts those of each head among the first `rows`.
std::vector<int> best_of_layer(const std::vector<Head> & heads, const std::vector<size_t> & members,
                               int64_t rows) {
    using Entry = std::tuple<int, int64_t, int32_t, size_t, size_t>;
    std::vector<Entry> entries;
    for (const size_t h : members) {
        for (size_t i = 0; i < heads[h].score.size(); i++) {
            entries.emplace_back(-heads[h].kept[i],
                                 -static_cast<int64_t>(score_order(heads[h].score[i])),
                                 heads[h].token[i], h, i);
        }
    }
    std::sort(entries.begin(), entries.end());
    std::vector<int> count(heads.size(), 0);
    for (const Entry & entry : entries) {
        const size_t h = std::get<3>(entry);
        if (rows > 0 && count[h] < heads[h].most) {
            count[h]++;
            rows--;
        }
    }
    return count;
}

TEST_CASE("the heads' rows equal one sorted list per layer, 2,000 cases") {
    std::mt19937 random(41);
    for (int round = 0; round < random_cases(2000); round++) {
        std::vector<Head> heads;
        std::vector<std::vector<size_t>> layers(1 + random() % 3);
        std::vector<double> wishes;
        const int kind = below(random, 6);
        for (std::vector<size_t> & members : layers) {
            const int count = 1 + below(random, 4);
            for (int h = 0; h < count; h++) {
                const int slots = below(random, 25);
                Head head;
                int kept = 0;
                for (int slot = 0; slot < slots; slot++) {
                    head.score.push_back(odd_score(random, kind));
                    head.kept.push_back(below(random, 8) == 0 ? 2 : below(random, 12) == 0 ? 1 : 0);
                    head.token.push_back(slot + below(random, 2));
                    kept += head.kept.back() == 2 ? 1 : 0;
                }
                head.most = below(random, 3) == 0 ? kept + below(random, slots - kept + 1) : slots;
                members.push_back(heads.size());
                wishes.push_back(head.most == 0 ? 0.0 : below(random, 4 * head.most + 1) / 4.0);
                heads.push_back(std::move(head));
            }
        }
        const double alpha = below(random, 6) / 5.0;
        const auto actual = ada_wishes(ranked(heads), layers, wishes, alpha);
        for (const std::vector<size_t> & members : layers) {
            double total = 0.0;
            for (const size_t h : members) {
                total += wishes[h];
            }
            const auto count =
                best_of_layer(heads, members, static_cast<int64_t>(std::floor(total + 1e-6)));
            for (const size_t h : members) {
                REQUIRE_MESSAGE(actual[h] ==
                                    about(count[h] * (1.0 - alpha) + alpha * wishes[h], 1e-9),
                                "the rows of head ", h);
            }
        }
    }
}

TEST_CASE("the heads' rows by hand") {
    const Head high = plain_head({ 9, 8, 7, 6, 5, 4, 3, 2, 1, 1 });
    const Head low = plain_head(std::vector<float>(10, 0.5f));
    const std::vector<std::vector<size_t>> layer = { { 0, 1 } };
    REQUIRE_MESSAGE(ada_wishes(ranked({ high, low }), layer, { 4, 4 }, 0.0) ==
                        std::vector<double>({ 8, 0 }),
                    "alpha 0: the best of the layer alone");
    const auto mixed = ada_wishes(ranked({ high, low }), layer, { 4, 4 }, 0.2);
    REQUIRE_MESSAGE(mixed[0] == about(8 * 0.8 + 4 * 0.2, 1e-12), "alpha 0.2, the head that wins");
    REQUIRE_MESSAGE(mixed[1] == about(4 * 0.2, 1e-12), "alpha 0.2, the head that loses");
    REQUIRE_MESSAGE(ada_wishes(ranked({ high, low }), layer, { 4, 4 }, 1.0) ==
                        std::vector<double>({ 4, 4 }),
                    "alpha 1: alike");
    REQUIRE_MESSAGE(ada_wishes(ranked({ low, low }), layer, { 4, 4 }, 0.0) ==
                        std::vector<double>({ 4, 4 }),
                    "equal scores: the lower tokens of all heads");
    REQUIRE_MESSAGE(ada_wishes(ranked({ low, low }), layer, { 2.5, 2.5 }, 0.0) ==
                        std::vector<double>({ 3, 2 }),
                    "equal tokens: the lower head");
    const Head odd = plain_head(std::vector<float>(10, NAN));
    REQUIRE_MESSAGE(ada_wishes(ranked({ odd, low }), layer, { 4, 4 }, 0.0) ==
                        std::vector<double>({ 0, 8 }),
                    "what is not finite is the lowest");
    REQUIRE_MESSAGE(ada_wishes(ranked({ low, high }), { { 0 }, { 1 } }, { 4, 4 }, 0.0) ==
                        std::vector<double>({ 4, 4 }),
                    "nothing passes from layer to layer");
}

// The policy's rows are B_h rounded by largest remainders, and their sum is the budget.
TEST_CASE("adakv gives its heads these rows") {
    std::mt19937 random(43);
    const auto policy = make_policy("adakv", { { "window", "4" }, { "pool", "1" } });
    for (int round = 0; round < 200; round++) {
        Scenario scenario;
        for (int l = 0; l < 3; l++) {
            scenario.request.layers.push_back(plain_layer(random, 3, 60));
        }
        scenario.request.budget_rows = int64_t{ 3 } * (8 + below(random, 40));
        scenario.request.max_layer_rows = 1000;
        scenario.request.recent = 4;
        scenario.request = heads_apart(scenario.request);
        const SelectionRequest & request = scenario.ready();
        const auto selections = policy->select(request);
        const double mean = static_cast<double>(request.budget_rows) / 9.0;
        int64_t total = 0;
        for (size_t l = 0; l < 3; l++) {
            std::vector<Head> heads;
            for (size_t h = 0; h < 3; h++) {
                heads.push_back(plain_head(request.layers[3 * l + h].attention.sum));
                std::fill(heads.back().kept.end() - 4, heads.back().kept.end(), uint8_t{ 2 });
            }
            const auto count =
                best_of_layer(heads, { 0, 1, 2 }, static_cast<int64_t>(std::lround(3.0 * mean)));
            for (size_t h = 0; h < 3; h++) {
                const double wish = 0.8 * count[h] + 0.2 * mean;
                REQUIRE_MESSAGE(std::abs(selections[3 * l + h].rows - wish) < 1.0,
                                "rows of a head");
                total += selections[3 * l + h].rows;
            }
        }
        REQUIRE_MESSAGE(total == request.budget_rows, "the budget is used up");
    }
}

} // namespace
