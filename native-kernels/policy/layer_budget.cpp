#include "policy/layer_budget.h"

#include "core/error.h"
#include "policy/selection.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

// Sums the scores of a layer or head, without the newest tokens, which attend to themselves.
double sum_of_scores(const LayerCandidates & layer, const std::vector<float> & rank,
                     size_t recent) {
    const auto slots = static_cast<size_t>(layer.slots);
    const size_t counted = slots > recent ? slots - recent : slots;
    double sum = 0.0;
    for (size_t i = 0; i < rank.size(); i++) {
        if (i % slots < counted && std::isfinite(rank[i])) {
            sum += static_cast<double>(rank[i]);
        }
    }
    return sum;
}

// Divides scores by the sum of the whole layer of the model, also if the layout is ragged.
std::vector<std::vector<float>> shares_of_layers(const Contest & contest) {
    std::vector<std::vector<float>> shares(contest.rank);
    for (const std::vector<size_t> & members : model_layers(contest.request)) {
        double sum = 0.0;
        for (const size_t l : members) {
            sum += sum_of_scores(contest.request.layers[l], contest.rank[l],
                                 static_cast<size_t>(contest.recent));
        }
        for (const size_t l : members) {
            for (float & share : shares[l]) {
                share = sum > 0.0 ? static_cast<float>(static_cast<double>(share) / sum) : share;
            }
        }
    }
    return shares;
}

std::vector<RankedLayer> ranked_layers(const Contest & contest,
                                       const std::vector<std::vector<float>> & score) {
    std::vector<RankedLayer> ranked;
    for (size_t l = 0; l < score.size(); l++) {
        const LayerCandidates & layer = contest.request.layers[l];
        ranked.push_back({ layer.kv_heads, layer.slots, score[l].data(), contest.kept[l].data(),
                           layer.token.data(), contest.bounds[l].upper });
    }
    return ranked;
}

// Converts the wishes of the model's layers to wishes of the request's layers; `wishes` may be by
// head already.
std::vector<double> by_head(const SelectionRequest & request, const std::vector<double> & wishes) {
    if (wishes.empty() || wishes.size() == request.layers.size()) {
        return wishes;
    }
    std::vector<double> all(request.layers.size());
    const auto layers = model_layers(request);
    require(wishes.size() == layers.size(), "a profile of another model");
    for (size_t layer = 0; layer < layers.size(); layer++) {
        for (const size_t l : layers[layer]) {
            all[l] = wishes[layer];
        }
    }
    return all;
}

double budget_of(const Contest & contest) {
    return static_cast<double>(contest.request.budget_rows);
}

} // namespace

void Allocation::declare(ParameterList & list) {
    list.word<Share>("allocation", share,
                     { { "uniform", share_uniform },
                       { "pyramid", share_pyramid },
                       { "cake", share_cake },
                       { "model", share_model },
                       { "profile", share_profile },
                       { "ada", share_ada } },
                     "How the budget is shared out: layers alike, fewer from layer to layer, by "
                     "CAKE's entropy and variance, one top-K over the model, by a measured profile "
                     "of the layers, or layers alike and their heads by Ada-KV.");
    list.real("alpha", alpha, 0, 1,
              "The share that layers (`profile`) or heads (`ada`) get alike.");
    list.real("beta", beta, 1, 1000, "How steep the pyramid is.");
    list.real("floor", floor, 0, 1,
              "The share of the mean that every head's best get before the model competes.");
    list.word<bool>("normalise", normalise, { { "layer", true }, { "no", false } },
                    "Whether the model compares scores as shares of their layer, or as they are.");
    list.word<bool>("profile", by_keys, { { "repeat", false }, { "keys", true } },
                    "Which profile of the layers: KVzip's competition, or EpiCache's cosines of "
                    "keys.");
}

LayerProfile Allocation::profile() const noexcept {
    return share != share_profile ? LayerProfile::none
           : by_keys              ? LayerProfile::keys
                                  : LayerProfile::repeat;
}

void declare_layout(ParameterList & list, bool & ragged) {
    list.word<bool>("layout", ragged, { { "rectangular", false }, { "ragged", true } },
                    "Whether the KV heads of a layer hold as many tokens, or each its own number.");
}

void Layout::declare(ParameterList & list) {
    declare_layout(list, ragged);
    list.real("head-alpha", head_alpha, 0, 1,
              "The share of a ragged layer's tokens that its heads get alike.");
}

std::vector<double> share_uniform(const Allocation &, const Contest & contest) {
    const std::vector<int> rows = uniform_rows(contest.bounds, contest.request.budget_rows, 1);
    return { rows.begin(), rows.end() };
}

std::vector<double> share_pyramid(const Allocation & allocation, const Contest & contest) {
    const double mean = budget_of(contest) / static_cast<double>(contest.request.layers.size());
    return by_head(contest.request, pyramid_wishes(model_layers(contest.request).size(), mean,
                                                   contest.recent, allocation.beta));
}

std::vector<double> share_cake(const Allocation &, const Contest & contest) {
    return cake_wishes(contest.request.layers, budget_of(contest), contest.request.layer_of);
}

std::vector<double> share_model(const Allocation & allocation, const Contest & contest) {
    const auto shares = allocation.normalise ? shares_of_layers(contest) : contest.rank;
    return model_wide_wishes(ranked_layers(contest, shares), contest.request.budget_rows,
                             allocation.floor);
}

std::vector<double> share_profile(const Allocation & allocation, const Contest & contest) {
    return profile_wishes(by_head(contest.request, contest.request.profile), contest.bounds,
                          budget_of(contest), allocation.alpha);
}

std::vector<double> share_ada(const Allocation & allocation, const Contest & contest) {
    return share_uniform(allocation, contest);
}

double head_alpha_of(const Allocation & allocation, const Layout & layout) noexcept {
    return allocation.share == share_ada ? allocation.alpha : layout.head_alpha;
}

std::vector<int> layer_budgets(const Allocation & allocation, const Layout & layout,
                               const Contest & contest) {
    const SelectionRequest & request = contest.request;
    const double head_alpha = head_alpha_of(allocation, layout);
    const bool adaptive = head_alpha < 1.0;
    if (allocation.share == share_uniform && !adaptive) {
        return uniform_rows(contest.bounds, request.budget_rows, request.granule);
    }
    std::vector<double> wishes = allocation.share(allocation, contest);
    if (adaptive) {
        for (size_t l = 0; l < wishes.size(); l++) {
            wishes[l] = std::clamp(wishes[l], static_cast<double>(contest.bounds[l].lower),
                                   static_cast<double>(contest.bounds[l].upper));
        }
        wishes = ada_wishes(ranked_layers(contest, contest.rank), model_layers(request), wishes,
                            head_alpha);
    }
    return round_rows(wishes, contest.bounds, request.budget_rows, request.granule);
}

} // namespace loci
