#pragma once

#include "policy/allocation.h"
#include "policy/model_wide.h"
#include "policy/parameter_list.h"
#include "policy/policy.h"

#include <vector>

namespace loci {

/// The input of an allocation. `rank` and `kept` are by layer, [kv_heads][slots]. The newest
/// `recent` tokens attend to themselves, so they do not show what their layer needs.
struct Contest {
    const SelectionRequest & request;
    const std::vector<std::vector<float>> & rank;
    const std::vector<std::vector<uint8_t>> & kept;
    const std::vector<LayerBounds> & bounds;
    int recent = 0;
};

struct Allocation;

/// Returns the rows wished for each of the request's layers, before bounds and rounding.
using Share = std::vector<double> (*)(const Allocation & allocation, const Contest & contest);

/// The same for every layer and head.
std::vector<double> share_uniform(const Allocation & allocation, const Contest & contest);
/// Decreasing from layer to layer (`pyramid_wishes`).
std::vector<double> share_pyramid(const Allocation & allocation, const Contest & contest);
/// By entropy and variance of the attention (`cake_wishes`); requires observers.
std::vector<double> share_cake(const Allocation & allocation, const Contest & contest);
/// One top-K over the whole model (`model_wide_wishes`).
std::vector<double> share_model(const Allocation & allocation, const Contest & contest);
/// By the request's profile (`profile_wishes`).
std::vector<double> share_profile(const Allocation & allocation, const Contest & contest);
/// The same for every layer; within a layer, heads compete (`ada_wishes`) except for the share
/// `alpha`.
std::vector<double> share_ada(const Allocation & allocation, const Contest & contest);

/// How the budget is divided, with the parameters of each method.
struct Allocation {
    Share share = share_uniform;
    double alpha = 0.5; ///< of `share_profile` and `share_ada`
    double beta = 20.0; ///< of `share_pyramid`
    double floor = 0.2; ///< of `share_model`
    bool normalise = true;
    bool by_keys = false; ///< the profile by keys instead of the one by repetition

    void declare(ParameterList & list);

    /// Returns the profile that the allocation needs.
    LayerProfile profile() const noexcept;
};

/// Whether the KV heads of a layer may hold different numbers of rows.
struct Layout {
    bool ragged = false;
    double head_alpha = 1.0; ///< the share of a layer's rows that is divided equally among heads

    void declare(ParameterList & list);
};

/// Declares only `layout`.
void declare_layout(ParameterList & list, bool & ragged);

/// Returns the number of rows that each layer keeps, by `Allocation::share`, or each head of a
/// ragged layer, by `head_alpha_of` (`ada_wishes`). The sum is at most the request's budget.
std::vector<int> layer_budgets(const Allocation & allocation, const Layout & layout,
                               const Contest & contest);

/// Returns the share of a layer's rows that is divided equally among its heads:
/// `Layout::head_alpha`, or the allocation's alpha with `share_ada`.
double head_alpha_of(const Allocation & allocation, const Layout & layout) noexcept;

/// PyramidKV (arXiv 2406.02069): budgets decrease linearly from the first layer to the last around
/// `mean` rows, of which `window` are outside the pyramid. With r = mean - window, the first layer
/// gets 2 r - r / beta and the last r / beta, each plus the window.
std::vector<double> pyramid_wishes(size_t layers, double mean, int window, double beta);

/// Budgets by the layers' needs: the share `alpha` of the budget in equal parts, the rest in
/// proportion to `profile` (empty: equally), within the bounds. The other layers balance what a
/// bound adds or removes, in the same proportion.
std::vector<double> profile_wishes(const std::vector<double> & profile,
                                   const std::vector<LayerBounds> & bounds, double budget,
                                   double alpha);

/// CAKE (arXiv 2503.12491): budgets in proportion to entropy^(1/1.6) * variance^(1/0.6): the
/// entropy of a head's mean attention over the window and the summed variance of its columns, each
/// the mean over the heads. Deviations: the entropy is that of the mean row, not the mean of the
/// rows' entropies; shares are computed anew at each compression, so no cascade is needed. With
/// `layer_of` the layers are heads, and those of one layer get alike. Where no attention was
/// observed, layers keep the proportions of what they hold.
std::vector<double> cake_wishes(const std::vector<LayerCandidates> & layers, double budget,
                                const std::vector<size_t> & layer_of = {});

/// Ada-KV (arXiv 2407.11550, Alg. 1 and appendix): within a layer, the scores of all H heads
/// compete for the layer's rows K, the sum of its heads' `wishes` k_h. With f_h, the number of head
/// h's scores among the best K,
///
///     B_h = f_h (1 - alpha) + alpha k_h
///
/// where `alpha` is the share that is divided equally (the paper's 0.2; its Alg. 2 prints it the
/// other way round). Slots that must stay win first, so that heads do not compete for the window.
/// Ties go to the lower token, then head; scores that are not finite rank lowest. Each of `heads`
/// is one KV head; `layers` states which of them form a layer. `round_rows` does the rounding.
std::vector<double> ada_wishes(const std::vector<RankedLayer> & heads,
                               const std::vector<std::vector<size_t>> & layers,
                               const std::vector<double> & wishes, double alpha);

} // namespace loci
