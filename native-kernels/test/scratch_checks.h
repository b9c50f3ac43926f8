#pragma once

#include "test/memory_fixture.h"
#include "test/model_fixture.h"
#include "test/scratch_device.h"

#include <memory>
#include <string>
#include <vector>

namespace loci_test {

/// The logits behind a prompt over a memory, and behind each of twelve tokens that follow, for
/// which llama.cpp reuses its graph.
inline std::vector<float> logits_of_steps(const std::shared_ptr<loci::Model> & model,
                                          const std::string & layout, enum ggml_type type) {
    loci::MemoryOptions options = options_of("full", 512, 128);
    options.kv_type = type;
    options.policy_parameters = { { "layout", layout } };
    loci::Memory memory(model, options);
    read(memory, 128, 2);
    const std::vector<llama_token> tail = some_tokens(76, 7, model->info().vocabulary);
    std::vector<float> logits;
    const auto step = [&](size_t from, size_t to) {
        const auto begin = tail.begin();
        memory.extend(
            { begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to) },
            false, true, never());
        logits.insert(logits.end(), memory.logits().begin(), memory.logits().end());
    };
    step(0, 64);
    for (size_t i = 64; i < tail.size(); i++) {
        step(i, i + 1);
    }
    return logits;
}

/// Requires that a model computes the same on devices that keep scratch behind attention.
inline void computes_over_scratch(const std::shared_ptr<loci::Model> & model,
                                  const std::string & layout, enum ggml_type type) {
    const std::vector<float> expected = logits_of_steps(model, layout, type);
    for (const bool writes : { false, true }) {
        ScratchDevice device(4096);
        device.write(writes);
        const std::vector<float> found = logits_of_steps(model, layout, type);
        const bool rectangular = device.take_largest() > 0;
        REQUIRE_MESSAGE((rectangular || layout == "ragged"), "outputs of our own");
        REQUIRE_MESSAGE((device.written() > 0) == (writes && rectangular), "scratch was written");
        const double difference = relative_difference(found, expected);
        REQUIRE_MESSAGE((on_cpu() ? found == expected : difference <= 1e-3), "logits differ by ",
                        difference, " in the layout ", layout, ", written: ", writes);
    }
}

} // namespace loci_test
