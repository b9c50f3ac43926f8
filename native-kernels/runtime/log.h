#pragma once

#include "ggml.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace loci {

enum class LogLevel { debug, info, warn, error };

using LogSink = std::function<void(LogLevel level, const std::string & text)>;

/// Sets the receiver of llama.cpp's lines, which may come from any thread.
void set_log_sink(LogSink sink);

/// llama.cpp's log callback. Forwards whole lines and lowers llama.cpp's information to debug
/// level.
void forward_log(enum ggml_log_level level, const char * text, void * data) noexcept;

/// Holds back this thread's lines during its lifetime: llama.cpp logs a stopped step as a failure,
/// and only the step's result shows whether it was one.
class LogHold {
  public:
    LogHold();
    ~LogHold();

    LogHold(const LogHold &) = delete;
    LogHold & operator=(const LogHold &) = delete;

    /// Marks the held lines as no failure: they are forwarded at debug level.
    void excuse() noexcept { excused_ = true; }

    void add(LogLevel level, const std::string & line) { lines_.emplace_back(level, line); }

  private:
    LogHold * outer_;
    bool excused_ = false;
    std::vector<std::pair<LogLevel, std::string>> lines_;
};

} // namespace loci
