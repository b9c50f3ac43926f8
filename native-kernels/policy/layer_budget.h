#pragma once

#include "policy/allocation.h"
#include "policy/model_wide.h"
#include "policy/parameter_list.h"
#include "policy/policy.h"

#include <vector>

namespace loci {

/// What rows are shared out by. `rank` and `kept` are by layer, [kv_heads][slots]; the newest
/// `recent` tokens, which see themselves, say nothing of what their layer needs.
struct Contest {
    const SelectionRequest & request;
    const std::vector<std::vector<float>> & rank;
    const std::vector<std::vector<uint8_t>> & kept;
    const std::vector<LayerBounds> & bounds;
    int recent = 0;
};

struct Allocation;

/// How many rows each of the request's layers would like, before bounds and whole numbers.
using Share = std::vector<double> (*)(const Allocation & allocation, const Contest & contest);

/// Every layer and head alike.
std::vector<double> share_uniform(const Allocation & allocation, const Contest & contest);
/// Fewer from layer to layer (`pyramid_wishes`).
std::vector<double> share_pyramid(const Allocation & allocation, const Contest & contest);
/// By entropy and variance of the attention (`cake_wishes`), which then is observed.
std::vector<double> share_cake(const Allocation & allocation, const Contest & contest);
/// One top-K over the whole model (`model_wide_wishes`).
std::vector<double> share_model(const Allocation & allocation, const Contest & contest);
/// By the request's profile (`profile_wishes`).
std::vector<double> share_profile(const Allocation & allocation, const Contest & contest);
/// Layers alike, and the heads of each compete (`ada_wishes`) but for the share `alpha`.
std::vector<double> share_ada(const Allocation & allocation, const Contest & contest);

/// How a budget is shared out, and what the ways of sharing are set by.
struct Allocation {
    Share share = share_uniform;
    double alpha = 0.5; ///< of `share_profile` and `share_ada`
    double beta = 20.0; ///< of `share_pyramid`
    double floor = 0.2; ///< of `share_model`
    bool normalise = true;
    bool by_keys = false; ///< which profile

    void declare(ParameterList & list);

    /// The profile that is needed.
    LayerProfile profile() const noexcept;
};

/// Whether the KV heads of a layer may hold different numbers of rows.
struct Layout {
    bool ragged = false;
    double head_alpha = 1.0; ///< the share of a layer's rows that its heads get alike

    void declare(ParameterList & list);
};

/// Declares `layout` alone.
void declare_layout(ParameterList & list, bool & ragged);

/// How many rows each layer keeps, by `Allocation::share`, and of a ragged layer each head, by
/// `head_alpha_of` (`ada_wishes`); the sum is at most the request's budget.
std::vector<int> layer_budgets(const Allocation & allocation, const Layout & layout,
                               const Contest & contest);

/// The share of a layer's rows that its heads get alike: with `share_ada` the allocation's alpha.
double head_alpha_of(const Allocation & allocation, const Layout & layout) noexcept;

/// PyramidKV (arXiv 2406.02069): budgets fall linearly from the first layer to the last around
/// `mean` rows, of which `window` are outside the pyramid: with r = mean - window the last layer
/// gets r / beta and the first 2 r - r / beta, each plus the window.
std::vector<double> pyramid_wishes(size_t layers, double mean, int window, double beta);

/// Budgets by what the layers need: `alpha` of the budget in equal parts, the rest in proportion to
/// `profile` (empty: all alike), within the bounds; what bounds take or leave the others share in
/// the same proportion.
std::vector<double> profile_wishes(const std::vector<double> & profile,
                                   const std::vector<LayerBounds> & bounds, double budget,
                                   double alpha);

/// CAKE (arXiv 2503.12491): budgets in proportion to entropy^(1/1.6) * variance^(1/0.6), the
/// entropy of a head's mean attention over the window and the summed variance of its columns, each
/// the mean over the heads. Deviations: the entropy is that of the mean row, not the mean of the
/// rows' entropies; shares are computed anew at each compression, so no cascade is needed. With
/// `layer_of` the layers are heads, and those of one layer get alike. Where no attention was
/// observed, layers keep the proportions of what they hold.
std::vector<double> cake_wishes(const std::vector<LayerCandidates> & layers, double budget,
                                const std::vector<size_t> & layer_of = {});

/// Ada-KV (arXiv 2407.11550, Alg. 1 and appendix): within a layer the scores of all H heads compete
/// for the layer's rows K, the sum of its heads' `wishes` k_h; with f_h, how many of head h are
/// among the best K,
///
///     B_h = f_h (1 - alpha) + alpha k_h
///
/// where `alpha` is the share that heads get alike (the paper's 0.2; its Alg. 2 prints it the other
/// way round). What must stay wins first, so that the window is shared by none. Ties go to the
/// lower token, then head; what is not finite is the lowest. `heads` are one KV head each, `layers`
/// says which of them make up a layer. Rounding is left to `round_rows`.
std::vector<double> ada_wishes(const std::vector<RankedLayer> & heads,
                               const std::vector<std::vector<size_t>> & layers,
                               const std::vector<double> & wishes, double alpha);

} // namespace loci
