#include "memory/working_set.h"

#include "core/error.h"

#include <algorithm>
#include <string>

namespace loci {

WorkingSet::WorkingSet(Stepper & stepper, KvStore & store, Observer & observer,
                       const std::vector<int64_t> & capacities)
    : store_(store), on_host_(capacities.size()) {
    require(!capacities.empty(), "a working set without a tail");
    for (const int64_t capacity : capacities) {
        require(capacity > 0 && capacity <= capacities.front(), "a tail larger than the first");
        tails_.push_back(std::make_unique<Tail>(stepper, store, observer, capacity,
                                                sequences::of_tail(tails_.size())));
    }
}

bool WorkingSet::empty() const noexcept {
    return std::all_of(tails_.begin(), tails_.end(),
                       [](const auto & tail) { return tail->tokens() == 0; });
}

const Tail & WorkingSet::tail(size_t index) const {
    if (index >= tails_.size()) {
        throw Error(ErrorCode::invalid_argument, "The memory has " + std::to_string(tails_.size()) +
                                                     " tails. Use a smaller number.");
    }
    return *tails_[index];
}

Tail & WorkingSet::tail(size_t index) {
    static_cast<const WorkingSet &>(*this).tail(index);
    return *tails_[index];
}

Tail & WorkingSet::in_place(size_t index) {
    Tail & wanted = tail(index);
    if (index == in_place_) {
        return wanted;
    }
    if (in_place_ != 0) {
        exchange(in_place_);
        in_place_ = 0;
    }
    if (index != 0) {
        exchange(index);
        in_place_ = index;
    }
    return wanted;
}

void WorkingSet::clear() {
    for (const auto & tail : tails_) {
        tail->cut(0);
    }
}

size_t WorkingSet::host_bytes() const noexcept {
    size_t total = 0;
    for (const auto & rows : on_host_) {
        for (const KvPool::RowCopy & copy : rows) {
            total += copy.keys.size() + copy.values.size();
        }
    }
    return total;
}

// Exchanges the rows in place that a tail may take with its rows on the host.
void WorkingSet::exchange(size_t index) {
    const Tail & own = *tails_[index];
    if (own.tokens() == 0 && tails_.front()->tokens() == 0) {
        return;
    }
    // What may throw comes first.
    std::vector<KvPool::RowCopy> & rows = on_host_[index];
    rows.resize(store_.all_pools());
    KvPool::RowCopy scratch;
    for (size_t i = 0; i < rows.size(); i++) {
        const KvPool::CopyBytes bytes = store_.any_pool(i).copy_bytes(own.reach(i).length());
        rows[i].keys.resize(bytes.keys);
        rows[i].values.resize(bytes.values);
        scratch.keys.resize(std::max(scratch.keys.size(), bytes.keys));
        scratch.values.resize(std::max(scratch.values.size(), bytes.values));
    }
    for (size_t i = 0; i < rows.size(); i++) {
        store_.any_pool(i).exchange(own.reach(i), rows[i], scratch);
    }
}

} // namespace loci
