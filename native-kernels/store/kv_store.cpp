#include "store/kv_store.h"

#include "core/error.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace loci {

namespace {

// One KV head of a ragged layer is a layer of one head.
LayerShape shape_of_head(const LayerShape & layer, int head) {
    LayerShape shape = layer;
    shape.heads = layer.heads / layer.kv_heads;
    shape.kv_heads = 1;
    if (!layer.sinks.empty()) {
        const auto first = layer.sinks.begin() + static_cast<std::ptrdiff_t>(head) * shape.heads;
        shape.sinks.assign(first, first + shape.heads);
    }
    return shape;
}

} // namespace

KvStore::KvStore(const std::vector<LayerShape> & shapes, const std::vector<Compute *> & computes,
                 const Options & options)
    : options_(options) {
    require(shapes.size() == computes.size(), "a layer without a device");
    for (size_t layer = 0; layer < shapes.size(); layer++) {
        if (shapes[layer].window > 0) {
            add_window(*computes[layer], shapes[layer]);
            continue;
        }
        require(windows_.size() == 0, "a layer behind those with a window");
        const int step = options.ragged ? 1 : shapes[layer].kv_heads;
        const Storage storage = Storage::of(options.type, shapes[layer], options.moves_keys);
        first_pools_.push_back(pools_.size());
        for (int head = 0; head < shapes[layer].kv_heads; head += step) {
            const LayerShape shape =
                options.ragged ? shape_of_head(shapes[layer], head) : shapes[layer];
            const int64_t granule = KvPool::granule_of(*computes[layer], shape);
            pools_.push_back(std::make_unique<KvPool>(
                *computes[layer], shape, storage,
                options.limits.capacity_for(options.limits.budget_rows, granule)));
            places_.push_back({ layer, head });
        }
    }
    peak_bytes_ = allocated_bytes();
}

void KvStore::check_window(int64_t window, const StoreLimits & limits) {
    if (window - 1 > limits.positions()) {
        throw Error(ErrorCode::model_unsupported,
                    "This model's windows of " + std::to_string(window) +
                        " tokens leave no room in its context of " +
                        std::to_string(limits.trained_context) + ". Choose another model.");
    }
}

void KvStore::add_window(Compute & compute, const LayerShape & shape) {
    check_window(shape.window, options_.limits);
    windows_.add(compute, shape, Storage::of(options_.type, shape, options_.moves_keys),
                 options_.limits.working_rows);
}

KvPool & KvStore::any_pool(size_t index) noexcept {
    return index < pools_.size() ? *pools_[index] : windows_.pool(index - pools_.size());
}

const KvPool & KvStore::any_pool(size_t index) const noexcept {
    return index < pools_.size() ? *pools_[index] : windows_.pool(index - pools_.size());
}

size_t KvStore::layer_of(size_t index) const noexcept {
    return index < pools_.size() ? places_[index].layer : layers() + index - pools_.size();
}

size_t KvStore::index_of(int layer, int head) const noexcept {
    return first_pools_[static_cast<size_t>(layer)] +
           static_cast<size_t>(options_.ragged ? head : 0);
}

size_t KvStore::pools_in(size_t layer) const noexcept {
    const size_t next = layer + 1;
    return (next < first_pools_.size() ? first_pools_[next] : pools_.size()) - first_pools_[layer];
}

int KvStore::kv_heads(size_t layer) const noexcept {
    return static_cast<int>(pools_in(layer)) * pools_[first_pools_[layer]]->shape().kv_heads;
}

size_t KvStore::first_query_head(size_t index) const noexcept {
    const LayerShape & shape = pools_[index]->shape();
    return static_cast<size_t>(places_[index].first_head) *
           static_cast<size_t>(shape.heads / shape.kv_heads);
}

const KvPool & KvStore::pool_of(int layer, int head) const {
    const bool known = layer >= 0 && static_cast<size_t>(layer) < layers();
    if (!known || head < 0 || head >= kv_heads(static_cast<size_t>(layer))) {
        throw Error(ErrorCode::invalid_argument, "The model has no such layer or KV head.");
    }
    return *pools_[index_of(layer, head)];
}

std::vector<int32_t> KvStore::held(int layer, int head) const {
    std::vector<int32_t> tokens;
    for (const HeldRow & row : pool_of(layer, head).held(head_in_pool(head))) {
        tokens.push_back(row.token);
    }
    return tokens;
}

std::vector<uint16_t> KvStore::held_counts() const {
    std::vector<uint16_t> counts(static_cast<size_t>(stream_.tokens), 0);
    for (const auto & pool : pools_) {
        for (int head = 0; head < pool->shape().kv_heads; head++) {
            for (const HeldRow & row : pool->held(head)) {
                counts[static_cast<size_t>(row.token)]++;
            }
        }
    }
    return counts;
}

std::vector<int32_t> KvStore::rows_of_layers() const {
    std::vector<int32_t> rows;
    for (size_t layer = 0; layer < layers(); layer++) {
        const size_t count = pools_in(layer);
        int64_t held = 0;
        for (size_t i = 0; i < count; i++) {
            held += pools_[first_pools_[layer] + i]->rows();
        }
        rows.push_back(
            static_cast<int32_t>(held / static_cast<int64_t>(std::max(count, size_t{ 1 }))));
    }
    return rows;
}

double KvStore::mean_rows() const noexcept {
    double rows = 0.0;
    for (const auto & pool : pools_) {
        rows += static_cast<double>(pool->rows());
    }
    return pools_.empty() ? 0.0 : rows / static_cast<double>(pools_.size());
}

size_t KvStore::allocated_bytes() const noexcept {
    size_t total = windows_.allocated_bytes();
    for (const auto & pool : pools_) {
        total += pool->allocated_bytes();
    }
    return total;
}

size_t KvStore::held_bytes() const noexcept {
    size_t total = 0;
    for (const auto & pool : pools_) {
        total += static_cast<size_t>(pool->rows()) * pool->row_bytes();
    }
    return total;
}

size_t KvStore::bytes_of(int64_t rows) const noexcept {
    size_t total = 0;
    for (const auto & pool : pools_) {
        total += static_cast<size_t>(rows) * pool->row_bytes();
    }
    return total;
}

size_t KvStore::padding_bytes() const noexcept {
    size_t total = 0;
    for (const auto & pool : pools_) {
        total += 2 * static_cast<size_t>(pool->granule() - 1) * pool->row_bytes();
    }
    return total;
}

void KvStore::check_usable() const {
    if (lost_) {
        throw Error(ErrorCode::out_of_memory,
                    "The device ran out of memory and the cache is no longer usable. Lower the "
                    "budget and read the repository again.");
    }
}

} // namespace loci
