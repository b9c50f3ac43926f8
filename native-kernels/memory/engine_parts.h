#pragma once

#include "attention/context.h"
#include "attention/devices.h"
#include "attention/retarget.h"
#include "attention/stepper.h"
#include "store/kv_store.h"
#include "tensor/thread_pool.h"

#include <memory>
#include <vector>

namespace loci {

/// What computes over a store, made in the order in which each needs the ones before it: the
/// devices of a graph's layers, the store's pools on them, and the graph redirected to these.
struct EngineParts {
    /// `shapes`: those of the graph, layers with a window last. `retarget` and `context` have run
    /// the probe; they, the api and the pool outlive the parts. `sharpen`: see `sharpening`. Throws
    /// what `KvStore` throws.
    EngineParts(const Api & api, const std::vector<LayerShape> & shapes, Retarget & retarget,
                Context & context, int threads, const ThreadPool * pool,
                const KvStore::Options & options, double sharpen);

    std::unique_ptr<Devices> devices;
    std::unique_ptr<KvStore> store;
    std::unique_ptr<Stepper> stepper;
};

} // namespace loci
