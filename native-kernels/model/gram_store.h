#pragma once

#include "model/output_gram.h"

#include <cstdint>
#include <optional>
#include <string>

namespace loci {

/// The file of the matrices of the model with that fingerprint.
std::string gram_file(const std::string & directory, uint64_t fingerprint);

/// Reads stored matrices. Nothing where the file is missing or anything in it is not as expected:
/// magic, version, fingerprint, sizes, length, checksum. `layers`, `heads` and `head_size` are what
/// the file must hold.
std::optional<OutputGrams> read_grams(const std::string & path, uint64_t fingerprint, int layers,
                                      int heads, int head_size);

/// Stores matrices as a whole: written beside the file, then renamed. False where that failed; then
/// nothing is left behind.
bool write_grams(const std::string & path, uint64_t fingerprint, const OutputGrams & grams);

} // namespace loci
