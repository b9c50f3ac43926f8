#include "tensor/hadamard.h"

#include "core/error.h"

#include <cmath>

namespace loci {

namespace {

bool is_power_of_two(int size) {
    return size > 0 && (static_cast<unsigned>(size) & (static_cast<unsigned>(size) - 1)) == 0;
}

} // namespace

std::vector<float> hadamard_matrix(int size) {
    require(is_power_of_two(size), "a Hadamard matrix of a size that is not a power of two");
    const auto n = static_cast<size_t>(size);
    const float entry = 1.0F / std::sqrt(static_cast<float>(size));
    std::vector<float> matrix(n * n);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            bool odd = false;
            for (size_t common = i & j; common != 0; common &= common - 1) {
                odd = !odd;
            }
            matrix[i * n + j] = odd ? -entry : entry;
        }
    }
    return matrix;
}

void apply_hadamard(float * row, size_t length, int size) {
    require(is_power_of_two(size) && length % static_cast<size_t>(size) == 0,
            "a rotation that does not divide the row");
    const auto n = static_cast<size_t>(size);
    const float scale = 1.0F / std::sqrt(static_cast<float>(size));
    for (float * block = row; block != row + length; block += n) {
        for (size_t step = 1; step < n; step *= 2) {
            for (size_t i = 0; i < n; i += 2 * step) {
                for (size_t j = i; j < i + step; j++) {
                    const float a = block[j];
                    const float b = block[j + step];
                    block[j] = a + b;
                    block[j + step] = a - b;
                }
            }
        }
        for (size_t i = 0; i < n; i++) {
            block[i] *= scale;
        }
    }
}

void rotate_gram(float * gram, size_t length, int size) {
    std::vector<float> column(length);
    for (size_t i = 0; i < length; i++) {
        apply_hadamard(gram + i * length, length, size);
    }
    for (size_t j = 0; j < length; j++) {
        for (size_t i = 0; i < length; i++) {
            column[i] = gram[i * length + j];
        }
        apply_hadamard(column.data(), length, size);
        for (size_t i = 0; i < length; i++) {
            gram[i * length + j] = column[i];
        }
    }
}

ggml_tensor * build_hadamard(const Api & api, ggml_context * context, ggml_tensor * rows,
                             ggml_tensor * matrix) {
    const int64_t size = matrix->ne[0];
    ggml_tensor * blocks =
        api.ggml_reshape_2d(context, rows, size, api.ggml_nelements(rows) / size);
    blocks = api.ggml_mul_mat(context, matrix, blocks);
    api.ggml_prec_set_acc(blocks, GGML_PREC_F32);
    api.ggml_mul_mat_set_hint(blocks, GGML_HINT_SRC0_IS_HADAMARD);
    return api.ggml_reshape_3d(context, blocks, rows->ne[0], rows->ne[1], rows->ne[2]);
}

} // namespace loci
