#pragma once

#include "test/model_fixture.h"

#include <algorithm>
#include <vector>

namespace loci_test {

/// Greedy continuation of a prompt by stock llama.cpp.
struct StockRun {
    std::vector<std::vector<float>> logits;
    std::vector<llama_token> tokens;
};

inline StockRun run_stock(const loci::Model & model, const std::vector<llama_token> & prompt,
                          int decoded, enum ggml_type type, size_t batch_tokens = 512) {
    const loci::Api & api = model.api();
    llama_context_params parameters = api.llama_context_default_params();
    parameters.n_ctx =
        static_cast<uint32_t>((static_cast<int>(prompt.size()) + decoded + 255) / 256 * 256);
    parameters.n_batch = parameters.n_ubatch = static_cast<uint32_t>(batch_tokens);
    parameters.n_threads = parameters.n_threads_batch = test_threads();
    parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
    parameters.type_k = parameters.type_v = type;
    llama_context * context = api.llama_init_from_model(model.handle(), parameters);
    REQUIRE_MESSAGE(context != nullptr, "stock context");
    StockRun run;
    const auto vocabulary = static_cast<size_t>(model.info().vocabulary);
    const auto decode = [&](const llama_token * tokens, size_t count, size_t position) {
        llama_batch batch = api.llama_batch_init(static_cast<int32_t>(count), 0, 1);
        batch.n_tokens = static_cast<int32_t>(count);
        for (size_t i = 0; i < count; i++) {
            batch.token[i] = tokens[i];
            batch.pos[i] = static_cast<llama_pos>(position + i);
            batch.n_seq_id[i] = 1;
            batch.seq_id[i][0] = 0;
            batch.logits[i] = i + 1 == count ? 1 : 0;
        }
        REQUIRE_MESSAGE(api.llama_decode(context, batch) == 0, "stock decode");
        api.llama_batch_free(batch);
        const float * row = api.llama_get_logits_ith(context, static_cast<int32_t>(count) - 1);
        return std::vector<float>(row, row + vocabulary);
    };
    std::vector<float> logits;
    for (size_t done = 0; done < prompt.size();) {
        // The same batches as in Memory::extend: the last one is full.
        const size_t rest = (prompt.size() - done) % batch_tokens;
        const size_t count = rest != 0 ? rest : batch_tokens;
        logits = decode(prompt.data() + done, count, done);
        done += count;
    }
    run.logits.push_back(logits);
    for (int i = 0; i < decoded; i++) {
        const auto best = static_cast<llama_token>(std::max_element(logits.begin(), logits.end()) -
                                                   logits.begin());
        run.tokens.push_back(best);
        logits = decode(&run.tokens.back(), 1, prompt.size() + static_cast<size_t>(i));
        run.logits.push_back(logits);
    }
    api.llama_free(context);
    return run;
}

} // namespace loci_test
