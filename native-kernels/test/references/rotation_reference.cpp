#include "test/references/rotation_reference.h"

#include "tensor/rotation.h"

#include <cmath>

namespace loci {

void rotate_reference(std::vector<float> & key, int shift, const RopeParameters & rope) {
    for (const RopePair & pair : rope_pairs(rope)) {
        const double angle = shift * pair.step;
        const double a = static_cast<double>(key[pair.first]);
        const double b = static_cast<double>(key[pair.second]);
        key[pair.first] = static_cast<float>(a * std::cos(angle) - b * std::sin(angle));
        key[pair.second] = static_cast<float>(a * std::sin(angle) + b * std::cos(angle));
    }
}

} // namespace loci
