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

} // namespace loci
