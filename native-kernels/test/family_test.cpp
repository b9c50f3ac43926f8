// A model of any family: its logits are stock llama.cpp's, beyond the trained context its keys are
// those of their new positions, a tail is evicted from, and nothing but what is read is left behind
// in the memory. Of the model files that LOCI_TEST_FAMILIES names, one a line; without, of the
// bundled one.

#include "observe/observation.h"
#include "test/memory_fixture.h"
#include "test/model_fixture.h"
#include "test/state_checks.h"
#include "test/stock_llama.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>
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

// Keys of a model's first layer depend on the token and its position alone: right after a
// compaction, which gives what is held the positions from 0 on, they are those of its tokens read
// as a stream.
bool is_compacted(const Memory & memory) {
    const auto & rows = memory.store().pool_of(0, 0).held(0);
    int32_t position = 0;
    return std::all_of(rows.begin(), rows.end(),
                       [&](const HeldRow & row) { return row.position == position++; }) &&
           rows.back().token >= static_cast<int32_t>(rows.size());
}

void compare_first_layer(const ModelPtr & model, const Memory & memory,
                         const std::vector<llama_token> & stream) {
    Memory fresh(model, options_of("full", 512, 64));
    const std::vector<int32_t> held = memory.held(0, 0);
    std::vector<llama_token> tokens;
    for (size_t row = 0; row < held.size(); row++) {
        tokens.push_back(stream[static_cast<size_t>(held[row])]);
        if (tokens.size() == 64 || row + 1 == held.size()) {
            fresh.append(tokens, {}, {}, never());
            tokens.clear();
        }
    }
    for (int head = 0; head < memory.model().info().kv_heads; head++) {
        const double difference = relative_difference(memory.keys(0, head), fresh.keys(0, head));
        expect(difference < 0.01,
               "keys of head " + std::to_string(head) + " differ by " + std::to_string(difference));
    }
}

bool begins_with_a_window(const ModelPtr & model) {
    return model->info().table.front().kind == LayerKind::window;
}

// A first layer with a window holds the newest tokens, at the positions that end at the memory's.
void compare_window(const ModelPtr & model, const Memory & memory,
                    const std::vector<llama_token> & stream) {
    const KvPool & pool = memory.store().windows().pool(0);
    const int64_t end = memory.store().stream().next_position;
    const int64_t rows = std::min<int64_t>(pool.shape().window - 1, end);
    expect_equal(pool.rows(), rows, "rows of a window");
    MemoryOptions options = options_of("full", 512, 64);
    Memory fresh(model, options);
    for (auto from = stream.end() - end; from != stream.end();) {
        const auto to = from + std::min<std::ptrdiff_t>(64, stream.end() - from);
        fresh.append({ from, to }, {}, {}, never());
        from = to;
    }
    const KvPool & other = fresh.store().windows().pool(0);
    const auto keys = [&](const KvPool & of) {
        return read_vectors(of, of.keys(), Range::checked(0, of.rows(), of.capacity()), 0);
    };
    for (const HeldRow & row : pool.held(0)) {
        expect_equal(static_cast<int64_t>(stream.size()) - row.token, end - row.position,
                     "the position of a token in a window");
    }
    const double difference = relative_difference(keys(pool), keys(other));
    expect(difference < 0.01, "keys of a window differ by " + std::to_string(difference));
}

// What a layer held and still holds: without rotation it is what it was to the bit, and a rotation
// leaves its length.
using Keys = std::map<int32_t, std::vector<float>>;

Keys keys_of(const Memory & memory, int layer) {
    const std::vector<float> all = memory.keys(layer, 0);
    const auto size = memory.store().pool_of(layer, 0).shape().key_size;
    Keys keys;
    auto from = all.begin();
    for (const int32_t token : memory.held(layer, 0)) {
        keys[token].assign(from, from + size);
        from += size;
    }
    return keys;
}

double length_of(const std::vector<float> & key) {
    return std::sqrt(std::inner_product(key.begin(), key.end(), key.begin(), 0.0));
}

void compare_keys(const Keys & before, const Keys & after, bool rotated) {
    for (const auto & [token, key] : before) {
        const auto held = after.find(token);
        if (held == after.end()) {
            continue;
        }
        const bool same = rotated ? std::abs(length_of(held->second) / length_of(key) - 1.0) < 0.01
                                  : held->second == key;
        expect(same, "the key of token " + std::to_string(token) + " after it was moved");
    }
}

void moves_keys(const ModelPtr & model) {
    const int chunk = 128;
    const int chunks = 3 * model->info().trained_context / chunk;
    Memory memory(model, options_of("streaming", 192, chunk));
    std::vector<llama_token> stream;
    std::map<int, Keys> before;
    int compared = 0;
    for (int i = 0; i < chunks && compared < 2; i++) {
        const std::vector<llama_token> next = chunk_of(*model, chunk, static_cast<uint32_t>(i));
        stream.insert(stream.end(), next.begin(), next.end());
        memory.append(next, {}, {}, never());
        for (int layer = 0; layer < model->info().layers; layer++) {
            const LayerShape & shape = memory.store().pool_of(layer, 0).shape();
            expect(shape.keys_move(), "keys that can be moved");
            const Keys after = keys_of(memory, layer);
            compare_keys(before[layer], after, shape.rope.found);
            before[layer] = after;
        }
        if (is_compacted(memory)) {
            // What lies behind a recurrent layer knows more than its token.
            if (memory.store().pool_of(0, 0).shape().number == 0) {
                compare_first_layer(model, memory, stream);
            } else if (begins_with_a_window(model)) {
                compare_window(model, memory, stream);
            }
            compared++;
        }
    }
    expect(compared > 0, "a compaction beyond the trained context");
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

// Other layers keep fewer rows than a window has positions.
void moves_windows(const ModelPtr & model) {
    if (!begins_with_a_window(model)) {
        return;
    }
    const int chunk = 128;
    Memory memory(model, options_of("streaming", 64, chunk));
    std::vector<llama_token> stream;
    for (int i = 0; i <= 2 * model->info().trained_context / chunk; i++) {
        const std::vector<llama_token> next = chunk_of(*model, chunk, static_cast<uint32_t>(i));
        stream.insert(stream.end(), next.begin(), next.end());
        memory.append(next, {}, {}, never());
    }
    const KvStore & store = memory.store();
    expect(store.pool(0).rows() < store.windows().pool(0).rows(), "a window of more rows");
    expect_equal(store.pool(0).held(0).back().position, store.stream().next_position - 1,
                 "the position of the newest token");
    compare_window(model, memory, stream);
}

// A chunk that leaves the windows no positions is refused before anything is computed.
void refuses_windows(const ModelPtr & model) {
    if (!begins_with_a_window(model)) {
        return;
    }
    try {
        const Memory memory(model, options_of("full", 64, model->info().trained_context));
        expect(false, "windows that leave no room");
    } catch (const Error & failure) {
        expect(failure.code() == ErrorCode::model_unsupported, failure.what());
    }
}

// Keys of a first layer with a window are those of a tail that reads nothing but what stays.
void evicts_from_windows(const ModelPtr & model, int64_t rows) {
    if (!begins_with_a_window(model)) {
        return;
    }
    Memory memory(model, options_of("full", 512, 128));
    Memory fresh(model, options_of("full", 512, 128));
    read(memory, 128, 1);
    read(fresh, 128, 1);
    const std::vector<llama_token> tail = some_tokens(120, 3, model->info().vocabulary);
    const int64_t first = rows < memory.store().windows().pool(0).rows() ? 8 : 0;
    std::vector<llama_token> kept(tail.begin(), tail.begin() + first);
    kept.insert(kept.end(), tail.end() - (rows - first), tail.end());
    TailKeep keep;
    keep.rows = rows;
    keep.first = 8;
    keep.last = 16;
    memory.extend(tail, false, true, never());
    memory.evict_tail(keep, never());
    fresh.extend(kept, false, true, never());
    const auto keys = [&](const Memory & of) {
        const KvPool & pool = of.store().windows().pool(0);
        return read_vectors(pool, pool.keys(),
                            Range::checked(pool.rows(), pool.rows() + rows, pool.capacity()), 0);
    };
    const double difference = relative_difference(keys(memory), keys(fresh));
    expect(difference < 0.01, "the keys that stay differ by " + std::to_string(difference));
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
        cases.push_back({ path + ": moves keys", [model] {
                             moves_keys(*model);
                             moves_windows(*model);
                             refuses_windows(*model);
                         } });
        cases.push_back({ path + ": evicts from a tail", [model] {
                             evicts_a_tail(*model);
                             evicts_from_windows(*model, 100);
                             evicts_from_windows(*model, 40);
                         } });
        cases.push_back({ path + ": reads alike with and without questions", [model] {
                             for (const char * policy : { "kvzip", "laprox" }) {
                                 reads_undisturbed(*model, policy);
                             }
                         } });
        cases.push_back({ path + ": is saved and loaded", [model] {
                             is_saved_and_loaded(*model);
                             model->reset();
                         } });
    }
    return run(cases);
}
