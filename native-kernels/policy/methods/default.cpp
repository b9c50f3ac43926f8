#include "policy/methods/legacy.h"

namespace loci {

/// Ours, for repositories that are read as a stream and asked about later:
///
///  - layers get rows by what they need (`profile_wishes`): a fifth of the budget alike, the
///    rest by a profile that is measured once per model (reading/profile/layer-profile.ts);
///  - a syntactic unit is kept or dropped as one: a name without its value answers nothing;
///  - declarations come before bodies: values and imports first, then signatures, types, paths and
///    returned literals;
///  - within a class the units whose keys differ most from the others' stay (KeyDiff), which asks
///    nothing of queries, so that it does not matter what is asked later;
///  - a layer may hold more tokens than the trained context has positions: neighbours share one,
///    and it attends sharper (`sharpening`), as a softmax over so many spreads.
///
/// docs/memory-methods.md has what was tried and measured.
const LegacyMethod default_method = {
    "default",
    {
        { "score", "keydiff" },
        { "rows", "none" },
        { "allocation", "profile" },
        { "alpha", "0.2" },
        { "positions", "shared" },
        { "sharpen", "1" },
        { "units", "whole" },
        { "raise", "1000" },
        { "raise-value", "10" },
        { "raise-import", "10" },
    },
};

} // namespace loci
