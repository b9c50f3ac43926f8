#pragma once

// Checks of a model whose first layer attends through a window; of any other they check nothing.

#include "observe/observation.h"
#include "test/memory_fixture.h"
#include "test/model_fixture.h"

#include <algorithm>
#include <cmath>

namespace loci_test::windows {

using namespace loci;

using ModelPtr = std::shared_ptr<Model>;

inline bool begins_with_a_window(const ModelPtr & model) {
    return model->info().table.front().kind == LayerKind::window;
}

// A first layer with a window holds the newest tokens, at the positions that end at the memory's.
inline void compare_window(const ModelPtr & model, const Memory & memory,
                           const std::vector<llama_token> & stream) {
    const KvPool & pool = memory.store().windows().pool(0);
    const int64_t end = memory.store().stream().next_position;
    const int64_t rows = std::min<int64_t>(pool.shape().window - 1, end);
    REQUIRE_MESSAGE(pool.rows() == rows, "rows of a window");
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
        REQUIRE_MESSAGE(static_cast<int64_t>(stream.size()) - row.token == end - row.position,
                        "the position of a token in a window");
    }
    const double difference = relative_difference(keys(pool), keys(other));
    REQUIRE_MESSAGE(difference < 0.01, "keys of a window differ by ", difference);
}

// Other layers keep fewer rows than a window has positions.
inline void moves_windows(const ModelPtr & model) {
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
    REQUIRE_MESSAGE(store.pool(0).rows() < store.windows().pool(0).rows(), "a window of more rows");
    REQUIRE_MESSAGE(store.pool(0).held(0).back().position == store.stream().next_position - 1,
                    "the position of the newest token");
    compare_window(model, memory, stream);
}

// A chunk that leaves the windows no positions is refused before anything is computed.
inline void refuses_windows(const ModelPtr & model) {
    if (!begins_with_a_window(model)) {
        return;
    }
    try {
        const Memory memory(model, options_of("full", 64, model->info().trained_context));
        REQUIRE_MESSAGE(false, "windows that leave no room");
    } catch (const Error & failure) {
        REQUIRE_MESSAGE(failure.code() == ErrorCode::model_unsupported, failure.what());
    }
}

// Keys of a first layer with a window are those of a tail that reads nothing but what stays.
inline void evicts_from_windows(const ModelPtr & model, int64_t rows) {
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
    REQUIRE_MESSAGE(difference < 0.01, "the keys that stay differ by ", difference);
}

// What is forgotten leaves the windows as well, and reading goes on behind what stays.
inline void forgets_windows(const ModelPtr & model) {
    if (!begins_with_a_window(model)) {
        return;
    }
    Memory memory(model, options_of("streaming", 64, 128));
    const auto tokens_of_windows = [&] {
        std::vector<int32_t> tokens;
        for (const HeldRow & row : memory.store().windows().pool(0).held(0)) {
            tokens.push_back(row.token);
        }
        return tokens;
    };
    read(memory, 128, 4);
    std::vector<int32_t> left = tokens_of_windows();
    const int32_t from = left[left.size() / 2];
    memory.forget({ Range::checked(from, from + 5, 512) }, never());
    left.erase(std::remove_if(left.begin(), left.end(),
                              [&](int32_t token) { return token >= from && token < from + 5; }),
               left.end());
    REQUIRE_MESSAGE(tokens_of_windows() == left, "the other tokens stay");
    const auto window = static_cast<size_t>(memory.store().windows().pool(0).shape().window);
    // Beyond the trained context, so that keys move.
    for (uint32_t i = 0; i <= static_cast<uint32_t>(model->info().trained_context / 64); i++) {
        memory.append(chunk_of(*model, 128, i), {}, {}, never());
        const auto end = static_cast<int32_t>(memory.report().stream_tokens);
        if (i % 4 == 3) {
            memory.forget({ Range::checked(end - 20, end - 10, end) }, never());
        }
        const std::vector<int32_t> tokens = tokens_of_windows();
        REQUIRE_MESSAGE(tokens.size() <= window - 1, "no more than the window");
        REQUIRE_MESSAGE(tokens.back() == end - 1, "the newest token");
        REQUIRE_MESSAGE(memory.store().windows().pool(0).held(0).back().position ==
                            memory.store().stream().next_position - 1,
                        "its position");
    }
    memory.extend({ 40, 41 }, false, true, never());
    for (const float logit : memory.logits()) {
        REQUIRE_MESSAGE(std::isfinite(logit), "a logit that is a number");
    }
}

} // namespace loci_test::windows
