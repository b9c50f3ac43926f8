// The policy `default`: its survivors for fixed inputs, and the whole policy against a reference in
// plain loops and doubles.

#include "test/policy_fixture.h"
#include "test/references/default_reference.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace loci;
using namespace loci_test;

namespace {

constexpr int recent = 3;

/// A request with units of every class, survivors of a longer stream and a profile.
struct Structured {
    Scenario scenario;
    TokenStructure structure;

    const SelectionRequest & ready() {
        scenario.request.structure = &structure;
        return scenario.ready();
    }
};

// Makes units of one to six tokens of any class; some tokens have no unit.
TokenStructure random_structure(std::mt19937 & random, int stream) {
    TokenStructure structure;
    for (int32_t unit = 0; static_cast<int>(structure.units.size()) < stream; unit++) {
        const int length = 1 + below(random, 6);
        const bool outside = below(random, 8) == 0;
        const auto kind = static_cast<uint8_t>(outside ? 0 : below(random, 7));
        for (int i = 0; i < length && static_cast<int>(structure.units.size()) < stream; i++) {
            structure.units.push_back(outside ? -1 : unit);
            structure.raised.push_back(kind);
            structure.files.push_back(static_cast<int32_t>(structure.units.size() - 1) / 50);
        }
    }
    return structure;
}

LayerCandidates survivors_of(std::mt19937 & random, int kv_heads, int slots, int stream) {
    LayerCandidates layer;
    layer.kv_heads = kv_heads;
    layer.slots = slots;
    for (int head = 0; head < kv_heads; head++) {
        int left = slots;
        for (int token = 0; token < stream; token++) {
            if (below(random, stream - token) < left) {
                left--;
                layer.token.push_back(token);
                layer.carried.push_back(-1.0f);
            }
        }
    }
    add_vectors(random, layer);
    return layer;
}

Structured structured(std::mt19937 & random, bool ragged) {
    Structured made;
    SelectionRequest & request = made.scenario.request;
    const int stream = 150 + below(random, 100);
    const int layers = 2 + below(random, 3);
    int64_t total = 0;
    for (int l = 0; l < layers; l++) {
        const int slots = stream - below(random, 60);
        request.layers.push_back(survivors_of(random, 2, slots, stream));
        request.profile.push_back(0.5 + static_cast<double>(uniform(random)));
        total += slots;
    }
    request.stream_tokens = stream;
    request.max_layer_rows = 90 + below(random, 200);
    request.budget_rows = int64_t{ layers } * (40 + below(random, 60));
    request.recent = recent;
    made.structure = random_structure(random, stream);
    made.scenario.guarded.assign(static_cast<size_t>(stream), 0);
    made.scenario.guarded[static_cast<size_t>(below(random, stream))] = 1;
    if (ragged) {
        request = heads_apart(request);
        total *= 2;
    }
    REQUIRE_MESSAGE(total > request.budget_rows, "a case in which nothing is evicted");
    return made;
}

void check_against_reference(bool ragged) {
    const auto policy = make_policy("default", ragged ? PolicyParameters{ { "layout", "ragged" } }
                                                      : PolicyParameters{});
    std::mt19937 random(ragged ? 41 : 40);
    for (int round = 0; round < random_cases(300); round++) {
        Structured made = structured(random, ragged);
        const SelectionRequest & request = made.ready();
        const auto selections = policy->select(request);
        const std::vector<int> rows = rows_reference(request);
        for (size_t l = 0; l < selections.size(); l++) {
            const std::string where =
                "case " + std::to_string(round) + ", layer " + std::to_string(l);
            const LayerCandidates & layer = request.layers[l];
            const auto slots = static_cast<size_t>(layer.slots);
            REQUIRE_MESSAGE(selections[l].rows == rows[l], where, ": rows");
            // The lowest score is that of the model's layer, which is two layers if ragged.
            double least = 0.0;
            const size_t first = ragged ? l / 2 * 2 : l;
            for (size_t member = first; member < first + (ragged ? 2 : 1); member++) {
                for (int h = 0; h < request.layers[member].kv_heads; h++) {
                    const Doubles scores =
                        keydiff_reference(request.layers[member], static_cast<size_t>(h));
                    least = std::min(least, *std::min_element(scores.begin(), scores.end()));
                }
            }
            for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads); head++) {
                const Doubles rank = raised_reference(layer, head, least, made.structure);
                const auto stays = [&](size_t slot) {
                    const auto token = static_cast<size_t>(layer.token[head * slots + slot]);
                    return made.scenario.guarded[token] != 0 || slot + recent >= slots;
                };
                std::vector<size_t> order(slots);
                std::iota(order.begin(), order.end(), size_t{ 0 });
                std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
                    const bool close = std::abs(rank[a] - rank[b]) <= 1e-6 * std::abs(rank[a]);
                    return stays(a) != stays(b) ? stays(a) : !close && rank[a] > rank[b];
                });
                order.resize(static_cast<size_t>(rows[l]));
                std::sort(order.begin(), order.end());
                for (size_t i = 0; i < order.size(); i++) {
                    const auto at = head * order.size() + i;
                    REQUIRE_MESSAGE(static_cast<size_t>(selections[l].slots[at]) == order[i], where,
                                    ", head ", head);
                }
            }
        }
    }
}

// Makes two layers of two heads over a stream of 30 tokens in ten units.
Structured fixed() {
    Structured made;
    SelectionRequest & request = made.scenario.request;
    std::mt19937 random(5);
    request.layers = { survivors_of(random, 2, 30, 30), survivors_of(random, 2, 24, 30) };
    request.profile = { 1.5, 0.5 };
    request.stream_tokens = 30;
    request.budget_rows = 24;
    request.max_layer_rows = 64;
    request.recent = recent;
    constexpr uint8_t kinds[] = { 1, 2, 0, 5, 3, 0, 0, 6, 4, 0 };
    for (int32_t token = 0; token < 30; token++) {
        made.structure.units.push_back(token / 3);
        made.structure.raised.push_back(kinds[token / 3]);
        made.structure.files.push_back(token / 15);
    }
    return made;
}

void golden(const PolicyParameters & parameters, bool ragged, const std::string & expected) {
    Structured made = fixed();
    if (ragged) {
        made.scenario.request = heads_apart(made.scenario.request);
    }
    const auto selections = make_policy("default", parameters)->select(made.ready());
    std::string text;
    for (size_t l = 0; l < selections.size(); l++) {
        text += (l == 0 ? "" : " | ") + survivors(made.scenario.request.layers[l], selections[l]);
    }
    expect_text(text, expected, "default");
}

TEST_CASE("golden: default") {
    golden({}, false,
           "0:0,1,2,3,4,5,9,10,11,12,13,14,24,25,27,28,29 "
           "1:0,1,3,4,5,9,10,11,12,13,14,24,25,26,27,28,29 "
           "| 0:2,3,7,8,21,22,23 1:0,1,2,6,21,22,23");
}

TEST_CASE("golden: default, ragged") {
    golden({ { "layout", "ragged" } }, true,
           "0:0,1,2,3,4,5,9,10,11,12,13,14,24,25,27,28,29 | "
           "0:0,1,3,4,5,9,10,11,12,13,14,24,25,26,27,28,29 | 0:2,3,7,8,21,22,23 | "
           "0:0,1,2,6,21,22,23");
}

TEST_CASE("default is its reference") {
    check_against_reference(false);
}

TEST_CASE("default, ragged, is its reference") {
    check_against_reference(true);
}

} // namespace
