// The moments of queries against plain sums over individually rotated queries.

#include "scores/query_moments.h"
#include "tensor/rotation.h"
#include "test/check.h"
#include "test/references/rotation_reference.h"

#include <random>

using namespace loci;
using namespace loci_test;

namespace {

void compare(int mode, int dimensions) {
    constexpr int heads = 2;
    constexpr int size = 8;
    constexpr int rows = 12;
    constexpr int skipped = 3;
    RopeParameters rope;
    rope.found = true;
    rope.dimensions = dimensions;
    rope.mode = mode;
    rope.frequency_base = 100.0F;
    std::mt19937 random(4);
    std::normal_distribution<float> normal(0.3f, 1.0f);
    std::vector<std::vector<float>> plain; // head-major
    std::vector<float> rotated;
    for (int i = 0; i < heads * rows; i++) {
        std::vector<float> query(size);
        for (float & value : query) {
            value = normal(random);
        }
        plain.push_back(query);
        rotate_reference(query, 40 + i % rows, rope);
        rotated.insert(rotated.end(), query.begin(), query.end());
    }
    QueryMomentSums sums(heads, size);
    sums.add(rotated, rows, 40, skipped, rope);
    const QueryMoments moments = sums.expected(100, 16, rope);

    for (int head = 0; head < heads; head++) {
        // R: the mean rotation, column by column.
        std::vector<std::vector<double>> turn(size, std::vector<double>(size, 0.0));
        for (int column = 0; column < size; column++) {
            for (int p = 100; p < 116; p++) {
                std::vector<float> unit(size, 0.0f);
                unit[static_cast<size_t>(column)] = 1.0f;
                rotate_reference(unit, p, rope);
                for (size_t row = 0; row < size; row++) {
                    turn[row][static_cast<size_t>(column)] += static_cast<double>(unit[row]) / 16.0;
                }
            }
        }
        std::vector<std::vector<double>> seen;
        for (int row = skipped; row < rows; row++) {
            const auto & query = plain[static_cast<size_t>(head) * static_cast<size_t>(rows) +
                                       static_cast<size_t>(row)];
            std::vector<double> own(size, 0.0);
            for (size_t a = 0; a < size; a++) {
                for (size_t b = 0; b < size; b++) {
                    own[a] += turn[a][b] * static_cast<double>(query[b]);
                }
            }
            seen.push_back(own);
        }
        const double count = rows - skipped;
        for (size_t a = 0; a < size; a++) {
            double mean = 0.0;
            for (const auto & own : seen) {
                mean += own[a] / count;
            }
            const auto at = static_cast<size_t>(head) * size + a;
            REQUIRE_MESSAGE(static_cast<double>(moments.mean[at]) == about(mean, 1e-4), "mean");
            for (size_t b = 0; b < size; b++) {
                double other = 0.0;
                double product = 0.0;
                for (const auto & own : seen) {
                    other += own[b] / count;
                    product += own[a] * own[b] / count;
                }
                REQUIRE_MESSAGE(static_cast<double>(moments.covariance[at * size + b]) ==
                                    about(product - mean * other, 1e-4),
                                "covariance");
            }
        }
    }
}

TEST_CASE("no queries yet") {
    RopeParameters rope;
    const QueryMoments moments = QueryMomentSums(2, 4).expected(10, 16, rope);
    REQUIRE_MESSAGE(moments.covariance.size() == size_t{ 32 }, "size");
    for (const float value : moments.covariance) {
        REQUIRE_MESSAGE(value == 0.0f, "zero before anything was added");
    }
}

TEST_CASE("neighbouring pairs") {
    compare(0, 8);
}

TEST_CASE("halves, and channels that do not turn") {
    compare(GGML_ROPE_TYPE_NEOX, 6);
}

} // namespace
