#pragma once

#include "core/cancellation.h"
#include "store/kv_store.h"

#include <cstdint>
#include <string>
#include <vector>

namespace loci {

/// What a saved memory must be of: the model, its libraries and every option that decides what is
/// held and how it is stored.
using StoreFingerprint = uint64_t;

/// Writes everything that the store holds to a file: rows as they are stored, positions, scores,
/// the stream and `extra`, which belongs to the caller. The working rows behind the memory are left
/// out. The layout is magic, version, fingerprint, length and checksum, then the payload; numbers
/// are little-endian. Writes in place: write to a temporary file and rename it. Throws
/// Error(file_failed) where the file cannot be written, (cancelled).
void save_store(const KvStore & store, StoreFingerprint fingerprint,
                const std::vector<uint8_t> & extra, const std::string & path,
                const Cancellation & cancellation);

/// Puts the content of such a file in place of what the store holds, and returns `extra`, which
/// must be of that many bytes. The whole file is checked first: on Error(snapshot_invalid),
/// (file_failed) or (cancelled) the store is as it was. Throws Error(out_of_memory) where the
/// device has no room; the store is then unusable.
std::vector<uint8_t> load_store(KvStore & store, StoreFingerprint fingerprint, size_t extra_bytes,
                                const std::string & path, const Cancellation & cancellation);

} // namespace loci
