#include "memory/forgetting.h"

#include "core/error.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace loci {

namespace {

// By token, nonzero where it is to be forgotten.
std::vector<uint8_t> marked(const std::vector<Range> & ranges, int64_t tokens) {
    std::vector<uint8_t> gone(static_cast<size_t>(tokens), 0);
    for (const Range & range : ranges) {
        if (range.end() > tokens) {
            throw Error(ErrorCode::invalid_argument,
                        "A range to forget reaches beyond what was read; nothing was changed.");
        }
        std::fill(gone.begin() + range.begin(), gone.begin() + range.end(), uint8_t{ 1 });
    }
    return gone;
}

// The slots of one head that stay.
std::vector<int32_t> left_of(const std::vector<HeldRow> & held, const std::vector<uint8_t> & gone) {
    std::vector<int32_t> slots;
    for (size_t slot = 0; slot < held.size(); slot++) {
        if (gone[static_cast<size_t>(held[slot].token)] == 0) {
            slots.push_back(static_cast<int32_t>(slot));
        }
    }
    return slots;
}

// Drops the least of the slots until `rows` are left.
void even_out(std::vector<int32_t> & slots, size_t rows, const std::vector<HeldRow> & held,
              const std::vector<uint8_t> & protection) {
    const auto worth = [&](int32_t slot) {
        const HeldRow & row = held[static_cast<size_t>(slot)];
        const auto token = static_cast<size_t>(row.token);
        const bool kept = token < protection.size() && protection[token] != 0;
        return std::make_tuple(kept, row.carried < 0.0F, row.carried, -slot);
    };
    std::vector<int32_t> order = slots;
    std::sort(order.begin(), order.end(),
              [&](int32_t one, int32_t other) { return worth(one) > worth(other); });
    order.resize(rows);
    std::sort(order.begin(), order.end());
    slots = std::move(order);
}

KeptRows kept_of(const KvPool & pool, const std::vector<uint8_t> & gone,
                 const std::vector<uint8_t> & protection, ForgottenRows & count) {
    const int heads = pool.shape().kv_heads;
    std::vector<std::vector<int32_t>> slots;
    size_t least = static_cast<size_t>(pool.rows());
    for (int head = 0; head < heads; head++) {
        slots.push_back(left_of(pool.held(head), gone));
        least = std::min(least, slots.back().size());
        count.forgotten += pool.rows() - static_cast<int64_t>(slots.back().size());
    }
    KeptRows kept;
    kept.rows = static_cast<int64_t>(least);
    for (int head = 0; head < heads; head++) {
        std::vector<int32_t> & own = slots[static_cast<size_t>(head)];
        if (own.size() > least) {
            count.evened += static_cast<int64_t>(own.size() - least);
            even_out(own, least, pool.held(head), protection);
        }
        for (const int32_t slot : own) {
            kept.slots.push_back(slot);
            kept.carried.push_back(pool.held(head)[static_cast<size_t>(slot)].carried);
        }
    }
    return kept;
}

// The position behind the newest row that is kept.
int64_t position_behind(const KvStore & store, const std::vector<KeptRows> & kept) {
    int64_t behind = 0;
    for (size_t i = 0; i < kept.size(); i++) {
        const KvPool & pool = store.pool(i);
        for (size_t entry = 0; entry < kept[i].slots.size(); entry++) {
            const auto head = static_cast<int>(entry / static_cast<size_t>(kept[i].rows));
            const auto slot = static_cast<size_t>(kept[i].slots[entry]);
            behind = std::max<int64_t>(behind, pool.held(head)[slot].position + 1);
        }
    }
    return behind;
}

// The same of layers with a window, whose heads hold the same tokens.
int64_t position_behind(const WindowPools & windows, const std::vector<KvPool::Plan> & plans) {
    int64_t behind = 0;
    for (size_t i = 0; i < plans.size(); i++) {
        if (plans[i].rows > 0) {
            const auto newest = static_cast<size_t>(plans[i].slots.back());
            behind = std::max<int64_t>(behind, windows.pool(i).held(0)[newest].position + 1);
        }
    }
    return behind;
}

} // namespace

ForgetPlan plan_forgetting(const KvStore & store, const std::vector<Range> & ranges) {
    const Stream & before = store.stream();
    const std::vector<uint8_t> gone = marked(ranges, before.tokens);
    ForgetPlan plan;
    std::vector<KeptRows> kept;
    for (size_t i = 0; i < store.pools(); i++) {
        kept.push_back(kept_of(store.pool(i), gone, before.protected_tokens, plan.rows));
    }
    Stream next = before;
    std::vector<KvPool::Plan> windows = store.windows().plan_forgetting(gone);
    next.next_position =
        std::max(position_behind(store, kept), position_behind(store.windows(), windows));
    for (size_t token = 0; token < gone.size(); token++) {
        if (gone[token] != 0 && token < next.protected_tokens.size()) {
            next.protected_tokens[token] = 0;
        }
        if (gone[token] != 0 && token < next.structure.files.size()) {
            next.structure.files[token] = -1;
        }
    }
    const bool moves = store.limits().outgrown_at(next.next_position);
    std::vector<std::vector<float>> no_values(store.pools());
    plan.store = store.plan(std::move(next), std::move(no_values), std::move(kept));
    for (KvPool::Plan & window : windows) {
        if (moves) {
            window.first_position =
                static_cast<int32_t>(plan.store.stream.next_position - window.rows);
        }
    }
    plan.store.windows = std::move(windows);
    return plan;
}

} // namespace loci
