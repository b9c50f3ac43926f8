#pragma once

#include "test/model_fixture.h"
#include "test/reference_llama.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace loci_test {

inline loci::MemoryOptions options_of(const std::string & policy, int budget, int chunk) {
    loci::MemoryOptions options;
    options.policy = policy;
    options.budget_tokens = budget;
    options.chunk_tokens = chunk;
    options.threads = test_threads();
    return options;
}

// Makes repeating text with a few rare tokens, which heads and layers score differently.
inline std::vector<llama_token> chunk_of(const loci::Model & model, size_t length, uint32_t seed) {
    std::vector<llama_token> tokens = some_tokens(length, seed, model.info().vocabulary);
    for (size_t i = 0; i < length; i++) {
        if (i % 3 != 0) {
            tokens[i] = static_cast<llama_token>(40 + i % 17);
        }
    }
    return tokens;
}

inline void read(loci::Memory & memory, size_t chunk, int chunks) {
    for (int i = 0; i < chunks; i++) {
        memory.append(chunk_of(memory.model(), chunk, static_cast<uint32_t>(i)), {}, {}, never());
    }
}

/// All that a memory holds: keys, values, those of windows among them, and the recurrent state
/// where the model has one.
inline std::vector<std::vector<uint8_t>> snapshot(const loci::Memory & memory) {
    std::vector<std::vector<uint8_t>> bytes{ memory.recurrent_state() };
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        for (int head = 0; head < memory.model().info().kv_heads; head++) {
            const loci::KvPool & pool = memory.store().pool_of(layer, head);
            const loci::Range all = loci::Range::checked(0, pool.rows(), pool.capacity());
            bytes.push_back(pool.stored(pool.key_store(), memory.store().head_in_pool(head), all));
            bytes.push_back(
                pool.stored(pool.value_store(), memory.store().head_in_pool(head), all));
        }
    }
    for (size_t i = 0; i < memory.store().windows().size(); i++) {
        const loci::KvPool & pool = memory.store().windows().pool(i);
        const loci::KvPool::RowCopy rows =
            pool.copy(loci::Range::checked(0, pool.rows(), pool.capacity()));
        bytes.push_back(rows.keys);
        bytes.push_back(rows.values);
    }
    return bytes;
}

// Requires that a tail cancelled at various times leaves the memory unchanged.
inline void cancel_tails(loci::Memory & memory, const std::vector<llama_token> & tail,
                         int milliseconds) {
    const auto before = snapshot(memory);
    int cancelled = 0;
    for (int delay = 0; delay < 12; delay++) {
        loci::Cancellation flag;
        std::thread canceller([&flag, delay, milliseconds] {
            std::this_thread::sleep_for(std::chrono::milliseconds(delay * milliseconds));
            flag.cancel();
        });
        try {
            memory.extend(tail, true, true, flag);
        } catch (const loci::Error & failure) {
            REQUIRE_MESSAGE(failure.code() == loci::ErrorCode::cancelled, failure.what());
            cancelled++;
        }
        canceller.join();
        memory.cut(0);
        REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after a cancelled tail");
    }
    REQUIRE_MESSAGE(cancelled > 0, "at least one step was cancelled");
}

/// Requires that a chunk cancelled at once is refused and leaves the memory unchanged.
inline void cancel_chunk(loci::Memory & memory, const std::vector<llama_token> & chunk) {
    const auto before = snapshot(memory);
    loci::Cancellation at_once;
    at_once.cancel();
    try {
        memory.append(chunk, {}, {}, at_once);
        FAIL("a cancelled chunk is refused");
    } catch (const loci::Error & failure) {
        REQUIRE_MESSAGE(failure.code() == loci::ErrorCode::cancelled, failure.what());
    }
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after a cancelled chunk");
}

// Requires that our logits over the surviving rows equal those of a plain forward pass over them.
inline void matches_the_reference(size_t chunks, const std::string & policy,
                                  enum ggml_type type = GGML_TYPE_F16,
                                  const loci::PolicyParameters & parameters = {}) {
    const auto model = quick_model();
    loci::MemoryOptions options = options_of(policy, 256, 128);
    options.kv_type = type;
    options.policy_parameters = parameters;
    loci::Memory memory(model, options);
    read(memory, 128, static_cast<int>(chunks));
    ReferenceLlama reference(*model);
    reference.hold(memory);
    const loci::RopeParameters & rope = memory.store().pool_of(0).shape().rope;
    // While everything fits the trained context, positions are those of the stream.
    const int first = static_cast<int>(chunks) * 128;
    const std::vector<llama_token> question = chunk_of(*model, 6, 99);
    std::vector<float> expected;
    for (size_t i = 0; i < question.size(); i++) {
        expected = reference.step(question[i], first + static_cast<int>(i), rope, 1e-5F);
    }
    memory.extend(question, false, true, never());
    const double difference = relative_difference(memory.logits(), expected);
    std::printf("     relative difference of the logits %.2g\n", difference);
    // Quantised keys are multiplied by queries that are also rounded to 8 bits.
    const double allowed = type == GGML_TYPE_F16 ? 0.01 : 0.03;
    REQUIRE_MESSAGE(difference < allowed, "logits over what survived");
}

} // namespace loci_test
