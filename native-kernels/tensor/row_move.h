#pragma once

#include "tensor/compute.h"
#include "tensor/device_tensor.h"
#include "tensor/layer_shape.h"

#include <cstdint>
#include <vector>

namespace loci {

/// A rotation to new positions during a gather: one shift per row.
struct RowRotation {
    const RopeParameters & rope;
    const DeviceTensor & frequency_factors; ///< empty if the model has none
    const DeviceTensor & hadamard; ///< the matrix by which stored rows are rotated, or empty
    const std::vector<int32_t> & shifts;
};

/// Copies rows of a store [size, capacity, heads] to f32 scratch [size, rows.size()], with an
/// optional rotation. `rows` are flat: head * capacity + slot. Converting f16, q8_0 and q4_0 to f32
/// and back gives the same numbers, so a gather without rotation is exact.
DeviceTensor gather_rows(Compute & compute, const DeviceTensor & store,
                         const std::vector<int32_t> & rows, const RowRotation * rotation);

/// Writes scratch rows to the flat rows of a store.
void scatter_rows(Compute & compute, const DeviceTensor & scratch, const DeviceTensor & store,
                  const std::vector<int64_t> & rows);

} // namespace loci
