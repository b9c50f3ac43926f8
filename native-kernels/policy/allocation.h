#pragma once

#include <cstdint>
#include <vector>

namespace loci {

/// How many rows of one layer may be kept. Rows are whole per layer: every head of it keeps as
/// many.
struct LayerBounds {
    int lower = 0;
    int upper = 0;
};

/// The largest permitted number of rows that is at most `rows`. Up to `granule` any number is
/// permitted, above it the multiples of `granule`.
int floor_rows(int rows, int granule) noexcept;

/// The smallest permitted number of rows that is at least `rows`.
int ceil_rows(int rows, int granule) noexcept;

/// Whole rows near `wishes`: each layer gets a permitted number within its bounds, the sum is at
/// most `budget` and no layer could take its next step without exceeding it. Wishes are rounded
/// down, then what is left goes step by step to the layer that lacks most (ties: the lower layer);
/// where lower bounds take too much, the layer that is most above its wish gives (ties: the higher
/// layer). With granule 1 this is the method of largest remainders. The sum of the lower bounds
/// must not exceed `budget`; bounds must be permitted numbers or equal to each other.
std::vector<int> round_rows(const std::vector<double> & wishes,
                            const std::vector<LayerBounds> & bounds, int64_t budget, int granule);

/// The same number for every layer as far as bounds allow: what layers with a low upper bound leave
/// goes to the others (water-filling), and the rest of the division to the lowest layers.
std::vector<int> uniform_rows(const std::vector<LayerBounds> & bounds, int64_t budget, int granule);

} // namespace loci
