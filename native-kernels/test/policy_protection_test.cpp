// Protections and layer budgets, by hand.

#include "policy/layer_budget.h"
#include "policy/protection.h"
#include "policy/selection.h"
#include "test/policy_fixture.h"

#include <cmath>
#include <numeric>

using namespace loci;
using namespace loci_test;

namespace {

// Makes one head whose slots equal their tokens.
LayerCandidates row_of(int slots) {
    LayerCandidates layer;
    layer.kv_heads = 1;
    layer.slots = slots;
    layer.token.resize(static_cast<size_t>(slots));
    std::iota(layer.token.begin(), layer.token.end(), 0);
    layer.carried.assign(static_cast<size_t>(slots), -1.0f);
    return layer;
}

void expect_floats(const std::vector<float> & actual, const std::vector<float> & expected,
                   const std::string & what) {
    REQUIRE_MESSAGE(actual.size() == expected.size(), what);
    for (size_t i = 0; i < actual.size(); i++) {
        REQUIRE_MESSAGE(
            static_cast<double>(actual[i]) == about(static_cast<double>(expected[i]), 1e-6), what);
    }
}

Units units_of(double share, bool whole, double raise = 1.0, double raise_import = 1.0) {
    Units units;
    units.share = share;
    units.whole = whole;
    units.raise = raise;
    units.raise_import = raise_import;
    return units;
}

void units() {
    const LayerCandidates layer = row_of(6);
    // A line of three tokens, an import of two, and a token without a unit.
    const TokenStructure structure{ { 0, 0, 0, 1, 1, -1 },
                                    { 0, 0, 0, 2, 2, 0 },
                                    { 0, 0, 0, 0, 0, -1 } };
    std::vector<float> rank = { 1, 2, 6, 1, 3, 9 };
    raise_units(units_of(1.0, false), &structure, layer, lowest_score(rank), rank);
    expect_floats(rank, { 3, 3, 6, 2, 3, 9 }, "at least the mean of the unit");

    rank = { 1, 2, 6, 1, 3, 9 };
    raise_units(units_of(0.0, false, 2.0, 5.0), &structure, layer, lowest_score(rank), rank);
    expect_floats(rank, { 1, 2, 6, 10, 30, 9 }, "raised by class");

    rank = { 1, 2, 6, 1, 3, 9 };
    raise_units(units_of(0.0, true), &structure, layer, lowest_score(rank), rank);
    expect_floats(rank, { 3, 3, 3, 2, 2, 9 }, "whole units have one score");

    rank = { -4, -2, -3, -4, -3, -1 };
    raise_units(units_of(0.0, false, 10.0), &structure, layer, lowest_score(rank), rank);
    expect_floats(rank, { 0, 2, 1, 0, 10, 3 },
                  "negative scores are shifted before they are raised");

    rank = { 1, NAN, 5, 0, 0, 0 };
    raise_units(units_of(0.0, true), &structure, layer, lowest_score(rank), rank);
    REQUIRE_MESSAGE((!std::isfinite(rank[1]) && std::isfinite(rank[0])),
                    "odd scores stay the lowest");

    rank = { 1, 2, 3, 4, 5, 6 };
    raise_units(units_of(0.0, true, 9.0), nullptr, layer, 0.0f, rank);
    expect_floats(rank, { 1, 2, 3, 4, 5, 6 }, "nothing without a structure");
}

// Two files of 4 and 16 tokens: 2 and 4 parts of 6.
void quotas() {
    const LayerCandidates layer = row_of(20);
    TokenStructure structure;
    std::vector<float> rank;
    for (int i = 0; i < 20; i++) {
        structure.units.push_back(i);
        structure.raised.push_back(0);
        structure.files.push_back(i < 4 ? 0 : 1);
        rank.push_back(static_cast<float>(i));
    }
    std::vector<uint8_t> kept(20, 0);
    reserve_quotas(0.5, &structure, layer, rank, 12, kept);
    const std::vector<uint8_t> right = {
        0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1
    };
    REQUIRE_MESSAGE(kept == right, "the best of each file are reserved");
}

TEST_CASE("what attention alone decides") {
    LayerCandidates layer = row_of(6);
    layer.attention.sum = { 5, 1, 2, 9, 2, 1 };
    std::vector<uint8_t> kept = { 0, 0, 2, 0, 0, 0 };
    reserve_critical(0.5, layer, { 5, 1, 2, 9, 2, 1 }, 4, kept);
    REQUIRE_MESSAGE(kept == std::vector<uint8_t>({ 1, 0, 2, 1, 0, 0 }),
                    "half of four rows by attention");

    kept.assign(6, 0);
    // Of 20, the first to reach 0.7 are 9 + 5 + 2.
    reserve_mass(0.7, row_of(6), 4, kept);
    REQUIRE_MESSAGE(kept == std::vector<uint8_t>(6, 0),
                    "without attention there is nothing to reserve");
    reserve_mass(0.7, layer, 4, kept);
    REQUIRE_MESSAGE(kept == std::vector<uint8_t>({ 1, 0, 0, 1, 0, 0 }), "what makes up the mass");
}

void pyramid() {
    const auto wishes = pyramid_wishes(3, 100.0, 20, 4.0);
    // 80 are in the pyramid: the last layer has 20, the first 140.
    REQUIRE_MESSAGE(wishes[0] == about(160.0, 1e-9), "the first layer");
    REQUIRE_MESSAGE(wishes[1] == about(100.0, 1e-9), "the middle");
    REQUIRE_MESSAGE(wishes[2] == about(40.0, 1e-9), "the last layer");
}

TEST_CASE("CAKE's budgets") {
    LayerCandidates flat = row_of(4);
    flat.attention.rows = 2;
    flat.attention.sum = { 0.5f, 0.5f, 0.5f, 0.5f };
    flat.attention.l2 = { 0.5f, 0.5f, 0.5f, 0.5f };
    LayerCandidates steady = flat;
    for (float & value : steady.attention.l2) {
        value = std::sqrt(2.0f) / 4.0f; // both rows 0.25: no variance
    }
    const auto wishes = cake_wishes({ flat, steady }, 30.0);
    REQUIRE_MESSAGE(wishes[0] == about(30.0, 1e-3), "all for the layer whose attention moves");
    const auto alike = cake_wishes({ flat, flat }, 30.0);
    REQUIRE_MESSAGE(alike[0] == about(15.0, 1e-9), "equal layers share");
    const auto nothing = cake_wishes({ steady, steady }, 30.0);
    REQUIRE_MESSAGE(nothing[1] == about(15.0, 1e-3), "no preference at all");
}

void profile() {
    const std::vector<LayerBounds> wide = { { 0, 1000 }, { 0, 1000 }, { 0, 1000 } };
    const auto wishes = profile_wishes({ 1, 4, 1 }, wide, 300.0, 0.0);
    REQUIRE_MESSAGE(wishes[1] == about(200.0, 1e-9), "in proportion");
    const auto half = profile_wishes({ 1, 4, 1 }, wide, 300.0, 0.5);
    REQUIRE_MESSAGE(half[1] == about(150.0, 1e-9), "half alike, half in proportion");
    const auto full =
        profile_wishes({ 1, 4, 1 }, { { 0, 1000 }, { 0, 120 }, { 0, 1000 } }, 300.0, 0.0);
    REQUIRE_MESSAGE(full[1] == about(120.0, 1e-9), "a layer that is full");
    REQUIRE_MESSAGE(full[0] == about(90.0, 1e-9), "leaves the rest to the others");
    const auto least =
        profile_wishes({ 1, 4, 1 }, { { 80, 1000 }, { 0, 1000 }, { 0, 1000 } }, 300.0, 0.0);
    REQUIRE_MESSAGE(least[0] == about(80.0, 1e-9), "what must stay stays");
    REQUIRE_MESSAGE(least[1] + least[2] == about(220.0, 1e-9), "at the others' cost");
    const auto alike = profile_wishes({}, wide, 300.0, 0.0);
    REQUIRE_MESSAGE(alike[2] == about(100.0, 1e-9), "without a profile all are alike");
}

// After many compressions, the survivors of a stream are a uniform sample of it.
TEST_CASE("random survivors are a uniform sample") {
    std::vector<int> kept_of_quarter(4, 0);
    const auto policy = make_policy("random", {});
    Scenario scenario;
    LayerCandidates layer = row_of(0);
    for (int step = 0; step < 40; step++) {
        for (int i = 0; i < 100; i++) {
            layer.token.push_back(step * 100 + i);
            layer.carried.push_back(-1.0f);
        }
        layer.slots = static_cast<int>(layer.token.size());
        scenario.request.layers = { layer };
        scenario.request.budget_rows = 400;
        scenario.request.max_layer_rows = 10000;
        scenario.request.recent = 0;
        const LayerSelection selection = policy->select(scenario.ready())[0];
        std::vector<int32_t> tokens;
        for (const int32_t slot : selection.slots) {
            tokens.push_back(layer.token[static_cast<size_t>(slot)]);
        }
        layer.token = tokens;
        layer.carried.assign(tokens.size(), -1.0f);
    }
    for (const int32_t token : layer.token) {
        kept_of_quarter[static_cast<size_t>(token / 1000)]++;
    }
    for (const int count : kept_of_quarter) {
        REQUIRE_MESSAGE((count > 70 && count < 130),
                        "a quarter of the stream is over- or underrepresented");
    }
}

TEST_CASE("units are raised, levelled and kept whole") {
    units();
}

TEST_CASE("files have quotas by the root of their length") {
    quotas();
}

TEST_CASE("PyramidKV's budgets") {
    pyramid();
}

TEST_CASE("budgets by a profile") {
    profile();
}

} // namespace
