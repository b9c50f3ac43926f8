#include "policy/allocation.h"

#include "core/error.h"

#include <algorithm>
#include <cmath>

namespace loci {

int floor_rows(int rows, int granule) noexcept {
    return rows <= granule ? rows : rows / granule * granule;
}

int ceil_rows(int rows, int granule) noexcept {
    return rows <= granule ? rows : (rows + granule - 1) / granule * granule;
}

namespace {

// The next permitted numbers above and below.
int step_up(int rows, int granule) noexcept {
    return rows < granule ? rows + 1 : ceil_rows(rows + 1, granule);
}

int step_down(int rows, int granule) noexcept {
    return floor_rows(rows - 1, granule);
}

} // namespace

std::vector<int> round_rows(const std::vector<double> & wishes,
                            const std::vector<LayerBounds> & bounds, int64_t budget, int granule) {
    require(wishes.size() == bounds.size(), "a layer lacks a wish");
    const size_t layers = wishes.size();
    std::vector<int> rows(layers);
    int64_t total = 0;
    int64_t least = 0;
    for (size_t l = 0; l < layers; l++) {
        const double top = static_cast<double>(bounds[l].upper);
        const int wish = static_cast<int>(std::floor(std::clamp(wishes[l], 0.0, top)));
        rows[l] = std::clamp(floor_rows(wish, granule), bounds[l].lower, bounds[l].upper);
        total += rows[l];
        least += bounds[l].lower;
    }
    require(least <= budget, "the lower bounds of the layers exceed the budget");

    while (total > budget) {
        size_t giver = layers;
        for (size_t l = 0; l < layers; l++) {
            if (rows[l] > bounds[l].lower &&
                (giver == layers || rows[l] - wishes[l] >= rows[giver] - wishes[giver])) {
                giver = l;
            }
        }
        const int fewer = std::max(step_down(rows[giver], granule), bounds[giver].lower);
        total -= rows[giver] - fewer;
        rows[giver] = fewer;
    }
    for (;;) {
        size_t taker = layers;
        for (size_t l = 0; l < layers; l++) {
            const int next = step_up(rows[l], granule);
            if (next <= bounds[l].upper && next - rows[l] <= budget - total &&
                (taker == layers || wishes[l] - rows[l] > wishes[taker] - rows[taker])) {
                taker = l;
            }
        }
        if (taker == layers) {
            return rows;
        }
        const int more = step_up(rows[taker], granule);
        total += more - rows[taker];
        rows[taker] = more;
    }
}

std::vector<int> uniform_rows(const std::vector<LayerBounds> & bounds, int64_t budget,
                              int granule) {
    const auto total_at = [&](int64_t level) {
        int64_t total = 0;
        for (const LayerBounds & bound : bounds) {
            total += std::clamp<int64_t>(level, bound.lower, bound.upper);
        }
        return total;
    };
    int64_t low = 0; // total_at(low) <= budget, because the lower bounds fit
    int64_t high = 1;
    for (const LayerBounds & bound : bounds) {
        high = std::max<int64_t>(high, int64_t{ bound.upper } + 1);
    }
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        (total_at(middle) <= budget ? low : high) = middle;
    }
    std::vector<double> wishes;
    for (const LayerBounds & bound : bounds) {
        wishes.push_back(static_cast<double>(std::clamp<int64_t>(low, bound.lower, bound.upper)));
    }
    return round_rows(wishes, bounds, budget, granule);
}

} // namespace loci
