#include "core/error.h"
#include "memory/memory.h"
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

} // namespace

// Rows behind the chunk that observing takes.
int64_t Memory::extra_rows() const {
    switch (needs_.attention.rows) {
        case Rows::probe:
        case Rows::both: return static_cast<int64_t>(options_.probe.size());
        case Rows::repeat:
            return static_cast<int64_t>(options_.repeat_prompt.size()) + lead_tokens + piece_tokens;
        default: return 0;
    }
}

float Memory::score_scale(size_t layer, int64_t slots) const {
    const LayerShape & shape = pools_[layer]->shape();
    return needs_.attention.self_guided
               ? self_guided_scale(static_cast<int>(slots), options_.budget_tokens, shape.key_size)
               : shape.scale * sharpening_of(layer);
}

// What the queries kept by the last step, of `rows` tokens behind `behind` others of the chunk, see
// of the memory and the chunk.
void Memory::observe_step(int64_t behind, int64_t rows, int64_t count, Observations & seen) {
    for (size_t i = 0; i < pools_.size(); i++) {
        LayerPool & pool = *pools_[i];
        ggml_tensor * queries = retarget_->queries(i);
        if (!needs_.attention.statistics.empty()) {
            const int64_t slots = pool.rows() + behind + rows;
            add_statistics(seen[i].attention,
                           observe_attention(pool, *masks_[device_of_[i]], queries, { slots, rows },
                                             score_scale(i, slots), needs_.attention.statistics),
                           pool.shape().kv_heads, pool.shape().heads, pool.rows() + count);
        }
        if (needs_.query_moments) {
            const int64_t skipped =
                std::clamp<int64_t>(sink_tokens - stream_tokens_ - behind, 0, rows);
            seen[i].moments.add(read_queries(pool, queries, rows), rows, next_position_ + behind,
                                skipped, pool.shape().rope);
        }
    }
}

// Reads the chunk's tokens behind the memory and looks at it through their queries.
void Memory::read_chunk(const std::vector<llama_token> & tokens, Observations & seen,
                        const Cancellation & cancellation) {
    const auto count = static_cast<int64_t>(tokens.size());
    const int64_t ubatch = context_->batch();
    const Rows rows = needs_.attention.rows;
    const bool every = rows == Rows::all || needs_.query_moments;
    for (int64_t done = 0; done < count; done += ubatch) {
        const int64_t step = std::min(ubatch, count - done);
        const bool last = done + step == count;
        int64_t window = every ? step : 0;
        if (last && (rows == Rows::last || rows == Rows::both)) {
            window = std::min<int64_t>(needs_.attention.window, step);
        }
        timed(prefill_seconds_,
              [&] { decode(tokens.data() + done, step, done, true, window, false, cancellation); });
        if (window > 0) {
            timed(score_seconds_, [&] { observe_step(done + step - window, window, count, seen); });
        }
    }
}

// Looks at memory and chunk through a fixed text behind them, which is then forgotten.
void Memory::read_probe(int64_t count, Observations & seen, const Cancellation & cancellation) {
    const int64_t ubatch = context_->batch();
    const auto length = static_cast<int64_t>(options_.probe.size());
    for (int64_t done = 0; done < length; done += ubatch) {
        const int64_t step = std::min(ubatch, length - done);
        decode(options_.probe.data() + done, step, count + done, true, step, false, cancellation);
        observe_step(count + done, step, count, seen);
    }
}

// KVzip: repeats the chunk piece by piece behind itself; each repetition is then forgotten.
void Memory::read_repetitions(const std::vector<llama_token> & tokens, Observations & seen,
                              const Cancellation & cancellation) {
    const auto count = static_cast<int64_t>(tokens.size());
    for (int64_t begin = 0; begin < count; begin += piece_tokens) {
        const int64_t end = std::min(begin + piece_tokens, count);
        std::vector<llama_token> repetition = options_.repeat_prompt;
        repetition.insert(repetition.end(),
                          tokens.begin() + std::max<int64_t>(begin - lead_tokens, 0),
                          tokens.begin() + end);
        const auto rows = static_cast<int64_t>(repetition.size());
        decode(repetition.data(), rows, count, true, rows, false, cancellation);
        for (size_t i = 0; i < pools_.size(); i++) {
            LayerPool & pool = *pools_[i];
            const int64_t held = pool.rows();
            const RepetitionWindow window{ std::min(sink_tokens, held), held + begin, end - begin,
                                           held + count, rows };
            AttentionStatistics piece = observe_repetition(
                pool, *masks_[device_of_[i]], retarget_->queries(i), window,
                score_scale(i, window.sinks + window.length + rows), needs_.attention.statistics);
            place_piece(piece, held + begin, end - begin);
            add_statistics(seen[i].attention, piece, pool.shape().kv_heads, pool.shape().heads,
                           held + count);
        }
    }
}

// Moves statistics of a piece to its place among the slots: zeros stand before it.
void Memory::place_piece(AttentionStatistics & piece, int64_t first, int64_t length) const {
    for (const Statistic statistic : needs_.attention.statistics) {
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

std::vector<float> Memory::keys(int layer, int head, int64_t last) const {
    check_usable();
    check_head(layer, head);
    LayerPool & own = *pools_[pool_of(layer, head)];
    const int64_t first = std::max<int64_t>(0, own.rows() - last);
    if (first == own.rows()) {
        return {};
    }
    return read_vectors(own, own.keys(), Range::checked(first, own.rows(), own.capacity()),
                        own.shape().key_hadamard, head_in_pool(head));
}

// Norms and vectors of what is held and of the chunk.
void Memory::observe_rows(int64_t count, Observations & seen) {
    static const DeviceTensor none;
    for (size_t i = 0; i < pools_.size(); i++) {
        LayerPool & pool = *pools_[i];
        const int64_t slots = pool.rows() + count;
        const Range all = Range::checked(0, slots, pool.capacity());
        const ValueWeights weights{ grams_.empty() ? none : grams_[i],
                                    projections_.empty() ? none : projections_[i] };
        if (needs_.value == ValueNeed::projected_apart) {
            // A row remembers one number; those of the query heads are computed anew.
            seen[i].value_of_all = observe_values(pool, needs_.value, weights, 0, slots);
        } else if (needs_.value != ValueNeed::none) {
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

} // namespace loci
