#pragma once

#include "core/range.h"
#include "tensor/compute.h"
#include "tensor/device_tensor.h"
#include "tensor/layer_shape.h"
#include "tensor/row_move.h"

#include <cstdint>
#include <vector>

namespace loci {

/// What is known of one row that a KV head holds.
struct HeldRow {
    int32_t token;    ///< index in the stream
    int32_t original; ///< position at which the key was first rotated
    int32_t position; ///< position at which the key is rotated now
    float value;      ///< the policy's value statistic
    float carried;    ///< score at the last compression; negative: none yet
};

/// How a pool stores its rows.
struct Storage {
    enum ggml_type type = GGML_TYPE_F16;
    /// Keeps the keys as they were first written beside those at their present positions, and
    /// rotates only from these: a coarse key loses too much each time it is rotated and rounded.
    bool keeps_originals = false;

    /// What a layer needs. `moves`: whether its keys will be rotated to other positions. Each such
    /// move rounds a key once more, so n moves cost sqrt(n) roundings where the graph rotates in
    /// blocks (q8_0 after 64 moves: 0.037 of the keys' size; q4_0 as first written: 0.074), and
    /// more where it does not (q8_0: 0.13), as slow pairs then stay where they are.
    static Storage of(enum ggml_type type, const LayerShape & shape, bool moves) noexcept;
};

/// Keys and values of one layer, [head_size, capacity, kv_heads], head-major: all heads hold the
/// same number of rows, each head its own tokens. Rows [0, rows()) are the memory; what stands
/// behind them (a chunk that is being read, a tail) is not counted until it is committed. Where a
/// value is the beginning of its key (MLA), there are keys alone.
class KvPool {
  public:
    /// Allocates `capacity` rows per head.
    KvPool(Compute & compute, const LayerShape & shape, const Storage & storage, int64_t capacity);

    const LayerShape & shape() const noexcept { return shape_; }
    Compute & compute() const noexcept { return compute_; }
    ggml_tensor * keys() const noexcept { return keys_.get(); }
    /// Where values are the beginnings of their keys, a view of these.
    ggml_tensor * values() const noexcept;
    /// The sinks of the query heads, f32 [heads]; null where they have none.
    ggml_tensor * sinks() const noexcept { return sinks_.get(); }
    /// Rows of which a step reads a multiple, and the memory and what stands behind it each have
    /// room for one: kernels of GPUs for heads beyond 256 values take no other length. (No window
    /// has such heads; `require_kernel` refuses one.)
    static int64_t granule_of(const Compute & compute, const LayerShape & shape) noexcept {
        return compute.is_cpu() || shape.key_size <= 256 || shape.window > 0 ? 1 : 256;
    }
    int64_t granule() const noexcept { return granule_of(compute_, shape_); }
    int64_t capacity() const noexcept { return capacity_; }
    int64_t rows() const noexcept { return rows_; }

    /// Rows of one head, in stream order.
    const std::vector<HeldRow> & held(int head) const { return held_[static_cast<size_t>(head)]; }

    /// Bytes of one row of all heads: keys, values that are stored beside them, and the originals
    /// of keys where they are kept.
    size_t row_bytes() const noexcept { return row_bytes_; }
    size_t allocated_bytes() const noexcept {
        return keys_.bytes() + values_.bytes() + originals_.bytes();
    }

    /// The same bytes before anything is allocated.
    static size_t row_bytes(const Api & api, const LayerShape & shape, const Storage & storage);

    /// Counts the rows [rows(), rows() + length) that a step has written as held by every head.
    /// `value` is head-major, [kv_heads][length], or empty.
    void commit(int32_t first_token, int32_t first_position, int64_t length,
                const std::vector<float> & value);

    /// What `apply` makes of the layer: `rows` per head, by their present slots (head-major,
    /// ascending), with the score and the new position of each.
    struct Plan {
        int64_t rows = 0;
        int64_t capacity = 0;
        std::vector<int32_t> slots;
        std::vector<float> carried;
        /// Position of the first row; negative: positions stay. The rows follow one by one, or
        /// where there are more of them than `positions`, neighbours share one.
        int32_t first_position = -1;
        int64_t positions = 0;
    };

    /// Gathers the planned rows, rotates the keys that move by the difference, in f32, and lays
    /// them out in `capacity` rows. The pool never holds both layouts: rows wait in scratch while
    /// the buffer is replaced.
    void apply(const Plan & plan);

    /// Keeps of the rows `tail`, which stand behind the memory, those that `slots` names in each
    /// head (counted from the tail's begin; head-major, ascending). They move together to its begin
    /// in their order, and the key of each is rotated by the difference, in f32, and rounded once
    /// more; the rows behind them are left over. Throws Error(internal) where the tail is not
    /// behind the memory, or keys that cannot be rotated would move. A throw in the midst of it
    /// leaves the tail's rows mixed; see `copy`.
    void compact(Range tail, const std::vector<int32_t> & slots);

    /// Rows of all heads as they are stored, on the host.
    struct RowCopy {
        std::vector<uint8_t> keys;
        std::vector<uint8_t> values;
    };
    RowCopy copy(Range range) const;

    /// Writes back what `copy` took from the same range; allocates nothing on the device.
    void restore(Range range, const RowCopy & rows) noexcept;

    /// Exchanges the rows of a range, of all heads, with those in `rows`, by way of `scratch`. Each
    /// part of `rows` has exactly the bytes of the range (`copy_bytes`) and `scratch` at least
    /// those.
    void exchange(Range range, RowCopy & rows, RowCopy & scratch) noexcept;

    /// The originals of keys of all heads, as `RowCopy`; empty where they are not kept.
    std::vector<uint8_t> copy_originals(Range range) const;

    /// Makes these rows all that the pool holds, in `capacity` rows. `held` is by head, all of one
    /// length; the bytes are those of `copy` and `copy_originals`. Throws Error(out_of_memory) in
    /// the midst of it.
    void replace(std::vector<std::vector<HeldRow>> held, int64_t capacity, const RowCopy & rows,
                 const std::vector<uint8_t> & originals);

    /// Bytes of `rows` rows of all heads in each of the copies.
    struct CopyBytes {
        size_t keys = 0;
        size_t values = 0;
        size_t originals = 0;
    };
    CopyBytes copy_bytes(int64_t rows) const noexcept;

    /// A copy of the rows [begin, end) of one head as stored.
    std::vector<uint8_t> stored(const DeviceTensor & part, int head, Range range) const;
    const DeviceTensor & key_store() const noexcept { return keys_; }
    /// Empty where values are the beginnings of their keys.
    const DeviceTensor & value_store() const noexcept { return values_; }

  private:
    void move_rows(DeviceTensor & store, int64_t capacity, const std::vector<int32_t> & sources,
                   const std::vector<int64_t> & targets, const RowRotation * rotation);
    void resize(DeviceTensor & store, int64_t capacity);
    DeviceTensor uploaded(const std::vector<float> & values, int64_t columns) const;
    void save_originals(int64_t first, int64_t length);
    std::vector<uint8_t> all_heads(const DeviceTensor & part, Range range) const;
    void read(const DeviceTensor & part, Range range, uint8_t * bytes) const noexcept;
    void write(const DeviceTensor & part, Range range, const std::vector<uint8_t> & bytes) noexcept;

    Compute & compute_;
    LayerShape shape_;
    int64_t capacity_;
    int64_t rows_ = 0;
    size_t row_bytes_;
    DeviceTensor keys_;
    DeviceTensor values_; ///< empty where values are the beginnings of their keys
    mutable ggml_tensor viewed_{};
    DeviceTensor originals_; ///< empty unless the storage keeps them
    DeviceTensor frequency_factors_;
    DeviceTensor sinks_;
    DeviceTensor hadamard_; ///< the matrix in whose rotation keys are stored, or empty

    std::vector<std::vector<HeldRow>> held_;
};

} // namespace loci
