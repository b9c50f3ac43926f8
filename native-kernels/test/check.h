#pragma once

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

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

/// A failed expectation; carries the place and the values.
class Failure : public std::exception {
  public:
    explicit Failure(std::string text) : text_(std::move(text)) {}
    const char * what() const noexcept override { return text_.c_str(); }

  private:
    std::string text_;
};

struct Case {
    std::string name;
    std::function<void()> body;
};

/// Runs every case, prints one line each and "N passed, N failed" last; the exit status.
inline int run(const std::vector<Case> & cases) {
    int failed = 0;
    for (const Case & test : cases) {
        const auto start = std::chrono::steady_clock::now();
        try {
            test.body();
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
            std::printf(took.count() < 1.0 ? "ok   %s\n" : "ok   %s (%.1f s)\n", test.name.c_str(),
                        took.count());
        } catch (const std::exception & failure) {
            failed++;
            std::printf("FAIL %s: %s\n", test.name.c_str(), failure.what());
        }
        std::fflush(stdout);
    }
    std::printf("%d passed, %d failed\n", static_cast<int>(cases.size()) - failed, failed);
    return failed == 0 ? 0 : 1;
}

inline void expect(bool holds, const std::string & what) {
    if (!holds) {
        throw Failure(what);
    }
}

template <typename A, typename B>
void expect_equal(const A & actual, const B & expected, const std::string & what) {
    if (!(actual == expected)) {
        throw Failure(what + ": got " + std::to_string(actual) + ", expected " +
                      std::to_string(expected));
    }
}

/// |actual - expected| <= tolerance * max(1, |expected|)
inline void expect_near(double actual, double expected, double tolerance,
                        const std::string & what) {
    if (!(std::abs(actual - expected) <= tolerance * std::fmax(1.0, std::abs(expected)))) {
        throw Failure(what + ": got " + std::to_string(actual) + ", expected " +
                      std::to_string(expected));
    }
}

/// The value of an environment variable that the tests cannot do without.
inline std::string environment(const char * name) {
    const char * value = std::getenv(name);
    if (value == nullptr || *value == '\0') {
        throw Failure(std::string("set ") + name);
    }
    return value;
}

} // namespace loci_test
