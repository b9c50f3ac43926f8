#include "core/error.h"
#include "core/round.h"
#include "memory/memory.h"

#include <algorithm>

namespace loci {

namespace {

// On a GPU a tail of its own begins at a row whose byte offset any device accepts.
constexpr int64_t tail_alignment = 32;
// Rows whose attention a question is judged by: its last ones.
constexpr int64_t question_rows = 256;

} // namespace

// Rows that a tail may take in every layer, whether it attends to the memory or not.
int64_t Memory::tail_capacity() const {
    int64_t capacity = options_.chunk_tokens;
    for (size_t i = 0; i < pools_.size(); i++) {
        capacity = std::min(capacity, pools_[i]->capacity() - tail_base(i, false));
    }
    return capacity;
}

int64_t Memory::tail_base(size_t layer, bool attends_memory) const {
    const LayerPool & pool = *pools_[layer];
    const int64_t alignment = pool.compute().is_cpu() ? 1 : tail_alignment;
    return attends_memory ? 0 : round_up(pool.rows(), alignment);
}

std::vector<float> Memory::extend(const std::vector<llama_token> & tokens, bool observe,
                                  bool attend_memory, const Cancellation & cancellation) {
    check_usable();
    const auto count = static_cast<int64_t>(tokens.size());
    if (count == 0) {
        throw Error(ErrorCode::invalid_argument, "The tail is extended by at least one token.");
    }
    if (tail_.tokens > 0 && tail_.attends_memory != attend_memory) {
        throw Error(ErrorCode::invalid_argument,
                    "A tail either attends to the memory or not; cut it first.");
    }
    if (observe && !attend_memory) {
        throw Error(ErrorCode::invalid_argument, "A tail of its own sees no memory to observe.");
    }
    if (tail_.tokens + count > tail_capacity()) {
        throw Error(ErrorCode::tail_full, "The tail holds " + std::to_string(tail_capacity()) +
                                              " tokens and would need " +
                                              std::to_string(tail_.tokens + count) + ".");
    }
    check_tokens(tokens);

    const int64_t ubatch = context_->batch();
    const int64_t before = tail_.tokens;
    std::vector<float> attention(observe ? static_cast<size_t>(stream_tokens_) : 0, 0.0F);
    int64_t window = 0;
    // The last ubatch is the observed one, so it is the fuller one.
    for (int64_t done = 0; done < count;) {
        const int64_t rest = (count - done) % ubatch;
        const int64_t step = rest != 0 ? rest : ubatch;
        const bool last = done + step == count;
        window = observe && last ? std::min(question_rows, step) : 0;
        decode(tokens.data() + done, step, before + done, attend_memory, window, last,
               cancellation);
        done += step;
    }
    for (size_t i = 0; i < pools_.size() && window > 0; i++) {
        LayerPool & pool = *pools_[i];
        const int64_t slots = pool.rows() + before + count;
        const std::vector<float> mass =
            observe_attention(pool, *masks_[device_of_[i]], retarget_->queries(i),
                              { slots, window }, pool.shape().scale * sharpening_of(i),
                              { Statistic::sum })
                .sum;
        for (int head = 0; head < pool.shape().kv_heads; head++) {
            const std::vector<HeldRow> & rows = pool.held(head);
            for (size_t slot = 0; slot < rows.size(); slot++) {
                attention[static_cast<size_t>(rows[slot].token)] +=
                    mass[static_cast<size_t>(head) * static_cast<size_t>(slots) + slot];
            }
        }
    }
    tail_.tokens = before + count;
    tail_.attends_memory = attend_memory;
    return attention;
}

// Rows of the tail from its token `from` on.
Range Memory::tail_range(size_t layer, int64_t from) const {
    const LayerPool & pool = *pools_[layer];
    const int64_t first = tail_.attends_memory ? pool.rows() : tail_base(layer, false);
    return Range::checked(first + from, first + tail_.tokens, pool.capacity());
}

void Memory::evict_tail(const TailKeep & keep, const Cancellation & cancellation) {
    check_usable();
    check_tail_keep(keep, tail_.tokens);
    if (keep.rows == tail_.tokens) {
        return;
    }
    if (!std::all_of(pools_.begin(), pools_.end(),
                     [](const auto & pool) { return pool->shape().rope.found; })) {
        throw Error(ErrorCode::model_unsupported,
                    "The tail is full, and this model's keys cannot be moved to new positions.");
    }
    std::vector<std::vector<int32_t>> kept;
    for (size_t i = 0; i < pools_.size(); i++) {
        cancellation.check();
        LayerPool & pool = *pools_[i];
        const std::vector<float> keys =
            read_vectors(pool, pool.keys(), tail_range(i, 0), pool.shape().key_hadamard);
        kept.push_back(select_tail_rows(keys, pool.shape().kv_heads, tail_.tokens, keep));
    }

    // Layer by layer, as scratch for all of them at once could be as large as the tail. The copies
    // are what a step that fails half-way goes back to.
    std::vector<LayerPool::RowCopy> before;
    try {
        for (size_t i = 0; i < pools_.size(); i++) {
            cancellation.check();
            before.push_back(pools_[i]->copy(tail_range(i, keep.first)));
            pools_[i]->compact(tail_range(i, 0), kept[i]);
        }
    } catch (...) {
        for (size_t i = 0; i < before.size(); i++) {
            pools_[i]->restore(tail_range(i, keep.first), before[i]);
        }
        throw;
    }
    tail_.tokens = keep.rows;
    tail_.evicted_to = keep.rows;
}

void Memory::cut(int64_t length) {
    const int64_t kept = Range::checked(0, length, tail_.tokens).end();
    if (kept > 0 && kept < tail_.evicted_to) {
        throw Error(ErrorCode::invalid_argument,
                    "The tail was evicted from and can be cut to 0 or to at least " +
                        std::to_string(tail_.evicted_to) + " tokens, not to " +
                        std::to_string(kept) + ".");
    }
    tail_.tokens = kept;
    tail_.evicted_to = std::min(tail_.evicted_to, kept);
    logits_.clear(); // those of a token that is gone
}

const std::vector<float> & Memory::logits() const {
    if (logits_.empty()) {
        throw Error(ErrorCode::invalid_argument,
                    "There are no logits before the tail is extended.");
    }
    return logits_;
}

} // namespace loci
