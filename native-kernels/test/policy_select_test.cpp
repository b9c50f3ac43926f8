// The slots that policies keep, worked out by hand, and edge cases.

#include "core/error.h"
#include "policy/selection.h"
#include "test/policy_fixture.h"

#include <algorithm>
#include <cmath>

using namespace loci;
using namespace loci_test;

namespace {

// Makes one head without pooling, so that the scores are obvious.
Scenario one_head(const std::vector<float> & attention, int64_t budget) {
    Scenario scenario;
    LayerCandidates layer;
    layer.kv_heads = 1;
    layer.slots = static_cast<int>(attention.size());
    observe(layer, attention);
    layer.value.assign(attention.size(), 1.0f);
    layer.carried.assign(attention.size(), -1.0f);
    for (int slot = 0; slot < layer.slots; slot++) {
        layer.token.push_back(slot);
    }
    scenario.request.layers.push_back(std::move(layer));
    scenario.request.budget_rows = budget;
    scenario.request.max_layer_rows = 1000;
    scenario.request.recent = 0;
    return scenario;
}

const PolicyParameters plain_laprox = {
    { "pool", "1" }, { "window", "1" }, { "recent", "1" }, { "floor", "0" }
};
const PolicyParameters plain_ahakv = { { "value-pool", "1" }, { "window", "1" } };

TEST_CASE("what is kept, by hand") {
    for (const auto & [name, parameters] :
         { std::make_pair("laprox", plain_laprox), std::make_pair("ahakv", plain_ahakv) }) {
        const auto policy = make_policy(name, parameters);
        Scenario high = one_head({ 1, 9, 2, 8, 3, 0 }, 3);
        expect_text(survivors(high.request.layers[0], policy->select(high.ready())[0]), "0:1,3,4",
                    "the highest scores");
        Scenario ties = one_head({ 5, 5, 5, 5, 5, 5 }, 4);
        expect_text(survivors(ties.request.layers[0], policy->select(ties.ready())[0]), "0:0,1,2,3",
                    "ties go to the lower position");
        Scenario odd = one_head({ 0, NAN, 1, INFINITY, 2, 0 }, 4);
        const auto kept = policy->select(odd.ready())[0];
        expect_text(survivors(odd.request.layers[0], kept), "0:0,2,4,5", "odd scores go first");
        REQUIRE_MESSAGE(kept.non_finite == int64_t{ 2 }, "odd scores are counted");
        Scenario guarded = one_head({ 1, 9, 2, 8, 3, 0 }, 3);
        guarded.guarded = { 0, 0, 1, 0, 0, 0 };
        guarded.request.recent = 1;
        expect_text(survivors(guarded.request.layers[0], policy->select(guarded.ready())[0]),
                    "0:1,2,5", "protected and recent slots stay");
    }
}

TEST_CASE("values weigh the attention") {
    Scenario scenario = one_head({ 4, 4, 4, 4 }, 2);
    scenario.request.layers[0].value = { 1, 3, 2, 1 };
    for (const char * name : { "laprox", "ahakv" }) {
        const auto policy = make_policy(
            name, { { "pool", "1" }, { "value-pool", "1" }, { "window", "1" }, { "recent", "1" } });
        expect_text(survivors(scenario.request.layers[0], policy->select(scenario.ready())[0]),
                    "0:1,2", name);
    }
}

// laprox pools the attention, ahakv the values.
TEST_CASE("pooling spreads") {
    Scenario attention = one_head({ 0, 9, 0, 0, 0, 5, 0, 0, 0, 0 }, 3);
    const auto laprox = make_policy(
        "laprox", { { "pool", "3" }, { "window", "1" }, { "recent", "1" }, { "floor", "0" } });
    expect_text(survivors(attention.request.layers[0], laprox->select(attention.ready())[0]),
                "0:0,1,2", "a peak keeps its neighbours");
    Scenario values = one_head({ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, 3);
    values.request.layers[0].value = { 0, 0, 0, 0, 0, 9, 0, 0, 0, 0 };
    const auto ahakv = make_policy("ahakv", { { "value-pool", "3" }, { "window", "1" } });
    expect_text(survivors(values.request.layers[0], ahakv->select(values.ready())[0]), "0:4,5,6",
                "a large value keeps its neighbours");
}

TEST_CASE("scores are carried") {
    Scenario scenario = one_head({ 3, 1, 2, 5, 4, 0, 0 }, 3);
    scenario.request.layers[0].carried = { -1, 8, -1, -1, 2, -1, -1 };
    const auto keep = make_policy("laprox", { { "pool", "1" },
                                              { "window", "1" },
                                              { "recent", "1" },
                                              { "floor", "0" },
                                              { "carry", "1" } });
    const auto fresh = make_policy("laprox", { { "pool", "1" },
                                               { "window", "1" },
                                               { "recent", "1" },
                                               { "floor", "0" },
                                               { "carry", "0" } });
    const auto half = make_policy("laprox", { { "pool", "1" },
                                              { "window", "1" },
                                              { "recent", "1" },
                                              { "floor", "0" },
                                              { "carry", "0.5" } });
    const LayerCandidates & layer = scenario.request.layers[0];

    const auto kept = keep->select(scenario.ready())[0];
    expect_text(survivors(layer, kept), "0:1,3,4", "a carried score counts");
    REQUIRE_MESSAGE(kept.carried == std::vector<float>({ 8, 5, 4 }),
                    "the larger score is carried on");
    expect_text(survivors(layer, fresh->select(scenario.ready())[0]), "0:0,3,4",
                "without carry only the newest window counts");
    const auto decayed = half->select(scenario.ready())[0];
    expect_text(survivors(layer, decayed), "0:1,3,4", "half of it still counts");
    REQUIRE_MESSAGE(decayed.carried == std::vector<float>({ 4, 5, 4 }), "what is carried decays");

    Scenario window = one_head({ 1, 2, 3, 9, 8 }, 3);
    window.request.recent = 2;
    const auto two =
        make_policy("laprox", { { "pool", "1" }, { "window", "2" }, { "recent", "2" } })
            ->select(window.ready())[0];
    expect_text(survivors(window.request.layers[0], two), "0:2,3,4", "the window stays");
    REQUIRE_MESSAGE(two.carried == std::vector<float>({ 3, -1, -1 }),
                    "the window carries no score");
}

// All heads and layers compete after each layer's scores are divided by their sum.
TEST_CASE("layers compete for one budget") {
    Scenario scenario;
    auto & layers = scenario.request.layers;
    layers.push_back(one_head({ 10, 10, 10, 1, 1, 1, 1, 0 }, 0).request.layers[0]);
    layers.push_back(one_head({ 5, 5, 5, 5, 5, 5, 5, 0 }, 0).request.layers[0]);
    scenario.request.budget_rows = 10;
    scenario.request.max_layer_rows = 100;
    scenario.request.recent = 0;
    // Sums 34 and 35, without the window's own column: shares .29 (3), .14 (7), .03 (4).
    const auto policy = make_policy("laprox", plain_laprox);
    auto selections = policy->select(scenario.ready());
    REQUIRE_MESSAGE(selections[0].rows == 3, "the peaked layer");
    REQUIRE_MESSAGE(selections[1].rows == 7, "the flat layer");

    for (float & value : layers[0].attention.l2) {
        value *= 1024.0f;
    }
    selections = policy->select(scenario.ready());
    REQUIRE_MESSAGE(selections[0].rows == 3, "the scale of a layer does not matter");
    REQUIRE_MESSAGE(selections[1].rows == 7, "the scale of a layer does not matter");

    // The mean budget is 5; a floor of 0.8 gives each head its best 4.
    const auto floored = make_policy(
        "laprox", { { "pool", "1" }, { "window", "1" }, { "recent", "1" }, { "floor", "0.8" } });
    selections = floored->select(scenario.ready());
    REQUIRE_MESSAGE(selections[0].rows == 4, "the floor");
    REQUIRE_MESSAGE(selections[1].rows == 6, "what the floor leaves");

    scenario.request.max_layer_rows = 6;
    selections = policy->select(scenario.ready());
    REQUIRE_MESSAGE(selections[0].rows == 4, "what the full layer leaves");
    REQUIRE_MESSAGE(selections[1].rows == 6, "no layer beyond the context");
}

// A head with much attention must not be normalised to its neighbour: the unit is the layer.
TEST_CASE("heads of a layer share one scale") {
    Scenario scenario;
    auto loud = one_head({ 8, 8, 8, 8, 0 }, 0).request.layers[0];
    auto quiet = one_head({ 1, 1, 1, 1, 0 }, 0).request.layers[0];
    loud.kv_heads = 2;
    observe(loud, { 8, 8, 8, 8, 0, 1, 1, 1, 1, 0 });
    loud.value.insert(loud.value.end(), quiet.value.begin(), quiet.value.end());
    loud.carried.insert(loud.carried.end(), quiet.carried.begin(), quiet.carried.end());
    loud.token.insert(loud.token.end(), quiet.token.begin(), quiet.token.end());
    auto even = loud;
    observe(even, { 4, 4, 4, 4, 0, 4, 4, 4, 4, 0 });
    scenario.request.layers = { loud, even };
    scenario.request.budget_rows = 6;
    scenario.request.max_layer_rows = 100;
    scenario.request.recent = 0;
    // 12 entries win: four of the strong head (8/36), eight of the even layer (4/32).
    const auto selections = make_policy("laprox", plain_laprox)->select(scenario.ready());
    REQUIRE_MESSAGE(selections[0].rows == 2, "a loud and a quiet head");
    REQUIRE_MESSAGE(selections[1].rows == 4, "two even heads");
}

void granules() {
    std::mt19937 random(8);
    Scenario scenario;
    for (int l = 0; l < 3; l++) {
        scenario.request.layers.push_back(plain_layer(random, 2, 1000));
    }
    scenario.request.budget_rows = 1500;
    scenario.request.max_layer_rows = 900;
    scenario.request.granule = 256;
    for (const char * name : { "streaming", "ahakv", "laprox" }) {
        int total = 0;
        for (const LayerSelection & layer : make_policy(name, {})->select(scenario.ready())) {
            REQUIRE_MESSAGE(layer.rows % 256 == 0, "rows are whole granules");
            total += layer.rows;
        }
        REQUIRE_MESSAGE(total == 1280, name, " uses what granules can use");
    }
    // Below one granule, any number of rows is permitted.
    scenario.request.budget_rows = 300;
    for (const char * name : { "streaming", "ahakv", "laprox" }) {
        int total = 0;
        for (const LayerSelection & layer : make_policy(name, {})->select(scenario.ready())) {
            total += layer.rows;
        }
        REQUIRE_MESSAGE(total == 300, name, " below one granule");
    }
}

TEST_CASE("with no more slots than the budget nothing is dropped") {
    for (const char * name : { "full", "streaming", "ahakv", "laprox" }) {
        Scenario scenario = one_head({ 1, NAN, 3 }, 3);
        scenario.request.layers[0].carried = { 0.5f, -1, 7 };
        scenario.request.granule = 2;
        const auto kept = make_policy(name, {})->select(scenario.ready())[0];
        expect_text(survivors(scenario.request.layers[0], kept), "0:0,1,2", name);
        const bool observes = !make_policy(name, {})->needs().attention.statistics.empty();
        REQUIRE_MESSAGE((observes || kept.carried == std::vector<float>({ 0.5f, -1, 7 })),
                        "scores stay as they were");
    }
    // Evidence from the first chunks counts later, when something must be evicted.
    Scenario early = one_head({ 1, 4, 3 }, 3);
    early.request.layers[0].carried = { 2, -1, -1 };
    const auto whole = make_policy("laprox", plain_laprox)->select(early.ready())[0];
    REQUIRE_MESSAGE(whole.carried == std::vector<float>({ 2, 4, -1 }),
                    "evidence before the first eviction");
    // Fewer tokens than the observation window.
    Scenario few = one_head({ 4, 3, 2, 1 }, 2);
    few.request.recent = 1;
    for (const char * name : { "ahakv", "laprox" }) {
        const auto kept = make_policy(name, {})->select(few.ready())[0];
        REQUIRE_MESSAGE(kept.rows == 2, "fewer slots than the window");
        REQUIRE_MESSAGE(kept.slots.back() == 3, "the newest stays");
    }
}

std::string too_small(const char * name, Scenario & scenario) {
    try {
        make_policy(name, {})->select(scenario.ready());
    } catch (const Error & failure) {
        REQUIRE_MESSAGE(failure.code() == ErrorCode::budget_too_small,
                        "the code of a small budget");
        return failure.what();
    }
    FAIL(name, " accepted a budget that is too small");
    return {};
}

TEST_CASE("budgets that are too small say so") {
    std::mt19937 random(3);
    Scenario scenario;
    scenario.request.layers = { plain_layer(random, 2, 100), plain_layer(random, 2, 100) };
    scenario.request.max_layer_rows = 1000;
    scenario.request.recent = 10;
    scenario.guarded.assign(100, 0);
    std::fill(scenario.guarded.begin(), scenario.guarded.begin() + 20, uint8_t{ 1 });
    scenario.request.budget_rows = 59;
    for (const char * name : { "streaming", "ahakv", "laprox" }) {
        scenario.request.budget_rows = 59;
        const std::string sentence = too_small(name, scenario);
        REQUIRE_MESSAGE(sentence.find("30 tokens") != std::string::npos, "no hint in: ", sentence);
        scenario.request.budget_rows = 60;
        REQUIRE_MESSAGE(make_policy(name, {})->select(scenario.ready())[1].rows == 30,
                        "exactly what must stay");
    }
    scenario.request.budget_rows = 120;
    scenario.request.max_layer_rows = 29;
    for (const char * name : { "streaming", "ahakv", "laprox" }) {
        REQUIRE_MESSAGE(too_small(name, scenario).find("context") != std::string::npos,
                        "names the context");
    }
    scenario.request.max_layer_rows = 1000;
    REQUIRE_MESSAGE(too_small("full", scenario).find("full") != std::string::npos,
                    "names the policy");
}

TEST_CASE("rows in granules") {
    granules();
}

} // namespace
