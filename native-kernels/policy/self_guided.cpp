#include "policy/self_guided.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>

namespace loci {

float self_guided_scale(int visible, int budget, int head_size) {
    require(visible > 0 && budget > 0 && head_size > 0, "a self-guided scale without rows");
    const double ratio = static_cast<double>(visible) / static_cast<double>(budget);
    const double spread = std::max(std::log(ratio), std::log(1.05));
    return static_cast<float>(std::sqrt(2.0 * spread / static_cast<double>(head_size)));
}

} // namespace loci
