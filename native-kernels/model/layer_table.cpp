#include "model/layer_table.h"

#include "core/error.h"
#include "model/weight_file.h"

#include <algorithm>

namespace loci {

namespace {

[[noreturn]] void refuse(const std::string & path, const std::string & what) {
    throw Error(ErrorCode::model_unsupported,
                "The layers of " + path + " " + what + "; choose another model.");
}

/// Layers of which one attends to all, where the file does not say which: the last of them, or in
/// some families the first. Compare `load_swa_pattern` in llama.cpp's models.
struct Pattern {
    const char * architecture;
    int64_t layers;
};
constexpr Pattern patterns[] = {
    { "gemma3", 6 },
    { "gpt-oss", 2 },
    { "mellum", 4 },
    { "olmo2", 4 },
};

std::vector<bool> windows(const WeightFile & file, const LayerTableRequest & request) {
    const auto layers = static_cast<size_t>(request.layers);
    const std::string key = request.architecture + ".attention.sliding_window_pattern";
    const std::vector<int64_t> stated = file.numbers(key);
    std::vector<bool> result(layers);
    if (file.is_list(key)) {
        if (stated.size() < layers) {
            refuse(request.path, "are more than it states windows for");
        }
        std::transform(stated.begin(), stated.begin() + request.layers, result.begin(),
                       [](int64_t flag) { return flag != 0; });
        return result;
    }
    int64_t pattern = stated.empty() ? -1 : stated.front();
    for (const Pattern & known : patterns) {
        pattern =
            pattern < 0 && request.architecture == known.architecture ? known.layers : pattern;
    }
    if (pattern < 0) {
        refuse(request.path, "attend through windows in an order that Loci does not know");
    }
    for (size_t layer = 0; layer < layers; layer++) {
        result[layer] = pattern == 0 || static_cast<int64_t>(layer) % pattern < pattern - 1;
    }
    return result;
}

/// KV heads by the width of the keys' projection; a layer without one is recurrent.
int heads_by_weight(const WeightFile & file, const LayerTableRequest & request, int layer) {
    const std::string name = "blk." + std::to_string(layer) + ".attn_k.weight";
    if (!file.has(name)) {
        return 0;
    }
    const int64_t width = file.find(name).shape[1];
    if (request.head_size <= 0 || width % request.head_size != 0) {
        refuse(request.path, "have keys that are no heads of one size");
    }
    return static_cast<int>(width / request.head_size);
}

} // namespace

LayerTable layer_table(const Api & api, const LayerTableRequest & request) {
    LayerTable table(static_cast<size_t>(request.layers),
                     ModelLayer{ LayerKind::full, 0, request.kv_heads });
    if (request.window == 0 && !request.hybrid) {
        return table;
    }
    const WeightFile file(api, request.path);
    const std::vector<bool> windowed =
        request.window > 0 ? windows(file, request) : std::vector<bool>(table.size());
    for (size_t i = 0; i < table.size(); i++) {
        ModelLayer & layer = table[i];
        if (request.hybrid) {
            layer.kv_heads = heads_by_weight(file, request, static_cast<int>(i));
        }
        if (layer.kv_heads == 0) {
            layer.kind = LayerKind::recurrent;
        } else if (windowed[i]) {
            layer.kind = LayerKind::window;
            layer.window = request.window;
        }
    }
    int heads = 0;
    for (const ModelLayer & layer : table) {
        if (layer.kind == LayerKind::full) {
            if (heads != 0 && heads != layer.kv_heads) {
                refuse(request.path, "that hold keys and values are not alike");
            }
            heads = layer.kv_heads;
        }
    }
    if (heads == 0) {
        refuse(request.path, "all attend through windows or not at all");
    }
    return table;
}

int layers_of(const LayerTable & table, LayerKind kind) noexcept {
    return static_cast<int>(std::count_if(
        table.begin(), table.end(), [&](const ModelLayer & one) { return one.kind == kind; }));
}

int kv_heads_of(const LayerTable & table, LayerKind kind) noexcept {
    int heads = 0;
    for (const ModelLayer & layer : table) {
        heads += layer.kind == kind ? layer.kv_heads : 0;
    }
    return heads;
}

} // namespace loci
