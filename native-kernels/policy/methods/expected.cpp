#include "policy/methods/legacy.h"

namespace loci {

/// ExpectedAttention (arXiv 2510.00636), see expected_score.cpp: the attention that coming queries
/// are expected to pay, times |v|. Parameters: `epsilon` (0 here; 0.02 with adaptive budgets).
const LegacyMethod expected_method = {
    "expected",
    {
        { "score", "expected" },
        { "rows", "all" },
        { "value", "squared" },
    },
};

} // namespace loci
