#pragma once

#include "runtime/runtime.h"
#include "tensor/compute.h"
#include "tensor/device_tensor.h"
#include "test/check.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace loci_test {

/// Loads the prebuilt libraries named by LOCI_TEST_LIBRARIES once.
inline const std::shared_ptr<const loci::Runtime> & shared_runtime() {
    static const auto loaded = loci::Runtime::load(environment("LOCI_TEST_LIBRARIES"), nullptr);
    return loaded;
}

inline const loci::Runtime & runtime() {
    return *shared_runtime();
}

/// Returns the device named by LOCI_TEST_DEVICE: cpu (the default) or gpu.
inline ggml_backend_dev_t test_device() {
    const char * set = std::getenv("LOCI_TEST_DEVICE");
    const std::string name = set == nullptr || *set == '\0' ? "cpu" : set;
    REQUIRE_MESSAGE((name == "cpu" || name == "gpu"), "LOCI_TEST_DEVICE must be cpu or gpu");
    const loci::Api & api = runtime().api();
    if (name == "cpu") {
        return api.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    }
    for (size_t i = 0; i < api.ggml_backend_dev_count(); i++) {
        ggml_backend_dev_t device = api.ggml_backend_dev_get(i);
        const auto type = api.ggml_backend_dev_type(device);
        // Mesa's lavapipe calls itself integrated or CPU; accept any device except ggml's own CPU.
        if (type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU) {
            return device;
        }
    }
    throw std::runtime_error("no GPU device, though LOCI_TEST_DEVICE is gpu");
}

/// Returns the permitted relative error of an f32 matrix product: some GPU backends (Vulkan, CUDA
/// with TF32) round its factors to 10 bits.
inline double f32_tolerance() {
    return runtime().api().ggml_backend_dev_type(test_device()) == GGML_BACKEND_DEVICE_TYPE_CPU
               ? 1e-4
               : 2e-3;
}

/// Fails on graphs that the device cannot run.
inline void expect_supported(const loci::Compute & compute, ggml_tensor * output) {
    if (output == nullptr) {
        return;
    }
    REQUIRE_MESSAGE(compute.api().ggml_backend_supports_op(compute.backend(), output),
                    "the device does not support operation ", output->op);
    for (ggml_tensor * source : output->src) {
        if (source != output) { // a cast is its own target
            expect_supported(compute, source);
        }
    }
}

inline std::vector<float> random_floats(std::mt19937 & random, size_t count, float spread) {
    std::normal_distribution<float> normal(0.0f, spread);
    std::vector<float> values(count);
    for (float & value : values) {
        value = normal(random);
    }
    return values;
}

/// Returns `values` stored as `type` and replaces them by what a read would return. `row` is a
/// multiple of the type's block.
inline std::vector<uint8_t> stored_as(enum ggml_type type, std::vector<float> & values,
                                      int64_t row) {
    const loci::Api & api = runtime().api();
    const ggml_type_traits * traits = api.ggml_get_type_traits(type);
    const int64_t rows = static_cast<int64_t>(values.size()) / row;
    std::vector<uint8_t> bytes(api.ggml_row_size(type, row) * static_cast<size_t>(rows));
    if (type == GGML_TYPE_F32) {
        std::memcpy(bytes.data(), values.data(), bytes.size());
    } else if (type == GGML_TYPE_F16) {
        api.ggml_fp32_to_fp16_row(values.data(), reinterpret_cast<ggml_fp16_t *>(bytes.data()),
                                  static_cast<int64_t>(values.size()));
        traits->to_float(bytes.data(), values.data(), static_cast<int64_t>(values.size()));
    } else {
        traits->from_float_ref(values.data(), bytes.data(), static_cast<int64_t>(values.size()));
        traits->to_float(bytes.data(), values.data(), static_cast<int64_t>(values.size()));
    }
    return bytes;
}

/// Requires |actual - expected| <= tolerance * |expected| everywhere, with |expected| raised to a
/// millionth of the largest. Fails on NaN.
inline void expect_close(const std::vector<float> & actual, const std::vector<float> & expected,
                         double tolerance, const std::string & what) {
    REQUIRE_MESSAGE(actual.size() == expected.size(), what, ": length");
    double scale = 1e-30;
    for (float value : expected) {
        scale = std::fmax(scale, std::abs(static_cast<double>(value)));
    }
    for (size_t i = 0; i < actual.size(); i++) {
        const double size = std::fmax(std::abs(static_cast<double>(expected[i])), 1e-6 * scale);
        const double error =
            std::abs(static_cast<double>(actual[i]) - static_cast<double>(expected[i])) / size;
        if (!(error <= tolerance)) {
            FAIL(what, ": entry ", i, " is ", actual[i], ", expected ", expected[i]);
        }
    }
}

} // namespace loci_test
