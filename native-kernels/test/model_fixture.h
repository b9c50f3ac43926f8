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

/// The bundled model, on the device under test.
inline std::shared_ptr<loci::Model> bundled_model() {
    static const std::shared_ptr<loci::Model> model = load_model(environment("LOCI_TEST_MODEL"));
    return model;
}

inline bool is_bundled(const loci::Model & model) {
    return model.path() == environment("LOCI_TEST_MODEL");
}

/// The bundled model, or a smaller one of random weights where the run names it: on a GPU, which
/// may be a software one, and under sanitizers.
inline std::shared_ptr<loci::Model> quick_model() {
    static const std::shared_ptr<loci::Model> model =
        on_cpu() && std::getenv("LOCI_TEST_QUICK_MODEL") == nullptr
            ? bundled_model()
            : load_model(environment("LOCI_TEST_QUICK_MODEL"));
    return model;
}

/// Threads wait for each other by spinning: on a busy machine LOCI_THREADS=1 is far quicker.
inline int test_threads() {
    const char * chosen = std::getenv("LOCI_THREADS");
    return chosen != nullptr && std::atoi(chosen) > 0 ? std::atoi(chosen) : 2;
}

/// Length of the difference of two vectors, as a share of the second one's.
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

/// Text-like tokens: reproducible, over the whole vocabulary but its control tokens.
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
