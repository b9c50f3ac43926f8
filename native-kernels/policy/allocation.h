#pragma once

#include <cstdint>
#include <vector>

namespace loci {

/// How many rows a layer may keep. Every head of the layer keeps this number.
struct LayerBounds {
    int lower = 0;
    int upper = 0;
};

/// Returns the largest permitted number of rows that is at most `rows`. Any number up to `granule`
/// is permitted; above it, only multiples of `granule`.
int floor_rows(int rows, int granule) noexcept;

/// Returns the smallest permitted number of rows that is at least `rows`.
int ceil_rows(int rows, int granule) noexcept;

/// Rounds `wishes` to whole rows: each layer gets a permitted number within its bounds, the sum is
/// at most `budget`, and no layer could take another step without exceeding it. Wishes are rounded
/// down; the remainder goes step by step to the layer that is furthest below its wish (ties: the
/// lower layer). If lower bounds take too much, the layer that is furthest above its wish gives up
/// rows (ties: the higher layer). With granule 1 this is the method of largest remainders. The sum
/// of the lower bounds must not exceed `budget`; the bounds of a layer must be permitted numbers or
/// equal to each other.
std::vector<int> round_rows(const std::vector<double> & wishes,
                            const std::vector<LayerBounds> & bounds, int64_t budget, int granule);

/// Gives every layer the same number of rows within its bounds: rows that layers with a low upper
/// bound cannot take go to the others (water-filling), and the remainder of the division goes to
/// the lowest layers.
std::vector<int> uniform_rows(const std::vector<LayerBounds> & bounds, int64_t budget, int granule);

} // namespace loci
