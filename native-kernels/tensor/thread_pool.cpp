#include "tensor/thread_pool.h"

#include "core/error.h"
#include "core/thread_limit.h"

#include <algorithm>

namespace loci {

void * cpu_function(const Api & api, const char * name) {
    ggml_backend_dev_t device = api.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    return device == nullptr ? nullptr
                             : api.ggml_backend_reg_get_proc_address(
                                   api.ggml_backend_dev_backend_reg(device), name);
}

ThreadPool::ThreadPool(const Api & api, int threads) : api_(api), threads_(std::max(threads, 1)) {
    using Create = ggml_threadpool * (*)(ggml_threadpool_params *);
    void * create = cpu_function(api_, "ggml_threadpool_new");
    if (threads_ == 1 || create == nullptr) {
        return;
    }
    ggml_threadpool_params parameters = api_.ggml_threadpool_params_default(threads_);
    parameters.poll = 0;
    pool_ = reinterpret_cast<Create>(create)(&parameters);
    require(pool_ != nullptr, "the threads to compute with could not be started");
}

ThreadPool::~ThreadPool() {
    using Free = void (*)(ggml_threadpool *);
    void * destroy = pool_ == nullptr ? nullptr : cpu_function(api_, "ggml_threadpool_free");
    if (destroy != nullptr) {
        reinterpret_cast<Free>(destroy)(pool_);
    }
}

ThreadPool::Share ThreadPool::share() const noexcept {
    Share share;
    share.threads = std::min(threads_, thread_limit());
    share.pool = share.threads > 1 ? pool_ : nullptr;
    return share;
}

} // namespace loci
