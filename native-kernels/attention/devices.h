#pragma once

#include "attention/staircase_mask.h"
#include "tensor/compute.h"
#include "tensor/layer_shape.h"
#include "tensor/thread_pool.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace loci {

/// The devices that hold a model's layers: our own graphs on each, and its mask.
class Devices {
  public:
    /// One for each device that a layer names. `threads` and `pool`, which outlives them, count for
    /// the CPU only. Throws Error(internal) where a device does not open.
    Devices(const Api & api, const std::vector<LayerShape> & shapes, int threads,
            const ThreadPool * pool);

    /// Makes the masks, for steps of at most `batch` tokens behind at most `rows` rows; a layer
    /// with a window reads as many of them as its window reaches back. Throws Error(out_of_memory).
    void make_masks(int64_t rows, int64_t batch);

    /// Makes them anew for more rows or fewer, in place: pointers to them stay valid. Throws
    /// Error(out_of_memory); they are then as they were.
    void resize_masks(int64_t rows, int64_t batch);

    size_t count() const noexcept { return computes_.size(); }
    /// Which of the devices holds a layer.
    size_t of_layer(size_t layer) const noexcept { return of_layer_[layer]; }
    Compute & compute(size_t device) noexcept { return *computes_[device]; }
    /// The mask of a layer; those of one device and window share one.
    StaircaseMask & mask_of_layer(size_t layer) noexcept { return *masks_[mask_of_[layer]]; }
    size_t masks() const noexcept { return masks_.size(); }
    StaircaseMask & mask(size_t index) noexcept { return *masks_[index]; }
    /// Which of the masks is that of a layer.
    size_t mask_index(size_t layer) const noexcept { return mask_of_[layer]; }

    /// Attention of a window begins to read at a multiple of this many rows.
    static constexpr int64_t window_alignment = 32;

    /// Attention reads a multiple of this many rows, and large pools hold one. CUDA's fast kernels
    /// read keys in blocks of 256; on the CPU any length is good. A small budget is not worth
    /// rounding away.
    int64_t granule(int64_t budget_rows) const noexcept;

    /// Bytes of masks and of intermediate results, at most so far.
    size_t bytes() const noexcept;

  private:
    std::vector<std::unique_ptr<Compute>> computes_;
    std::vector<std::unique_ptr<StaircaseMask>> masks_;
    std::vector<size_t> of_layer_;
    std::vector<int64_t> windows_; ///< by layer
    std::vector<size_t> mask_of_;  ///< by layer
};

} // namespace loci
