#pragma once

#include "ggml.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace loci {

enum class LogLevel { debug, info, warn, error };

using LogSink = std::function<void(LogLevel level, const std::string & text)>;

/// Who hears llama.cpp's lines from here on, from any thread.
void set_log_sink(LogSink sink);

/// llama.cpp's log callback. It hands out whole lines; what llama.cpp calls information is for
/// debugging to us.
void forward_log(enum ggml_log_level level, const char * text, void * data) noexcept;

/// Holds back what this thread logs while it lives: llama.cpp calls a step that was stopped a
/// failure, and only its result says whether it was one.
class LogHold {
  public:
    LogHold();
    ~LogHold();

    LogHold(const LogHold &) = delete;
    LogHold & operator=(const LogHold &) = delete;

    /// What was held back is no failure: it is handed out for debugging alone.
    void excuse() noexcept { excused_ = true; }

    void add(LogLevel level, const std::string & line) { lines_.emplace_back(level, line); }

  private:
    LogHold * outer_;
    bool excused_ = false;
    std::vector<std::pair<LogLevel, std::string>> lines_;
};

} // namespace loci
