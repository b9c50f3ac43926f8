#include "policy/attention_eviction.h"
#include "policy/expected_score.h"
#include "policy/lag_score.h"

namespace loci {

namespace {

/// Our own method, for repositories that are read as a stream and asked about later:
///
///  - layers get rows by need (`profile_wishes`): a fifth of the budget in equal parts, the rest by
///    a profile that is measured once per model (reading/profile/layer-profile.ts);
///  - a syntactic unit is kept or evicted as a whole: a name without its value answers nothing;
///  - declarations rank above bodies: values and imports first, then signatures, types, paths and
///    returned literals;
///  - within a class of units, those whose keys differ most from the others stay (KeyDiff); this
///    uses no queries, so it does not depend on later questions;
///  - a layer may hold more tokens than the trained context has positions: neighbours share a
///    position, and the layer attends more sharply (`sharpening`), because a softmax over so many
///    keys spreads.
///
/// docs/memory-methods.md reports what was tried and measured.
class Default final : public AttentionEviction {
  public:
    Default() {
        allocation.share = share_profile;
        allocation.alpha = 0.2;
        positions.shared = true;
        positions.sharpen = 1.0;
        units.whole = true;
        units.raise = 1000.0;
        units.raise_value = 10.0;
        units.raise_import = 10.0;
    }

    LayerScore score(const LayerCandidates & layer, const ScorePlace & place) const override {
        switch (by) {
            case By::keydiff: break;
            case By::knorm: return knorm_score(layer);
            case By::lagkv: return lag_score(128, layer);
            case By::expected: return expected_score(ValueTerm::none, 0.0, layer);
            case By::attention: return attention_score(attention, layer);
            case By::position: return position_score(layer);
            case By::random: return random_score(drawing.seed, layer, place);
        }
        return keydiff_score(layer);
    }

  protected:
    PolicyNeeds reads() const override {
        if (by == By::attention) {
            return AttentionEviction::reads();
        }
        PolicyNeeds needs;
        needs.keys = by != By::position && by != By::random;
        needs.values = by == By::lagkv;
        needs.query_moments = by == By::expected;
        return needs;
    }

    void declare_own(ParameterList & list) override {
        list.word<By>("score", by,
                      { { "keydiff", By::keydiff },
                        { "knorm", By::knorm },
                        { "lagkv", By::lagkv },
                        { "expected", By::expected },
                        { "attention", By::attention },
                        { "position", By::position },
                        { "random", By::random } },
                      "What decides within a class: KeyDiff, the keys' norm, LagKV, the expected "
                      "or the observers' attention, what is nearest, or chance.");
        AttentionEviction::declare_own(list);
    }

  private:
    enum class By { keydiff, knorm, lagkv, expected, attention, position, random };

    By by = By::keydiff;
};

} // namespace

const MethodEntry default_method = { "default", make_method<Default> };

} // namespace loci
