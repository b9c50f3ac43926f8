// The scores of every method against its formula in plain loops and doubles, and the selection
// against sorting, on seeded random layers of different lengths with groups of query heads.

#include "policy/eviction.h"
#include "policy/selection.h"
#include "test/key_formulas.h"
#include "test/policy_fixture.h"

#include <algorithm>
#include <functional>
#include <numeric>

using namespace loci;
using namespace loci_test;

namespace {

// Makes a layer with everything that any method reads; every statistic has different numbers.
LayerCandidates full_layer(std::mt19937 & random, int kv_heads, int slots, bool apart_values) {
    LayerCandidates layer = plain_layer(random, kv_heads, slots);
    layer.attention.rows = 1 + below(random, 64);
    for (const Statistic statistic : { Statistic::l2, Statistic::maximum }) {
        for (float & value : layer.attention.of(statistic)) {
            value = uniform(random);
        }
    }
    layer.attention.apart.clear();
    for (int i = 0; i < kv_heads * group * slots; i++) {
        layer.attention.apart.push_back(uniform(random));
    }
    if (apart_values) {
        layer.value.clear();
        for (int i = 0; i < kv_heads * group * slots; i++) {
            layer.value.push_back(0.5f + uniform(random));
        }
    }
    for (float & carried : layer.carried) {
        carried = below(random, 2) == 0 ? -1.0f : uniform(random);
    }
    add_vectors(random, layer);
    layer.moments.heads = kv_heads * group;
    layer.moments.mean.clear();
    layer.moments.covariance.clear();
    for (int i = 0; i < kv_heads * group * 4; i++) {
        layer.moments.mean.push_back(uniform(random) - 0.5f);
        for (int c = 0; c < 4; c++) {
            layer.moments.covariance.push_back(c == i % 4 ? 1.0f + uniform(random) : 0.1f);
        }
    }
    return layer;
}

// Compares the library's scores of a method with the formula's.
void check_score(const std::string & name, const PolicyParameters & parameters,
                 const std::function<Doubles(const LayerCandidates &, int64_t)> & formula) {
    const bool apart = !parameters.empty() && parameters.front().second == "apart";
    const auto method = make_eviction(name, parameters);
    std::mt19937 random(static_cast<uint32_t>(std::hash<std::string>()(name)));
    for (int round = 0; round < 60; round++) {
        const int slots = 1 + below(random, 90);
        LayerCandidates layer = full_layer(random, 1 + below(random, 3), slots, apart);
        const int64_t stream = slots + below(random, 500);
        const LayerScore score = method->score(layer, { 0, stream });
        const Doubles right = formula(layer, stream);
        REQUIRE_MESSAGE(score.rank.size() == right.size(), "scores of ", name);
        for (size_t i = 0; i < right.size(); i++) {
            REQUIRE_MESSAGE(at(score.rank, i) == about(right[i], 1e-4), name, ", slot ", i);
        }
    }
}

// Requires that sorting by level, score and position selects the same slots as the library.
void check_selection(const std::string & name) {
    const auto policy = make_eviction(name, {});
    std::mt19937 random(77);
    for (int round = 0; round < 40; round++) {
        Scenario scenario;
        for (int l = 0; l < 3; l++) {
            scenario.request.layers.push_back(full_layer(random, 2, 40 + below(random, 60), false));
        }
        scenario.request.stream_tokens = 600;
        scenario.request.budget_rows = 110 + below(random, 10);
        scenario.request.max_layer_rows = 1000;
        scenario.request.recent = 4;
        const auto selections = policy->select(scenario.ready());
        for (size_t l = 0; l < selections.size(); l++) {
            const LayerCandidates & layer = scenario.request.layers[l];
            const LayerScore score = policy->score(layer, { l, 600 });
            for (int head = 0; head < 2; head++) {
                std::vector<int> order(static_cast<size_t>(layer.slots));
                std::iota(order.begin(), order.end(), 0);
                const size_t base = static_cast<size_t>(head) * static_cast<size_t>(layer.slots);
                const auto level = [&](int slot) {
                    const int32_t token = layer.token[base + static_cast<size_t>(slot)];
                    return slot >= layer.slots - 4 || token < policy->sinks() ? 1 : 0;
                };
                std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
                    return level(a) != level(b) ? level(a) > level(b)
                                                : score.rank[base + static_cast<size_t>(a)] >
                                                      score.rank[base + static_cast<size_t>(b)];
                });
                order.resize(static_cast<size_t>(selections[l].rows));
                std::sort(order.begin(), order.end());
                const auto first = selections[l].slots.begin() +
                                   static_cast<std::ptrdiff_t>(head) * selections[l].rows;
                REQUIRE_MESSAGE(std::equal(order.begin(), order.end(), first), name,
                                " chose others");
            }
        }
    }
}

template <typename Formula>
auto alone(const Formula & formula) {
    return [formula](const LayerCandidates & layer, int64_t) { return formula(layer); };
}

TEST_CASE("snapkv") {
    check_score("snapkv", {}, alone(snapkv));
}

TEST_CASE("pyramid scores as snapkv") {
    check_score("pyramid", {}, alone(snapkv));
}

TEST_CASE("h2o") {
    check_score("h2o", {}, h2o);
}

TEST_CASE("tova") {
    check_score("tova", {}, alone(tova));
}

TEST_CASE("ahakv") {
    check_score("ahakv", {}, alone(ahakv));
}

TEST_CASE("cake") {
    check_score("cake", {}, alone(cake));
}

TEST_CASE("criticalkv") {
    check_score("criticalkv", {}, alone([](const LayerCandidates & layer) {
                    return times_value(layer, snapkv(layer), 1e-4);
                }));
}

TEST_CASE("laprox") {
    check_score("laprox", {}, alone(laprox));
}

TEST_CASE("laprox, the other reading") {
    check_score("laprox", { { "aggregate", "apart" } }, alone(laprox_apart));
}

TEST_CASE("defensive") {
    check_score("defensive", {}, alone(defensive));
}

TEST_CASE("layer-defensive") {
    check_score("layer-defensive", {}, alone(defensive));
}

TEST_CASE("kvzip") {
    check_score("kvzip", {}, alone(kvzip));
}

TEST_CASE("kvzip-plus") {
    check_score("kvzip-plus", {}, alone([](const LayerCandidates & layer) {
                    return times_value(layer, kvzip(layer));
                }));
}

TEST_CASE("knorm") {
    check_score("knorm", {}, alone(knorm));
}

TEST_CASE("keydiff") {
    check_score("keydiff", {}, alone(keydiff));
}

TEST_CASE("lagkv") {
    check_score("lagkv", { { "partition", "4" } }, alone(lagkv));
}

TEST_CASE("expected") {
    check_score("expected", {}, alone(expected));
}

TEST_CASE("selections equal sorting") {
    for (const char * name :
         { "random", "streaming", "h2o", "tova", "snapkv", "keydiff", "knorm", "expected", "ahakv",
           "laprox", "pyramid", "cake", "kvzip", "kvzip-plus" }) {
        check_selection(name);
    }
}

} // namespace
