#pragma once

namespace loci {

/// The softmax scale of AhaKV's step-gain softmax (SG-softmax): lambda = sqrt(2 ln(i / k) / d),
/// where i = `visible` keys are attended, k = `budget` of them can be kept and d = `head_size`.
///
/// With roughly Gaussian logits, the entropy of the softmax is about ln i - lambda^2 d / 2; setting
/// it to ln k spreads the attention over about k keys. The model's own 1/sqrt(d) equals lambda at
/// i / k = sqrt(e). Below i / k = 1.05 the logarithm is clamped to ln 1.05: at i <= k the formula
/// is zero or undefined, but then nothing needs to be evicted. Throws Error(internal) unless all
/// three are positive.
float self_guided_scale(int visible, int budget, int head_size);

} // namespace loci
