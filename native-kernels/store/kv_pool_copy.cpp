// The rows of a pool as bytes on the host: copied, and put back.

#include "core/error.h"
#include "store/kv_pool.h"

#include <algorithm>

namespace loci {

std::vector<uint8_t> KvPool::stored(const DeviceTensor & part, int head, Range range) const {
    if (!part) {
        return {};
    }
    const ggml_tensor * tensor = part.get();
    std::vector<uint8_t> bytes(static_cast<size_t>(range.length()) * tensor->nb[1]);
    if (!bytes.empty()) {
        compute_.api().ggml_backend_tensor_get(tensor, bytes.data(),
                                               static_cast<size_t>(head) * tensor->nb[2] +
                                                   static_cast<size_t>(range.begin()) *
                                                       tensor->nb[1],
                                               bytes.size());
    }
    return bytes;
}

std::vector<uint8_t> KvPool::all_heads(const DeviceTensor & part, Range range) const {
    std::vector<uint8_t> all;
    for (int head = 0; head < shape_.kv_heads; head++) {
        const std::vector<uint8_t> bytes = stored(part, head, range);
        all.insert(all.end(), bytes.begin(), bytes.end());
    }
    return all;
}

KvPool::RowCopy KvPool::copy(Range range) const {
    return { all_heads(keys_, range), all_heads(values_, range) };
}

std::vector<uint8_t> KvPool::copy_originals(Range range) const {
    return all_heads(originals_, range);
}

void KvPool::restore(Range range, const RowCopy & rows) noexcept {
    write(keys_, range, rows.keys);
    write(values_, range, rows.values);
}

void KvPool::exchange(Range range, RowCopy & rows, RowCopy & scratch) noexcept {
    const auto swap = [&](const DeviceTensor & part, std::vector<uint8_t> & own,
                          std::vector<uint8_t> & other) {
        read(part, range, other.data());
        write(part, range, own);
        std::copy_n(other.begin(), own.size(), own.begin());
    };
    swap(keys_, rows.keys, scratch.keys);
    swap(values_, rows.values, scratch.values);
}

KvPool::CopyBytes KvPool::copy_bytes(int64_t rows) const noexcept {
    const auto all = static_cast<size_t>(rows) * static_cast<size_t>(shape_.kv_heads);
    const auto bytes = [&](const DeviceTensor & part) {
        return part ? all * part.get()->nb[1] : 0;
    };
    return { bytes(keys_), bytes(values_), bytes(originals_) };
}

void KvPool::replace(std::vector<std::vector<HeldRow>> held, int64_t capacity, const RowCopy & rows,
                     const std::vector<uint8_t> & originals) {
    require(held.size() == static_cast<size_t>(shape_.kv_heads), "rows of other heads");
    const auto count = static_cast<int64_t>(held.front().size());
    const CopyBytes bytes = copy_bytes(count);
    require(rows.keys.size() == bytes.keys && rows.values.size() == bytes.values &&
                originals.size() == bytes.originals,
            "rows of another size");
    const Range range = Range::checked(0, count, capacity);
    resize(keys_, capacity);
    if (values_) {
        resize(values_, capacity);
    }
    if (originals_) {
        resize(originals_, capacity);
        write(originals_, range, originals);
    }
    restore(range, rows);
    held_ = std::move(held);
    rows_ = count;
    capacity_ = capacity;
}

void KvPool::read(const DeviceTensor & part, Range range, uint8_t * bytes) const noexcept {
    if (!part) {
        return;
    }
    const ggml_tensor * tensor = part.get();
    const size_t length = static_cast<size_t>(range.length()) * tensor->nb[1];
    for (size_t head = 0; length > 0 && head < static_cast<size_t>(shape_.kv_heads); head++) {
        const size_t offset =
            head * tensor->nb[2] + static_cast<size_t>(range.begin()) * tensor->nb[1];
        compute_.api().ggml_backend_tensor_get(tensor, bytes + head * length, offset, length);
    }
}

void KvPool::write(const DeviceTensor & part, Range range,
                   const std::vector<uint8_t> & bytes) noexcept {
    if (!part) {
        return;
    }
    ggml_tensor * tensor = part.get();
    const size_t length = static_cast<size_t>(range.length()) * tensor->nb[1];
    for (size_t head = 0; length > 0 && head < static_cast<size_t>(shape_.kv_heads); head++) {
        const size_t offset =
            head * tensor->nb[2] + static_cast<size_t>(range.begin()) * tensor->nb[1];
        compute_.api().ggml_backend_tensor_set(tensor, bytes.data() + head * length, offset,
                                               length);
    }
}

} // namespace loci
