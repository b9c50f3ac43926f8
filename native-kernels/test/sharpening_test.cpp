// A layer that holds more than the trained context attends more sharply; all others attend as in
// the model.

#include "attention/sharpening.h"
#include "test/model_fixture.h"
#include "test/reference_llama.h"

#include <algorithm>
#include <cmath>

using namespace loci;
using namespace loci_test;

namespace {

constexpr int chunk_tokens = 256;
constexpr double strength = 2.0;

TEST_CASE("the factor is 1 within the trained context and grows with the logarithm beyond") {
    for (const int64_t rows : { 0, 1, 99, 100 }) {
        REQUIRE_MESSAGE(sharpening(3.0, rows, 100) == 1.0F, "within the trained context");
    }
    REQUIRE_MESSAGE(std::abs(sharpening(1.0, 272, 100) - 2.000632F) < 1e-5F, "1 + ln(2.72)");
    REQUIRE_MESSAGE(std::abs(sharpening(0.5, 400, 100) - 1.693147F) < 1e-5F, "1 + ln(4) / 2");
    REQUIRE_MESSAGE(sharpening(0.0, 400, 100) == 1.0F, "strength 0");
    REQUIRE_MESSAGE(sharpening(1.0, 400, 0) == 1.0F, "an unknown context");
}

// Makes a memory in which one layer holds 5/4 of the context, the others less than the context.
std::unique_ptr<Memory> long_memory(const std::string & layout) {
    const auto model = quick_model();
    const int context = model->info().trained_context;
    const int layers = model->info().layers;
    MemoryOptions options;
    options.policy = "random";
    options.budget_tokens = std::max(context * 3 / 2 / layers, context * 2 / 5);
    options.chunk_tokens = chunk_tokens;
    options.threads = test_threads();
    options.policy_parameters = { { "allocation", "profile" },
                                  { "positions", "shared" },
                                  { "alpha", "0" },
                                  { "sharpen", std::to_string(strength) },
                                  { "layout", layout } };
    if (layout == "ragged") {
        options.policy_parameters.emplace_back("head-alpha", "0.2");
    }
    options.layer_profile = std::vector<double>(static_cast<size_t>(layers), 1.0);
    const double share = 1.4 * context / (static_cast<double>(options.budget_tokens) * layers);
    options.layer_profile[1] = share / (1.0 - share) * (layers - 1);
    auto memory = std::make_unique<Memory>(model, options);
    for (int read = 0; read < context * 3 / 2; read += chunk_tokens) {
        memory->append(
            some_tokens(chunk_tokens, static_cast<uint32_t>(read + 1), model->info().vocabulary),
            {}, {}, never());
    }
    return memory;
}

void matches_the_reference(const std::string & layout) {
    const auto memory = long_memory(layout);
    const Model & model = memory->model();
    const int context = model.info().trained_context;
    std::vector<std::vector<double>> factors;
    int32_t position = 0;
    for (int layer = 0; layer < model.info().layers; layer++) {
        factors.emplace_back();
        for (int head = 0; head < model.info().kv_heads; head++) {
            const KvPool & pool = memory->store().pool_of(layer, head);
            factors.back().push_back(
                static_cast<double>(sharpening(strength, pool.rows(), context)));
            position = std::max(position,
                                pool.held(memory->store().head_in_pool(head)).back().position + 1);
        }
    }
    REQUIRE_MESSAGE(factors[1][0] > 1.0, "the second layer holds more than the context");
    REQUIRE_MESSAGE(factors[0][0] == 1.0, "the first layer does not");
    REQUIRE_MESSAGE((layout != "ragged" || !is_bundled(model) || factors[1][0] != factors[1][1]),
                    "each head by its own rows");
    const std::vector<llama_token> question = some_tokens(6, 99, model.info().vocabulary);
    const auto expected = [&](const std::vector<std::vector<double>> & sharpened) {
        ReferenceLlama reference(model);
        reference.hold(*memory);
        reference.sharpen(sharpened);
        std::vector<float> logits;
        for (size_t i = 0; i < question.size(); i++) {
            logits = reference.step(question[i], position + static_cast<int>(i),
                                    memory->store().pool_of(0).shape().rope, 1e-5F);
        }
        return logits;
    };
    memory->extend(question, false, true, never());
    const double sharp = relative_difference(memory->logits(), expected(factors));
    const double plain = relative_difference(memory->logits(), expected({}));
    std::printf("     relative difference of the logits %.2g, to those without %.2g\n", sharp,
                plain);
    // For a short question, llama.cpp's CPU kernel sums the values of all rows in f16.
    REQUIRE_MESSAGE(sharp < 0.03, "logits over a sharpened layer");
    REQUIRE_MESSAGE(plain > 3 * sharp, "sharpening matters");
}

TEST_CASE("attention over a sharpened layer equals a plain forward pass, rectangular" *
          doctest::skip(!thorough())) {
    matches_the_reference("rectangular");
}

TEST_CASE("attention over a sharpened layer equals a plain forward pass, ragged" *
          doctest::skip(!thorough())) {
    matches_the_reference("ragged");
}

} // namespace
