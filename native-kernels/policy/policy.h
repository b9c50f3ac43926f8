#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace loci {

/// How the attention of the observation window becomes one number per (KV head, slot).
struct AttentionNeed {
    enum class Rows { none, sum, l2 };

    Rows rows = Rows::none;
    /// Observation rows: the last `window` tokens of the chunk.
    int window = 32;
    /// The softmax scale is AhaKV's `self_guided_scale` (policy/ahakv.h) instead of the model's
    /// own.
    bool self_guided = false;
};

/// What a policy reads of the values: nothing, |v|^2, or the mean over the group of |v W_O^h|.
enum class ValueNeed { none, squared_norm, projected_norm };

struct PolicyNeeds {
    AttentionNeed attention;
    ValueNeed value = ValueNeed::none;
};

/// One layer after a chunk was read, before it is compressed. Arrays are head-major,
/// [kv_heads][slots]; slots are in stream order within each head.
struct LayerCandidates {
    int kv_heads = 0;
    int slots = 0;
    std::vector<float> attention; ///< as `PolicyNeeds::attention` asks; empty for none
    std::vector<float> value;     ///< as `PolicyNeeds::value` asks; empty for none
    std::vector<float> carried;   ///< the score at the last compression; negative for new tokens
    std::vector<int32_t> token;   ///< stream index of each slot
};

/// What the tokens of the stream belong to, by stream index; empty where nobody said.
struct TokenStructure {
    std::vector<int32_t> units;  ///< syntactic unit, ascending; -1: none
    std::vector<uint8_t> raised; ///< nonzero: a declaration, signature, import or path header
    std::vector<int32_t> files;  ///< file, ascending; -1: none

    bool empty() const noexcept { return units.empty(); }
};

struct SelectionRequest {
    std::vector<LayerCandidates> layers;
    /// Rows per KV head, summed over the layers, that may be kept.
    int64_t budget_rows = 0;
    /// No layer keeps more rows than this (what the trained context leaves beside one chunk).
    int max_layer_rows = 0;
    /// A layer keeps up to this many rows in any number, above it only multiples of it. Where what
    /// must stay leaves no multiple, or nothing is dropped at all, a layer keeps all its slots.
    int granule = 1;
    /// By stream index: nonzero is never evicted.
    const std::vector<uint8_t> * protected_tokens = nullptr;
    /// May be null; otherwise empty or of the stream's length.
    const TokenStructure * structure = nullptr;
    /// The newest `recent` slots of every head are never evicted.
    int recent = 32;
};

/// What one layer keeps: the same number of rows in each head, each head its own slots.
struct LayerSelection {
    int rows = 0;
    std::vector<int32_t> slots; ///< [kv_heads][rows], ascending within a head
    std::vector<float> carried; ///< [kv_heads][rows], the score that goes with each row
    int64_t non_finite = 0;     ///< scores of this layer that were not finite
};

/// An eviction policy. Pure: the same request gives the same selection.
class Policy {
  public:
    virtual ~Policy() = default;

    virtual const char * name() const noexcept = 0;
    virtual PolicyNeeds needs() const noexcept = 0;

    /// Chooses what each layer keeps. The sum of `rows` over the layers is at most `budget_rows`;
    /// where everything fits the budget and `max_layer_rows`, everything is kept with the scores it
    /// carried, and the score arrays may be empty. Ties go to the lower position, a score that is
    /// not finite counts as the lowest. May be called from several threads. Throws
    /// Error(budget_too_small) where what must stay exceeds the budget or `max_layer_rows`.
    virtual std::vector<LayerSelection> select(const SelectionRequest & request) const = 0;
};

/// Overrides by name, as written: words or numbers.
using PolicyParameters = std::vector<std::pair<std::string, std::string>>;

/// Makes the policy of that name (full, streaming, ahakv, laprox). Throws
/// Error(invalid_argument) with the list of valid names or parameters.
std::unique_ptr<Policy> make_policy(const std::string & name, const PolicyParameters & parameters);

} // namespace loci
