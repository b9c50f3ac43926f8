#include "tensor/device_tensor.h"

#include "core/error.h"

#include <string>
#include <utility>

namespace loci {

DeviceTensor::DeviceTensor(const Api & api, ggml_backend_t backend, enum ggml_type type,
                           std::array<int64_t, 3> shape)
    : api_(&api) {
    ggml_init_params parameters{};
    parameters.mem_size = api.ggml_tensor_overhead() + 64;
    parameters.no_alloc = true;
    context_ = api.ggml_init(parameters);
    if (context_ == nullptr) {
        throw Error(ErrorCode::out_of_memory, "There is not enough memory for a tensor's header.");
    }
    tensor_ = api.ggml_new_tensor_3d(context_, type, shape[0], shape[1], shape[2]);
    buffer_ = api.ggml_backend_alloc_ctx_tensors(context_, backend);
    if (buffer_ == nullptr) {
        const size_t mebibytes = api.ggml_nbytes(tensor_) >> 20;
        reset();
        throw Error(ErrorCode::out_of_memory,
                    "The device has no room for another " + std::to_string(mebibytes + 1) +
                        " MiB. Choose a smaller budget, a smaller model or another device.");
    }
    bytes_ = api.ggml_backend_buffer_get_size(buffer_);
    api.ggml_backend_buffer_clear(buffer_, 0);
}

DeviceTensor::~DeviceTensor() {
    reset();
}

DeviceTensor::DeviceTensor(DeviceTensor && other) noexcept {
    *this = std::move(other);
}

DeviceTensor & DeviceTensor::operator=(DeviceTensor && other) noexcept {
    if (this != &other) {
        reset();
        api_ = other.api_;
        context_ = std::exchange(other.context_, nullptr);
        buffer_ = std::exchange(other.buffer_, nullptr);
        tensor_ = std::exchange(other.tensor_, nullptr);
        bytes_ = std::exchange(other.bytes_, 0);
    }
    return *this;
}

void DeviceTensor::reset() noexcept {
    if (buffer_ != nullptr) {
        api_->ggml_backend_buffer_free(buffer_);
    }
    if (context_ != nullptr) {
        api_->ggml_free(context_);
    }
    buffer_ = nullptr;
    context_ = nullptr;
    tensor_ = nullptr;
    bytes_ = 0;
}

} // namespace loci
