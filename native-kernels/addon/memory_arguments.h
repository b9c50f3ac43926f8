#pragma once

#include "core/token_structure.h"

#include <napi.h>

#include <cstdint>
#include <vector>

namespace loci {

/// Reads the option `protect` of an append: one byte per token, or empty. Throws
/// Error(invalid_argument).
std::vector<uint8_t> protection(const Napi::Object & options);

/// Reads the option `structure` of an append; empty if missing. Throws Error(invalid_argument).
TokenStructure token_structure(const Napi::Object & options);

} // namespace loci
