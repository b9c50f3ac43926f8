// Forwarding of llama.cpp's log, line by line, and of lines that are held back.

#include "runtime/log.h"
#include "test/check.h"

#include <functional>
#include <thread>

using namespace loci_test;
using loci::LogHold;
using loci::LogLevel;

namespace {

using Line = std::pair<LogLevel, std::string>;

std::vector<Line> heard_of(const std::function<void()> & body) {
    std::vector<Line> heard;
    loci::set_log_sink(
        [&](LogLevel level, const std::string & text) { heard.emplace_back(level, text); });
    body();
    loci::set_log_sink(nullptr);
    return heard;
}

void say(enum ggml_log_level level, const char * text) {
    loci::forward_log(level, text, nullptr);
}

void expect_lines(const std::vector<Line> & heard, const std::vector<Line> & expected) {
    REQUIRE_MESSAGE(heard.size() == expected.size(), "lines");
    for (size_t i = 0; i < expected.size(); i++) {
        REQUIRE_MESSAGE(heard[i] == expected[i], "another line: ", heard[i].second);
    }
}

void levels() {
    expect_lines(heard_of([] {
                     say(GGML_LOG_LEVEL_ERROR, "no\n");
                     say(GGML_LOG_LEVEL_WARN, "perhaps.\n");
                     say(GGML_LOG_LEVEL_INFO, "yes\n");
                     say(GGML_LOG_LEVEL_DEBUG, "of course\n");
                     say(GGML_LOG_LEVEL_NONE, "plain\n");
                 }),
                 { { LogLevel::error, "no" },
                   { LogLevel::warn, "perhaps." },
                   { LogLevel::debug, "yes" },
                   { LogLevel::debug, "of course" },
                   { LogLevel::debug, "plain" } });
}

void lines() {
    expect_lines(heard_of([] {
                     say(GGML_LOG_LEVEL_INFO, "loading ");
                     for (int i = 0; i < 20; i++) {
                         say(GGML_LOG_LEVEL_CONT, ".");
                     }
                     say(GGML_LOG_LEVEL_CONT, "\n");
                     say(GGML_LOG_LEVEL_INFO, "....");
                     say(GGML_LOG_LEVEL_CONT, "\n");
                     say(GGML_LOG_LEVEL_ERROR, "one\ntwo\n");
                     say(GGML_LOG_LEVEL_WARN, "half");
                     say(GGML_LOG_LEVEL_CONT, " and half\n");
                     say(GGML_LOG_LEVEL_WARN, nullptr);
                     say(GGML_LOG_LEVEL_WARN, "unended");
                     say(GGML_LOG_LEVEL_ERROR, "next\n");
                 }),
                 { { LogLevel::debug, "loading ...................." },
                   { LogLevel::error, "one" },
                   { LogLevel::error, "two" },
                   { LogLevel::warn, "half and half" },
                   { LogLevel::warn, "unended" },
                   { LogLevel::error, "next" } });
}

TEST_CASE("what was stopped is no failure") {
    expect_lines(heard_of([] {
                     {
                         LogHold hold;
                         say(GGML_LOG_LEVEL_ERROR, "stopped\n");
                         hold.excuse();
                     }
                     {
                         LogHold hold;
                         say(GGML_LOG_LEVEL_ERROR, "failed\n");
                     }
                 }),
                 { { LogLevel::debug, "stopped" }, { LogLevel::error, "failed" } });
}

TEST_CASE("holds within holds") {
    expect_lines(heard_of([] {
                     LogHold outer;
                     {
                         LogHold inner;
                         say(GGML_LOG_LEVEL_ERROR, "inner\n");
                     }
                     say(GGML_LOG_LEVEL_WARN, "outer\n");
                     outer.excuse();
                 }),
                 { { LogLevel::debug, "inner" }, { LogLevel::debug, "outer" } });
}

// A hold affects only its own thread.
TEST_CASE("other threads") {
    expect_lines(heard_of([] {
                     LogHold hold;
                     std::thread([] { say(GGML_LOG_LEVEL_ERROR, "elsewhere\n"); }).join();
                     hold.excuse();
                 }),
                 { { LogLevel::error, "elsewhere" } });
}

TEST_CASE("levels") {
    levels();
}

TEST_CASE("whole lines") {
    lines();
}

} // namespace
