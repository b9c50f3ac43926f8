#pragma once

#include "runtime/api.h"

namespace loci {

/// Threads of the CPU backend that sleep between graphs; llama.cpp's own threads would spin, and be
/// restarted for every graph. Graphs that share a pool must not overlap.
class ThreadPool {
  public:
    /// `threads` includes the calling thread. Throws Error(internal) if they cannot be started.
    ThreadPool(const Api & api, int threads);
    ~ThreadPool();

    ThreadPool(const ThreadPool &) = delete;
    ThreadPool & operator=(const ThreadPool &) = delete;

    /// The threads for the next graph.
    struct Share {
        int threads = 1;
        ggml_threadpool * pool = nullptr; ///< null for one thread: no other must be woken

        bool operator==(const Share & other) const noexcept {
            return threads == other.threads && pool == other.pool;
        }
    };
    Share share() const noexcept;

  private:
    const Api & api_;
    int threads_;
    ggml_threadpool * pool_ = nullptr;
};

/// Returns a function of the CPU backend by name, or null.
void * cpu_function(const Api & api, const char * name);

} // namespace loci
