#include "attention/devices.h"

#include <algorithm>
#include <map>
#include <utility>

namespace loci {

Devices::Devices(const Api & api, const std::vector<LayerShape> & shapes, int threads,
                 const ThreadPool * pool) {
    for (const LayerShape & shape : shapes) {
        const auto known =
            std::find_if(computes_.begin(), computes_.end(),
                         [&](const auto & compute) { return compute->device() == shape.device; });
        of_layer_.push_back(static_cast<size_t>(known - computes_.begin()));
        windows_.push_back(shape.window);
        if (known == computes_.end()) {
            computes_.push_back(std::make_unique<Compute>(api, shape.device, threads, pool));
        }
    }
}

void Devices::make_masks(int64_t rows, int64_t batch) {
    std::map<std::pair<size_t, int64_t>, size_t> made; // by device and window
    for (size_t layer = 0; layer < of_layer_.size(); layer++) {
        const int64_t window = windows_[layer];
        const auto [place, fresh] = made.try_emplace({ of_layer_[layer], window }, masks_.size());
        if (fresh) {
            const int64_t before = window > 0 ? window + window_alignment : rows;
            masks_.push_back(std::make_unique<StaircaseMask>(*computes_[of_layer_[layer]], before,
                                                             batch, window));
        }
        mask_of_.push_back(place->second);
    }
}

void Devices::resize_masks(int64_t rows, int64_t batch) {
    std::map<size_t, std::unique_ptr<StaircaseMask>> made; // by mask
    for (size_t layer = 0; layer < of_layer_.size(); layer++) {
        // A window reaches back as far as before.
        if (windows_[layer] == 0 && made.count(mask_of_[layer]) == 0) {
            made[mask_of_[layer]] =
                std::make_unique<StaircaseMask>(*computes_[of_layer_[layer]], rows, batch, 0);
        }
    }
    for (const auto & [mask, resized] : made) {
        masks_[mask]->swap(*resized);
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
