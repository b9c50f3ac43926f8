#pragma once

#include "runtime/api.h"

#include <cstddef>
#include <vector>

namespace loci {

/// Returns the matrix of the rotation that llama.cpp applies to queries, keys and values before it
/// quantises them: every block of `size` values of a head is multiplied by the orthonormal
/// Walsh-Hadamard matrix, which is its own inverse. This spreads outliers over the block, so that
/// one scale fits all of it.
///
/// Entry (i, j) is (-1)^(number of common bits of i and j) / sqrt(size). `size` is a power of two.
std::vector<float> hadamard_matrix(int size);

/// Rotates a row of `length` values in blocks of `size`, in place, in size log size steps.
/// Throws Error(internal) unless `size` is a power of two that divides `length`.
void apply_hadamard(float * row, size_t length, int size);

/// Replaces a symmetric `gram` G [length][length] by R G R, so that rotated values R v give the
/// quadratic form v^T G v of the original values v.
void rotate_gram(float * gram, size_t length, int size);

/// Builds the same rotation as a node: `rows` is f32 and contiguous with ne[0] a multiple of the
/// matrix's size; `matrix` is hadamard_matrix(size) on the device. Backends with a fast transform
/// use it; others multiply.
ggml_tensor * build_hadamard(const Api & api, ggml_context * context, ggml_tensor * rows,
                             ggml_tensor * matrix);

} // namespace loci
