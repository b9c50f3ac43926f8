#pragma once

#include "core/token_structure.h"

#include <napi.h>

#include <cstdint>
#include <vector>

namespace loci {

/// The option `protect` of an append: one byte a token, or nothing. Throws Error(invalid_argument).
std::vector<uint8_t> protection(const Napi::Object & options);

/// The option `structure` of an append, or nothing. Throws Error(invalid_argument).
TokenStructure token_structure(const Napi::Object & options);

} // namespace loci
