#pragma once

#include "core/range.h"
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

/// The ranges of a forgetting: an Int32Array of from, to, from, to..., each within a stream of so
/// many tokens. Throws Error(invalid_argument).
std::vector<Range> ranges_argument(const Napi::Value & value, int64_t tokens);

} // namespace loci
