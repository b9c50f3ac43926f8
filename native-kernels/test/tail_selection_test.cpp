// The rows of a tail that each head keeps, against the formula in plain loops.

#include "test/tail_fixture.h"

using namespace loci;
using namespace loci_test;

namespace {

TEST_CASE("the kept rows are those of the formula") {
    std::mt19937 random(5);
    const size_t size = 16;
    for (const int64_t tokens : { 1, 7, 40, 129 }) {
        for (const TailKeep & keep :
             { TailKeep{ 0, 0, tokens }, TailKeep{ 0, 0, tokens / 2 }, TailKeep{ 0, 0, 0 },
               TailKeep{ tokens / 4, tokens / 8, tokens / 2 },
               TailKeep{ tokens / 2, tokens - tokens / 2, tokens } }) {
            const auto keys = random_floats(random, 3 * static_cast<size_t>(tokens) * size, 1.0F);
            const auto kept = select_tail_rows(keys, 3, tokens, keep);
            std::vector<int32_t> expected;
            for (size_t head = 0; head < 3; head++) {
                const auto first = keys.begin() + static_cast<std::ptrdiff_t>(
                                                      head * static_cast<size_t>(tokens) * size);
                const std::vector<float> own(
                    first, first + static_cast<std::ptrdiff_t>(static_cast<size_t>(tokens) * size));
                const auto best = brute_force(own, size, keep);
                expected.insert(expected.end(), best.begin(), best.end());
            }
            REQUIRE_MESSAGE(kept == expected, "kept rows of ", tokens);
        }
    }
}

} // namespace
