// Properties of every selection, on seeded random requests to each policy.

#include "core/error.h"
#include "policy/allocation.h"
#include "policy/top_k.h"
#include "test/policy_fixture.h"

#include <algorithm>
#include <cmath>

using namespace loci;
using namespace loci_test;

namespace {

constexpr int cases = random_cases(2000);
constexpr int sinks = 4; // streaming's default

struct Tally {
    int selected = 0;
    int untouched = 0;
    int refused = 0;
};

int64_t total_slots(const SelectionRequest & request) {
    int64_t total = 0;
    for (const LayerCandidates & layer : request.layers) {
        total += layer.slots;
    }
    return total;
}

bool stays(const SelectionRequest & request, const LayerCandidates & layer, int head, int slot,
           int first_tokens) {
    const auto at =
        static_cast<size_t>(head) * static_cast<size_t>(layer.slots) + static_cast<size_t>(slot);
    return must_stay(request, layer, head, slot) || layer.token[at] < first_tokens;
}

// Counts the rows that a layer must keep.
int least_rows(const SelectionRequest & request, const LayerCandidates & layer, int first_tokens) {
    int needed = 0;
    for (int head = 0; head < layer.kv_heads; head++) {
        int count = 0;
        for (int slot = 0; slot < layer.slots; slot++) {
            count += stays(request, layer, head, slot, first_tokens) ? 1 : 0;
        }
        needed = std::max(needed, count);
    }
    return std::min(ceil_rows(needed, request.granule), layer.slots);
}

bool same(const std::vector<LayerSelection> & a, const std::vector<LayerSelection> & b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const LayerSelection & x, const LayerSelection & y) {
                          return x.rows == y.rows && x.slots == y.slots && x.carried == y.carried &&
                                 x.non_finite == y.non_finite;
                      });
}

void check_layer(const SelectionRequest & request, const LayerCandidates & layer,
                 const LayerSelection & selection, int first_tokens) {
    const auto rows = static_cast<size_t>(selection.rows);
    const auto heads = static_cast<size_t>(layer.kv_heads);
    REQUIRE_MESSAGE(selection.slots.size() == heads * rows, "slots of a layer");
    REQUIRE_MESSAGE(selection.carried.size() == heads * rows, "carried scores of a layer");
    for (int head = 0; head < layer.kv_heads; head++) {
        std::vector<bool> kept(static_cast<size_t>(layer.slots), false);
        int before = -1;
        for (size_t row = 0; row < rows; row++) {
            const size_t at = static_cast<size_t>(head) * rows + row;
            const int slot = selection.slots[at];
            REQUIRE_MESSAGE((slot > before && slot < layer.slots), "slots are ascending and exist");
            before = slot;
            kept[static_cast<size_t>(slot)] = true;
            REQUIRE_MESSAGE(std::isfinite(selection.carried[at]), "a carried score is finite");
        }
        for (int slot = 0; slot < layer.slots; slot++) {
            REQUIRE_MESSAGE((kept[static_cast<size_t>(slot)] ||
                             !stays(request, layer, head, slot, first_tokens)),
                            "a slot that must stay was dropped");
        }
    }
}

// Requires that no evicted slot of a head beats an unprotected one that stays; ties go to the
// earlier slot. `carried` shows the score, so this holds for slots outside the window.
void check_order(const SelectionRequest & request, const LayerCandidates & layer,
                 const LayerSelection & selection, const std::vector<std::vector<float>> & scores) {
    for (int head = 0; head < layer.kv_heads; head++) {
        const auto first = selection.slots.begin() + static_cast<int64_t>(head) * selection.rows;
        const std::vector<int32_t> kept(first, first + selection.rows);
        const auto & score = scores[static_cast<size_t>(head)];
        for (int gone = 0; gone < layer.slots; gone++) {
            if (std::binary_search(kept.begin(), kept.end(), gone)) {
                continue;
            }
            for (int32_t slot : kept) {
                if (must_stay(request, layer, head, slot)) {
                    continue;
                }
                const uint32_t high = score_order(score[static_cast<size_t>(slot)]);
                const uint32_t low = score_order(score[static_cast<size_t>(gone)]);
                REQUIRE_MESSAGE((high > low || (high == low && slot < gone)),
                                "a better slot was dropped");
            }
        }
    }
}

// Computes the scores as the papers define them, head by head, without the library's code.
std::vector<std::vector<float>> slow_scores(const std::string & name,
                                            const LayerCandidates & layer) {
    std::vector<std::vector<float>> heads;
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads); head++) {
        const float * attention = layer.attention.l2.data() + head * slots;
        const float * value = layer.value.data() + head * slots;
        const float * carried = layer.carried.data() + head * slots;
        const auto pooled = [&](const float * in, size_t i) {
            const size_t begin = i < 3 ? 0 : i - 3;
            const size_t end = std::min(i + 4, slots);
            float sum = 0.0f;
            for (size_t j = begin; j < end; j++) {
                sum += std::isfinite(in[j]) ? in[j] : 0.0f;
            }
            return sum / static_cast<float>(end - begin);
        };
        float most = 0.0f;
        for (size_t i = 0; i < slots; i++) {
            most = std::fmax(most, pooled(value, i));
        }
        std::vector<float> scores;
        for (size_t i = 0; i < slots; i++) {
            // The larger of the carried and the new, pooled evidence is multiplied by the value.
            float evidence = name == "ahakv"               ? attention[i]
                             : std::isfinite(attention[i]) ? pooled(attention, i)
                                                           : NAN;
            if (carried[i] >= 0.0f && !(evidence > carried[i])) {
                evidence = carried[i];
            }
            float score = evidence * value[i];
            if (name == "ahakv") {
                const float prior = std::isfinite(value[i]) ? pooled(value, i) : NAN;
                score = evidence * (prior * (most > 0.0f ? 1.0f / most : 0.0f));
            }
            scores.push_back(score);
        }
        heads.push_back(std::move(scores));
    }
    return heads;
}

void check_selection(const std::string & name, const SelectionRequest & request,
                     const std::vector<LayerSelection> & selections, int first_tokens) {
    REQUIRE_MESSAGE(selections.size() == request.layers.size(), "layers");
    int64_t total = 0;
    for (const LayerSelection & selection : selections) {
        total += selection.rows;
    }
    REQUIRE_MESSAGE(total <= request.budget_rows, "the budget is exceeded");
    for (size_t l = 0; l < selections.size(); l++) {
        const LayerCandidates & layer = request.layers[l];
        const int rows = selections[l].rows;
        check_layer(request, layer, selections[l], first_tokens);
        REQUIRE_MESSAGE(rows <= request.max_layer_rows, "more rows than the context takes");
        REQUIRE_MESSAGE(
            (rows <= request.granule || rows % request.granule == 0 || rows == layer.slots),
            "not a permitted number of rows");
        REQUIRE_MESSAGE(rows >= least_rows(request, layer, first_tokens),
                        "fewer rows than must stay");
        const int next = ceil_rows(rows + 1, request.granule);
        REQUIRE_MESSAGE((next > std::min(layer.slots, request.max_layer_rows) ||
                         total - rows + next > request.budget_rows),
                        "budget is left that a layer could use");
        if (name == "laprox" || name == "ahakv") {
            const auto scores = slow_scores(name, layer);
            check_order(request, layer, selections[l], scores);
            int64_t odd = 0;
            for (const auto & head : scores) {
                odd += std::count_if(head.begin(), head.end(),
                                     [](float score) { return !std::isfinite(score); });
            }
            REQUIRE_MESSAGE(selections[l].non_finite == odd, "scores that are not finite");
        }
    }
}

void properties(const std::string & name, uint32_t seed, bool ragged = false) {
    const int first_tokens = name == "streaming" ? sinks : 0;
    const auto policy =
        make_policy(name, ragged ? PolicyParameters{ { "layout", "ragged" } } : PolicyParameters{});
    std::mt19937 random(seed);
    Tally tally;
    for (int round = 0; round < cases; round++) {
        Scenario scenario = random_scenario(random);
        if (ragged) {
            scenario.request = heads_apart(scenario.request);
        }
        const SelectionRequest & request = scenario.ready();
        int64_t least = 0;
        int largest = 0;
        int widest = 0;
        for (const LayerCandidates & layer : request.layers) {
            const int rows = least_rows(request, layer, first_tokens);
            least += rows;
            largest = std::max(largest, rows);
            widest = std::max(widest, layer.slots);
        }
        const bool fits =
            total_slots(request) <= request.budget_rows && widest <= request.max_layer_rows;
        const bool impossible = least > request.budget_rows || largest > request.max_layer_rows;
        try {
            const auto selections = policy->select(request);
            if (fits) {
                for (size_t l = 0; l < selections.size(); l++) {
                    REQUIRE_MESSAGE(selections[l].rows == request.layers[l].slots, "all is kept");
                    const bool observes = !policy->needs().attention.statistics.empty();
                    REQUIRE_MESSAGE(
                        (observes || selections[l].carried == request.layers[l].carried),
                        "carried scores stay");
                }
                tally.untouched++;
                continue;
            }
            REQUIRE_MESSAGE((!impossible && name != "full"),
                            "a budget that is too small was accepted");
            check_selection(name, request, selections, first_tokens);
            REQUIRE_MESSAGE(same(selections, policy->select(request)), "two runs differ");
            tally.selected++;
        } catch (const Error & failure) {
            REQUIRE_MESSAGE(failure.code() == ErrorCode::budget_too_small,
                            "an unexpected failure: ", failure.what());
            REQUIRE_MESSAGE((!fits && (impossible || name == "full")),
                            "refused though it could be done: ", failure.what());
            tally.refused++;
        }
    }
    // The generator must reach all three outcomes, or the test shows little.
    REQUIRE_MESSAGE((tally.untouched > cases / 50 && tally.refused > cases / 50),
                    "too few edge cases");
    REQUIRE_MESSAGE((name == "full" || tally.selected > cases / 5), "too few selections");
}

// With enough entries for several threads, the result equals that of each layer on its own.
TEST_CASE("requests for several threads") {
    std::mt19937 random(31);
    Scenario scenario;
    auto & request = scenario.request;
    for (int l = 0; l < 8; l++) {
        request.layers.push_back(plain_layer(random, 4, 12000));
    }
    request.budget_rows = int64_t{ 8 } * 1500;
    request.max_layer_rows = 1 << 20;
    const auto policy = make_policy("ahakv", {});
    const auto together = policy->select(scenario.ready());
    for (size_t l = 0; l < together.size(); l++) {
        Scenario alone;
        alone.request = request;
        alone.request.layers = { request.layers[l] };
        alone.request.budget_rows = 1500;
        REQUIRE_MESSAGE(same({ together[l] }, policy->select(alone.ready())),
                        "a layer depends on others");
    }
    const auto laprox = make_policy("laprox", {});
    const auto selections = laprox->select(scenario.ready());
    REQUIRE_MESSAGE(same(selections, laprox->select(scenario.ready())), "two runs differ");
    int64_t total = 0;
    for (size_t l = 0; l < selections.size(); l++) {
        check_layer(request, request.layers[l], selections[l], 0);
        total += selections[l].rows;
    }
    REQUIRE_MESSAGE(total == request.budget_rows, "rows of all layers");
}

TEST_CASE("whatever is asked, a selection keeps its promises") {
    SUBCASE("full") {
        properties("full", 101);
    }
    SUBCASE("streaming") {
        properties("streaming", 102);
    }
    SUBCASE("ahakv") {
        properties("ahakv", 103);
    }
    SUBCASE("laprox") {
        properties("laprox", 104);
    }
    SUBCASE("laprox, ragged") {
        properties("laprox", 105, true);
    }
    SUBCASE("default, ragged") {
        properties("default", 106, true);
    }
    SUBCASE("adakv") {
        properties("adakv", 107, true);
    }
}

} // namespace
