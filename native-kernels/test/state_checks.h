#pragma once

#include "test/memory_fixture.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace loci_test {

/// Options of a memory with two tails, for policies that also read tokens beyond the chunk and
/// discard them.
inline loci::MemoryOptions state_options(const std::string & policy) {
    loci::MemoryOptions options = options_of(policy, 128, policy == "kvzip" ? 384 : 128);
    options.tails = { 128, 64 };
    options.repeat_prompt = { 17, 23, 42 };
    options.probe = { 99, 98, 97 };
    if (policy == "laprox") {
        options.policy_parameters = { { "rows", "both" } };
    }
    return options;
}

inline std::vector<float> answer(loci::Memory & memory, size_t tail, int seed) {
    memory.extend(some_tokens(40, static_cast<uint32_t>(seed), memory.model().info().vocabulary),
                  true, true, never(), tail);
    memory.extend({ 40 + seed }, false, true, never(), tail);
    return memory.logits(tail);
}

/// Cancels chunks at various times and requires an unchanged memory.
inline void cancel_chunks(loci::Memory & memory, const std::vector<llama_token> & chunk) {
    int cancelled = 0;
    for (int i = 0; cancelled < 6 && i < 60; i++) {
        const auto before = snapshot(memory);
        loci::Cancellation flag;
        std::atomic<bool> begun{ false };
        std::thread canceller([&] {
            while (!begun) {
                std::this_thread::yield();
            }
            std::this_thread::sleep_for(std::chrono::microseconds(i % 20 * 150));
            flag.cancel();
        });
        begun = true;
        try {
            memory.append(chunk, {}, {}, flag); // may finish first
        } catch (const loci::Error & failure) {
            REQUIRE_MESSAGE(failure.code() == loci::ErrorCode::cancelled, failure.what());
            cancelled++;
            REQUIRE_MESSAGE(snapshot(memory) == before,
                            "the memory after a chunk that was stopped");
        }
        canceller.join();
    }
    REQUIRE_MESSAGE(cancelled > 0, "at least one chunk was stopped");
}

/// Requires that a policy that reads more than the chunk discards it, before any eviction.
inline void leaves_the_plain_state(const std::shared_ptr<loci::Model> & model,
                                   const std::string & policy) {
    loci::Memory observed(model, state_options(policy));
    loci::Memory plain(model, state_options("full"));
    for (loci::Memory * memory : { &observed, &plain }) {
        memory->append(chunk_of(*model, 96, 0), {}, {}, never());
    }
    REQUIRE_MESSAGE(observed.recurrent_state() == plain.recurrent_state(), "the state behind ",
                    policy);
    REQUIRE_MESSAGE(model->info().recurrent != plain.recurrent_state().empty(),
                    "a state, where there is one");
}

/// Keys and values of a layer's rows, by KV head and token.
using RowBytes = std::map<std::pair<int, int32_t>, std::vector<uint8_t>>;

inline RowBytes rows_of(const loci::Memory & memory, int layer) {
    RowBytes rows;
    for (int head = 0; head < memory.model().info().kv_heads; head++) {
        const loci::KvPool & pool = memory.store().pool_of(layer, head);
        const int in_pool = memory.store().head_in_pool(head);
        const std::vector<int32_t> held = memory.held(layer, head);
        for (size_t row = 0; row < held.size(); row++) {
            const auto at = static_cast<int64_t>(row);
            const loci::Range one = loci::Range::checked(at, at + 1, pool.capacity());
            std::vector<uint8_t> bytes = pool.stored(pool.key_store(), in_pool, one);
            const std::vector<uint8_t> values = pool.stored(pool.value_store(), in_pool, one);
            bytes.insert(bytes.end(), values.begin(), values.end());
            rows[{ head, held[row] }] = bytes;
        }
    }
    return rows;
}

/// Requires that a chunk beyond the budget evicts rows, within the trained context, and that those
/// that stay are the same to the bit.
inline void evicts_rows(const std::shared_ptr<loci::Model> & model, const std::string & policy) {
    loci::MemoryOptions options = state_options(policy);
    options.stream_tokens = int64_t{ 4 } * 96;
    loci::Memory memory(model, options);
    std::map<int, RowBytes> before;
    size_t kept = 0;
    size_t evicted = 0;
    for (int i = 0; i < 4; i++) {
        memory.append(chunk_of(*model, 96, static_cast<uint32_t>(i)), {}, {}, never());
        REQUIRE_MESSAGE(memory.report().held_tokens <= 128.0, "tokens within the budget");
        for (int layer = 0; layer < model->info().layers; layer++) {
            const RowBytes rows = rows_of(memory, layer);
            for (const auto & [place, bytes] : before[layer]) {
                const auto held = rows.find(place);
                (held == rows.end() ? evicted : kept)++;
                REQUIRE_MESSAGE((held == rows.end() || held->second == bytes),
                                "a row that stays, of layer ", layer);
            }
            before[layer] = rows;
        }
    }
    REQUIRE_MESSAGE((kept > 0 && evicted > 0), "rows that stay, and rows that do not");
}

/// Requires that tails, cuts, evictions and, if asked for, cancelled steps leave no trace in the
/// memory.
inline void reads_undisturbed(const std::shared_ptr<loci::Model> & model,
                              const std::string & policy, bool cancels) {
    leaves_the_plain_state(model, policy);
    loci::Memory plain(model, state_options(policy));
    loci::Memory asked(model, state_options(policy));
    for (int i = 0; i < 4; i++) {
        const std::vector<llama_token> chunk = chunk_of(*model, 96, static_cast<uint32_t>(i));
        plain.append(chunk, {}, {}, never());
        asked.append(chunk, {}, {}, never());
        REQUIRE_MESSAGE(snapshot(asked) == snapshot(plain), "a chunk after questions");
        const std::vector<float> first = answer(asked, 0, 1);
        REQUIRE_MESSAGE(answer(asked, 1, 2) != first, "another question has another answer");
        REQUIRE_MESSAGE(snapshot(asked) == snapshot(plain),
                        "the memory while tails stand behind it");
        asked.cut(0, 0);
        REQUIRE_MESSAGE(answer(asked, 0, 1) == first, "the same question has the same answer");
        loci::TailKeep keep;
        keep.rows = 30;
        keep.first = 4;
        keep.last = 8;
        asked.evict_tail(keep, never(), 0);
        asked.extend({ 50 }, false, true, never(), 0);
        asked.cut(0, 0);
        asked.extend({ 50, 51 }, false, false, never(), 0);
        asked.cut(0, 0);
        REQUIRE_MESSAGE(answer(asked, 0, 1) == first, "and has it after an eviction");
        asked.cut(0, 0);
        asked.cut(0, 1);
        if (cancels && i == 1) {
            cancel_tails(asked, some_tokens(120, 9, model->info().vocabulary), 1);
        }
        REQUIRE_MESSAGE(answer(plain, 0, 1) == first,
                        "a memory without those questions answers alike");
        plain.cut(0, 0);
    }
    if (cancels) {
        cancel_chunks(asked, chunk_of(*model, 96, 7));
    }
}

/// A smaller budget evicts rows; the recurrent state stays, and the memory reads on.
inline void is_resized(const std::shared_ptr<loci::Model> & model) {
    loci::Memory memory(model, state_options("laprox"));
    for (int i = 0; i < 3; i++) {
        memory.append(chunk_of(*model, 96, static_cast<uint32_t>(i)), {}, {}, never());
    }
    const std::vector<uint8_t> state = memory.recurrent_state();
    answer(memory, 0, 3);
    memory.resize(64, {}, never());
    REQUIRE_MESSAGE(memory.report().held_tokens <= 64.0, "tokens within the smaller budget");
    REQUIRE_MESSAGE(memory.recurrent_state() == state, "the state of a resized memory");
    REQUIRE_MESSAGE(memory.report().tail_tokens[0] == 0, "tails of a resized memory");
    answer(memory, 0, 3);
    memory.cut(0);
    memory.resize(128, {}, never());
    memory.append(chunk_of(*model, 96, 8), {}, {}, never());
    REQUIRE_MESSAGE(memory.report().held_tokens > 64.0, "reading on after a larger budget");
}

/// A memory that another one loads is the same to the bit, and reads on as it would.
inline void is_saved_and_loaded(const std::shared_ptr<loci::Model> & model) {
    const std::string path = (std::filesystem::temp_directory_path() /
                              ("loci-" + std::to_string(std::random_device()()) + "-family.memory"))
                                 .u8string();
    const loci::MemoryOptions options = state_options("laprox");
    loci::Memory memory(model, options);
    loci::Memory other(model, options);
    // There is no state before the first token.
    memory.save(path, never());
    read(other, 96, 1);
    answer(other, 0, 3);
    other.load(path, never());
    REQUIRE_MESSAGE(snapshot(other) == snapshot(memory), "an empty memory that was loaded");
    for (int i = 0; i < 3; i++) {
        memory.append(chunk_of(*model, 96, static_cast<uint32_t>(i)), {}, {}, never());
    }
    memory.save(path, never());
    other.load(path, never());
    REQUIRE_MESSAGE(snapshot(other) == snapshot(memory), "a memory that was loaded");
    REQUIRE_MESSAGE(answer(other, 1, 3) == answer(memory, 1, 3), "its answer");
    memory.cut(0, 1);
    other.cut(0, 1);
    const std::vector<llama_token> chunk = chunk_of(*model, 96, 8);
    memory.append(chunk, {}, {}, never());
    other.append(chunk, {}, {}, never());
    REQUIRE_MESSAGE(snapshot(other) == snapshot(memory), "what is read on behind it");
    std::filesystem::remove(std::filesystem::u8path(path));
}

} // namespace loci_test
