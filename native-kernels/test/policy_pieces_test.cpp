// The parts that policies share: pooling, the top-K, parameters.

#include "core/error.h"
#include "policy/parallel.h"
#include "policy/pooling.h"
#include "policy/self_guided.h"
#include "policy/top_k.h"
#include "test/policy_fixture.h"

#include <algorithm>
#include <atomic>
#include <cmath>

using namespace loci;
using namespace loci_test;

namespace {

TEST_CASE("pooling averages the neighbours that exist") {
    const std::vector<float> in = { 3.0f, 0.0f, 6.0f, 9.0f };
    std::vector<float> out(4);
    average_pool(in.data(), 4, 3, out.data());
    const double expected[] = { 1.5, 3.0, 5.0, 7.5 }; // the ends average two
    for (size_t i = 0; i < 4; i++) {
        REQUIRE_MESSAGE(static_cast<double>(out[i]) == about(expected[i], 1e-6), "pooled ", i);
    }
    average_pool(in.data(), 4, 9, out.data());
    for (size_t i = 0; i < 4; i++) {
        REQUIRE_MESSAGE(static_cast<double>(out[i]) == about(4.5, 1e-6),
                        "a width beyond both ends");
    }
    average_pool(in.data(), 4, 1, out.data());
    REQUIRE_MESSAGE(out == in, "width 1 changes nothing");
    average_pool(in.data(), 0, 7, nullptr);
}

TEST_CASE("pooling takes odd values for zero") {
    const std::vector<float> in = { 1.0f, NAN, 2.0f };
    std::vector<float> out(3);
    average_pool(in.data(), 3, 3, out.data());
    REQUIRE_MESSAGE(static_cast<double>(out[0]) == about(0.5, 1e-6), "NaN counts as zero");
    REQUIRE_MESSAGE(static_cast<double>(out[1]) == about(1.0, 1e-6), "NaN counts as zero");
}

TEST_CASE("scores keep their order as integers") {
    const float inf = std::numeric_limits<float>::infinity();
    const float ascending[] = { -3.0f, -1e-30f, 0.0f, 1e-40f, 1e-30f, 1.0f, 3e38f };
    for (size_t i = 1; i < std::size(ascending); i++) {
        REQUIRE_MESSAGE(score_order(ascending[i - 1]) < score_order(ascending[i]),
                        "the order of floats");
    }
    for (float odd : { inf, -inf, NAN }) {
        REQUIRE_MESSAGE(score_order(odd) < score_order(-3e38f), "what is not finite is the lowest");
        REQUIRE_MESSAGE(score_order(odd) == score_order(NAN), "what is not finite is equal");
    }
    REQUIRE_MESSAGE(score_order(-0.0f) == score_order(0.0f), "zeros are equal");
}

TEST_CASE("the best k equal a stable sort, 2,000 cases") {
    std::mt19937 random(1);
    for (int round = 0; round < random_cases(2000); round++) {
        const int count = below(random, 60);
        const int k = below(random, 70) - 2;
        const int kind = below(random, 6);
        std::vector<float> scores;
        std::vector<uint8_t> forced;
        for (int i = 0; i < count; i++) {
            scores.push_back(odd_score(random, kind));
            forced.push_back(below(random, 5) == 0 ? 1 : 0);
        }
        std::vector<int32_t> expected;
        for (int i = 0; i < count; i++) {
            expected.push_back(i);
        }
        // A stable sort keeps ties in the order of their positions.
        std::stable_sort(expected.begin(), expected.end(), [&](int32_t a, int32_t b) {
            const auto x = static_cast<size_t>(a);
            const auto y = static_cast<size_t>(b);
            if (forced[x] != forced[y]) {
                return forced[x] > forced[y];
            }
            const bool fine_x = std::isfinite(scores[x]);
            const bool fine_y = std::isfinite(scores[y]);
            return fine_x != fine_y ? fine_x : fine_x && scores[x] > scores[y];
        });
        expected.resize(static_cast<size_t>(std::clamp(k, 0, count)));
        std::sort(expected.begin(), expected.end());
        REQUIRE_MESSAGE(top_k(scores.data(), forced.data(), count, k) == expected,
                        "not the best k");
    }
}

void self_guided() {
    // At i / k = sqrt(e), the scale equals the model's own.
    const int budget = 100000;
    const int visible = static_cast<int>(std::lround(budget * std::exp(0.5)));
    REQUIRE_MESSAGE(static_cast<double>(self_guided_scale(visible, budget, 128)) ==
                        about(1.0 / std::sqrt(128.0), 1e-5),
                    "at the square root of e");
    REQUIRE_MESSAGE(static_cast<double>(self_guided_scale(1000, 100, 128)) ==
                        about(std::sqrt(2.0 * std::log(10.0) / 128.0), 1e-6),
                    "at ten times the budget");
    const double floor = std::sqrt(2.0 * std::log(1.05) / 64.0);
    for (const int seen : { 1, 50, 100, 104 }) {
        REQUIRE_MESSAGE(static_cast<double>(self_guided_scale(seen, 100, 64)) == about(floor, 1e-6),
                        "at and below the budget");
    }
    REQUIRE_MESSAGE(self_guided_scale(106, 100, 64) > self_guided_scale(105, 100, 64),
                    "above the floor");
}

TEST_CASE("layers on several threads") {
    std::vector<std::atomic<int>> visits(50);
    for_each_layer(visits.size(), int64_t{ 1 } << 40, [&](size_t i) { visits[i]++; });
    for (const std::atomic<int> & count : visits) {
        REQUIRE_MESSAGE(count.load() == 1, "every layer is visited once");
    }
    try {
        for_each_layer(visits.size(), int64_t{ 1 } << 40, [&](size_t i) {
            if (i == 30) {
                throw Error(ErrorCode::internal, "layer 30");
            }
        });
    } catch (const Error & failure) {
        expect_text(failure.what(), "layer 30", "the failure of a layer");
        return;
    }
    FAIL("a failure was lost");
}

std::string refusal(const std::string & name, const PolicyParameters & parameters) {
    try {
        make_policy(name, parameters);
    } catch (const Error & failure) {
        REQUIRE_MESSAGE(failure.code() == ErrorCode::invalid_argument,
                        "the code of a refused policy");
        return failure.what();
    }
    FAIL("the policy ", name, " was accepted");
    return {};
}

void expect_names(const std::string & sentence, const std::vector<std::string> & names) {
    for (const std::string & name : names) {
        if (sentence.find(name) == std::string::npos) {
            FAIL('"', sentence, "\" lacks ", name);
        }
    }
}

TEST_CASE("unknown names and values are refused with the valid ones") {
    for (const std::string & name : policy_names()) {
        expect_text(make_policy(name, {})->name(), name, "the name of a policy");
    }
    expect_names(refusal("snapkw", {}), { "snapkw", "full", "streaming", "ahakv", "laprox" });
    expect_names(refusal("laprox", { { "pol", "7" } }),
                 { "pol", "window", "pool", "floor", "carry" });
    expect_names(refusal("full", { { "sinks", "4" } }), { "sinks", "layout" });
    expect_names(refusal("laprox", { { "pool", "6" } }), { "pool", "odd", "6" });
    expect_names(refusal("laprox", { { "floor", "1.5" } }), { "floor", "0", "1", "1.5" });
    expect_names(refusal("ahakv", { { "window", "2.5" } }), { "window", "whole", "512" });
    expect_names(refusal("ahakv", { { "window", "7x" } }), { "window", "7x" });
    expect_names(refusal("ahakv", { { "carry", "nan" } }), { "carry" });
    expect_names(refusal("streaming", { { "sinks", "-1" } }), { "sinks", "1024" });
    expect_names(refusal("h2o", { { "rows", "some" } }), { "rows", "last", "all", "probe" });
    REQUIRE_MESSAGE(make_policy("laprox", { { "window", "8" }, { "window", "16" } })
                            ->needs()
                            .attention.window == 16,
                    "the last value wins");
    const PolicyNeeds ahakv = make_policy("ahakv", {})->needs();
    REQUIRE_MESSAGE((ahakv.attention.statistics == std::vector<Statistic>{ Statistic::sum } &&
                     ahakv.attention.self_guided && ahakv.attention.window == 32 &&
                     ahakv.value == ValueNeed::squared_norm),
                    "what ahakv reads");
    const PolicyNeeds laprox = make_policy("laprox", {})->needs();
    REQUIRE_MESSAGE((laprox.attention.statistics == std::vector<Statistic>{ Statistic::l2 } &&
                     !laprox.attention.self_guided && laprox.value == ValueNeed::projected_norm &&
                     laprox.recent == 32),
                    "what laprox reads");
    REQUIRE_MESSAGE(make_policy("laprox", { { "window", "8" } })->needs().recent == 8,
                    "the window is what stays");
    for (const char * name : { "full", "streaming", "random" }) {
        const PolicyNeeds needs = make_policy(name, {})->needs();
        REQUIRE_MESSAGE((needs.attention.rows == Rows::none && needs.attention.statistics.empty() &&
                         needs.value == ValueNeed::none && !needs.keys),
                        "a policy without scores reads none");
    }
}

TEST_CASE("the self-guided scale and its floor") {
    self_guided();
}

} // namespace
