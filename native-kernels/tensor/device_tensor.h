#pragma once

#include "runtime/api.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace loci {

/// A tensor in its own buffer on one device; released with the object.
class DeviceTensor {
  public:
    DeviceTensor() = default;

    /// Allocates the tensor and sets it to zero: masked rows are multiplied by zero, so they must
    /// be finite. Throws Error(out_of_memory) naming the size.
    DeviceTensor(const Api & api, ggml_backend_t backend, enum ggml_type type,
                 std::array<int64_t, 3> shape);
    ~DeviceTensor();

    DeviceTensor(DeviceTensor && other) noexcept;
    DeviceTensor & operator=(DeviceTensor && other) noexcept;
    DeviceTensor(const DeviceTensor &) = delete;
    DeviceTensor & operator=(const DeviceTensor &) = delete;

    ggml_tensor * get() const noexcept { return tensor_; }
    explicit operator bool() const noexcept { return tensor_ != nullptr; }

    /// Bytes allocated on the device.
    size_t bytes() const noexcept { return bytes_; }

    /// Releases the buffer.
    void reset() noexcept;

  private:
    const Api * api_ = nullptr;
    ggml_context * context_ = nullptr;
    ggml_backend_buffer_t buffer_ = nullptr;
    ggml_tensor * tensor_ = nullptr;
    size_t bytes_ = 0;
};

} // namespace loci
