#pragma once

#include "core/token_structure.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace loci {

/// One number per slot, computed from the attention of several rows.
///
/// With A[h][t][i] the attention of row t to slot i in query head h, and a[t][i] its mean over the
/// query heads of a KV head: `sum` and `l2` are the sum and the L2 norm over t of a; `maximum` is
/// the largest A over t and the group; `apart` is the L2 norm over t of A, query head by query
/// head.
enum class Statistic { sum, l2, maximum, apart };

/// The rows whose queries are observed: none; the last tokens of the chunk; all tokens of the
/// chunk; the probe, which is appended to the chunk and removed again; the last tokens and the
/// probe; or a repetition of the chunk (KVzip).
enum class Rows { none, last, all, probe, both, repeat };

struct AttentionNeed {
    Rows rows = Rows::none;
    /// The number of the chunk's last tokens that observe, with `Rows::last` and `Rows::both`.
    int window = 32;
    /// The softmax scale is AhaKV's `self_guided_scale` (policy/self_guided.h) instead of the
    /// model's own.
    bool self_guided = false;
    std::vector<Statistic> statistics;
};

/// What a policy needs of the values: nothing, |v|^2, or the L2 or L1 norm of v W_O^h, the value
/// projected to the layer's output: averaged over the group's query heads h, or one per head
/// (`projected_apart`, L2).
enum class ValueNeed { none, squared_norm, projected_norm, projected_l1, projected_apart };

/// How the need of each layer was measured (extension/engine/reading/profile/layer-profile.ts): by
/// what a repetition attends to, or by how much keys change if less of the preceding text is seen.
enum class LayerProfile { none, repeat, keys };

struct PolicyNeeds {
    AttentionNeed attention;
    ValueNeed value = ValueNeed::none;
    /// The keys themselves, or the values.
    bool keys = false;
    bool values = false;
    /// Mean and covariance of the queries, as `QueryMoments`.
    bool query_moments = false;
    /// The number of newest tokens that are never evicted.
    int recent = 32;
    /// A layer may hold more tokens than the trained context has positions; neighbours then share
    /// a position.
    bool shares_positions = false;
    /// The profile that `SelectionRequest::profile` must contain, if any.
    LayerProfile layer_profile = LayerProfile::none;
    /// How much more sharply a layer attends if it holds more than the trained context; see
    /// `sharpening`.
    double sharpen = 0.0;
    /// The KV heads of a layer may hold different numbers of rows: each is a layer of its own in
    /// `SelectionRequest::layers`, and `layer_of` states which belong together.
    bool ragged = false;
};

/// Statistics of the observing rows; [kv_heads][slots], `apart` [heads][slots]. Empty unless
/// requested.
struct AttentionStatistics {
    std::vector<float> sum;
    std::vector<float> l2;
    std::vector<float> maximum;
    std::vector<float> apart;
    int rows = 0;

    /// Nothing was observed: not at all, or not since the last compression.
    bool empty() const noexcept {
        return sum.empty() && l2.empty() && maximum.empty() && apart.empty();
    }
    std::vector<float> & of(Statistic statistic) noexcept;
    const std::vector<float> & of(Statistic statistic) const noexcept;
};

/// The queries expected after the stream (ExpectedAttention): for each query head their mean
/// [heads][size] and covariance [heads][size][size], rotated to the average of the next positions.
struct QueryMoments {
    int heads = 0;
    int size = 0;
    std::vector<float> mean;
    std::vector<float> covariance;
};

/// One layer, or one KV head of a ragged layer, between reading a chunk and compression.
/// Arrays are head-major, [kv_heads][slots]; slots are in stream order within each head.
struct LayerCandidates {
    int kv_heads = 0;
    int slots = 0;
    AttentionStatistics attention;
    std::vector<float> value;   ///< as `PolicyNeeds::value` asks; empty for none
    std::vector<float> keys;    ///< [kv_heads][slots][size], or empty
    std::vector<float> values;  ///< [kv_heads][slots][size], or empty
    QueryMoments moments;       ///< or empty
    std::vector<float> carried; ///< the evidence at the last compression; negative for none
    std::vector<int32_t> token; ///< stream index of each slot
};

struct SelectionRequest {
    std::vector<LayerCandidates> layers;
    /// The model's layer of each of `layers`, ascending without gaps, if each is one KV head
    /// (`PolicyNeeds::ragged`). Empty: each is a layer with all its heads.
    std::vector<size_t> layer_of;
    /// Rows per KV head that may be kept, summed over `layers`.
    int64_t budget_rows = 0;
    /// The most rows that a layer may keep (the trained context minus one chunk).
    int max_layer_rows = 0;
    /// A layer keeps any number of rows up to this one, or a multiple of it. A layer keeps all its
    /// slots if the tokens that must stay leave no multiple, or if nothing is evicted.
    int granule = 1;
    /// By stream index: a token with a nonzero entry is never evicted.
    const std::vector<uint8_t> * protected_tokens = nullptr;
    /// May be null; otherwise empty or of the stream's length.
    const TokenStructure * structure = nullptr;
    /// The newest `recent` slots of every head are never evicted.
    int recent = 32;
    /// Tokens of the stream so far, including the chunk.
    int64_t stream_tokens = 0;
    /// The relative need of each of the model's layers, or of each of `layers`, for
    /// `Allocation::profile`; empty: all equal.
    std::vector<double> profile;
    /// False where nothing was read since the last compression: no layer has attention statistics,
    /// and what a slot carries is its evidence, as it is.
    bool observed = true;
};

/// What one layer keeps: the same number of rows in each head, but different slots.
struct LayerSelection {
    int rows = 0;
    std::vector<int32_t> slots; ///< [kv_heads][rows], ascending within a head
    std::vector<float> carried; ///< [kv_heads][rows], the score that each row carries
    int64_t non_finite = 0;     ///< scores of this layer that were not finite
};

/// An eviction policy. Pure: the same request gives the same selection.
class Policy {
  public:
    virtual ~Policy() = default;

    virtual const char * name() const noexcept = 0;
    virtual PolicyNeeds needs() const noexcept = 0;

    /// Chooses what each layer keeps. The sum of `rows` over the layers is at most `budget_rows`.
    /// If everything fits the budget and `max_layer_rows`, everything is kept with the scores it
    /// carried, and the score arrays may be empty. Ties go to the lower position; a score that is
    /// not finite ranks lowest. May be called from several threads. Throws Error(budget_too_small)
    /// if the tokens that must stay exceed the budget or `max_layer_rows`.
    virtual std::vector<LayerSelection> select(const SelectionRequest & request) const = 0;
};

/// Overrides by name, as text: words or numbers.
using PolicyParameters = std::vector<std::pair<std::string, std::string>>;

/// Makes the policy of that name (policy/methods), with these parameters in place of its defaults.
/// Throws Error(invalid_argument) with the list of valid names or parameters.
std::unique_ptr<Policy> make_policy(const std::string & name, const PolicyParameters & parameters);

/// Returns the names that `make_policy` accepts.
std::vector<std::string> policy_names();

/// One parameter of a policy: its default as text, its valid values ("a whole number from 1 to
/// 512"), and one sentence on its effect.
struct ParameterDescription {
    std::string name;
    std::string value;
    std::string range;
    std::string help;
};

/// Returns all parameters of the policy of that name, in listing order. Throws
/// Error(invalid_argument) with the list of valid names.
std::vector<ParameterDescription> policy_parameters(const std::string & name);

} // namespace loci
