#pragma once

#include "test/memory_fixture.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

namespace loci_test::forgetting {

using loci::ForgottenRows;
using loci::HeldRow;
using loci::KvPool;
using loci::Memory;
using loci::Range;

using Bytes = std::vector<uint8_t>;

struct Row {
    HeldRow held;
    Bytes key;
    Bytes value;
};

inline Row row_of(const KvPool & pool, int part, int64_t row) {
    const Range range = Range::checked(row, row + 1, pool.rows());
    return { pool.held(part)[static_cast<size_t>(row)], pool.stored(pool.key_store(), part, range),
             pool.stored(pool.value_store(), part, range) };
}

/// By layer, by head.
inline std::vector<std::vector<std::vector<Row>>> rows_of(const Memory & memory) {
    std::vector<std::vector<std::vector<Row>>> layers;
    for (int layer = 0; layer < memory.model().info().layers; layer++) {
        layers.emplace_back();
        for (int head = 0; head < memory.model().info().kv_heads; head++) {
            const KvPool & pool = memory.store().pool_of(layer, head);
            std::vector<Row> rows;
            for (int64_t row = 0; row < pool.rows(); row++) {
                rows.push_back(row_of(pool, memory.store().head_in_pool(head), row));
            }
            layers.back().push_back(std::move(rows));
        }
    }
    return layers;
}

inline bool is_in(const std::vector<Range> & ranges, int32_t token) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range & range) {
        return token >= range.begin() && token < range.end();
    });
}

/// Whether a row is worth less than another where heads must hold equally many.
inline bool is_less(const HeldRow & one, const HeldRow & other, const std::set<int32_t> & protect) {
    const bool kept = protect.count(one.token) > 0;
    const bool other_kept = protect.count(other.token) > 0;
    if (kept != other_kept) {
        return other_kept;
    }
    const bool scored = one.carried >= 0.0F;
    if (scored != (other.carried >= 0.0F)) {
        return scored;
    }
    return one.carried != other.carried ? one.carried < other.carried : one.token > other.token;
}

/// What a layer should hold: by plain loops, one row after the other.
inline ForgottenRows forget_plainly(std::vector<std::vector<Row>> & heads,
                                    const std::vector<Range> & ranges, bool ragged,
                                    const std::set<int32_t> & protect) {
    ForgottenRows count;
    size_t least = heads.front().size();
    for (std::vector<Row> & rows : heads) {
        for (size_t i = rows.size(); i-- > 0;) {
            if (is_in(ranges, rows[i].held.token)) {
                rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
                count.forgotten++;
            }
        }
        least = std::min(least, rows.size());
    }
    for (std::vector<Row> & rows : heads) {
        while (!ragged && rows.size() > least) {
            size_t worst = 0;
            for (size_t i = 1; i < rows.size(); i++) {
                worst = is_less(rows[i].held, rows[worst].held, protect) ? i : worst;
            }
            rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(worst));
            count.evened++;
        }
    }
    return count;
}

/// Held rows stay within the budget, and all bytes within budget and working set.
inline void keeps_the_promise(const Memory & memory) {
    const loci::MemoryReport report = memory.report();
    REQUIRE_MESSAGE(report.logical_bytes <= report.budget_bytes, "bytes of rows held");
    REQUIRE_MESSAGE(report.physical_bytes <= report.budget_bytes + report.working_bytes, "bytes");
    REQUIRE_MESSAGE(report.peak_bytes <= report.budget_bytes + report.working_bytes, "peak bytes");
}

/// A stream whose headers are protected, read in chunks of 64.
inline std::set<int32_t> read_protected(Memory & memory, int chunks) {
    std::set<int32_t> protect;
    for (int i = 0; i < chunks; i++) {
        std::vector<uint8_t> own(64, 0);
        own[5] = own[6] = 1;
        protect.insert({ i * 64 + 5, i * 64 + 6 });
        memory.append(chunk_of(memory.model(), 64, static_cast<uint32_t>(i)), own, {}, never());
    }
    return protect;
}

} // namespace loci_test::forgetting
