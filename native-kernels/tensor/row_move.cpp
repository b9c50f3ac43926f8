#include "tensor/row_move.h"

#include "tensor/hadamard.h"
#include "tensor/rotation.h"

namespace loci {

namespace {

template <typename Index>
DeviceTensor upload(Compute & compute, enum ggml_type type, const std::vector<Index> & indices) {
    DeviceTensor tensor(compute.api(), compute.backend(), type,
                        { static_cast<int64_t>(indices.size()), 1, 1 });
    compute.api().ggml_backend_tensor_set(tensor.get(), indices.data(), 0,
                                          indices.size() * sizeof(Index));
    return tensor;
}

ggml_tensor * flat(const Compute & compute, ggml_context * context, const DeviceTensor & store) {
    const ggml_tensor * tensor = store.get();
    return compute.api().ggml_reshape_2d(context, compute.alias(context, tensor), tensor->ne[0],
                                         tensor->ne[1] * tensor->ne[2]);
}

} // namespace

DeviceTensor gather_rows(Compute & compute, const DeviceTensor & store,
                         const std::vector<int32_t> & rows, const RowRotation * rotation) {
    const Api & api = compute.api();
    const int64_t size = store.get()->ne[0];
    const auto count = static_cast<int64_t>(rows.size());
    const DeviceTensor indices = upload(compute, GGML_TYPE_I32, rows);
    DeviceTensor shifts;
    if (rotation != nullptr) {
        shifts = upload(compute, GGML_TYPE_I32, rotation->shifts);
    }
    DeviceTensor scratch(api, compute.backend(), GGML_TYPE_F32, { size, count, 1 });
    compute.run([&](ggml_context * context, ggml_cgraph *) {
        ggml_tensor * gathered = api.ggml_get_rows(context, flat(compute, context, store),
                                                   compute.alias(context, indices.get()));
        if (rotation != nullptr) {
            const bool has_factors = static_cast<bool>(rotation->frequency_factors);
            ggml_tensor * factors =
                has_factors ? compute.alias(context, rotation->frequency_factors.get()) : nullptr;
            ggml_tensor * hadamard = nullptr;
            gathered = api.ggml_reshape_3d(context, gathered, size, 1, count);
            if (rotation->hadamard) {
                hadamard = compute.alias(context, rotation->hadamard.get());
                gathered = build_hadamard(api, context, gathered, hadamard);
            }
            gathered = build_rotation(api, context, gathered, compute.alias(context, shifts.get()),
                                      factors, rotation->rope);
            if (hadamard != nullptr) {
                gathered = build_hadamard(api, context, gathered, hadamard);
            }
            gathered = api.ggml_reshape_2d(context, gathered, size, count);
        }
        return std::vector<ggml_tensor *>{ api.ggml_cpy(context, gathered,
                                                        compute.alias(context, scratch.get())) };
    });
    return scratch;
}

void scatter_rows(Compute & compute, const DeviceTensor & scratch, const DeviceTensor & store,
                  const std::vector<int64_t> & rows) {
    const DeviceTensor indices = upload(compute, GGML_TYPE_I64, rows);
    compute.run([&](ggml_context * context, ggml_cgraph *) {
        return std::vector<ggml_tensor *>{ compute.api().ggml_set_rows(
            context, flat(compute, context, store), compute.alias(context, scratch.get()),
            compute.alias(context, indices.get())) };
    });
}

} // namespace loci
