#include "attention/staircase_mask.h"

#include "core/error.h"
#include "core/round.h"

#include <cmath>
#include <cstring>
#include <utility>

namespace loci {

namespace {

constexpr int64_t phase = 128; // elements of f16: 256 bytes

// CPU and CUDA kernels follow the mask's row stride; Vulkan's take rows to be `read` apart.
bool honours_stride(const Compute & compute) {
    const char * name = compute.api().ggml_backend_dev_name(compute.device());
    return compute.is_cpu() || std::strncmp(name, "CUDA", 4) == 0;
}

} // namespace

StaircaseMask::StaircaseMask(Compute & compute, int64_t rows, int64_t batch, int64_t window)
    : compute_(compute), origin_(round_up(rows, phase)),
      width_(round_up(origin_ + phase + batch + 512, phase)), height_(batch + phase),
      strided_(honours_stride(compute)),
      mask_(compute.api(), compute.backend(), GGML_TYPE_F16, { width_, height_, 1 }) {
    const ggml_fp16_t zero = compute.api().ggml_fp32_to_fp16(0.0F);
    const ggml_fp16_t hidden = compute.api().ggml_fp32_to_fp16(-INFINITY);
    std::vector<ggml_fp16_t> row(static_cast<size_t>(width_));
    for (int64_t r = 0; r < height_; r++) {
        for (int64_t c = 0; c < width_; c++) {
            const int64_t back = origin_ + r - c;
            row[static_cast<size_t>(c)] =
                back >= 0 && (window == 0 || back < window) ? zero : hidden;
        }
        const size_t bytes = row.size() * sizeof(ggml_fp16_t);
        compute.api().ggml_backend_tensor_set(mask_.get(), row.data(),
                                              static_cast<size_t>(r) * bytes, bytes);
    }
}

void StaircaseMask::swap(StaircaseMask & other) noexcept {
    std::swap(origin_, other.origin_);
    std::swap(width_, other.width_);
    std::swap(height_, other.height_);
    std::swap(mask_, other.mask_);
    std::swap(copies_, other.copies_);
}

void StaircaseMask::view(ggml_tensor & leaf, const Window & window) const {
    const int64_t row = window.held % phase;
    const int64_t column = origin_ - (window.held - row);
    require(column >= 0 && column + window.read <= width_ && row + window.tokens <= height_,
            "a mask window outside the staircase");
    Compute::alias(leaf, mask_.get());
    leaf.ne[0] = window.read;
    leaf.ne[1] = window.tokens;
    leaf.nb[2] = leaf.nb[3] = leaf.nb[1] * static_cast<size_t>(window.tokens);
    leaf.data = static_cast<char *>(leaf.data) + static_cast<size_t>(row) * leaf.nb[1] +
                static_cast<size_t>(column) * sizeof(ggml_fp16_t);
}

ggml_tensor * StaircaseMask::contiguous(ggml_context * context, const Window & window) const {
    ggml_tensor * leaf = compute_.api().ggml_new_tensor_1d(context, GGML_TYPE_F16, 1);
    view(*leaf, window);
    return compute_.api().ggml_cont(context, leaf);
}

void StaircaseMask::attention_view(ggml_tensor & leaf, const Window & window) const {
    view(leaf, window);
    if (strided_ || window.tokens == 1) {
        leaf.nb[1] = window.tokens == 1 ? static_cast<size_t>(window.read) * sizeof(ggml_fp16_t)
                                        : leaf.nb[1];
        leaf.nb[2] = leaf.nb[3] = leaf.nb[1] * static_cast<size_t>(window.tokens);
        return;
    }
    const auto copy = copies_.find({ window.held, window.tokens });
    require(copy != copies_.end() && copy->second.get()->ne[0] == window.read,
            "a mask that was not prepared");
    Compute::alias(leaf, copy->second.get());
}

void StaircaseMask::prepare(const std::vector<Window> & windows) {
    if (strided_) {
        return;
    }
    copies_.clear();
    for (const Window & window : windows) {
        if (window.tokens > 1 && copies_.find({ window.held, window.tokens }) == copies_.end()) {
            copies_.emplace(std::make_pair(window.held, window.tokens),
                            DeviceTensor(compute_.api(), compute_.backend(), GGML_TYPE_F16,
                                         { window.read, window.tokens, 1 }));
        }
    }
    if (copies_.empty()) {
        return;
    }
    compute_.run([&](ggml_context * context, ggml_cgraph *) {
        std::vector<ggml_tensor *> nodes;
        for (const auto & [key, copy] : copies_) {
            ggml_tensor * source = compute_.api().ggml_new_tensor_1d(context, GGML_TYPE_F16, 1);
            view(*source, { key.first, key.second, copy.get()->ne[0] });
            ggml_tensor * target = compute_.alias(context, copy.get());
            nodes.push_back(compute_.api().ggml_cpy(context, source, target));
        }
        return nodes;
    });
}

} // namespace loci
