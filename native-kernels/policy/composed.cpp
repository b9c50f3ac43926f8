#include "policy/composed.h"

#include "policy/layer_budget.h"
#include "policy/parallel.h"
#include "policy/protection.h"
#include "policy/score.h"
#include "policy/selection.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

// Weighted reservoir sampling (Efraimidis and Spirakis, 2006): the k largest u^(1/w) are a sample
// without replacement with probabilities by weight; log(u) / w orders them the same way.
void draw(const Settings & settings, const LayerCandidates & layer, const ScorePlace & place,
          std::vector<float> & rank) {
    const auto slots = static_cast<size_t>(layer.slots);
    for (size_t i = 0; i < rank.size(); i++) {
        const double chance =
            uniform_hash(settings.seed, place.layer, place.head + i / slots, layer.token[i]);
        const double weight = std::max(static_cast<double>(rank[i]), 1e-12);
        rank[i] = std::isfinite(rank[i]) ? static_cast<float>(std::log(chance) / weight) : rank[i];
    }
}

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

class Composed final : public Policy {
  public:
    explicit Composed(const Settings & settings) : settings_(settings) {}

    const char * name() const noexcept override { return settings_.name.c_str(); }

    PolicyNeeds needs() const noexcept override { return needs_of(settings_); }

    std::vector<LayerSelection> select(const SelectionRequest & request) const override {
        check_request(request);
        if (everything_fits(request)) {
            return keep_all(request);
        }
        check_scores(request, needs());
        auto kept = kept_slots(request, settings_.sinks);
        const auto bounds = layer_bounds(request, kept);

        const size_t layers = request.layers.size();
        const int64_t work = entry_count(request);
        const int mean = static_cast<int>(request.budget_rows / static_cast<int64_t>(layers));
        const std::vector<ScorePlace> places = places_of(request);
        std::vector<LayerScore> scores(layers);
        for_each_layer(layers, work, [&](size_t l) {
            scores[l] = score_layer(settings_, request.layers[l], places[l]);
        });
        std::vector<float> least(layers, 0.0f); // by the model's layers
        for (size_t l = 0; l < layers; l++) {
            float & own = least[places[l].layer];
            own = std::min(own, lowest_score(scores[l].rank));
        }
        for_each_layer(layers, work, [&](size_t l) {
            const LayerCandidates & layer = request.layers[l];
            raise_units(settings_, request.structure, layer, least[places[l].layer],
                        scores[l].rank);
            if (settings_.sample) {
                draw(settings_, layer, places[l], scores[l].rank);
            }
            reserve_quotas(settings_, request.structure, layer, scores[l].rank, mean, kept[l]);
        });
        std::vector<std::vector<float>> ranks;
        for (LayerScore & score : scores) {
            ranks.push_back(std::move(score.rank));
        }
        const auto rows = layer_budgets(settings_, request, ranks, kept, bounds);
        std::vector<LayerSelection> selections(layers);
        for_each_layer(layers, work, [&](size_t l) {
            const LayerCandidates & layer = request.layers[l];
            reserve_critical(settings_, layer, scores[l].evidence, rows[l], kept[l]);
            selections[l] =
                select_layer(layer, ranks[l], scores[l].evidence, kept[l], rows[l], unscored());
        });
        return selections;
    }

  private:
    // The newest tokens whose evidence is not worth carrying: the rows that observed see
    // themselves.
    int unscored() const noexcept {
        const bool own = settings_.score == ScoreKind::attention &&
                         settings_.aggregate != Aggregate::accumulated &&
                         (settings_.rows == Rows::last || settings_.rows == Rows::both);
        return own ? settings_.window : 0;
    }

    // What observers said counts from the first chunk on, though nothing has to go yet.
    std::vector<LayerSelection> keep_all(const SelectionRequest & request) const {
        auto selections = keep_everything(request);
        const bool observed =
            settings_.score == ScoreKind::attention && has_scores(request, needs());
        const std::vector<ScorePlace> places = places_of(request);
        for (size_t l = 0; observed && l < selections.size(); l++) {
            const LayerCandidates & layer = request.layers[l];
            const LayerScore score = score_layer(settings_, layer, places[l]);
            selections[l].carried = carried_scores(layer, score.evidence, unscored());
        }
        return selections;
    }

    Settings settings_;
};

} // namespace

std::unique_ptr<Policy> make_composed(const Settings & settings) {
    return std::make_unique<Composed>(settings);
}

} // namespace loci
