// One program for all tests. CMakeLists.txt runs it once per file: only the tests of one file share
// a process (llama.cpp's libraries, its log, the thread limit).

#define DOCTEST_CONFIG_IMPLEMENT
#include "test/check.h"

#include <cstdlib>
#include <stdexcept>

std::string loci_test::environment(const char * name) {
    const char * value = std::getenv(name);
    std::string text = value == nullptr ? "" : value;
    if (text.empty() && std::string(name) == "LOCI_TEST_LIBRARIES") {
        text = LOCI_BUILD_LIBRARIES;
    }
    if (text.empty() && std::string(name) == "LOCI_TEST_MODEL") {
        text = LOCI_BUILD_MODEL;
    }
    if (text.empty()) {
        throw std::runtime_error(std::string("set ") + name);
    }
    return text;
}

/// Accepts doctest's arguments, and LOCI_TEST_CASE, a part of the names to run, through ctest.
int main(int argc, char ** argv) {
    doctest::Context context;
    if (const char * part = std::getenv("LOCI_TEST_CASE")) {
        context.addFilter("test-case", ("*" + std::string(part) + "*").c_str());
    }
    context.applyCommandLine(argc, argv);
    return context.run();
}
