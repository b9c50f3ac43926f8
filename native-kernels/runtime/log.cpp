#include "runtime/log.h"

#include <mutex>

namespace loci {

namespace {

// The sink outlives the runtime: backends log from their own threads until exit.
std::mutex sink_mutex;
LogSink current_sink;

thread_local LogHold * current_hold = nullptr;

struct PendingLine {
    LogLevel level = LogLevel::debug;
    std::string text;
};
thread_local PendingLine pending;

void hand_out(LogLevel level, const std::string & line) {
    const std::lock_guard<std::mutex> lock(sink_mutex);
    if (current_sink) {
        current_sink(level, line);
    }
}

void flush() {
    const PendingLine line = std::exchange(pending, {});
    if (line.text.find_first_not_of('.') == std::string::npos) {
        return; // nothing, or progress dots
    }
    if (current_hold != nullptr) {
        current_hold->add(line.level, line.text);
    } else {
        hand_out(line.level, line.text);
    }
}

LogLevel level_of(enum ggml_log_level level) {
    switch (level) {
        case GGML_LOG_LEVEL_ERROR: return LogLevel::error;
        case GGML_LOG_LEVEL_WARN: return LogLevel::warn;
        default: return LogLevel::debug;
    }
}

} // namespace

void set_log_sink(LogSink sink) {
    const std::lock_guard<std::mutex> lock(sink_mutex);
    current_sink = std::move(sink);
}

void forward_log(enum ggml_log_level level, const char * text, void *) noexcept {
    try {
        if (level != GGML_LOG_LEVEL_CONT) {
            flush();
            pending.level = level_of(level);
        }
        for (const char * at = text == nullptr ? "" : text; *at != '\0'; at++) {
            if (*at != '\n') {
                pending.text += *at;
                continue;
            }
            const LogLevel same = pending.level;
            flush();
            pending.level = same;
        }
    } catch (...) {
        pending.text.clear(); // out of memory: drop the line
    }
}

LogHold::LogHold() : outer_(std::exchange(current_hold, this)) {}

LogHold::~LogHold() {
    try {
        flush();
        current_hold = outer_;
        for (const auto & [level, line] : lines_) {
            const LogLevel told = excused_ ? LogLevel::debug : level;
            if (outer_ != nullptr) {
                outer_->add(told, line);
            } else {
                hand_out(told, line);
            }
        }
    } catch (...) {
        current_hold = outer_;
    }
}

} // namespace loci
