#include "attention/attention_outputs.h"

#include "core/error.h"

#include <algorithm>
#include <utility>

namespace loci {

namespace {

[[noreturn]] void refuse() {
    throw Error(ErrorCode::model_unsupported,
                "This model reads the result of its attention in an order that Loci does not "
                "support on this device. Let one device compute the whole model, or choose "
                "another model.");
}

} // namespace

size_t AttentionOutputs::needed(ggml_backend_buffer_type_t type, const ggml_tensor & node) const {
    const size_t bytes = api_.ggml_backend_buft_get_alloc_size(type, &node);
    return bytes > api_.ggml_nbytes(&node) ? bytes : 0;
}

size_t AttentionOutputs::needed(const Compute & compute, const ggml_tensor & node) const {
    return needed(api_.ggml_backend_get_default_buffer_type(compute.backend()), node);
}

size_t AttentionOutputs::room(const Compute & compute) const noexcept {
    for (const Output & output : outputs_) {
        if (output.compute == &compute) {
            return output.buffer.bytes();
        }
    }
    return 0;
}

AttentionOutputs::Output & AttentionOutputs::of(Compute & compute) {
    for (Output & output : outputs_) {
        if (output.compute == &compute) {
            return output;
        }
    }
    outputs_.push_back({ &compute, {}, nullptr, nullptr, false });
    return outputs_.back();
}

DeviceTensor AttentionOutputs::allocate(const Compute & compute, size_t bytes) {
    return {
        compute.api(), compute.backend(), GGML_TYPE_I8, { static_cast<int64_t>(bytes), 1, 1 }
    };
}

void AttentionOutputs::begin_step(const std::map<Compute *, size_t> & wanted) {
    outgrown_.clear();
    for (Output & output : outputs_) {
        output.newest = nullptr;
    }
    for (const auto & [compute, bytes] : wanted) {
        Output & output = of(*compute);
        if (output.buffer.bytes() < bytes) {
            output.buffer.reset(); // not both at once
            output.buffer = allocate(*compute, bytes);
        }
    }
}

void AttentionOutputs::place(Compute & compute, ggml_tensor & node) {
    ggml_backend_buffer_type_t type = api_.ggml_backend_buffer_get_type(node.buffer);
    const size_t bytes = needed(type, node);
    if (bytes == 0) {
        return;
    }
    Output & output = of(compute);
    if (output.buffer.bytes() < bytes) {
        DeviceTensor larger = allocate(compute, bytes);
        outgrown_.push_back(std::exchange(output.buffer, std::move(larger)));
    }
    node.data = output.buffer.get()->data;
    node.buffer = output.buffer.get()->buffer;
    output.type = type;
    output.newest = &node;
    output.left = false;
}

// The output that a node was given in any step.
const AttentionOutputs::Output * AttentionOutputs::holder(const ggml_tensor & node) const noexcept {
    for (const Output & output : outputs_) {
        if (output.buffer && node.buffer == output.buffer.get()->buffer) {
            return &output;
        }
    }
    return nullptr;
}

void AttentionOutputs::follow(ggml_tensor & node) {
    if (outputs_.empty()) {
        return;
    }
    const ggml_tensor * result = node.view_src;
    if (result != nullptr && result->op == GGML_OP_FLASH_ATTN_EXT) {
        node.data = static_cast<char *>(result->data) + node.view_offs;
        node.buffer = result->buffer;
        const Output * output = holder(*result);
        // The scheduler copies what another device reads before it shows that device's nodes.
        if (output != nullptr && output->left) {
            refuse();
        }
    }
    check_reads(node);
}

void AttentionOutputs::check_reads(const ggml_tensor & node) {
    for (const ggml_tensor * source : node.src) {
        const ggml_tensor * result =
            source != nullptr && source->view_src != nullptr ? source->view_src : source;
        if (result != nullptr && result->op == GGML_OP_FLASH_ATTN_EXT) {
            const Output * output = holder(*result);
            if (output != nullptr && output->newest != result) {
                refuse();
            }
        }
    }
    if (node.view_src != nullptr || node.buffer == nullptr) {
        return;
    }
    for (Output & output : outputs_) {
        output.left = output.left || api_.ggml_backend_buffer_get_type(node.buffer) != output.type;
    }
}

size_t AttentionOutputs::bytes() const noexcept {
    size_t total = 0;
    for (const Output & output : outputs_) {
        total += output.buffer.bytes();
    }
    for (const DeviceTensor & buffer : outgrown_) {
        total += buffer.bytes();
    }
    return total;
}

} // namespace loci
