// Policies in the ragged layout, in which every KV head may hold a different number of rows.

#include "core/error.h"
#include "policy/policy.h"
#include "policy/top_k.h"
#include "test/policy_fixture.h"

#include <algorithm>
#include <cmath>
#include <tuple>

using namespace loci;
using namespace loci_test;

namespace {

PolicyParameters with_ragged(PolicyParameters parameters = {}) {
    parameters.emplace_back("layout", "ragged");
    return parameters;
}

// Makes three layers of two heads, with survivors, new tokens and everything that a method may
// read.
Scenario three_layers(std::mt19937 & random) {
    Scenario scenario;
    for (int l = 0; l < 3; l++) {
        LayerCandidates layer = plain_layer(random, 2, 70);
        add_vectors(random, layer);
        for (float & carried : layer.carried) {
            carried = below(random, 3) == 0 ? uniform(random) : -1.0f;
        }
        scenario.request.layers.push_back(std::move(layer));
    }
    scenario.request.stream_tokens = 70;
    scenario.request.budget_rows = 60 + below(random, 60);
    scenario.request.max_layer_rows = 1000;
    scenario.request.recent = 4;
    return scenario;
}

// If every head gets the same number of rows, it keeps what it would keep in a rectangular layer.
void heads_choose_as_before(const std::string & name) {
    std::mt19937 random(51);
    for (int round = 0; round < 20; round++) {
        Scenario scenario = three_layers(random);
        scenario.request.budget_rows = scenario.request.budget_rows / 3 * 3;
        const auto together =
            make_policy(name, { { "allocation", "uniform" } })->select(scenario.ready());
        Scenario apart = scenario;
        apart.request = heads_apart(scenario.request);
        const auto alone =
            make_policy(name, with_ragged({ { "allocation", "uniform" } }))->select(apart.ready());
        for (size_t i = 0; i < alone.size(); i++) {
            const LayerSelection & whole = together[i / 2];
            const auto rows = static_cast<std::ptrdiff_t>(whole.rows);
            const auto first = static_cast<std::ptrdiff_t>(i % 2) * rows;
            REQUIRE_MESSAGE(alone[i].rows == whole.rows, name, ", rows");
            REQUIRE_MESSAGE((std::equal(alone[i].slots.begin(), alone[i].slots.end(),
                                        whole.slots.begin() + first) &&
                             std::equal(alone[i].carried.begin(), alone[i].carried.end(),
                                        whole.carried.begin() + first)),
                            name, " chooses otherwise");
        }
    }
}

// LaProx as in the paper: shares of the layer's sum, then one sorted list over all heads.
TEST_CASE("laprox to the letter equals one sorted list") {
    std::mt19937 random(52);
    const auto policy = make_policy(
        "laprox", with_ragged({ { "floor", "0" }, { "pool", "1" }, { "window", "4" } }));
    for (int round = 0; round < 100; round++) {
        Scenario scenario;
        for (int l = 0; l < 3; l++) {
            scenario.request.layers.push_back(plain_layer(random, 2, 60));
            // Layers with scores of different sizes, and one strong head.
            for (size_t i = 0; i < 120; i++) {
                scenario.request.layers.back().value[i] *=
                    static_cast<float>(1 + 40 * l) * (i < 60 ? 3.0f : 1.0f);
            }
        }
        scenario.request.budget_rows = 30 + below(random, 60);
        scenario.request.max_layer_rows = 1000;
        scenario.request.recent = 4;
        scenario.request = heads_apart(scenario.request);
        const SelectionRequest & request = scenario.ready();
        using Entry = std::tuple<bool, float, int32_t, size_t>;
        std::vector<Entry> entries;
        for (size_t l = 0; l < 3; l++) {
            double sum = 0.0;
            std::vector<std::vector<float>> scores(2);
            for (size_t h = 0; h < 2; h++) {
                const LayerCandidates & head = request.layers[2 * l + h];
                for (size_t i = 0; i < 60; i++) {
                    scores[h].push_back(head.attention.l2[i] * head.value[i]);
                    sum += i < 56 ? static_cast<double>(scores[h][i]) : 0.0;
                }
            }
            for (size_t h = 0; h < 2; h++) {
                for (size_t i = 0; i < 60; i++) {
                    const auto share = static_cast<float>(static_cast<double>(scores[h][i]) / sum);
                    entries.emplace_back(i < 56, -share, static_cast<int32_t>(i), 2 * l + h);
                }
            }
        }
        std::sort(entries.begin(), entries.end());
        std::vector<int> count(6, 0);
        for (size_t i = 0; i < static_cast<size_t>(request.budget_rows); i++) {
            count[std::get<3>(entries[i])]++;
        }
        const auto selections = policy->select(request);
        for (size_t h = 0; h < 6; h++) {
            REQUIRE_MESSAGE(selections[h].rows == count[h], "rows of a head");
        }
    }
}

// The heads of a layer share its rows equally, unless `head-alpha` lets them compete.
void heads_share_alike(const std::string & allocation) {
    std::mt19937 random(53);
    for (int round = 0; round < 20; round++) {
        Scenario scenario = three_layers(random);
        scenario.request.profile = { 1, 3, 2 };
        // One head gets far more attention.
        for (auto & layer : scenario.request.layers) {
            std::vector<float> attention = layer.attention.sum;
            std::transform(attention.begin(), attention.begin() + 70, attention.begin(),
                           [](float value) { return value * 9.0f; });
            observe(layer, attention);
        }
        scenario.request = heads_apart(scenario.request);
        const PolicyParameters parameters = with_ragged({ { "aggregate", "variance" },
                                                          { "carry", "0" },
                                                          { "window", "4" },
                                                          { "allocation", allocation } });
        const auto alike = make_policy("snapkv", parameters)->select(scenario.ready());
        PolicyParameters adaptive = parameters;
        adaptive.emplace_back("head-alpha", "0.2");
        const auto apart = make_policy("snapkv", adaptive)->select(scenario.ready());
        for (size_t l = 0; l < 3; l++) {
            REQUIRE_MESSAGE(std::abs(alike[2 * l].rows - alike[2 * l + 1].rows) <= 1,
                            "heads alike");
            // (A pyramid's first layer may hold everything, its last one only the newest.)
            REQUIRE_MESSAGE(apart[2 * l].rows >= apart[2 * l + 1].rows + (l == 1 ? 1 : 0),
                            "the stronger head gets more");
        }
        REQUIRE_MESSAGE((alike[2].rows >= alike[0].rows || allocation != "profile"),
                        "layers by the profile");
    }
}

TEST_CASE("a profile may name every head") {
    std::mt19937 random(54);
    Scenario scenario = three_layers(random);
    scenario.request.budget_rows = 60;
    scenario.request = heads_apart(scenario.request);
    scenario.request.profile = { 1, 2, 3, 4, 1, 1 };
    const auto policy =
        make_policy("keydiff", with_ragged({ { "allocation", "profile" }, { "alpha", "0" } }));
    const auto selections = policy->select(scenario.ready());
    for (size_t h = 0; h < 6; h++) {
        REQUIRE_MESSAGE(std::abs(selections[h].rows - 10.0 * scenario.request.profile[h]) <= 1.0,
                        "rows of a head");
    }
}

void refuse(const std::string & name, const PolicyParameters & parameters, const char * why) {
    try {
        make_policy(name, parameters);
    } catch (const Error & failure) {
        REQUIRE_MESSAGE((failure.code() == ErrorCode::invalid_argument &&
                         std::string(failure.what()).find(why) != std::string::npos),
                        name, ": ", failure.what());
        return;
    }
    FAIL(name, " was not refused");
}

TEST_CASE("what cannot be is refused in a sentence") {
    refuse("tova", with_ragged(), "same tokens in all heads");
    refuse("adakv", { { "layout", "rectangular" } }, "Add layout=ragged.");
    refuse("snapkv", { { "head-alpha", "0.5" } }, "Add layout=ragged.");
    refuse("snapkv", { { "profile", "keys" } }, "Add allocation=profile.");
    refuse("snapkv", { { "layout", "round" } }, "rectangular, ragged");
    refuse("full", { { "layout", "round" } }, "rectangular, ragged");
    REQUIRE_MESSAGE(make_policy("full", with_ragged())->needs().ragged, "full");
    REQUIRE_MESSAGE(make_policy("adakv", {})->needs().ragged, "adakv");
    REQUIRE_MESSAGE(!make_policy("laprox", {})->needs().ragged, "rectangular by default");
}

TEST_CASE("methods choose in a head as in a layer") {
    for (const char * name : { "random", "streaming", "h2o", "snapkv", "keydiff", "knorm",
                               "expected", "ahakv", "criticalkv", "laprox", "defensive" }) {
        SUBCASE(name) {
            heads_choose_as_before(name);
        }
    }
}

TEST_CASE("an allocation gives a layer's rows to its heads") {
    for (const char * allocation : { "uniform", "pyramid", "cake", "profile" }) {
        SUBCASE(allocation) {
            heads_share_alike(allocation);
        }
    }
}

} // namespace
