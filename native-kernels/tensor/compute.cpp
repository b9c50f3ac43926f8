#include "tensor/compute.h"

#include "core/error.h"
#include "core/thread_limit.h"

#include <algorithm>
#include <memory>

namespace loci {

namespace {

constexpr size_t max_nodes = 4096;

} // namespace

Compute::Compute(const Api & api, ggml_backend_dev_t device, int threads, const ThreadPool * pool)
    : api_(api), device_(device), backend_(api.ggml_backend_dev_init(device, nullptr)),
      threads_(threads), pool_(pool),
      is_cpu_(api.ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_CPU) {
    if (backend_ == nullptr) {
        throw Error(ErrorCode::internal, std::string("The device ") +
                                             api.ggml_backend_dev_name(device) +
                                             " could not be opened. Choose another one.");
    }
    allocator_ = api.ggml_gallocr_new(api.ggml_backend_get_default_buffer_type(backend_));
    meta_.resize(api.ggml_tensor_overhead() * max_nodes +
                 api.ggml_graph_overhead_custom(max_nodes, false));
}

Compute::~Compute() {
    api_.ggml_gallocr_free(allocator_);
    api_.ggml_backend_free(backend_);
}

// Uses as many threads as are currently allowed.
void Compute::take_threads() {
    if (!is_cpu_) {
        return;
    }
    const ThreadPool::Share share =
        pool_ != nullptr ? pool_->share()
                         : ThreadPool::Share{ std::min(threads_, thread_limit()), nullptr };
    if (share == share_) {
        return;
    }
    using SetThreads = void (*)(ggml_backend_t, int);
    using SetPool = void (*)(ggml_backend_t, ggml_threadpool *);
    void * set_threads = cpu_function(api_, "ggml_backend_set_n_threads");
    void * set_pool = cpu_function(api_, "ggml_backend_cpu_set_threadpool");
    if (set_threads != nullptr && set_pool != nullptr) {
        reinterpret_cast<SetPool>(set_pool)(backend_, share.pool);
        reinterpret_cast<SetThreads>(set_threads)(backend_, share.threads);
    }
    share_ = share;
}

void Compute::run(const Build & build, const Upload & upload, const Download & download) {
    ggml_init_params parameters{};
    parameters.mem_size = meta_.size();
    parameters.mem_buffer = meta_.data();
    parameters.no_alloc = true;
    const std::unique_ptr<ggml_context, decltype(api_.ggml_free)> context(
        api_.ggml_init(parameters), api_.ggml_free);

    ggml_cgraph * graph = api_.ggml_new_graph_custom(context.get(), max_nodes, false);
    const std::vector<ggml_tensor *> outputs = build(context.get(), graph);
    for (ggml_tensor * output : outputs) {
        api_.ggml_set_output(output);
        api_.ggml_build_forward_expand(graph, output);
    }
    if (!api_.ggml_gallocr_alloc_graph(allocator_, graph)) {
        throw Error(ErrorCode::out_of_memory, "The device has no memory left to score the cache. "
                                              "Choose a smaller budget or a smaller model.");
    }
    const size_t bytes = api_.ggml_gallocr_get_buffer_size(allocator_, 0);
    if (bytes > scratch_bytes_) {
        scratch_bytes_ = bytes;
    }
    if (upload) {
        upload();
    }
    take_threads();
    if (api_.ggml_backend_graph_compute(backend_, graph) != GGML_STATUS_SUCCESS) {
        throw Error(ErrorCode::internal,
                    "The device failed while processing the cache. Restart the engine.");
    }
    if (download) {
        download(outputs);
    }
}

void Compute::alias(ggml_tensor & leaf, const ggml_tensor * foreign) noexcept {
    leaf = *foreign;
    leaf.op = GGML_OP_NONE;
    for (auto & source : leaf.src) {
        source = nullptr;
    }
    leaf.buffer = foreign->view_src != nullptr ? foreign->view_src->buffer : foreign->buffer;
    leaf.view_src = nullptr;
    leaf.view_offs = 0;
}

ggml_tensor * Compute::alias(ggml_context * context, const ggml_tensor * foreign) const {
    ggml_tensor * leaf = api_.ggml_new_tensor_1d(context, foreign->type, 1);
    alias(*leaf, foreign);
    return leaf;
}

} // namespace loci
