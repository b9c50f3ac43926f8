#include "core/error.h"
#include "store/kv_pool.h"

namespace loci {

void KvPool::compact(Range tail, const std::vector<int32_t> & slots) {
    const auto heads = static_cast<size_t>(shape_.kv_heads);
    const size_t rows = slots.size() / heads;
    require(tail.begin() >= rows_ && slots.size() == heads * rows, "a tail with other rows");
    std::vector<int32_t> sources;
    std::vector<int64_t> targets;
    std::vector<int32_t> shifts;
    for (size_t head = 0; head < heads; head++) {
        const int64_t first = static_cast<int64_t>(head) * capacity_ + tail.begin();
        for (size_t i = 0; i < rows; i++) {
            const int32_t slot = slots[head * rows + i];
            Range::checked(slot, static_cast<int64_t>(slot) + 1, tail.length());
            const auto place = static_cast<int32_t>(i);
            require(i == 0 || slot > slots[head * rows + i - 1], "rows out of order");
            if (slot != place) {
                sources.push_back(static_cast<int32_t>(first) + slot);
                targets.push_back(first + place);
                shifts.push_back(place - slot);
            }
        }
    }
    if (sources.empty()) {
        return;
    }
    require(shape_.keys_move(), "a tail whose keys cannot be rotated");
    const RowRotation rotation{ shape_.rope, frequency_factors_, hadamard_, shifts };
    move_rows(keys_, capacity_, sources, targets, shape_.rope.found ? &rotation : nullptr);
    if (values_) {
        move_rows(values_, capacity_, sources, targets, nullptr);
    }
}

} // namespace loci
