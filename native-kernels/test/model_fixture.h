#pragma once

#include "core/error.h"
#include "memory/memory.h"
#include "model/model.h"
#include "test/device.h"

#include <cmath>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace loci_test {

inline std::shared_ptr<loci::Model> load_model(const std::string & path) {
    loci::ModelOptions options;
    options.path = path;
    options.gpu_layers = on_cpu() ? 0 : -1;
    return loci::Model::load(shared_runtime(), options);
}

/// Loads the bundled model on the device under test.
inline std::shared_ptr<loci::Model> bundled_model() {
    static const std::shared_ptr<loci::Model> model = load_model(environment("LOCI_TEST_MODEL"));
    return model;
}

inline bool is_bundled(const loci::Model & model) {
    return model.path() == environment("LOCI_TEST_MODEL");
}

/// Loads the bundled model, or a smaller one with random weights if the run names one: on a GPU,
/// which may be emulated, and under sanitizers.
inline std::shared_ptr<loci::Model> quick_model() {
    static const std::shared_ptr<loci::Model> model =
        on_cpu() && std::getenv("LOCI_TEST_QUICK_MODEL") == nullptr
            ? bundled_model()
            : load_model(environment("LOCI_TEST_QUICK_MODEL"));
    return model;
}

/// Returns the number of threads. Threads spin while waiting for each other, so LOCI_THREADS=1 is
/// far quicker on a busy machine.
inline int test_threads() {
    const char * chosen = std::getenv("LOCI_THREADS");
    return chosen != nullptr && std::atoi(chosen) > 0 ? std::atoi(chosen) : 2;
}

/// Returns the length of the difference of two vectors relative to the length of the second.
inline double relative_difference(const std::vector<float> & ours,
                                  const std::vector<float> & expected) {
    double difference = 0.0;
    double total = 0.0;
    for (size_t i = 0; i < expected.size(); i++) {
        const double delta = static_cast<double>(ours[i]) - static_cast<double>(expected[i]);
        difference += delta * delta;
        total += static_cast<double>(expected[i]) * static_cast<double>(expected[i]);
    }
    return std::sqrt(difference / total);
}

/// Fails unless `body` throws an Error of this code.
inline void expect_refusal(loci::ErrorCode code, const std::function<void()> & body,
                           const char * what) {
    try {
        body();
    } catch (const loci::Error & failure) {
        REQUIRE_MESSAGE(failure.code() == code, what, ": ", failure.what());
        return;
    }
    FAIL(what, ": not refused");
}

/// Makes reproducible text-like tokens from the whole vocabulary except its control tokens.
inline std::vector<llama_token> some_tokens(size_t count, uint32_t seed, int vocabulary) {
    std::vector<llama_token> tokens(count);
    uint32_t state = seed * 2654435761U + 1;
    for (llama_token & token : tokens) {
        state = state * 1664525U + 1013904223U;
        token =
            static_cast<llama_token>(16 + (state >> 8) % static_cast<uint32_t>(vocabulary - 16));
    }
    return tokens;
}

inline const loci::Cancellation & never() {
    static const loci::Cancellation flag;
    return flag;
}

} // namespace loci_test
