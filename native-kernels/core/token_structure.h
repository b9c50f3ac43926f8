#pragma once

#include <cstdint>
#include <vector>

namespace loci {

/// The unit and file of each token of the stream; empty if the reader provided none.
struct TokenStructure {
    std::vector<int32_t> units; ///< syntactic unit, ascending; -1: none
    /// The class of the unit: 0 none, 1 path header, 2 import, 3 signature, 4 head of a type or
    /// heading, 5 constant or field with its value, 6 return of a literal (no declaration).
    std::vector<uint8_t> raised;
    std::vector<int32_t> files; ///< file, ascending; -1: none

    bool empty() const noexcept { return units.empty(); }
};

} // namespace loci
