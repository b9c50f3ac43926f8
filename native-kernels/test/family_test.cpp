// Tests a model of any family: its logits equal those of stock llama.cpp, its keys beyond the
// trained context match their new positions, tails can be evicted from, and only reading changes
// the memory. LOCI_TEST_FAMILY names the model file.

#include "test/memory_fixture.h"
#include "test/model_fixture.h"
#include "test/query_checks.h"
#include "test/scratch_checks.h"
#include "test/state_checks.h"
#include "test/stock_llama.h"
#include "test/window_checks.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>

using namespace loci;
using namespace loci_test;
using namespace loci_test::windows;

namespace {

const char * family_file() {
    return std::getenv("LOCI_TEST_FAMILY");
}

const ModelPtr & family_model() {
    static const ModelPtr model = load_model(family_file());
    return model;
}

// Uses steps of the same size: rounding decides between experts that are almost equally good.
// Compares the logits behind a prompt, or if tokens are decoded, those behind each of them.
void equals_stock(const ModelPtr & model, const char * layout, int decoded,
                  enum ggml_type type = GGML_TYPE_F16) {
    const std::vector<llama_token> prompt = some_tokens(320, 7, model->info().vocabulary);
    const StockRun stock = run_stock(*model, prompt, decoded, type, 64);
    MemoryOptions options = options_of("full", 512, 128);
    options.kv_type = type;
    options.policy_parameters = { { "layout", layout } };
    options.stream_tokens = 256;
    Memory memory(model, options);
    const auto half = prompt.begin() + 256;
    for (auto from = prompt.begin(); from != half; from += 64) {
        memory.append({ from, from + 64 }, {}, {}, never());
    }
    memory.extend({ half, prompt.end() }, false, true, never());
    const size_t first = decoded == 0 ? 0 : 1;
    for (size_t i = 0; i < stock.logits.size(); i++) {
        const double difference = relative_difference(memory.logits(), stock.logits[i]);
        REQUIRE_MESSAGE((i < first || difference <= 0.01), "logits of token ", i, " differ by ",
                        difference);
        if (i < stock.tokens.size()) {
            memory.extend({ stock.tokens[i] }, false, true, never());
        }
    }
}

// Keys of a model's first layer depend only on the token and its position. A compaction assigns
// positions from 0 on, so right after it the keys equal those of the same tokens read as a stream.
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
        REQUIRE_MESSAGE(difference < 0.01, "keys of head ", head, " differ by ", difference);
    }
}

// Keys that a layer held before and still holds: bit-identical without a rotation; a rotation keeps
// their length.
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
    for (const auto & [number, key] : before) {
        const int32_t token = number;
        const auto held = after.find(token);
        if (held == after.end()) {
            continue;
        }
        const bool same = rotated ? std::abs(length_of(held->second) / length_of(key) - 1.0) < 0.01
                                  : held->second == key;
        REQUIRE_MESSAGE(same, "the key of token ", token, " after it was moved");
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
            REQUIRE_MESSAGE(shape.keys_move(), "keys that can be moved");
            const Keys after = keys_of(memory, layer);
            compare_keys(before[layer], after, shape.rope.found);
            before[layer] = after;
        }
        if (is_compacted(memory)) {
            // Keys after a recurrent layer depend on more than their token.
            if (memory.store().pool_of(0, 0).shape().number == 0) {
                compare_first_layer(model, memory, stream);
            } else if (begins_with_a_window(model)) {
                compare_window(model, memory, stream);
            }
            compared++;
        }
    }
    REQUIRE_MESSAGE(compared > 0, "a compaction beyond the trained context");
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
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory behind a tail that was evicted from");
    memory.extend({ 40 }, false, true, never());
    for (const float logit : memory.logits()) {
        REQUIRE_MESSAGE(std::isfinite(logit), "a logit that is a number");
    }
}

// Where one row is key and value of all heads, methods that look at each head say so.
void weighs_heads(const ModelPtr & model) {
    const Memory plain(model, options_of("full", 512, 128));
    const LayerShape & shape = plain.store().pool_of(0, 0).shape();
    REQUIRE_MESSAGE(
        (!shape.values_in_keys || plain.store().pool_of(0, 0).values()->ne[0] == shape.value_size),
        "values among the keys");
    MemoryOptions options = options_of("expected", 128, 128);
    bool refused = false;
    try {
        Memory memory(model, options);
        read(memory, 128, 2);
    } catch (const Error & failure) {
        refused = failure.code() == ErrorCode::model_unsupported &&
                  std::string(failure.what()).find("(MLA)") != std::string::npos;
        REQUIRE_MESSAGE(refused, failure.what());
    }
    REQUIRE_MESSAGE(refused == shape.values_in_keys, "a policy that looks at each head");
    if (shape.values_in_keys) {
        equals_stock(model, "rectangular", 12, GGML_TYPE_Q8_0);
    }
}

// Runs only with a model to test: test/integration/families.test.ts makes one of each family.
TEST_SUITE_BEGIN("family" * doctest::skip(family_file() == nullptr));

TEST_CASE("prefill equals stock llama.cpp") {
    equals_stock(family_model(), "rectangular", 0);
    queries::are_kept(family_model(), false, true);
    queries::are_kept(family_model(), false, false);
}

TEST_CASE("prefill equals stock llama.cpp in the ragged layout") {
    equals_stock(family_model(), "ragged", 0);
    queries::are_kept(family_model(), true, true);
}

TEST_CASE("decode equals stock llama.cpp") {
    equals_stock(family_model(), "rectangular", 12);
}

TEST_CASE("decode equals stock llama.cpp in the ragged layout") {
    equals_stock(family_model(), "ragged", 12);
}

TEST_CASE("decode is the same where attention keeps scratch behind its results") {
    for (const char * layout : { "rectangular", "ragged" }) {
        computes_over_scratch(family_model(), layout, GGML_TYPE_F16);
    }
    ScratchDevice device(4096);
    equals_stock(family_model(), "rectangular", 12);
}

TEST_CASE("evicts rows and leaves the others") {
    for (const char * policy : { "streaming", "laprox" }) {
        CAPTURE(policy);
        evicts_rows(family_model(), policy);
    }
}

TEST_CASE("moves keys") {
    moves_keys(family_model());
}

TEST_CASE("moves the keys of windows") {
    moves_windows(family_model());
    refuses_windows(family_model());
}

TEST_CASE("evicts from a tail") {
    evicts_a_tail(family_model());
}

TEST_CASE("evicts from a tail over windows") {
    evicts_from_windows(family_model(), 100);
    evicts_from_windows(family_model(), 40);
}

TEST_CASE("forgets what windows hold") {
    forgets_windows(family_model());
}

TEST_CASE("reads alike with and without questions on forks") {
    for (const char * policy : { "kvzip", "laprox" }) {
        CAPTURE(policy);
        reads_undisturbed(family_model(), policy, false);
    }
}

TEST_CASE("cancelled steps leave no trace") {
    for (const char * policy : { "kvzip", "laprox" }) {
        CAPTURE(policy);
        reads_undisturbed(family_model(), policy, true);
    }
}

TEST_CASE("looks at each head, or says that it does not") {
    weighs_heads(family_model());
}

TEST_CASE("is resized") {
    is_resized(family_model());
}

TEST_CASE("is saved and loaded") {
    is_saved_and_loaded(family_model());
}

TEST_SUITE_END();

} // namespace
