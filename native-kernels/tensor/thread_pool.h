#pragma once

#include "runtime/api.h"

namespace loci {

/// Threads of the CPU backend that sleep between graphs: llama.cpp's own would spin there, and be
/// started anew for every graph. Graphs that share a pool must not overlap.
class ThreadPool {
  public:
    /// `threads`: with the one that calls. Throws Error(internal) where they cannot be started.
    ThreadPool(const Api & api, int threads);
    ~ThreadPool();

    ThreadPool(const ThreadPool &) = delete;
    ThreadPool & operator=(const ThreadPool &) = delete;

    /// What the next graph is to be computed with.
    struct Share {
        int threads = 1;
        ggml_threadpool * pool = nullptr; ///< null for one thread: no other has to be woken

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

/// A function of the CPU's backend by name; null where it has none.
void * cpu_function(const Api & api, const char * name);

} // namespace loci
