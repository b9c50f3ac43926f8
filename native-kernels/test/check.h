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

/// How many random cases a test tries: a tenth under the sanitizers, which take twenty times as
/// long and look for faults that hardly depend on the values.
constexpr int random_cases(int count) {
    return sanitized ? count / 10 : count;
}

/// Equal to what differs from `expected` by at most tolerance * max(1, |expected|). doctest allows
/// epsilon * (1 + the larger of the two), so half of it.
inline doctest::Approx about(double expected, double tolerance) {
    return doctest::Approx(expected).epsilon(tolerance / 2);
}

/// The value of an environment variable that the tests cannot do without. LOCI_TEST_LIBRARIES and
/// LOCI_TEST_MODEL have the build's own values where they are not set.
std::string environment(const char * name);

/// Whether the device under test is the processor: LOCI_TEST_DEVICE is cpu (also when unset) or
/// gpu.
inline bool on_cpu() {
    const char * device = std::getenv("LOCI_TEST_DEVICE");
    return device == nullptr || std::string(device) != "gpu";
}

/// Whether to run what takes long, too: on a GPU, which may be a software one, only if asked to.
inline bool thorough() {
    return on_cpu() || std::getenv("LOCI_TEST_ALL") != nullptr;
}

} // namespace loci_test
