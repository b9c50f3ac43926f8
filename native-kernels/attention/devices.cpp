#include "attention/devices.h"

#include <algorithm>

namespace loci {

Devices::Devices(const Api & api, const std::vector<LayerShape> & shapes, int threads,
                 const ThreadPool * pool) {
    for (const LayerShape & shape : shapes) {
        const auto known =
            std::find_if(computes_.begin(), computes_.end(),
                         [&](const auto & compute) { return compute->device() == shape.device; });
        of_layer_.push_back(static_cast<size_t>(known - computes_.begin()));
        if (known == computes_.end()) {
            computes_.push_back(std::make_unique<Compute>(api, shape.device, threads, pool));
        }
    }
}

void Devices::make_masks(int64_t rows, int64_t batch) {
    for (const auto & compute : computes_) {
        masks_.push_back(std::make_unique<StaircaseMask>(*compute, rows, batch));
    }
}

void Devices::resize_masks(int64_t rows, int64_t batch) {
    std::vector<std::unique_ptr<StaircaseMask>> made;
    for (const auto & compute : computes_) {
        made.push_back(std::make_unique<StaircaseMask>(*compute, rows, batch));
    }
    for (size_t i = 0; i < made.size(); i++) {
        masks_[i]->swap(*made[i]);
    }
}

int64_t Devices::granule(int64_t budget_rows) const noexcept {
    const bool cpu = computes_.size() == 1 && computes_.front()->is_cpu();
    int64_t granule = cpu ? 32 : 256;
    while (granule > 32 && budget_rows < 8 * granule) {
        granule /= 2;
    }
    return granule;
}

size_t Devices::bytes() const noexcept {
    size_t total = 0;
    for (const auto & mask : masks_) {
        total += mask->bytes();
    }
    for (const auto & compute : computes_) {
        total += compute->scratch_bytes();
    }
    return total;
}

} // namespace loci
