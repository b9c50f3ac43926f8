#include "store/kv_store_file.h"

#include "core/error.h"
#include "store/byte_file.h"

#include <algorithm>
#include <type_traits>

namespace loci {

namespace {

static_assert(std::is_trivially_copyable_v<HeldRow> && sizeof(HeldRow) == 20,
              "rows are written as they are");

// Far more than any repository has; keeps a damaged length from being allocated.
constexpr uint64_t most_tokens = uint64_t{ 1 } << 31;

void write_stream(FileWriter & file, const Stream & stream) {
    file.number(stream.tokens);
    file.number(stream.next_position);
    file.array(stream.protected_tokens);
    file.array(stream.structure.units);
    file.array(stream.structure.raised);
    file.array(stream.structure.files);
}

Stream read_stream(FileReader & file, const StoreLimits & limits) {
    Stream stream;
    stream.tokens = file.number<int64_t>();
    stream.next_position = file.number<int64_t>();
    file.check(stream.tokens >= 0 && static_cast<uint64_t>(stream.tokens) < most_tokens);
    file.check(stream.next_position >= 0 && stream.next_position <= limits.trained_context);
    const auto tokens = static_cast<uint64_t>(stream.tokens);
    stream.protected_tokens = file.array<uint8_t>(tokens);
    TokenStructure & structure = stream.structure;
    structure.units = file.array<int32_t>(tokens);
    structure.raised = file.array<uint8_t>(tokens);
    structure.files = file.array<int32_t>(tokens);
    const uint64_t known = structure.units.size();
    file.check(stream.protected_tokens.size() == tokens && (known == 0 || known == tokens) &&
               structure.raised.size() == known && structure.files.size() == known);
    file.check(std::all_of(structure.files.begin(), structure.files.end(), [&](int32_t of) {
        return of >= -1 && static_cast<int64_t>(of) < stream.tokens;
    }));
    return stream;
}

void write_pool(FileWriter & file, const KvPool & pool) {
    const Range all = Range::checked(0, pool.rows(), pool.capacity());
    file.number(pool.rows());
    file.number(pool.capacity());
    for (int head = 0; head < pool.shape().kv_heads; head++) {
        file.array(pool.held(head));
    }
    const KvPool::RowCopy rows = pool.copy(all);
    file.array(rows.keys);
    file.array(rows.values);
    file.array(pool.copy_originals(all));
}

// Tokens of a head ascend, and every row stands where the model has a position.
bool is_sound(const std::vector<HeldRow> & rows, const Stream & stream) {
    int64_t before = -1;
    for (const HeldRow & row : rows) {
        if (row.token <= before || row.token >= stream.tokens || row.position < 0 ||
            row.position >= std::max<int64_t>(stream.next_position, 1) || row.original < 0) {
            return false;
        }
        before = row.token;
    }
    return true;
}

// Every head has the same tokens at the same ascending positions, no more than the window.
bool is_window(const KvPool & pool, const KvStore::PoolContent & content, const Stream & stream) {
    const std::vector<HeldRow> & first = content.held.front();
    if (static_cast<int64_t>(first.size()) > WindowPools::rows_at(pool.shape(), stream.tokens) ||
        content.capacity != pool.capacity()) {
        return false;
    }
    for (const std::vector<HeldRow> & head : content.held) {
        for (size_t i = 0; i < head.size(); i++) {
            if (head[i].token != first[i].token || head[i].position != first[i].position ||
                (i > 0 && head[i].position <= head[i - 1].position)) {
                return false;
            }
        }
    }
    return true;
}

KvStore::PoolContent read_pool(FileReader & file, const KvPool & pool, const StoreLimits & limits,
                               const Stream & stream) {
    KvStore::PoolContent content;
    const auto rows = file.number<int64_t>();
    content.capacity = file.number<int64_t>();
    const int64_t most = pool.shape().window > 0 ? WindowPools::most_rows(pool.shape())
                                                 : std::max(limits.budget_rows, limits.rows());
    const int64_t granule = pool.granule();
    file.check(rows >= 0 && rows <= most && content.capacity >= rows + limits.working_rows &&
               content.capacity <= limits.capacity_for(most, granule));
    // A device of another granule may have written it.
    content.capacity =
        std::max(limits.capacity_for(rows, granule), round_up(content.capacity, granule));
    for (int head = 0; head < pool.shape().kv_heads; head++) {
        content.held.push_back(file.array<HeldRow>(static_cast<uint64_t>(rows)));
        file.check(content.held.back().size() == static_cast<size_t>(rows) &&
                   is_sound(content.held.back(), stream));
    }
    file.check(pool.shape().window == 0 || is_window(pool, content, stream));
    const KvPool::CopyBytes bytes = pool.copy_bytes(rows);
    content.rows.keys = file.array<uint8_t>(bytes.keys);
    content.rows.values = file.array<uint8_t>(bytes.values);
    content.originals = file.array<uint8_t>(bytes.originals);
    file.check(content.rows.keys.size() == bytes.keys &&
               content.rows.values.size() == bytes.values &&
               content.originals.size() == bytes.originals);
    return content;
}

} // namespace

void save_store(const KvStore & store, StoreFingerprint fingerprint,
                const std::vector<uint8_t> & extra, const std::string & path,
                const Cancellation & cancellation) {
    store.check_usable();
    FileWriter file(path);
    file.array(extra);
    write_stream(file, store.stream());
    file.number(static_cast<uint64_t>(store.all_pools()));
    for (size_t i = 0; i < store.all_pools(); i++) {
        cancellation.check();
        write_pool(file, store.any_pool(i));
    }
    file.finish(fingerprint);
}

std::vector<uint8_t> load_store(KvStore & store, StoreFingerprint fingerprint, size_t extra_bytes,
                                const std::string & path, const Cancellation & cancellation) {
    std::vector<uint8_t> extra;
    // First to its end, so that nothing is changed by a file that turns out to be damaged.
    {
        FileReader file(path, fingerprint);
        extra = file.array<uint8_t>(extra_bytes);
        file.check(extra.size() == extra_bytes);
        const Stream stream = read_stream(file, store.limits());
        file.check(file.number<uint64_t>() == store.all_pools());
        int64_t total = 0;
        for (size_t i = 0; i < store.all_pools(); i++) {
            cancellation.check();
            const auto content = read_pool(file, store.any_pool(i), store.limits(), stream);
            const auto rows = static_cast<int64_t>(content.held.front().size());
            total += i < store.pools() ? rows : 0;
        }
        file.check(total <= store.limits().budget_rows * static_cast<int64_t>(store.pools()));
        file.finish();
    }
    FileReader file(path, fingerprint);
    file.array<uint8_t>(extra_bytes);
    Stream stream = read_stream(file, store.limits());
    file.number<uint64_t>();
    const Stream & known = stream;
    store.replace(stream, [&](size_t pool) {
        return read_pool(file, store.any_pool(pool), store.limits(), known);
    });
    return extra;
}

} // namespace loci
