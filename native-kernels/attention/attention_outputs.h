#pragma once

#include "tensor/compute.h"
#include "tensor/device_tensor.h"

#include <cstddef>
#include <list>
#include <map>
#include <vector>

namespace loci {

/// Where attention nodes of llama.cpp's graph leave their results on devices whose kernels keep
/// scratch behind a result: copies of keys and values as f16, blocks of the mask (CUDA and HIP for
/// keys and values that are not f16, Metal always).
///
/// llama.cpp allocates a node for the rows that its own cache has. Our pools have more, so that
/// such a kernel would write into what lies behind. These nodes get an output of ours, one per
/// device, which the layers take in turns. All other nodes stay where llama.cpp put them.
class AttentionOutputs {
  public:
    explicit AttentionOutputs(const Api & api) : api_(api) {}

    /// Bytes that a device asks for the result of a node and what lies behind it; 0 where nothing
    /// does. The node has all its sources; its data are not read.
    size_t needed(ggml_backend_buffer_type_t type, const ggml_tensor & node) const;
    size_t needed(const Compute & compute, const ggml_tensor & node) const;

    /// Bytes of the output that a device has.
    size_t room(const Compute & compute) const noexcept;

    /// Makes room on devices before a step; nothing is in use then. Throws Error(out_of_memory);
    /// what was there may then be gone, and is made again by the next step.
    void begin_step(const std::map<Compute *, size_t> & wanted);

    /// Gives a node that stands where llama.cpp put it, and reads our pool, an output of ours if
    /// its device keeps scratch. Throws Error(out_of_memory); the node is then as it was.
    void place(Compute & compute, ggml_tensor & node);

    /// To be called with every node in the order of the graph, before it is computed: views of
    /// attention's results follow to where these are now. Throws Error(model_unsupported) where a
    /// result is read after the next layer's has taken its place, or was copied to another device
    /// before its view could follow.
    void follow(ggml_tensor & node);

    /// Bytes on the devices.
    size_t bytes() const noexcept;

  private:
    struct Output {
        Compute * compute;
        DeviceTensor buffer;
        ggml_backend_buffer_type_t type = nullptr; ///< where llama.cpp has the nodes of the device
        const ggml_tensor * newest = nullptr;      ///< the node whose result it holds
        bool left = false;                         ///< whether another device has computed since
    };

    static DeviceTensor allocate(const Compute & compute, size_t bytes);
    Output & of(Compute & compute);
    const Output * holder(const ggml_tensor & node) const noexcept;
    void check_reads(const ggml_tensor & node);

    const Api & api_;
    std::list<Output> outputs_;
    std::vector<DeviceTensor> outgrown_; ///< nodes of the step that runs may be there
};

} // namespace loci
