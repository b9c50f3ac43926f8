#pragma once

// Devices whose attention keeps scratch behind its result, as CUDA's and Metal's do.

#include "test/device.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace loci_test {

/// While it lives, every device asks for scratch behind the results of attention, and its kernels
/// write there: so many bytes for each row that a node reads. Only what goes through Loci's table
/// of functions sees it; llama.cpp allocates its own graphs as ever.
class ScratchDevice {
  public:
    explicit ScratchDevice(size_t bytes_of_row) : bytes_of_row_(bytes_of_row), own_(table()) {
        current() = this;
        table().ggml_backend_buft_get_alloc_size = alloc_size;
        table().ggml_backend_alloc_ctx_tensors = allocate;
        table().llama_init_from_model = open;
        table().llama_decode = decode;
    }
    ~ScratchDevice() {
        table() = own_;
        current() = nullptr;
    }
    ScratchDevice(const ScratchDevice &) = delete;
    ScratchDevice & operator=(const ScratchDevice &) = delete;

    void ask_for(size_t bytes_of_row) { bytes_of_row_ = bytes_of_row; }
    /// Once llama.cpp computes, asks for so many times as much, and for each node for more than
    /// for the last.
    void ask_inside_for(size_t factor) { factor_inside_ = factor; }
    enum class Refuses { nothing, before, inside };
    /// Has no memory left, before llama.cpp computes or once it does.
    void refuse_memory(Refuses when) { refuses_ = when; }
    /// Whether nodes are computed one by one, so that scratch is written between them.
    void write(bool writes) { writes_ = writes; }

    /// The most bytes that a node was said to need since it was last asked.
    size_t take_largest() { return std::exchange(largest_, 0); }
    int64_t written() const { return written_; }
    /// How many nodes were moved since it was last asked.
    int64_t take_moved() { return std::exchange(moved_, 0); }

  private:
    // The table belongs to the one runtime of the process, which is no constant.
    static loci::Api & table() { return const_cast<loci::Api &>(runtime().api()); }
    static ScratchDevice *& current() {
        static ScratchDevice * device = nullptr;
        return device;
    }

    static size_t alloc_size(ggml_backend_buffer_type_t type, const ggml_tensor * node) {
        ScratchDevice & self = *current();
        const size_t bytes = self.own_.ggml_backend_buft_get_alloc_size(type, node);
        if (node->op != GGML_OP_FLASH_ATTN_EXT) {
            return bytes;
        }
        self.asks_ += self.inside_ ? 1 : 0;
        const size_t all = bytes + scratch_of(*node);
        self.largest_ = std::max(self.largest_, all);
        return all;
    }

    static size_t scratch_of(const ggml_tensor & node) {
        const ScratchDevice & self = *current();
        return static_cast<size_t>(node.src[1]->ne[1]) * self.bytes_of_row_ *
               (self.factor_inside_ > 0 && self.inside_ ? self.factor_inside_ + self.asks_ : 1);
    }

    static ggml_backend_buffer_t allocate(ggml_context * context, ggml_backend_t backend) {
        ScratchDevice & self = *current();
        const Refuses now = self.inside_ ? Refuses::inside : Refuses::before;
        return self.refuses_ == now ? nullptr
                                    : self.own_.ggml_backend_alloc_ctx_tensors(context, backend);
    }

    static int32_t decode(llama_context * context, llama_batch batch) {
        ScratchDevice & self = *current();
        self.inside_ = true;
        self.asks_ = 0;
        const int32_t status = self.own_.llama_decode(context, batch);
        self.inside_ = false;
        return status;
    }

    static llama_context * open(llama_model * model, llama_context_params parameters) {
        ScratchDevice & self = *current();
        self.callback_ = parameters.cb_eval;
        if (self.callback_ != nullptr) {
            parameters.cb_eval = see;
        }
        return self.own_.llama_init_from_model(model, parameters);
    }

    static bool see(ggml_tensor * node, bool ask, void * data) {
        ScratchDevice * self = current();
        if (ask) {
            self->asked_ = self->callback_(node, true, data);
            self->moved_ += reads_a_pool(*node) && node->buffer != node->src[0]->buffer ? 1 : 0;
            return self->asked_ || (self->writes_ && reads_a_pool(*node));
        }
        const bool goes_on = !self->asked_ || self->callback_(node, false, data);
        if (self->writes_ && reads_a_pool(*node)) {
            self->scribble(*node);
        }
        return goes_on;
    }

    // What reads llama.cpp's own cache reads views of it.
    static bool reads_a_pool(const ggml_tensor & node) {
        return node.op == GGML_OP_FLASH_ATTN_EXT && node.src[1]->view_src == nullptr;
    }

    void scribble(const ggml_tensor & node) {
        const std::vector<uint8_t> junk(scratch_of(node), 0xff);
        ggml_tensor behind{};
        behind.type = GGML_TYPE_I8;
        behind.buffer = node.buffer;
        behind.data = static_cast<char *>(node.data) + own_.ggml_nbytes(&node);
        behind.ne[0] = static_cast<int64_t>(junk.size());
        behind.ne[1] = behind.ne[2] = behind.ne[3] = 1;
        behind.nb[0] = 1;
        behind.nb[1] = behind.nb[2] = behind.nb[3] = junk.size();
        own_.ggml_backend_tensor_set(&behind, junk.data(), 0, junk.size());
        written_++;
    }

    size_t bytes_of_row_;
    loci::Api own_;
    ggml_backend_sched_eval_callback callback_ = nullptr;
    size_t largest_ = 0;
    int64_t written_ = 0;
    bool asked_ = false;
    bool inside_ = false;
    size_t factor_inside_ = 0;
    size_t asks_ = 0;
    int64_t moved_ = 0;
    Refuses refuses_ = Refuses::nothing;
    bool writes_ = false;
};

} // namespace loci_test
