#include "observe/observer.h"

#include "core/timed.h"
#include "policy/self_guided.h"

#include <algorithm>

namespace loci {

namespace {

// The first tokens of a stream draw attention whatever they say; KVzip's keys hold them, and
// ExpectedAttention's queries leave them out.
constexpr int64_t sink_tokens = 4;
// Tokens of a chunk that one repetition repeats, and of the piece before that lead up to it.
constexpr int64_t piece_tokens = 256;
constexpr int64_t lead_tokens = 8;

// Moves statistics of a piece to its place among the slots: zeros stand before it.
void place_piece(AttentionStatistics & piece, const std::vector<Statistic> & statistics,
                 int64_t first, int64_t length) {
    for (const Statistic statistic : statistics) {
        std::vector<float> & own = piece.of(statistic);
        std::vector<float> placed;
        for (size_t base = 0; base < own.size(); base += static_cast<size_t>(length)) {
            placed.insert(placed.end(), static_cast<size_t>(first), 0.0F);
            const auto begin = own.begin() + static_cast<std::ptrdiff_t>(base);
            placed.insert(placed.end(), begin, begin + length);
        }
        own = std::move(placed);
    }
}

} // namespace

Observer::Observer(Stepper & stepper, KvStore & store, const OutputWeights & weights,
                   Options options)
    : stepper_(stepper), store_(store), weights_(weights), options_(std::move(options)),
      needs_(options_.needs) {
    // What is known by query head is of the heads of a pool's own layer.
    const std::vector<Statistic> & statistics = needs_.attention.statistics;
    const bool apart =
        std::find(statistics.begin(), statistics.end(), Statistic::apart) != statistics.end();
    stepper.observe_readers(!apart && !needs_.query_moments);
    for (size_t i = 0; needs_.query_moments && i < store.pools(); i++) {
        const LayerShape & shape = store.pool(i).shape();
        moments_.emplace_back(shape.heads, shape.key_size);
    }
}

int64_t Observer::extra_rows(const Options & options) {
    switch (options.needs.attention.rows) {
        case Rows::probe:
        case Rows::both: return static_cast<int64_t>(options.probe.size());
        case Rows::repeat:
            return static_cast<int64_t>(options.repeat_prompt.size()) + lead_tokens + piece_tokens;
        default: return 0;
    }
}

Observations Observer::read(const std::vector<llama_token> & tokens, ReadSeconds & seconds,
                            const Cancellation & cancellation) {
    const auto count = static_cast<int64_t>(tokens.size());
    Observations seen = remembered();
    read_chunk(tokens, seen, seconds, cancellation);
    timed(seconds.score, [&] {
        const Rows rows = needs_.attention.rows;
        if (rows == Rows::probe || rows == Rows::both) {
            read_probe(count, seen, cancellation);
        } else if (rows == Rows::repeat) {
            read_repetitions(tokens, seen, cancellation);
        }
        observe_rows(count, seen, cancellation);
    });
    return seen;
}

Observations Observer::look(const Cancellation & cancellation) {
    Observations seen = remembered();
    observe_rows(0, seen, cancellation);
    return seen;
}

Observations Observer::remembered() const {
    Observations seen(store_.pools());
    for (size_t i = 0; i < moments_.size(); i++) {
        seen[i].moments = moments_[i];
    }
    return seen;
}

void Observer::accept(Observations & seen) {
    for (size_t i = 0; i < moments_.size(); i++) {
        moments_[i] = std::move(seen[i].moments);
    }
    stepper_.fork(sequences::running, sequences::memory);
    stepper_.drop(sequences::running);
}

float Observer::score_scale(size_t pool, int64_t slots) const {
    return needs_.attention.self_guided
               ? self_guided_scale(static_cast<int>(slots),
                                   static_cast<int>(store_.limits().budget_rows),
                                   store_.pool(pool).shape().key_size)
               : stepper_.scale(pool);
}

// What the queries kept by the last step, of `rows` tokens behind `behind` others of the chunk, see
// of the memory and the chunk.
void Observer::observe_step(int64_t behind, int64_t rows, int64_t count, Observations & seen) {
    for (size_t i = 0; i < store_.pools(); i++) {
        KvPool & pool = store_.pool(i);
        ggml_tensor * queries = stepper_.queries(i);
        if (!needs_.attention.statistics.empty()) {
            const int64_t slots = pool.rows() + behind + rows;
            add_statistics(seen[i].attention,
                           observe_attention(pool, stepper_.mask_of(i), queries, { slots, rows },
                                             score_scale(i, slots), needs_.attention.statistics),
                           pool.shape().kv_heads, pool.shape().heads, pool.rows() + count);
        }
        if (needs_.query_moments) {
            const Stream & stream = store_.stream();
            const int64_t skipped =
                std::clamp<int64_t>(sink_tokens - stream.tokens - behind, 0, rows);
            seen[i].moments.add(read_queries(pool, queries, rows), rows,
                                stream.next_position + behind, skipped, pool.shape().rope);
        }
    }
}

// Reads the chunk's tokens behind the memory and looks at it through their queries.
void Observer::read_chunk(const std::vector<llama_token> & tokens, Observations & seen,
                          ReadSeconds & seconds, const Cancellation & cancellation) {
    const auto count = static_cast<int64_t>(tokens.size());
    const int64_t batch = stepper_.batch();
    const Rows rows = needs_.attention.rows;
    const bool every = rows == Rows::all || needs_.query_moments;
    stepper_.fork(sequences::memory, sequences::running);
    for (int64_t done = 0; done < count; done += batch) {
        const int64_t length = std::min(batch, count - done);
        const bool last = done + length == count;
        int64_t window = every ? length : 0;
        if (last && (rows == Rows::last || rows == Rows::both)) {
            window = std::min<int64_t>(needs_.attention.window, length);
        }
        timed(seconds.prefill, [&] {
            stepper_.run({ tokens.data() + done, length, done, true, window, false }, cancellation);
        });
        if (window > 0) {
            timed(seconds.score,
                  [&] { observe_step(done + length - window, window, count, seen); });
        }
    }
}

// Looks at memory and chunk through a fixed text behind them, which is then forgotten.
void Observer::read_probe(int64_t count, Observations & seen, const Cancellation & cancellation) {
    const int64_t batch = stepper_.batch();
    const auto length = static_cast<int64_t>(options_.probe.size());
    stepper_.fork(sequences::running, sequences::aside);
    for (int64_t done = 0; done < length; done += batch) {
        const int64_t step = std::min(batch, length - done);
        stepper_.run({ options_.probe.data() + done, step, count + done, true, step, false,
                       sequences::aside },
                     cancellation);
        observe_step(count + done, step, count, seen);
    }
    stepper_.drop(sequences::aside);
}

// KVzip: repeats the chunk piece by piece behind itself; each repetition is then forgotten.
void Observer::read_repetitions(const std::vector<llama_token> & tokens, Observations & seen,
                                const Cancellation & cancellation) {
    const auto count = static_cast<int64_t>(tokens.size());
    for (int64_t begin = 0; begin < count; begin += piece_tokens) {
        const int64_t end = std::min(begin + piece_tokens, count);
        std::vector<llama_token> repetition = options_.repeat_prompt;
        repetition.insert(repetition.end(),
                          tokens.begin() + std::max<int64_t>(begin - lead_tokens, 0),
                          tokens.begin() + end);
        const auto rows = static_cast<int64_t>(repetition.size());
        stepper_.fork(sequences::running, sequences::aside);
        stepper_.run({ repetition.data(), rows, count, true, rows, false, sequences::aside },
                     cancellation);
        for (size_t i = 0; i < store_.pools(); i++) {
            KvPool & pool = store_.pool(i);
            const int64_t held = pool.rows();
            const RepetitionWindow window{ std::min(sink_tokens, held), held + begin, end - begin,
                                           held + count, rows };
            AttentionStatistics piece = observe_repetition(
                pool, stepper_.mask_of(i), stepper_.queries(i), window,
                score_scale(i, window.sinks + window.length + rows), needs_.attention.statistics);
            place_piece(piece, needs_.attention.statistics, held + begin, end - begin);
            add_statistics(seen[i].attention, piece, pool.shape().kv_heads, pool.shape().heads,
                           held + count);
        }
    }
    stepper_.drop(sequences::aside);
}

// Norms and vectors of what is held and of the chunk.
void Observer::observe_rows(int64_t count, Observations & seen, const Cancellation & cancellation) {
    for (size_t i = 0; i < store_.pools(); i++) {
        cancellation.check();
        KvPool & pool = store_.pool(i);
        const int64_t slots = pool.rows() + count;
        if (slots == 0) {
            continue;
        }
        const Range all = Range::checked(0, slots, pool.capacity());
        const ValueWeights weights{ weights_.grams(i), weights_.projection(i) };
        if (needs_.value == ValueNeed::projected_apart) {
            // A row remembers one number; those of the query heads are computed anew.
            seen[i].value_of_all = observe_values(pool, needs_.value, weights, 0, slots);
        } else if (needs_.value != ValueNeed::none && count > 0) {
            seen[i].value_of_new = observe_values(pool, needs_.value, weights, pool.rows(), count);
        }
        if (needs_.keys) {
            seen[i].keys = read_vectors(pool, pool.keys(), all, pool.shape().key_hadamard);
        }
        if (needs_.values) {
            seen[i].values = read_vectors(pool, pool.values(), all, pool.shape().value_hadamard);
        }
    }
}

std::vector<float> Observer::attention_to_memory(int64_t behind, int64_t rows) {
    std::vector<float> attention(static_cast<size_t>(store_.stream().tokens), 0.0F);
    for (size_t i = 0; i < store_.pools() && rows > 0; i++) {
        KvPool & pool = store_.pool(i);
        const int64_t slots = pool.rows() + behind;
        const std::vector<float> mass =
            observe_attention(pool, stepper_.mask_of(i), stepper_.queries(i), { slots, rows },
                              stepper_.scale(i), { Statistic::sum })
                .sum;
        for (int head = 0; head < pool.shape().kv_heads; head++) {
            const std::vector<HeldRow> & held = pool.held(head);
            for (size_t row = 0; row < held.size(); row++) {
                attention[static_cast<size_t>(held[row].token)] +=
                    mass[static_cast<size_t>(head) * static_cast<size_t>(slots) + row];
            }
        }
    }
    return attention;
}

} // namespace loci
