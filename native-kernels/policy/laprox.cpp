#include "policy/laprox.h"

#include "policy/model_wide.h"
#include "policy/parallel.h"
#include "policy/parameters.h"
#include "policy/pooling.h"
#include "policy/selection.h"

#include <algorithm>
#include <cmath>

namespace loci {

namespace {

/// LaProx (arXiv 2605.07234), per KV head:
///
///     a_i = L2 norm over the last w rows t of the mean over the group's query heads of A[t][i]
///     p_i = average pool of a, times the mean over the group of |v_i W_O^h|
///     s_i = p_i / sum of p over the whole layer (all heads, without the window's own columns)
///
/// and one model-wide top-K over s (`model_wide_wishes`). The order of the reduction over the group
/// follows the paper's appendix literally: the attention first, then the product.
///
/// Parameters: `window` (32), the w observation rows; `pool` (7), the width of the pooling;
/// `floor` (0.2), the share of the mean budget that every head's best are granted before the heads
/// compete; `carry` (1), see `apply_carried`.
/// Deviations: layers are rectangular (see `model_wide_wishes`); the floor; scores are carried,
/// before the normalisation, so that all compressions of a layer are on one scale; pooling runs
/// over the slots that are still held and averages fewer at the ends; the observation window's own
/// columns are not carried, because they see themselves.
class LaProx final : public Policy {
  public:
    LaProx(int window, int pool, double floor, double carry)
        : window_(window), pool_(pool), floor_(floor), carry_(carry) {}

    const char * name() const noexcept override { return "laprox"; }

    PolicyNeeds needs() const noexcept override {
        return { { AttentionNeed::Rows::l2, window_, false }, ValueNeed::projected_norm };
    }

    std::vector<LayerSelection> select(const SelectionRequest & request) const override {
        check_request(request);
        if (everything_fits(request)) {
            return keep_everything(request);
        }
        check_scores(request, needs());
        const auto kept = kept_slots(request, 0);
        const auto bounds = layer_bounds(request, kept);

        const size_t layers = request.layers.size();
        const int64_t work = entry_count(request);
        std::vector<std::vector<float>> scores(layers);
        std::vector<std::vector<float>> shares(layers);
        for_each_layer(layers, work, [&](size_t l) {
            scores[l] = score(request.layers[l]);
            shares[l] = share_of_layer(request.layers[l], scores[l]);
        });
        std::vector<RankedLayer> ranked;
        for (size_t l = 0; l < layers; l++) {
            const LayerCandidates & layer = request.layers[l];
            ranked.push_back({ layer.kv_heads, layer.slots, shares[l].data(), kept[l].data(),
                               layer.token.data(), bounds[l].upper });
        }
        const auto wishes = model_wide_wishes(ranked, request.budget_rows, floor_);
        const auto rows = round_rows(wishes, bounds, request.budget_rows, request.granule);
        std::vector<LayerSelection> selections(layers);
        for_each_layer(layers, work, [&](size_t l) {
            selections[l] = select_layer(request.layers[l], scores[l], kept[l], rows[l], window_);
        });
        return selections;
    }

  private:
    std::vector<float> score(const LayerCandidates & layer) const {
        std::vector<float> scores(layer.attention.size());
        for (size_t head = 0; head < static_cast<size_t>(layer.kv_heads); head++) {
            const size_t base = head * static_cast<size_t>(layer.slots);
            average_pool(layer.attention.data() + base, layer.slots, pool_, scores.data() + base);
        }
        for (size_t i = 0; i < scores.size(); i++) {
            // Attention that is not finite was pooled as zero; its own slot is the lowest.
            scores[i] = std::isfinite(layer.attention[i]) ? scores[i] * layer.value[i] : NAN;
        }
        apply_carried(layer.carried, carry_, scores);
        return scores;
    }

    std::vector<float> share_of_layer(const LayerCandidates & layer,
                                      const std::vector<float> & scores) const {
        const size_t slots = static_cast<size_t>(layer.slots);
        const size_t window = static_cast<size_t>(window_);
        const size_t counted = slots > window ? slots - window : slots;
        double sum = 0.0;
        for (size_t i = 0; i < scores.size(); i++) {
            if (i % slots < counted && std::isfinite(scores[i])) {
                sum += static_cast<double>(scores[i]);
            }
        }
        std::vector<float> shares(scores);
        if (sum > 0.0) {
            for (float & share : shares) {
                share = static_cast<float>(static_cast<double>(share) / sum);
            }
        }
        return shares;
    }

    int window_;
    int pool_;
    double floor_;
    double carry_;
};

} // namespace

std::unique_ptr<Policy> make_laprox(const PolicyParameters & parameters) {
    const auto values = resolve_parameters("laprox",
                                           { { "window", 32, 1, 512, NumberKind::whole },
                                             { "pool", 7, 1, 63, NumberKind::odd },
                                             { "floor", 0.2, 0.0, 1.0, NumberKind::real },
                                             { "carry", 1.0, 0.0, 1.0, NumberKind::real } },
                                           parameters);
    return std::make_unique<LaProx>(static_cast<int>(values[0]), static_cast<int>(values[1]),
                                    values[2], values[3]);
}

} // namespace loci
