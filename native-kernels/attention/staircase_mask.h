#pragma once

#include "tensor/compute.h"
#include "tensor/device_tensor.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace loci {

/// The causal mask of every layer and every step, uploaded once per device.
///
/// Row r holds 0 up to column `origin + r` and -inf behind it. A batch of t tokens behind n rows of
/// a layer sees row i up to key n + i: that is the window of the staircase that begins at row
/// n mod 128 and column origin - (n - n mod 128). So layers of any length share one constant
/// tensor, and nothing is uploaded while the model runs. (Windows begin at multiples of 256 bytes,
/// which is what the strictest device asks of an offset.)
///
/// The staircase of a window is a band: row r also hides what lies `window` columns and more before
/// its last.
class StaircaseMask {
  public:
    /// For at most `rows` rows held before a batch of at most `batch` tokens. `window`: keys that a
    /// token sees, its own among them; 0: all.
    StaircaseMask(Compute & compute, int64_t rows, int64_t batch, int64_t window = 0);

    /// Becomes the other, which becomes this; both are of one device.
    void swap(StaircaseMask & other) noexcept;

    /// Tokens `tokens` behind `held` rows, read over `read` keys.
    struct Window {
        int64_t held;
        int64_t tokens;
        int64_t read;
    };

    /// Makes `leaf` the strided window. The tensor is f16, [read, tokens].
    void view(ggml_tensor & leaf, const Window & window) const;

    /// The same window made contiguous by a node of a graph: for operations and devices that do
    /// not take row strides.
    ggml_tensor * contiguous(ggml_context * context, const Window & window) const;

    /// What FLASH_ATTN_EXT may read on this device: the strided window itself where its kernels
    /// honour the stride, else a copy made on the device by `prepare`.
    void attention_view(ggml_tensor & leaf, const Window & window) const;

    /// Makes the copies that `attention_view` needs for a step; layers of equal length share one.
    void prepare(const std::vector<Window> & windows);

    size_t bytes() const noexcept { return mask_.bytes(); }

  private:
    Compute & compute_;
    int64_t origin_;
    int64_t width_;
    int64_t height_;
    bool strided_;
    DeviceTensor mask_;

    std::map<std::pair<int64_t, int64_t>, DeviceTensor> copies_;
};

} // namespace loci
