#include "attention/sharpening.h"

#include <cmath>

namespace loci {

float sharpening(double strength, int64_t rows, int64_t trained) noexcept {
    if (rows <= trained || trained <= 0) {
        return 1.0F;
    }
    const double ratio = static_cast<double>(rows) / static_cast<double>(trained);
    return static_cast<float>(1.0 + strength * std::log(ratio));
}

} // namespace loci
