// Another budget for a memory that is there.

#include "core/error.h"
#include "memory/memory.h"

#include <optional>

namespace loci {

void Memory::resize(int budget_tokens, const std::vector<uint8_t> & protect,
                    const Cancellation & cancellation) {
    store().check_usable();
    check_budget(budget_tokens);
    Stream next = store().stream();
    if (!protect.empty()) {
        if (static_cast<int64_t>(protect.size()) != next.tokens) {
            throw Error(ErrorCode::invalid_argument, "The protection must name every token once.");
        }
        next.protected_tokens = protect;
    }
    const StoreLimits wanted = limits(budget_tokens);
    CompressionOptions compression = compression_;
    compression.granule = static_cast<int>(parts_->devices->granule(wanted.budget_rows));
    const bool smaller = budget_tokens < options_.budget_tokens;
    std::optional<KvStore::Plan> plan;
    if (smaller) {
        Observations seen = observer_->look(cancellation);
        plan = plan_shrinking(store(), *policy_, compression, wanted.budget_rows, next, seen);
    }
    cancellation.check();
    parts_->devices->resize_masks(wanted.mask_rows(), context_->batch());

    if (plan) {
        parts_->store->apply(std::move(*plan));
        tails_->clear();
    } else {
        parts_->store->grow(wanted.budget_rows, std::move(next));
    }
    options_.budget_tokens = budget_tokens;
    compression_.granule = compression.granule;
}

} // namespace loci
