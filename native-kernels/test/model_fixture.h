#pragma once

#include "memory/memory.h"
#include "model/model.h"
#include "test/check.h"

#include <memory>
#include <string>
#include <vector>

namespace loci_test {

/// Whether the tests run on a GPU (LOCI_TEST_DEVICE=gpu).
inline bool on_gpu() {
    const char * device = std::getenv("LOCI_TEST_DEVICE");
    return device != nullptr && std::string(device) == "gpu";
}

/// The runtime of the folder named by LOCI_TEST_LIBRARIES.
inline std::shared_ptr<const loci::Runtime> runtime() {
    static const std::shared_ptr<const loci::Runtime> loaded = loci::Runtime::load(
        environment("LOCI_TEST_LIBRARIES"), [](loci::LogLevel level, const std::string & text) {
            if (level == loci::LogLevel::error) {
                std::fprintf(stderr, "%s\n", text.c_str());
            }
        });
    return loaded;
}

/// The bundled model, on the device under test.
inline std::shared_ptr<loci::Model> bundled_model() {
    static const std::shared_ptr<loci::Model> model = [] {
        loci::ModelOptions options;
        options.path = environment("LOCI_TEST_MODEL");
        options.gpu_layers = on_gpu() ? -1 : 0;
        return loci::Model::load(runtime(), options);
    }();
    return model;
}

/// Text-like tokens: reproducible, over the whole vocabulary but its control tokens.
inline std::vector<llama_token> some_tokens(size_t count, uint32_t seed, int vocabulary) {
    std::vector<llama_token> tokens(count);
    uint32_t                 state = seed * 2654435761U + 1;
    for (llama_token & token : tokens) {
        state = state * 1664525U + 1013904223U;
        token = static_cast<llama_token>(16 + (state >> 8) % static_cast<uint32_t>(vocabulary - 16));
    }
    return tokens;
}

inline const loci::Cancellation & never() {
    static const loci::Cancellation flag;
    return flag;
}

} // namespace loci_test
