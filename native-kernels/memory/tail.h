#pragma once

#include "attention/stepper.h"
#include "core/cancellation.h"
#include "observe/observer.h"
#include "policy/tail_selection.h"
#include "store/kv_store.h"

#include <cstdint>
#include <vector>

namespace loci {

/// The working rows of one reader: a prompt and what is written behind it. They stand behind the
/// memory and are never counted as held, so cutting them leaves the memory as it was to the bit.
/// Its rows must be in place while it computes; `WorkingSet` sees to that.
class Tail {
  public:
    /// All outlive the tail. `most`: the rows that it may take. `sequence`: where its recurrent
    /// state is.
    Tail(Stepper & stepper, KvStore & store, Observer & observer, int64_t most, int sequence);

    int64_t tokens() const noexcept { return tokens_; }

    /// Rows that the tail may take, whether it attends to the memory or not.
    int64_t capacity() const;

    /// As `Memory::extend`.
    std::vector<float> extend(const std::vector<llama_token> & tokens, bool observe,
                              bool attend_memory, const Cancellation & cancellation);

    /// As `Memory::evict_tail`.
    void evict(const TailKeep & keep, const Cancellation & cancellation);

    /// As `Memory::cut`.
    void cut(int64_t length);

    /// As `Memory::logits`.
    const std::vector<float> & logits() const;

    /// Where the tail's rows from its token `from` on stand in a pool.
    Range range(size_t pool, int64_t from = 0) const;

    /// The rows of a pool that the tail could come to take.
    Range reach(size_t pool) const;

  private:
    Stepper & stepper_;
    KvStore & store_;
    Observer & observer_;
    int64_t most_;
    int sequence_;
    int64_t tokens_ = 0;
    bool attends_memory_ = true;
    int64_t evicted_to_ = 0; ///< tokens right after the last eviction; 0: none
    std::vector<float> logits_;
};

} // namespace loci
