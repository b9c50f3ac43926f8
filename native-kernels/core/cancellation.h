#pragma once

#include "core/error.h"

#include <atomic>
#include <memory>

namespace loci {

/// A flag that any thread may set and long work polls. It is never cleared.
class Cancellation {
  public:
    void cancel() noexcept { flag_.store(true, std::memory_order_relaxed); }
    bool cancelled() const noexcept { return flag_.load(std::memory_order_relaxed); }

    /// Throws Error(cancelled) once the flag is set.
    void check() const {
        if (cancelled()) {
            throw Error(ErrorCode::cancelled, "Cancelled.");
        }
    }

  private:
    std::atomic<bool> flag_{ false };
};

using CancellationPtr = std::shared_ptr<Cancellation>;

} // namespace loci
