#pragma once

#include <cstddef>

namespace loci {

/// Which of llama.cpp's sequences holds which recurrent state. A model without one has a single
/// sequence, and none of these means anything.
namespace sequences {

constexpr int none = -1;   ///< the state before the first token
constexpr int memory = 0;  ///< behind what the memory has read
constexpr int running = 1; ///< behind the steps that are computed now: they join, or are dropped

constexpr int of_tail(size_t tail) noexcept {
    return 2 + static_cast<int>(tail);
}

/// For what is read behind `running` and forgotten. A chunk is read while every tail is empty.
constexpr int aside = of_tail(0);

/// How many there are for so many tails.
constexpr int count(size_t tails) noexcept {
    return of_tail(tails);
}

} // namespace sequences

} // namespace loci
