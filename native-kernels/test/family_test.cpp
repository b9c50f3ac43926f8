// A model of any family: its logits are stock llama.cpp's, beyond the trained context its keys are
// those of their new positions, and a tail is evicted from. Of the model files that
// LOCI_TEST_FAMILIES names, one a line; without, of the bundled one.

#include "test/memory_fixture.h"
#include "test/model_fixture.h"
#include "test/stock_llama.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>

using namespace loci;
using namespace loci_test;

namespace {

using ModelPtr = std::shared_ptr<Model>;

// In steps of the same size: rounding decides between experts that are nearly as good.
void equals_stock(const ModelPtr & model, const char * layout) {
    const int decoded = 12;
    const std::vector<llama_token> prompt = some_tokens(320, 7, model->info().vocabulary);
    const StockRun stock = run_stock(*model, prompt, decoded, GGML_TYPE_F16, 64);
    MemoryOptions options = options_of("full", 512, 128);
    options.policy_parameters = { { "layout", layout } };
    options.stream_tokens = 256;
    Memory memory(model, options);
    const auto half = prompt.begin() + 256;
    for (auto from = prompt.begin(); from != half; from += 64) {
        memory.append({ from, from + 64 }, {}, {}, never());
    }
    memory.extend({ half, prompt.end() }, false, true, never());
    for (size_t i = 0; i < stock.logits.size(); i++) {
        const double difference = relative_difference(memory.logits(), stock.logits[i]);
        expect(difference <= 0.01,
               "logits of token " + std::to_string(i) + " differ by " + std::to_string(difference));
        if (i < stock.tokens.size()) {
            memory.extend({ stock.tokens[i] }, false, true, never());
        }
    }
}

std::vector<llama_token> picked(const std::vector<llama_token> & stream,
                                const std::vector<int32_t> & held) {
    std::vector<llama_token> tokens;
    for (const int32_t index : held) {
        tokens.push_back(stream[static_cast<size_t>(index)]);
    }
    return tokens;
}

// Keys of the first layer depend on the token and its position alone: what is left of a stream of
// three contexts is what its tokens alone give, read from position 0 on. A layer without rotation
// holds what it held, to the bit.
void moves_keys(const ModelPtr & model) {
    const int chunk = 128;
    const auto chunks = static_cast<size_t>(3 * model->info().trained_context / chunk);
    Memory memory(model, options_of("streaming", 192, chunk));
    std::vector<llama_token> stream;
    for (size_t i = 0; i < chunks; i++) {
        const std::vector<llama_token> next = chunk_of(*model, chunk, static_cast<uint32_t>(i));
        stream.insert(stream.end(), next.begin(), next.end());
        std::vector<std::vector<float>> keys;
        std::vector<std::vector<int32_t>> held;
        for (int layer = 0; layer < model->info().layers; layer++) {
            keys.push_back(memory.keys(layer, 0));
            held.push_back(memory.held(layer, 0));
        }
        memory.append(next, {}, {}, never());
        for (int layer = 0; layer < model->info().layers; layer++) {
            const LayerShape & shape = memory.store().pool_of(layer, 0).shape();
            expect(shape.keys_move(), "keys that can be moved");
            if (!shape.rope.absent) {
                continue;
            }
            const std::vector<float> after = memory.keys(layer, 0);
            const auto size = static_cast<size_t>(shape.key_size);
            const std::vector<int32_t> kept = memory.held(layer, 0);
            for (size_t row = 0; row < kept.size(); row++) {
                const auto & old = held[static_cast<size_t>(layer)];
                const auto place = std::find(old.begin(), old.end(), kept[row]);
                if (place == old.end()) {
                    continue;
                }
                const auto from = static_cast<size_t>(place - old.begin()) * size;
                expect(std::equal(after.begin() + static_cast<std::ptrdiff_t>(row * size),
                                  after.begin() + static_cast<std::ptrdiff_t>((row + 1) * size),
                                  keys[static_cast<size_t>(layer)].begin() +
                                      static_cast<std::ptrdiff_t>(from)),
                       "a key without rotation stays as it is");
            }
        }
    }
    const std::vector<int32_t> held = memory.held(0, 0);
    expect(held.size() > 128, "a memory that holds something");
    MemoryOptions options = options_of("full", 512, 128);
    Memory fresh(model, options);
    const std::vector<llama_token> tokens = picked(stream, held);
    for (size_t done = 0; done < tokens.size(); done += 128) {
        const size_t end = std::min(tokens.size(), done + 128);
        fresh.append({ tokens.begin() + static_cast<std::ptrdiff_t>(done),
                       tokens.begin() + static_cast<std::ptrdiff_t>(end) },
                     {}, {}, never());
    }
    for (int head = 0; head < model->info().kv_heads; head++) {
        const double difference = relative_difference(memory.keys(0, head), fresh.keys(0, head));
        expect(difference < 0.01,
               "keys of head " + std::to_string(head) + " differ by " + std::to_string(difference));
    }
}

void evicts_a_tail(const ModelPtr & model) {
    Memory memory(model, options_of("full", 512, 128));
    read(memory, 128, 1);
    memory.extend(some_tokens(100, 3, model->info().vocabulary), false, true, never());
    const auto before = snapshot(memory);
    TailKeep keep;
    keep.rows = 60;
    keep.first = 8;
    keep.last = 16;
    memory.evict_tail(keep, never());
    expect(snapshot(memory) == before, "the memory behind a tail that was evicted from");
    memory.extend({ 40 }, false, true, never());
    for (const float logit : memory.logits()) {
        expect(std::isfinite(logit), "a logit that is a number");
    }
}

} // namespace

int main() {
    const char * named = std::getenv("LOCI_TEST_FAMILIES");
    std::istringstream paths(named != nullptr ? named : environment("LOCI_TEST_MODEL"));
    std::vector<Case> cases;
    for (std::string path; std::getline(paths, path);) {
        const auto model = std::make_shared<ModelPtr>();
        cases.push_back({ path + ": equals stock llama.cpp", [model, path] {
                             *model = load_model(path);
                             equals_stock(*model, "rectangular");
                         } });
        cases.push_back({ path + ": equals stock llama.cpp in the ragged layout",
                          [model] { equals_stock(*model, "ragged"); } });
        cases.push_back({ path + ": moves keys", [model] { moves_keys(*model); } });
        cases.push_back({ path + ": evicts from a tail", [model] {
                             evicts_a_tail(*model);
                             model->reset();
                         } });
    }
    return run(cases);
}
