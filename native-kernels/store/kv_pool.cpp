#include "store/kv_pool.h"

#include "core/error.h"
#include "tensor/hadamard.h"

#include <array>
#include <utility>

namespace loci {

namespace {

std::vector<std::vector<HeldRow>> empty_heads(int heads) {
    return std::vector<std::vector<HeldRow>>(static_cast<size_t>(heads));
}

} // namespace

Storage Storage::of(enum ggml_type type, const LayerShape & shape, bool moves) noexcept {
    const bool fine = type == GGML_TYPE_F16 || (type == GGML_TYPE_Q8_0 && shape.key_hadamard > 0);
    return { type, moves && !fine };
}

size_t KvPool::row_bytes(const Api & api, const LayerShape & shape, const Storage & storage) {
    const size_t key = api.ggml_row_size(storage.type, shape.key_size);
    const size_t value =
        shape.values_in_keys ? 0 : api.ggml_row_size(storage.type, shape.value_size);
    const size_t kept = storage.keeps_originals ? key : 0;
    return static_cast<size_t>(shape.kv_heads) * (key + value + kept);
}

KvPool::KvPool(Compute & compute, const LayerShape & shape, const Storage & storage,
               int64_t capacity)
    : compute_(compute), shape_(shape), capacity_(capacity),
      row_bytes_(row_bytes(compute.api(), shape, storage)),
      keys_(compute.api(), compute.backend(), storage.type,
            { shape.key_size, capacity, shape.kv_heads }),
      held_(empty_heads(shape.kv_heads)) {
    require(!shape.values_in_keys || !shape.rope.found || shape.rope.offset >= shape.value_size,
            "values in a part of the keys that is rotated");
    if (!shape.values_in_keys) {
        values_ = DeviceTensor(compute.api(), compute.backend(), storage.type,
                               { shape.value_size, capacity, shape.kv_heads });
    }
    if (storage.keeps_originals) {
        originals_ = DeviceTensor(compute.api(), compute.backend(), storage.type,
                                  { shape.key_size, capacity, shape.kv_heads });
    }
    if (!shape.rope.frequency_factors.empty()) {
        const std::vector<float> & factors = shape.rope.frequency_factors;
        frequency_factors_ = uploaded(factors, static_cast<int64_t>(factors.size()));
    }
    if (!shape.sinks.empty()) {
        sinks_ = uploaded(shape.sinks, static_cast<int64_t>(shape.sinks.size()));
    }
    if (shape.key_hadamard > 0) {
        hadamard_ = uploaded(hadamard_matrix(shape.key_hadamard), shape.key_hadamard);
    }
}

ggml_tensor * KvPool::values() const noexcept {
    if (!shape_.values_in_keys) {
        return values_.get();
    }
    Compute::alias(viewed_, keys_.get());
    viewed_.ne[0] = shape_.value_size;
    return &viewed_;
}

DeviceTensor KvPool::uploaded(const std::vector<float> & values, int64_t columns) const {
    DeviceTensor tensor(compute_.api(), compute_.backend(), GGML_TYPE_F32,
                        { columns, static_cast<int64_t>(values.size()) / columns, 1 });
    compute_.api().ggml_backend_tensor_set(tensor.get(), values.data(), 0,
                                           values.size() * sizeof(float));
    return tensor;
}

void KvPool::commit(int32_t first_token, int32_t first_position, int64_t length,
                    const std::vector<float> & value) {
    const Range range = Range::checked(rows_, rows_ + length, capacity_);
    if (originals_) {
        save_originals(range.begin(), range.length());
    }
    for (int head = 0; head < shape_.kv_heads; head++) {
        std::vector<HeldRow> & rows = held_[static_cast<size_t>(head)];
        for (int64_t i = 0; i < range.length(); i++) {
            const auto offset = static_cast<int32_t>(i);
            const float norm =
                value.empty() ? 0.0F : value[static_cast<size_t>(head * range.length() + i)];
            rows.push_back({ first_token + offset, first_position + offset, first_position + offset,
                             norm, -1.0F });
        }
    }
    rows_ = range.end();
}

void KvPool::save_originals(int64_t first, int64_t length) {
    const Api & api = compute_.api();
    // Head by head: no backend but the CPU copies quantised rows with gaps between the heads.
    const auto rows = [&](ggml_context * context, ggml_tensor * store, int head) {
        ggml_tensor * leaf = compute_.alias(context, store);
        leaf->ne[1] = length;
        leaf->ne[2] = 1;
        leaf->data = static_cast<char *>(leaf->data) + static_cast<size_t>(head) * leaf->nb[2] +
                     static_cast<size_t>(first) * leaf->nb[1];
        leaf->nb[2] = leaf->nb[3] = leaf->nb[1] * static_cast<size_t>(length);
        return leaf;
    };
    compute_.run([&](ggml_context * context, ggml_cgraph *) {
        std::vector<ggml_tensor *> copies;
        for (int head = 0; head < shape_.kv_heads; head++) {
            copies.push_back(api.ggml_cpy(context, rows(context, keys_.get(), head),
                                          rows(context, originals_.get(), head)));
        }
        return copies;
    });
}

void KvPool::apply(const Plan & plan) {
    const auto heads = static_cast<size_t>(shape_.kv_heads);
    const auto rows = static_cast<size_t>(plan.rows);
    Range::checked(0, plan.rows, plan.capacity);
    require(plan.slots.size() == heads * rows && plan.carried.size() == heads * rows,
            "a plan with missing rows");
    for (const int32_t slot : plan.slots) {
        Range::checked(slot, static_cast<int64_t>(slot) + 1, rows_);
    }

    std::vector<std::vector<HeldRow>> next = empty_heads(shape_.kv_heads);
    std::vector<int32_t> sources(heads * rows);
    std::vector<int64_t> targets(heads * rows);
    std::vector<int32_t> shifts(heads * rows, 0);
    bool moves = false;
    for (size_t head = 0; head < heads; head++) {
        next[head].reserve(rows);
        for (size_t i = 0; i < rows; i++) {
            const size_t index = head * rows + i;
            const int32_t slot = plan.slots[index];
            HeldRow row = held_[head][static_cast<size_t>(slot)];
            if (plan.first_position >= 0) {
                const auto place = static_cast<int64_t>(i);
                const auto offset = plan.positions > 0 && plan.positions < plan.rows
                                        ? place * plan.positions / plan.rows
                                        : place;
                const int32_t position = plan.first_position + static_cast<int32_t>(offset);
                moves = moves || position != row.position;
                shifts[index] = position - (originals_ ? row.original : row.position);
                row.position = position;
            } else if (originals_) {
                shifts[index] = row.position - row.original;
            }
            row.carried = plan.carried[index];
            next[head].push_back(row);
            sources[index] = static_cast<int32_t>(static_cast<int64_t>(head) * capacity_) + slot;
            targets[index] = static_cast<int64_t>(head) * plan.capacity + static_cast<int64_t>(i);
        }
    }
    require(!moves || shape_.keys_move(), "a plan that moves keys which cannot be rotated");
    const bool stays = !moves && plan.capacity == capacity_ && plan.rows == rows_;
    if (stays) {
        held_ = std::move(next); // nothing was evicted: only scores change
        return;
    }
    const RowRotation rotation{ shape_.rope, frequency_factors_, hadamard_, shifts };
    const bool rotates = shape_.rope.found && (moves || originals_);
    const RowRotation * turn = rotates ? &rotation : nullptr;
    if (originals_) {
        // Rotated keys are always made from the originals, so these are gathered twice.
        const DeviceTensor rotated =
            rows > 0 ? gather_rows(compute_, originals_, sources, turn) : DeviceTensor();
        move_rows(originals_, plan.capacity, sources, targets, nullptr);
        resize(keys_, plan.capacity);
        if (rows > 0) {
            scatter_rows(compute_, rotated, keys_, targets);
        }
    } else {
        move_rows(keys_, plan.capacity, sources, targets, turn);
    }
    if (values_) {
        move_rows(values_, plan.capacity, sources, targets, nullptr);
    }
    held_ = std::move(next);
    rows_ = plan.rows;
    capacity_ = plan.capacity;
}

void KvPool::resize(DeviceTensor & store, int64_t capacity) {
    const ggml_tensor * tensor = store.get();
    if (tensor->ne[1] == capacity) {
        return;
    }
    const std::array<int64_t, 3> shape{ tensor->ne[0], capacity, tensor->ne[2] };
    const enum ggml_type type = tensor->type;
    store.reset();
    store = DeviceTensor(compute_.api(), compute_.backend(), type, shape);
}

void KvPool::move_rows(DeviceTensor & store, int64_t capacity, const std::vector<int32_t> & sources,
                       const std::vector<int64_t> & targets, const RowRotation * rotation) {
    if (sources.empty()) {
        resize(store, capacity);
        return;
    }
    const DeviceTensor scratch = gather_rows(compute_, store, sources, rotation);
    resize(store, capacity);
    scatter_rows(compute_, scratch, store, targets);
}

} // namespace loci
