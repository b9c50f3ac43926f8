#include "policy/methods/method.h"

namespace loci {

/// Ada-KV (arXiv 2407.11550): SnapKV's score, layers alike, and within a layer the heads get rows
/// by how many of their scores are among the layer's best H k (`ada_wishes`):
///
///     B_h = f_h (1 - alpha) + alpha k
///
/// Parameters: `alpha` (0.2), the share of the rows that heads get alike; those of SnapKV, whose
/// values here are `snapkv`'s, so that the two differ in their budgets alone (the authors' code:
/// `--set window=32 --set pool=7 --set pooling=maximum`). Ada-PyramidKV is `pyramid` with
/// `--set layout=ragged --set head-alpha=0.2`.
/// Deviations: scores are carried (attention_score.cpp); the counts are not rounded head by head
/// but so that their sum is the budget, above `granule` rows to its multiples; protected tokens win
/// first.
const Method adakv_method = {
    "adakv",
    {
        { "window", "64" },
        { "pool", "5" },
        { "allocation", "ada" },
        { "alpha", "0.2" },
        { "layout", "ragged" },
    },
};

} // namespace loci
