#pragma once

#include "tensor/compute.h"
#include "tensor/device_tensor.h"
#include "tensor/layer_shape.h"

#include <cstdint>
#include <vector>

namespace loci {

/// A rotation to new positions that goes with a gather: one shift per row.
struct RowRotation {
    const RopeParameters & rope;
    const DeviceTensor & frequency_factors; ///< empty where the model has none
    const DeviceTensor & hadamard; ///< matrix in whose rotation the rows are stored, or empty
    const std::vector<int32_t> & shifts;
};

/// Copies rows of a store [size, capacity, heads] into f32 scratch [size, rows.size()], rotating
/// them on the way where asked. `rows` are flat: head * capacity + slot. The way through f32 gives
/// back the same numbers for f16, q8_0 and q4_0, so a gather without rotation is exact.
DeviceTensor gather_rows(Compute & compute, const DeviceTensor & store,
                         const std::vector<int32_t> & rows, const RowRotation * rotation);

/// Writes scratch rows to the flat rows of a store.
void scatter_rows(Compute & compute, const DeviceTensor & scratch, const DeviceTensor & store,
                  const std::vector<int64_t> & rows);

} // namespace loci
