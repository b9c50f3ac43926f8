#include "model/cache_layers.h"

#include "core/error.h"
#include "model/weight_file.h"

namespace loci {

CacheLayers cache_layers(const Api & api, const std::string & path, int layers, int head_size) {
    const WeightFile file(api, path);
    CacheLayers cache;
    bool alike = head_size > 0;
    for (int layer = 0; layer < layers; layer++) {
        const std::string name = "blk." + std::to_string(layer) + ".attn_k.weight";
        if (!file.has(name)) {
            continue;
        }
        const int64_t width = file.find(name).shape[1];
        const auto heads = static_cast<int>(head_size > 0 ? width / head_size : 0);
        alike = alike && heads > 0 && width % head_size == 0 &&
                (cache.layers == 0 || heads == cache.kv_heads);
        cache.kv_heads = heads;
        cache.layers++;
    }
    if (cache.layers == 0 || !alike) {
        throw Error(ErrorCode::model_unsupported,
                    "The layers of " + path +
                        " that hold keys and values are not alike; choose another model.");
    }
    return cache;
}

} // namespace loci
