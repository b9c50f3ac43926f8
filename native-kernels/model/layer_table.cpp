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
    bool first;
};
constexpr Pattern patterns[] = {
    { "gemma2", 2, false }, { "gemma3", 6, false }, { "gpt-oss", 2, false },
    { "laguna", 4, true },  { "mellum", 4, false }, { "olmo2", 4, false },
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
    bool first = false;
    for (const Pattern & known : patterns) {
        if (request.architecture == known.architecture) {
            pattern = pattern < 0 ? known.layers : pattern;
            first = known.first;
        }
    }
    if (pattern < 0) {
        refuse(request.path, "attend through windows in an order that Loci does not know");
    }
    for (size_t layer = 0; layer < layers; layer++) {
        const int64_t place = pattern == 0 ? 0 : static_cast<int64_t>(layer) % pattern;
        result[layer] = pattern == 0 || (first ? place != 0 : place < pattern - 1);
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

/// What layers of two kinds may differ in, by the file.
struct Sizes {
    std::vector<int64_t> kv_heads; ///< by layer; empty: as of the first
    int full_size = 0;
    int window_size = 0;
};

Sizes sizes_of(const WeightFile & file, const LayerTableRequest & request) {
    Sizes sizes;
    const std::string attention = request.architecture + ".attention.";
    if (file.is_list(attention + "head_count_kv")) {
        sizes.kv_heads = file.numbers(attention + "head_count_kv");
        if (sizes.kv_heads.size() < static_cast<size_t>(request.layers)) {
            refuse(request.path, "are more than it states KV heads for");
        }
    }
    const std::vector<int64_t> own = file.numbers(attention + "key_length_swa");
    sizes.full_size = request.head_size;
    sizes.window_size = own.size() == 1 ? static_cast<int>(own.front()) : request.head_size;
    return sizes;
}

/// Lets the last layers read what the last layer of their kind before them holds. Compare
/// `n_layer_kv_from_start` in llama.cpp; its graph says whether it is that layer.
void share(LayerTable & table, const WeightFile & file, const LayerTableRequest & request) {
    const std::vector<int64_t> stated =
        file.numbers(request.architecture + ".attention.shared_kv_layers");
    const int64_t count = stated.size() == 1 ? stated.front() : 0;
    const auto first = static_cast<int64_t>(table.size()) - count;
    if (count < 0 || first < 0) {
        refuse(request.path, "are fewer than those that share keys and values");
    }
    for (auto i = static_cast<size_t>(first); i < table.size(); i++) {
        const LayerKind kind = table[i].kind;
        int64_t source = first - 1;
        while (source >= 0 && table[static_cast<size_t>(source)].kind != kind) {
            source--;
        }
        if (source < 0) {
            refuse(request.path, "share keys and values that no earlier layer holds");
        }
        table[i] = { LayerKind::shared, table[i].window, 0, 0, static_cast<int>(source) };
    }
}

/// Throws unless the layers that attend to all hold keys of one shape.
void check_alike(const LayerTable & table, const std::string & path) {
    const ModelLayer * first = nullptr;
    for (const ModelLayer & layer : table) {
        if (layer.kind == LayerKind::full) {
            first = first == nullptr ? &layer : first;
            if (layer.kv_heads != first->kv_heads || layer.head_size != first->head_size) {
                refuse(path, "that hold keys and values are not alike");
            }
        }
    }
    if (first == nullptr) {
        refuse(path, "all attend through windows or not at all");
    }
}

} // namespace

LayerTable layer_table(const Api & api, const LayerTableRequest & request) {
    LayerTable table(static_cast<size_t>(request.layers),
                     ModelLayer{ LayerKind::full, 0, request.kv_heads, request.head_size, -1 });
    for (size_t i = 0; i < table.size(); i++) {
        table[i].source = static_cast<int>(i);
    }
    if (request.window == 0 && !request.hybrid) {
        return table;
    }
    const WeightFile file(api, request.path);
    const std::vector<bool> windowed =
        request.window > 0 ? windows(file, request) : std::vector<bool>(table.size());
    const Sizes sizes = request.hybrid ? Sizes{ {}, request.head_size, request.head_size }
                                       : sizes_of(file, request);
    for (size_t i = 0; i < table.size(); i++) {
        ModelLayer & layer = table[i];
        if (request.hybrid) {
            layer.kv_heads = heads_by_weight(file, request, static_cast<int>(i));
        } else if (!sizes.kv_heads.empty()) {
            layer.kv_heads = static_cast<int>(sizes.kv_heads[i]);
        }
        layer.head_size = windowed[i] ? sizes.window_size : sizes.full_size;
        if (layer.kv_heads == 0) {
            layer = { LayerKind::recurrent, 0, 0, 0, -1 };
        } else if (windowed[i]) {
            layer.kind = LayerKind::window;
            layer.window = request.window;
        }
    }
    share(table, file, request);
    check_alike(table, request.path);
    return table;
}

std::vector<int> attending_layers(const LayerTable & table) {
    std::vector<int> numbers;
    for (size_t i = 0; i < table.size(); i++) {
        if (table[i].kind != LayerKind::recurrent) {
            numbers.push_back(static_cast<int>(i));
        }
    }
    return numbers;
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
