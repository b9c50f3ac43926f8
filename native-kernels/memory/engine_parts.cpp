#include "memory/engine_parts.h"

#include <utility>

namespace loci {

EngineParts::EngineParts(const Api & api, const std::vector<LayerShape> & shapes,
                         Retarget & retarget, Context & context, int threads,
                         const ThreadPool * pool, const KvStore::Options & options, double sharpen)
    : devices(std::make_unique<Devices>(api, shapes, threads, pool)) {
    devices->make_masks(options.limits.mask_rows(), context.batch());
    std::vector<Compute *> computes;
    std::vector<AttachedLayer> attached;
    for (size_t layer = 0; layer < shapes.size(); layer++) {
        const bool window = shapes[layer].window > 0;
        computes.push_back(&devices->compute(devices->of_layer(layer)));
        attached.push_back({ shapes[layer].number,
                             {},
                             &devices->mask_of_layer(layer),
                             options.ragged && !window,
                             !window });
    }
    store = std::make_unique<KvStore>(shapes, computes, options);
    for (size_t i = 0; i < store->all_pools(); i++) {
        attached[store->layer_of(i)].pools.push_back(&store->any_pool(i));
    }
    retarget.attach(std::move(attached), context.batch());
    stepper = std::make_unique<Stepper>(context, retarget, *devices, *store, sharpen);
}

} // namespace loci
