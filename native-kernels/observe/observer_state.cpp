#include "core/error.h"
#include "observe/observer.h"

#include <cstring>

namespace loci {

size_t Observer::state_bytes() const noexcept {
    size_t count = 0;
    for (const QueryMomentSums & moments : moments_) {
        count += moments.state_size();
    }
    return count * sizeof(double);
}

std::vector<uint8_t> Observer::state() const {
    std::vector<uint8_t> bytes;
    for (const QueryMomentSums & moments : moments_) {
        const std::vector<double> own = moments.state();
        const auto * first = reinterpret_cast<const uint8_t *>(own.data());
        bytes.insert(bytes.end(), first, first + own.size() * sizeof(double));
    }
    return bytes;
}

void Observer::restore(const std::vector<uint8_t> & state) {
    require(state.size() == state_bytes(), "a state of another observer");
    size_t done = 0;
    for (QueryMomentSums & moments : moments_) {
        std::vector<double> own(moments.state_size());
        std::memcpy(own.data(), state.data() + done, own.size() * sizeof(double));
        moments.restore(own.data(), own.size());
        done += own.size() * sizeof(double);
    }
}

} // namespace loci
