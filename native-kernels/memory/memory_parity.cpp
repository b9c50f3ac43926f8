#include "core/error.h"
#include "memory/memory.h"

#include <cmath>

namespace loci {

namespace {

constexpr int64_t prompt_tokens = 24;
constexpr int64_t decoded_tokens = 4;
// Rows are summed in another order than llama.cpp's, so bits may differ.
constexpr double tolerance = 0.02;
// The cache compared with is f16: ours is then rounded more coarsely. A wrong attention is off
// by 1.
constexpr double quantized_tolerance = 0.1;

double relative_difference(const std::vector<float> & ours, const std::vector<float> & stock) {
    double difference = 0.0;
    double norm = 0.0;
    for (size_t i = 0; i < stock.size(); i++) {
        const double delta = static_cast<double>(ours[i]) - static_cast<double>(stock[i]);
        difference += delta * delta;
        norm += static_cast<double>(stock[i]) * static_cast<double>(stock[i]);
    }
    return norm > 0.0 ? std::sqrt(difference / norm) : difference;
}

} // namespace

// Runs a few tokens on llama.cpp's own cache, which also shows the shape of every layer, and the
// same tokens on ours: a model whose attention we would compute wrongly is never answered from.
void Memory::check_parity() {
    static const Cancellation never;
    std::vector<llama_token> tokens(static_cast<size_t>(prompt_tokens + decoded_tokens));
    const int64_t vocabulary = model_->info().vocabulary;
    for (size_t i = 0; i < tokens.size(); i++) {
        tokens[i] = static_cast<llama_token>((static_cast<int64_t>(i) * 7919 + 301) % vocabulary);
    }
    retarget_->begin_probe();
    std::vector<std::vector<float>> stock;
    stock.push_back(context_->decode(tokens.data(), prompt_tokens, 0, true, false, never));
    for (int64_t i = prompt_tokens; i < prompt_tokens + decoded_tokens; i++) {
        stock.push_back(context_->decode(tokens.data() + i, 1, i, true, false, never));
    }
    context_->forget();

    create_pools();
    const double allowed =
        api_.ggml_is_quantized(options_.kv_type) ? quantized_tolerance : tolerance;
    for (size_t step = 0; step < stock.size(); step++) {
        const int64_t behind = step == 0 ? 0 : prompt_tokens + static_cast<int64_t>(step) - 1;
        const int64_t count = step == 0 ? prompt_tokens : 1;
        decode(tokens.data() + behind, count, behind, true, 0, true, never);
        const double difference = relative_difference(logits_, stock[step]);
        if (!(difference <= allowed)) {
            throw Error(ErrorCode::parity_failed,
                        "Loci's attention does not match llama.cpp's for this model (" +
                            model_->info().architecture +
                            ") on this device; choose another model or device.");
        }
    }
    logits_.clear();
}

} // namespace loci
