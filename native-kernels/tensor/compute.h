#pragma once

#include "runtime/api.h"
#include "tensor/thread_pool.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace loci {

/// Runs our own graphs (scores, gathers, rotations) on one device, separate from llama.cpp's
/// context.
class Compute {
  public:
    /// `threads` and `pool`, which provides them, matter only on the CPU. Throws Error(internal) if
    /// the device cannot be opened.
    Compute(const Api & api, ggml_backend_dev_t device, int threads,
            const ThreadPool * pool = nullptr);
    ~Compute();

    Compute(const Compute &) = delete;
    Compute & operator=(const Compute &) = delete;

    const Api & api() const noexcept { return api_; }
    ggml_backend_t backend() const noexcept { return backend_; }
    ggml_backend_dev_t device() const noexcept { return device_; }

    /// Whether the device's memory is the host's.
    bool is_cpu() const noexcept { return is_cpu_; }

    /// Adds nodes to a graph; the returned tensors stay readable after the graph is computed.
    using Build = std::function<std::vector<ggml_tensor *>(ggml_context *, ggml_cgraph *)>;
    /// Uploads the inputs that `Build` marked, after their allocation.
    using Upload = std::function<void()>;
    /// Reads results while they are still allocated.
    using Download = std::function<void(const std::vector<ggml_tensor *> & outputs)>;

    /// Builds, allocates, uploads, computes and downloads, synchronously.
    /// Throws Error(out_of_memory) or Error(internal).
    void run(const Build & build, const Upload & upload = nullptr,
             const Download & download = nullptr);

    /// The peak size of the intermediate results so far, in bytes.
    size_t scratch_bytes() const noexcept { return scratch_bytes_; }

    /// Makes a leaf that refers to a tensor of another graph: same bytes and strides, no sources.
    /// Building on the foreign tensor itself would pull its whole graph into ours.
    static void alias(ggml_tensor & leaf, const ggml_tensor * foreign) noexcept;
    ggml_tensor * alias(ggml_context * context, const ggml_tensor * foreign) const;

  private:
    void take_threads();

    const Api & api_;
    ggml_backend_dev_t device_;
    ggml_backend_t backend_;
    ggml_gallocr_t allocator_;
    int threads_;
    const ThreadPool * pool_;
    ThreadPool::Share share_{ 0, nullptr };
    std::vector<uint8_t> meta_;
    size_t scratch_bytes_ = 0;
    bool is_cpu_;
};

} // namespace loci
