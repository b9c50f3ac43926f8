#pragma once

#include "policy/parameter_list.h"
#include "policy/score.h"

#include <cstdint>
#include <vector>

namespace loci {

/// Whether the best tokens stay, or a sample weighted by the scores.
struct Drawing {
    bool sample = false;
    uint32_t seed = 0;

    void declare(ParameterList & list);
};

/// Replaces `rank` for weighted reservoir sampling (Efraimidis and Spirakis, 2006): the k largest
/// u^(1/w) are a sample without replacement with probabilities by weight; log(u) / w has the same
/// order.
void draw(uint32_t seed, const LayerCandidates & layer, const ScorePlace & place,
          std::vector<float> & rank);

/// Returns a number uniform in (0, 1) that depends only on the arguments.
double uniform_hash(uint32_t seed, size_t layer, size_t head, int32_t token) noexcept;

} // namespace loci
