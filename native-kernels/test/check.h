#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace loci_test {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
inline constexpr bool sanitized = true;
#    else
inline constexpr bool sanitized = false;
#    endif
#else
inline constexpr bool sanitized = false;
#endif

/// Returns the number of random cases of a test: a tenth under the sanitizers, which take twenty
/// times as long and find faults that hardly depend on the values.
constexpr int random_cases(int count) {
    return sanitized ? count / 10 : count;
}

/// Matches numbers that differ from `expected` by at most tolerance * max(1, |expected|). doctest
/// allows epsilon * (1 + the larger of the two), so we pass half.
inline doctest::Approx about(double expected, double tolerance) {
    return doctest::Approx(expected).epsilon(tolerance / 2);
}

/// Returns the value of an environment variable that the tests need. LOCI_TEST_LIBRARIES and
/// LOCI_TEST_MODEL default to the build's values.
std::string environment(const char * name);

/// Returns whether the device under test is the CPU: LOCI_TEST_DEVICE is cpu (the default) or gpu.
inline bool on_cpu() {
    const char * device = std::getenv("LOCI_TEST_DEVICE");
    return device == nullptr || std::string(device) != "gpu";
}

/// Returns whether to run slow tests too: on a GPU, which may be emulated, only on request.
inline bool thorough() {
    return on_cpu() || std::getenv("LOCI_TEST_ALL") != nullptr;
}

} // namespace loci_test
