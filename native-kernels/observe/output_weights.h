#pragma once

#include "core/cancellation.h"
#include "model/model.h"
#include "policy/policy.h"
#include "store/kv_store.h"

#include <string>
#include <vector>

namespace loci {

/// The weights through which values reach a layer's output, as far as a policy's value statistic
/// needs them: by pool, on the pool's device.
class OutputWeights {
  public:
    /// Loads what `need` asks for; nothing for the other statistics. `shapes` are of the model's
    /// layers. `cache_directory` keeps Gram matrices; empty: not kept. Throws
    /// Error(model_unsupported), (out_of_memory), (cancelled).
    OutputWeights(const Model & model, const std::vector<LayerShape> & shapes,
                  const KvStore & store, ValueNeed need, const std::string & cache_directory,
                  int threads, const Cancellation & cancellation);

    /// W_O^h^T W_O^h of each of the pool's query heads, f32 [size, size, heads]; empty unless
    /// needed.
    const DeviceTensor & grams(size_t pool) const noexcept;
    /// The columns of W_O of the pool's heads, f16 [heads * size, width]; empty unless needed.
    const DeviceTensor & projection(size_t pool) const noexcept;

    size_t bytes() const noexcept;

  private:
    void load_grams(const Model & model, const std::vector<LayerShape> & shapes,
                    const KvStore & store, const std::string & cache_directory, int threads,
                    const Cancellation & cancellation);
    void load_projections(const Model & model, const std::vector<LayerShape> & shapes,
                          const KvStore & store, int threads, const Cancellation & cancellation);

    std::vector<DeviceTensor> grams_;
    std::vector<DeviceTensor> projections_;
};

} // namespace loci
