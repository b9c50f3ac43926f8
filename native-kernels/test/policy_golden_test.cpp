// The slots that each method keeps of a fixed input: a change here changes what users keep.

#include "test/policy_fixture.h"

using namespace loci;
using namespace loci_test;

namespace {

// Two layers, two heads, 24 slots; the second layer has fewer slots, after a compression.
Scenario fixed_scenario() {
    Scenario scenario;
    for (int l = 0; l < 2; l++) {
        LayerCandidates layer;
        layer.kv_heads = 2;
        layer.slots = l == 0 ? 24 : 20;
        std::vector<float> attention;
        for (int head = 0; head < 2; head++) {
            for (int slot = 0; slot < layer.slots; slot++) {
                const int mixed = (slot * 37 + head * 11 + l * 5) % 29;
                const int other = (slot * 13 + head * 7 + l * 3) % 17;
                attention.push_back(static_cast<float>(mixed * mixed) / 64.0f);
                layer.value.push_back(1.0f + static_cast<float>(other) / 8.0f);
                layer.carried.push_back(l == 1 && slot % 6 == 1 ? 16.0f : -1.0f);
                layer.token.push_back(l == 1 && slot >= 10 ? slot + 4 : slot);
            }
        }
        observe(layer, attention);
        std::mt19937 random(21);
        add_vectors(random, layer);
        scenario.request.layers.push_back(std::move(layer));
    }
    scenario.request.stream_tokens = 24;
    scenario.request.budget_rows = 18;
    scenario.request.max_layer_rows = 64;
    scenario.request.recent = 2;
    scenario.guarded.assign(24, 0);
    scenario.guarded[6] = 1;
    return scenario;
}

void golden(const std::string & name, const PolicyParameters & parameters,
            const std::vector<std::string> & expected) {
    Scenario scenario = fixed_scenario();
    const auto selections = make_policy(name, parameters)->select(scenario.ready());
    for (size_t l = 0; l < expected.size(); l++) {
        expect_text(survivors(scenario.request.layers[l], selections[l]), expected[l],
                    name + ", layer " + std::to_string(l));
    }
}

// The same input in the ragged layout, by layer and head.
void golden_ragged(const std::string & name, const PolicyParameters & parameters,
                   const std::string & expected) {
    Scenario scenario = fixed_scenario();
    scenario.request = heads_apart(scenario.request);
    const auto selections = make_policy(name, parameters)->select(scenario.ready());
    std::string text;
    for (size_t l = 0; l < selections.size(); l++) {
        text += (l == 0 ? "" : " ") + survivors(scenario.request.layers[l], selections[l]);
    }
    expect_text(text, expected, name + ", ragged");
}

TEST_CASE("golden: random") {
    golden("random", {},
           { "0:0,1,5,6,17,19,20,22,23 1:4,6,8,11,12,14,17,22,23",
             "0:2,4,5,6,12,13,14,18,19 1:4,6,8,9,11,15,16,18,19" });
}

TEST_CASE("golden: streaming") {
    golden("streaming", {},
           { "0:0,1,2,3,6,20,21,22,23 1:0,1,2,3,6,20,21,22,23",
             "0:0,1,2,3,6,16,17,18,19 1:0,1,2,3,6,16,17,18,19" });
}

TEST_CASE("golden: h2o") {
    golden("h2o", {},
           { "0:6,7,14,17,18,20,21,22,23 1:6,9,12,13,16,19,20,22,23",
             "0:1,6,7,10,13,16,17,18,19 1:1,6,7,12,13,15,16,18,19" });
}

TEST_CASE("golden: tova") {
    golden("tova", {},
           { "0:2,6,7,9,13,18,20,22,23 1:2,6,7,9,13,18,20,22,23",
             "0:1,5,6,10,12,16,17,18,19 1:1,5,6,10,12,16,17,18,19" });
}

TEST_CASE("golden: snapkv") {
    golden("snapkv", { { "window", "2" } },
           { "0:5,6,8,16,18,19,20,22,23 1:0,3,6,11,14,18,21,22,23",
             "0:1,6,7,8,11,13,15,18,19 1:1,3,6,7,13,14,17,18,19" });
}

TEST_CASE("golden: keydiff") {
    golden("keydiff", {},
           { "0:1,2,3,5,6,7,13,22,23 1:3,5,6,9,14,17,20,22,23",
             "0:1,2,3,5,6,7,13,18,19 1:1,3,6,7,8,9,13,18,19" });
}

TEST_CASE("golden: knorm") {
    golden("knorm", {},
           { "0:6,7,8,9,10,16,21,22,23 1:2,4,6,8,12,15,17,22,23",
             "0:5,6,7,8,9,10,16,18,19 1:0,1,6,8,10,12,16,18,19" });
}

TEST_CASE("golden: expected") {
    golden("expected", {},
           { "0:1,6,9,10,13,14,18,22,23 1:3,6,7,11,13,15,19,22,23",
             "0:1,2,6,7,10,14,15,18,19 1:3,4,6,7,8,16,17,18,19" });
}

TEST_CASE("golden: lagkv") {
    golden("lagkv", { { "partition", "4" }, { "recent", "4" } },
           { "0:0,1,2,3,6,14,17,22,23 1:0,1,2,3,6,9,14,22,23",
             "0:0,1,2,3,6,7,13,18,19 1:0,1,2,3,6,7,13,18,19" });
}

TEST_CASE("golden: ahakv") {
    golden("ahakv", { { "window", "2" } },
           { "0:3,6,7,10,14,18,21,22,23 1:2,5,6,9,13,16,20,22,23",
             "0:1,2,6,7,10,13,17,18,19 1:1,5,6,7,12,13,16,18,19" });
}

TEST_CASE("golden: criticalkv") {
    golden("criticalkv", { { "window", "2" } },
           { "0:5,6,8,9,16,18,19,22,23 1:0,2,3,6,11,14,15,22,23",
             "0:1,6,7,10,11,13,15,18,19 1:1,3,6,7,13,16,17,18,19" });
}

TEST_CASE("golden: laprox") {
    golden("laprox", { { "window", "2" } },
           { "0:5,6,9,10,13,15,18,19,22,23 1:2,3,6,11,12,15,16,19,22,23",
             "0:1,6,7,10,13,14,18,19 1:1,3,6,7,13,16,18,19" });
}

TEST_CASE("golden: defensive") {
    golden("defensive", { { "window", "2" } },
           { "0:3,6,7,10,13,14,18,22,23 1:2,6,9,12,13,16,20,22,23",
             "0:2,6,10,12,13,16,17,18,19 1:1,4,5,6,8,12,16,18,19" });
}

TEST_CASE("golden: layer-defensive") {
    golden("layer-defensive", { { "window", "2" } },
           { "0:3,6,7,10,13,14,18,22,23 1:2,6,9,12,13,16,20,22,23",
             "0:2,6,10,12,13,16,17,18,19 1:1,4,5,6,8,12,16,18,19" });
}

TEST_CASE("golden: pyramid") {
    golden("pyramid", { { "window", "2" }, { "beta", "3" } },
           { "0:5,6,7,8,9,12,15,16,17,18,19,20,22,23 1:0,1,3,6,7,10,11,13,14,15,18,21,22,23",
             "0:1,6,18,19 1:1,6,18,19" });
}

TEST_CASE("golden: cake") {
    golden("cake", { { "window", "2" } },
           { "0:5,6,8,16,18,19,20,22,23 1:0,3,6,11,14,18,21,22,23",
             "0:1,6,7,8,11,13,15,18,19 1:1,3,6,7,13,14,17,18,19" });
}

TEST_CASE("golden: kvzip") {
    golden("kvzip", {},
           { "0:3,6,7,10,14,18,21,22,23 1:2,5,6,9,13,16,20,22,23",
             "0:1,2,6,7,10,13,17,18,19 1:1,5,6,7,12,13,16,18,19" });
}

TEST_CASE("golden: kvzip-plus") {
    golden("kvzip-plus", {},
           { "0:3,6,7,10,13,14,18,21,22,23 1:2,6,9,12,13,16,19,20,22,23",
             "0:1,2,6,7,10,13,18,19 1:1,6,7,12,13,16,18,19" });
}

TEST_CASE("golden: adakv") {
    golden_ragged("adakv", { { "window", "2" } },
                  "0:5,6,8,16,18,19,22,23 0:0,3,6,11,13,14,18,21,22,23 0:1,6,7,8,11,13,18,19 "
                  "0:1,3,6,7,13,14,16,17,18,19");
}

TEST_CASE("golden: laprox, ragged") {
    golden_ragged("laprox", { { "window", "2" }, { "layout", "ragged" } },
                  "0:5,6,9,13,15,18,19,22,23 0:2,3,6,7,11,12,15,16,19,22,23 0:1,6,7,10,13,18,19 "
                  "0:1,3,6,7,13,16,17,18,19");
}

} // namespace
