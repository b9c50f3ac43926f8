#include "memory/tail.h"

#include "core/error.h"
#include "observe/observation.h"

#include <algorithm>

namespace loci {

namespace {

// Rows whose attention a question is judged by: its last ones.
constexpr int64_t question_rows = 256;

// What a layer with a window keeps of a tail that is evicted from: its newest rows where they fill
// the window, so that it stays what the next token sees. Where they do not, the first ones stay
// before them as in the other layers, and the gap is closed in all of them alike.
std::vector<int32_t> window_tail_rows(const LayerShape & shape, int64_t tokens,
                                      const TailKeep & keep) {
    const int64_t first = keep.rows < shape.window - 1 ? keep.first : 0;
    std::vector<int32_t> rows;
    for (int head = 0; head < shape.kv_heads; head++) {
        for (int64_t row = 0; row < keep.rows; row++) {
            rows.push_back(static_cast<int32_t>(row < first ? row : tokens - keep.rows + row));
        }
    }
    return rows;
}

} // namespace

Tail::Tail(Stepper & stepper, KvStore & store, Observer & observer, int64_t most, int sequence)
    : stepper_(stepper), store_(store), observer_(observer), most_(most), sequence_(sequence) {}

int64_t Tail::capacity() const {
    int64_t capacity = most_;
    for (size_t i = 0; i < store_.all_pools(); i++) {
        capacity = std::min(capacity, store_.any_pool(i).capacity() - stepper_.base(i, false));
    }
    return capacity;
}

std::vector<float> Tail::extend(const std::vector<llama_token> & tokens, bool observe,
                                bool attend_memory, const Cancellation & cancellation) {
    const auto count = static_cast<int64_t>(tokens.size());
    if (count == 0) {
        throw Error(ErrorCode::invalid_argument, "Extend the tail by at least one token.");
    }
    if (tokens_ > 0 && attends_memory_ != attend_memory) {
        throw Error(ErrorCode::invalid_argument,
                    "A tail either attends to the memory or does not. Cut it first.");
    }
    if (observe && !attend_memory) {
        throw Error(ErrorCode::invalid_argument,
                    "A tail that does not attend to the memory cannot observe it.");
    }
    if (tokens_ + count > capacity()) {
        throw Error(ErrorCode::tail_full, "The tail holds " + std::to_string(capacity()) +
                                              " tokens and would need " +
                                              std::to_string(tokens_ + count) + ".");
    }

    stepper_.fork(tokens_ > 0     ? sequence_
                  : attend_memory ? sequences::memory
                                  : sequences::none,
                  sequences::running);
    const int64_t batch = stepper_.batch();
    int64_t window = 0;
    std::vector<float> logits;
    // The last step is the observed one, so it is the fuller one.
    for (int64_t done = 0; done < count;) {
        const int64_t rest = (count - done) % batch;
        const int64_t length = rest != 0 ? rest : batch;
        const bool last = done + length == count;
        window = observe && last ? std::min(question_rows, length) : 0;
        logits = stepper_.run(
            { tokens.data() + done, length, tokens_ + done, attend_memory, window, last },
            cancellation);
        done += length;
    }
    std::vector<float> attention;
    if (observe) {
        attention = observer_.attention_to_memory(tokens_ + count, window);
    }
    stepper_.fork(sequences::running, sequence_);
    stepper_.drop(sequences::running);
    tokens_ += count;
    attends_memory_ = attend_memory;
    logits_ = std::move(logits);
    return attention;
}

Range Tail::reach(size_t pool) const {
    const KvPool & own = store_.any_pool(pool);
    // It may begin later where it does not attend to the memory.
    const int64_t end = std::min(stepper_.base(pool, false) + most_, own.capacity());
    return Range::checked(own.rows(), end, own.capacity());
}

Range Tail::range(size_t pool, int64_t from) const {
    const KvPool & own = store_.any_pool(pool);
    const int64_t first = attends_memory_ ? own.rows() : stepper_.base(pool, false);
    return Range::checked(first + from, first + tokens_, own.capacity());
}

void Tail::evict(const TailKeep & keep, const Cancellation & cancellation) {
    check_tail_keep(keep, tokens_);
    if (keep.rows == tokens_) {
        return;
    }
    if (!store_.keys_move()) {
        throw Error(ErrorCode::model_unsupported,
                    "The tail is full, and this model's keys cannot be moved to new positions.");
    }
    std::vector<std::vector<int32_t>> kept;
    for (size_t i = 0; i < store_.all_pools(); i++) {
        cancellation.check();
        KvPool & pool = store_.any_pool(i);
        if (pool.shape().window > 0) {
            kept.push_back(window_tail_rows(pool.shape(), tokens_, keep));
            continue;
        }
        const std::vector<float> keys =
            read_vectors(pool, pool.keys(), range(i, 0), pool.shape().key_hadamard);
        kept.push_back(select_tail_rows(keys, pool.shape().kv_heads, tokens_, keep));
    }

    // Pool by pool, as scratch for all of them at once could be as large as the tail. The copies
    // are what a step that fails half-way goes back to.
    std::vector<KvPool::RowCopy> before;
    try {
        for (size_t i = 0; i < store_.all_pools(); i++) {
            cancellation.check();
            KvPool & pool = store_.any_pool(i);
            before.push_back(pool.copy(range(i, pool.shape().window > 0 ? 0 : keep.first)));
            pool.compact(range(i, 0), kept[i]);
        }
    } catch (...) {
        for (size_t i = 0; i < before.size(); i++) {
            KvPool & pool = store_.any_pool(i);
            pool.restore(range(i, pool.shape().window > 0 ? 0 : keep.first), before[i]);
        }
        throw;
    }
    tokens_ = keep.rows;
    evicted_to_ = keep.rows;
}

void Tail::cut(int64_t length) {
    const int64_t kept = Range::checked(0, length, tokens_).end();
    if (kept > 0 && kept < evicted_to_) {
        throw Error(ErrorCode::invalid_argument,
                    "The tail was evicted from and can be cut to 0 or to at least " +
                        std::to_string(evicted_to_) + " tokens, not to " + std::to_string(kept) +
                        ".");
    }
    if (kept > 0 && kept < tokens_ && stepper_.recurrent()) {
        throw Error(ErrorCode::invalid_argument,
                    "This model's recurrent layers cannot take tokens back: its tail can be cut to "
                    "0 tokens alone.");
    }
    if (kept == 0) {
        stepper_.drop(sequence_);
    }
    tokens_ = kept;
    evicted_to_ = std::min(evicted_to_, kept);
    logits_.clear(); // those of a token that is gone
}

const std::vector<float> & Tail::logits() const {
    if (logits_.empty()) {
        throw Error(ErrorCode::invalid_argument,
                    "There are no logits before the tail is extended.");
    }
    return logits_;
}

} // namespace loci
