// The recurrent states that llama.cpp holds, counted and as bytes.

#include "attention/context.h"
#include "core/error.h"

#include <cstring>

namespace loci {

namespace {

constexpr llama_state_seq_flags states_alone = LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY;

} // namespace

size_t Context::states_bytes() const noexcept {
    return static_cast<size_t>(sequences_) * state_bytes_;
}

size_t Context::saved_bytes() const noexcept {
    return sequences_ > 0 ? sizeof(uint64_t) + state_bytes_ : 0;
}

// Its length comes first: before the first token there is less.
std::vector<uint8_t> Context::save_state(int sequence) const {
    std::vector<uint8_t> saved(saved_bytes());
    if (saved.empty()) {
        return saved;
    }
    const uint64_t length = api_.llama_state_seq_get_size_ext(context_, sequence, states_alone);
    require(length <= state_bytes_, "a state of another size");
    std::memcpy(saved.data(), &length, sizeof(length));
    const size_t written = api_.llama_state_seq_get_data_ext(
        context_, saved.data() + sizeof(length), length, sequence, states_alone);
    require(written == length, "a state that could not be read");
    return saved;
}

void Context::restore_state(int sequence, const std::vector<uint8_t> & saved) {
    require(saved.size() == saved_bytes(), "a saved state of another size");
    if (saved.empty()) {
        return;
    }
    uint64_t length = 0;
    std::memcpy(&length, saved.data(), sizeof(length));
    require(length <= state_bytes_, "a saved state of another length");
    drop(sequence);
    const size_t read = api_.llama_state_seq_set_data_ext(context_, saved.data() + sizeof(length),
                                                          length, sequence, states_alone);
    require(read == length, "a saved state that could not be restored");
}

} // namespace loci
