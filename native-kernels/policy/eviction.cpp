#include "policy/eviction.h"

#include "core/error.h"
#include "policy/parallel.h"
#include "policy/selection.h"

#include <algorithm>
#include <string>
#include <utility>

namespace loci {

namespace {

std::vector<ScorePlace> places_of(const SelectionRequest & request) {
    std::vector<ScorePlace> places(request.layers.size());
    const auto layers = model_layers(request);
    for (size_t layer = 0; layer < layers.size(); layer++) {
        for (size_t head = 0; head < layers[layer].size(); head++) {
            places[layers[layer][head]] = { layer, request.stream_tokens, head };
        }
    }
    return places;
}

void add_statistic(std::vector<Statistic> & all, Statistic statistic) {
    if (std::find(all.begin(), all.end(), statistic) == all.end()) {
        all.push_back(statistic);
    }
}

} // namespace

void Positions::declare(ParameterList & list) {
    list.word<bool>("positions", shared, { { "apart", false }, { "shared", true } },
                    "Whether a layer may hold more tokens than the model has positions, neighbours "
                    "sharing one.");
    list.real("sharpen", sharpen, 0, 10, "How much sharper such a layer attends.");
}

void Eviction::declare(ParameterList & list) {
    declare_own(list);
    observers.declare(list);
    allocation.declare(list);
    layout.declare(list);
    protection.declare(list);
    units.declare(list);
    positions.declare(list);
    drawing.declare(list);
}

void Eviction::check() const {
    const std::string policy = std::string("The policy ") + name();
    if (allocation.by_keys && allocation.share != share_profile) {
        throw Error(ErrorCode::invalid_argument,
                    policy + " does not allocate its budget by a layer profile, so profile=keys "
                             "has no effect. Add allocation=profile.");
    }
    if (!layout.ragged && head_alpha_of(allocation, layout) < 1.0) {
        throw Error(ErrorCode::invalid_argument,
                    policy + " gives every head its own number of tokens. Add layout=ragged.");
    }
}

PolicyNeeds Eviction::needs() const noexcept {
    PolicyNeeds needs = reads();
    if (allocation.share == share_cake) {
        add_statistic(needs.attention.statistics, Statistic::sum);
        add_statistic(needs.attention.statistics, Statistic::l2);
    }
    const bool observed = !needs.attention.statistics.empty();
    if (observed) {
        needs.attention.rows = observers.rows;
        needs.attention.window = observers.window;
        needs.attention.self_guided = observers.self_guided;
    }
    needs.recent = protection.newest(observed ? observers.own_rows() : 0);
    needs.shares_positions = positions.shared;
    needs.sharpen = positions.sharpen;
    needs.layer_profile = allocation.profile();
    needs.ragged = layout.ragged;
    return needs;
}

std::vector<LayerSelection> Eviction::select(const SelectionRequest & request) const {
    check_request(request);
    if (everything_fits(request)) {
        return keep_all(request);
    }
    const PolicyNeeds needed = needs();
    check_scores(request, needed);
    auto kept = kept_slots(request, protection.sinks);
    const auto bounds = layer_bounds(request, kept);

    const size_t layers = request.layers.size();
    const int64_t work = entry_count(request);
    const int mean = static_cast<int>(request.budget_rows / static_cast<int64_t>(layers));
    const std::vector<ScorePlace> places = places_of(request);
    std::vector<LayerScore> scores(layers);
    for_each_layer(layers, work,
                   [&](size_t l) { scores[l] = score(request.layers[l], places[l]); });
    std::vector<float> least(layers, 0.0f); // by the model's layers
    for (size_t l = 0; l < layers; l++) {
        float & own = least[places[l].layer];
        own = std::min(own, lowest_score(scores[l].rank));
    }
    std::vector<std::vector<float>> ranks(layers);
    for_each_layer(layers, work, [&](size_t l) {
        const LayerCandidates & layer = request.layers[l];
        ranks[l] = std::move(scores[l].rank);
        raise_units(units, request.structure, layer, least[places[l].layer], ranks[l]);
        if (drawing.sample) {
            draw(drawing.seed, layer, places[l], ranks[l]);
        }
        reserve_quotas(protection.quota, request.structure, layer, ranks[l], mean, kept[l]);
    });
    const int unseen = request.observed ? unscored() : 0;
    const auto rows =
        layer_budgets(allocation, layout, { request, ranks, kept, bounds, needed.recent });
    std::vector<LayerSelection> selections(layers);
    for_each_layer(layers, work, [&](size_t l) {
        const LayerCandidates & layer = request.layers[l];
        reserve(layer, scores[l].evidence, rows[l], kept[l]);
        selections[l] = select_layer(layer, ranks[l], scores[l].evidence, kept[l], rows[l], unseen);
    });
    return selections;
}

// Observations count from the first chunk on, even before anything is evicted.
std::vector<LayerSelection> Eviction::keep_all(const SelectionRequest & request) const {
    auto selections = keep_everything(request);
    const bool observed = request.observed && scores_attention() && has_scores(request, needs());
    const std::vector<ScorePlace> places = places_of(request);
    for (size_t l = 0; observed && l < selections.size(); l++) {
        const LayerCandidates & layer = request.layers[l];
        selections[l].carried = carried_scores(layer, score(layer, places[l]).evidence, unscored());
    }
    return selections;
}

} // namespace loci
