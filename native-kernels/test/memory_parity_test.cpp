// At full budget, our logits equal those of stock llama.cpp (the same libraries, without our hook)
// with a cache of the same type, which rotates before it quantises as ours does.

#include "test/memory_fixture.h"
#include "test/model_fixture.h"
#include "test/stock_llama.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

using namespace loci;
using namespace loci_test;

namespace {

// Reads `in_memory` of the prompt's 1,000 tokens as the repository, the rest as the tail. (On an
// emulated GPU, fewer tokens show as much.)
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
    REQUIRE_MESSAGE(worst <= 0.01, "logits within 1 %");
    REQUIRE_MESSAGE(agreeing == decoded + 1, "argmaxes that agree");
}

// Reads the prompt as the memory and as the tail, and scores: an emulated GPU takes a minute.
TEST_CASE("a scored policy with room for all equals stock llama.cpp") {
    compare(960, "laprox", GGML_TYPE_F16);
}

TEST_CASE("a prompt read as the tail equals stock llama.cpp" * doctest::skip(!thorough())) {
    compare(0, "full", GGML_TYPE_F16);
}

TEST_CASE("a prompt read as the memory and a tail equals stock llama.cpp" *
          doctest::skip(!thorough())) {
    compare(800, "full", GGML_TYPE_F16);
}

TEST_CASE("laprox in the ragged layout equals stock llama.cpp" * doctest::skip(!thorough())) {
    compare(960, "laprox", GGML_TYPE_F16, { { "layout", "ragged" } });
}

TEST_CASE("full in the ragged layout equals stock llama.cpp" * doctest::skip(!thorough())) {
    compare(960, "full", GGML_TYPE_F16, { { "layout", "ragged" } });
}

// On a GPU, the order of sums differs, and a q4_0 key between two steps may round the other way.
// There, only the check at load applies, with its own tolerance.
TEST_CASE("a memory and a tail equal stock llama.cpp, q8_0" * doctest::skip(!on_cpu())) {
    compare(960, "full", GGML_TYPE_Q8_0);
}

TEST_CASE("ragged heads equal stock llama.cpp, q8_0" * doctest::skip(!on_cpu())) {
    compare(960, "full", GGML_TYPE_Q8_0, { { "layout", "ragged" } });
}

TEST_CASE("a memory and a tail equal stock llama.cpp, q4_0" * doctest::skip(!on_cpu())) {
    compare(960, "full", GGML_TYPE_Q4_0);
}

TEST_CASE("ragged heads equal stock llama.cpp, q4_0" * doctest::skip(!on_cpu())) {
    compare(960, "full", GGML_TYPE_Q4_0, { { "layout", "ragged" } });
}

} // namespace
