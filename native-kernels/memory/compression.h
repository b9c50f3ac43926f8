#pragma once

#include "observe/observer.h"
#include "policy/policy.h"
#include "store/kv_store.h"

#include <vector>

namespace loci {

/// What a chunk is compressed with, the same for every chunk of a memory.
struct CompressionOptions {
    /// Up to this many rows a pool holds any number, above it multiples of it.
    int granule = 1;
    /// See `SelectionRequest::profile`.
    std::vector<double> profile;
};

/// Chooses by the policy what is held of memory and chunk, and plans it; nothing is changed. `next`
/// is the stream with the chunk; `seen` is used up, but for the moments. Throws what
/// `Policy::select` and `KvStore::plan` throw.
KvStore::Plan plan_compression(const KvStore & store, const Policy & policy,
                               const CompressionOptions & options, Stream next,
                               Observations & seen);

/// Chooses by the policy what a smaller budget keeps of the memory, and plans it; nothing is
/// changed. `next` is the stream as it is afterwards, `seen` what `Observer::look` gave, which is
/// used up. Scores of attention are those that rows carry; all others are made anew from the rows.
/// Throws what `Policy::select` throws.
KvStore::Plan plan_shrinking(const KvStore & store, const Policy & policy,
                             const CompressionOptions & options, int64_t budget_rows, Stream next,
                             Observations & seen);

} // namespace loci
