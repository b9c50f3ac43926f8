#pragma once

#include "tensor/layer_shape.h"

#include <vector>

namespace loci {

/// `build_rotation` in plain code, for keys without YaRN (extension_factor 0): rotates pair j of
/// `key` by shift * base^(-2j/d) * scale / factor_j. `mode` as in RopeParameters: adjacent pairs
/// (0) or halves (NeoX).
void rotate_reference(std::vector<float> & key, int shift, const RopeParameters & rope);

} // namespace loci
