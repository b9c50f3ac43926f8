// At full budget our logits equal those of stock llama.cpp (the same libraries, no hook) with a
// cache of the same type, which rotates what it quantises as ours does.

#include "test/memory_fixture.h"
#include "test/model_fixture.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

using namespace loci;
using namespace loci_test;

namespace {

// Greedy continuation of a prompt by llama.cpp alone.
struct StockRun {
    std::vector<std::vector<float>> logits;
    std::vector<llama_token> tokens;
};

StockRun run_stock(const Model & model, const std::vector<llama_token> & prompt, int decoded,
                   enum ggml_type type) {
    const Api & api = model.api();
    llama_context_params parameters = api.llama_context_default_params();
    parameters.n_ctx =
        static_cast<uint32_t>((static_cast<int>(prompt.size()) + decoded + 255) / 256 * 256);
    parameters.n_batch = parameters.n_ubatch = 512;
    parameters.n_threads = parameters.n_threads_batch = test_threads();
    parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
    parameters.type_k = parameters.type_v = type;
    llama_context * context = api.llama_init_from_model(model.handle(), parameters);
    expect(context != nullptr, "stock context");
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
        expect_equal(api.llama_decode(context, batch), 0, "stock decode");
        api.llama_batch_free(batch);
        const float * row = api.llama_get_logits_ith(context, static_cast<int32_t>(count) - 1);
        return std::vector<float>(row, row + vocabulary);
    };
    std::vector<float> logits;
    for (size_t done = 0; done < prompt.size();) {
        // Batches as Memory::extend makes them: the last one is full.
        const size_t rest = (prompt.size() - done) % 512;
        const size_t count = rest != 0 ? rest : 512;
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

// `in_memory` of the prompt's 1,000 tokens are read as the repository, the rest as the tail. (A
// software GPU has as much to show with fewer.)
void compare(size_t in_memory, const std::string & policy, enum ggml_type type,
             const PolicyParameters & parameters = {}) {
    const auto model = bundled_model();
    const int decoded = thorough() ? 64 : 16;
    const size_t length = thorough() ? 1000 : 600;
    in_memory = in_memory * length / 1000;
    const std::vector<llama_token> prompt = some_tokens(length, 7, model->info().vocabulary);
    static std::map<int, StockRun> runs;
    if (runs.find(type) == runs.end()) {
        runs[type] = run_stock(*model, prompt, decoded, type);
    }
    const StockRun & stock = runs.at(type);

    MemoryOptions options;
    options.budget_tokens = 1024;
    options.chunk_tokens = in_memory == 0 ? 1152 : 512;
    options.policy = policy;
    options.policy_parameters = parameters;
    options.kv_type = type;
    options.stream_tokens = static_cast<int64_t>(in_memory);
    options.threads = test_threads();
    Memory memory(model, options);
    for (size_t done = 0; done < in_memory; done += 512) {
        const size_t end = std::min(in_memory, done + 512);
        memory.append({ prompt.begin() + static_cast<std::ptrdiff_t>(done),
                        prompt.begin() + static_cast<std::ptrdiff_t>(end) },
                      {}, {}, never());
    }
    memory.extend({ prompt.begin() + static_cast<std::ptrdiff_t>(in_memory), prompt.end() }, false,
                  true, never());
    double worst = 0.0;
    int agreeing = 0;
    for (size_t i = 0; i < stock.logits.size(); i++) {
        const std::vector<float> & ours = memory.logits();
        worst = std::max(worst, relative_difference(ours, stock.logits[i]));
        const auto a = std::max_element(ours.begin(), ours.end()) - ours.begin();
        const auto b = std::max_element(stock.logits[i].begin(), stock.logits[i].end()) -
                       stock.logits[i].begin();
        agreeing += a == b ? 1 : 0;
        if (i < stock.tokens.size()) {
            memory.extend({ stock.tokens[i] }, false, true, never());
        }
    }
    std::printf("     worst relative logit difference %.3g, argmax %d of %d\n", worst, agreeing,
                decoded + 1);
    expect(worst <= 0.01, "logits within 1 %");
    expect_equal(agreeing, decoded + 1, "argmaxes that agree");
}

} // namespace

int main() {
    // It reads the prompt as the memory, as the tail, and scores: a software GPU takes a minute.
    std::vector<Case> cases{
        { "a scored policy with room for all equals stock llama.cpp",
          [] { compare(960, "laprox", GGML_TYPE_F16); } },
    };
    if (thorough()) {
        cases.push_back({ "a prompt read as the tail equals stock llama.cpp",
                          [] { compare(0, "full", GGML_TYPE_F16); } });
        cases.push_back({ "a prompt read as the memory and a tail equals stock llama.cpp",
                          [] { compare(800, "full", GGML_TYPE_F16); } });
    }
    for (const char * policy : { "laprox", "full" }) {
        if (thorough()) {
            cases.push_back(
                { std::string(policy) + " in the ragged layout equals stock llama.cpp", [policy] {
                     compare(960, policy, GGML_TYPE_F16, { { "layout", "ragged" } });
                 } });
        }
    }
    // On a GPU the sums differ in order, and a key of q4_0 on the edge of two steps falls to the
    // other one: there the check at load is what holds, with its own tolerance.
    for (const enum ggml_type type : { GGML_TYPE_Q8_0, GGML_TYPE_Q4_0 }) {
        if (!on_cpu()) {
            break;
        }
        cases.push_back({ std::string("a memory and a tail equal stock llama.cpp, ") +
                              runtime().api().ggml_type_name(type),
                          [type] { compare(960, "full", type); } });
        cases.push_back({ std::string("ragged heads equal stock llama.cpp, ") +
                              runtime().api().ggml_type_name(type),
                          [type] {
                              compare(960, "full", type, { { "layout", "ragged" } });
                          } });
    }
    return run(cases);
}
