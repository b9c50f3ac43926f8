#pragma once

#include "memory/memory.h"
#include "tensor/hadamard.h"
#include "tensor/rotation.h"
#include "test/model_fixture.h"
#include "test/references/rotation_reference.h"

#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace loci_test {

/// A Llama forward pass in plain code, one token at a time, over separate keys and values of each
/// (layer, KV head). Weights come directly from the GGUF; nothing is shared with the graphs under
/// test.
class ReferenceLlama {
  public:
    explicit ReferenceLlama(const loci::Model & model) : api_(model.api()), info_(model.info()) {
        gguf_init_params parameters{};
        parameters.no_alloc = true;
        gguf_ = api_.gguf_init_from_file(model.path().c_str(), parameters);
        REQUIRE_MESSAGE(gguf_ != nullptr, "the model's header");
        file_ = std::fopen(model.path().c_str(), "rb");
        REQUIRE_MESSAGE(file_ != nullptr, "the model's file");
        const auto layers = static_cast<size_t>(info_.layers);
        keys_.resize(layers);
        values_.resize(layers);
        embedding_ = tensor("token_embd.weight");
        const bool tied = api_.gguf_find_tensor(gguf_, "output.weight") < 0;
        output_ = tied ? embedding_ : tensor("output.weight");
        output_norm_ = tensor("output_norm.weight");
        for (size_t i = 0; i < layers; i++) {
            const std::string prefix = "blk." + std::to_string(i) + ".";
            Layer layer;
            layer.attention_norm = tensor(prefix + "attn_norm.weight");
            layer.ffn_norm = tensor(prefix + "ffn_norm.weight");
            layer.query = tensor(prefix + "attn_q.weight");
            layer.key = tensor(prefix + "attn_k.weight");
            layer.value = tensor(prefix + "attn_v.weight");
            layer.output = tensor(prefix + "attn_output.weight");
            layer.gate = tensor(prefix + "ffn_gate.weight");
            layer.up = tensor(prefix + "ffn_up.weight");
            layer.down = tensor(prefix + "ffn_down.weight");
            layers_.push_back(std::move(layer));
        }
    }

    ~ReferenceLlama() {
        std::fclose(file_);
        api_.gguf_free(gguf_);
    }

    ReferenceLlama(const ReferenceLlama &) = delete;
    ReferenceLlama & operator=(const ReferenceLlama &) = delete;

    /// Copies what a memory holds, as its pools store it; later rows are stored the same way.
    void hold(const loci::Memory & memory) {
        for (int layer = 0; layer < info_.layers; layer++) {
            auto & keys = keys_[static_cast<size_t>(layer)];
            auto & values = values_[static_cast<size_t>(layer)];
            keys.assign(static_cast<size_t>(info_.kv_heads), {});
            values.assign(static_cast<size_t>(info_.kv_heads), {});
            for (int head = 0; head < info_.kv_heads; head++) {
                const loci::KvPool & pool = memory.store().pool_of(layer, head);
                const int part = memory.store().head_in_pool(head);
                type_ = pool.keys()->type;
                key_hadamard_ = pool.shape().key_hadamard;
                value_hadamard_ = pool.shape().value_hadamard;
                const loci::Range all = loci::Range::checked(0, pool.rows(), pool.capacity());
                keys[static_cast<size_t>(head)] =
                    rows(pool.stored(pool.key_store(), part, all), key_hadamard_);
                values[static_cast<size_t>(head)] =
                    rows(pool.stored(pool.value_store(), part, all), value_hadamard_);
            }
        }
    }

    /// Multiplies the attention logits of each [layer][kv_head] by its factor.
    void sharpen(std::vector<std::vector<double>> factors) { sharpening_ = std::move(factors); }

    /// Keeps, of the rows of one (layer, KV head) from `from` on, those in `slots`, counted from
    /// `from`, and rotates their keys to consecutive positions, as they would be stored.
    void evict(int layer, int head, size_t from, const std::vector<int32_t> & slots,
               const loci::RopeParameters & rope) {
        Floats & keys = keys_[static_cast<size_t>(layer)][static_cast<size_t>(head)];
        Floats & values = values_[static_cast<size_t>(layer)][static_cast<size_t>(head)];
        const auto size = static_cast<size_t>(info_.head_size);
        const auto row_of = [&](const Floats & store, size_t row) {
            const auto begin = store.begin() + static_cast<std::ptrdiff_t>(row * size);
            return Floats(begin, begin + static_cast<std::ptrdiff_t>(size));
        };
        const Floats old_keys = keys;
        const Floats old_values = values;
        keys.resize(from * size);
        values.resize(from * size);
        for (size_t i = 0; i < slots.size(); i++) {
            Floats key = row_of(old_keys, from + static_cast<size_t>(slots[i]));
            loci::rotate_reference(key, static_cast<int>(i) - slots[i], rope);
            append(keys, { key.begin(), key.end() }, 0, size, key_hadamard_);
            const Floats value = row_of(old_values, from + static_cast<size_t>(slots[i]));
            values.insert(values.end(), value.begin(), value.end());
        }
    }

    /// Returns the logits of one more token at `position`, which every head then holds.
    std::vector<float> step(llama_token token, int position, const loci::RopeParameters & rope,
                            float epsilon) {
        const auto width = static_cast<size_t>(info_.embedding);
        const auto size = static_cast<size_t>(info_.head_size);
        std::vector<double> x(width);
        for (size_t i = 0; i < width; i++) {
            x[i] = static_cast<double>(embedding_[static_cast<size_t>(token) * width + i]);
        }
        for (size_t l = 0; l < layers_.size(); l++) {
            const Layer & layer = layers_[l];
            const std::vector<double> normed = norm(x, layer.attention_norm, epsilon);
            const auto queries = rotated(multiply(layer.query, normed), position, rope);
            const auto keys = rotated(multiply(layer.key, normed), position, rope);
            const std::vector<double> values = multiply(layer.value, normed);
            std::vector<double> mixed(queries.size(), 0.0);
            const size_t group = static_cast<size_t>(info_.heads / info_.kv_heads);
            for (size_t h = 0; h < static_cast<size_t>(info_.kv_heads); h++) {
                append(keys_[l][h], keys, h * size, size, key_hadamard_);
                append(values_[l][h], values, h * size, size, value_hadamard_);
            }
            for (size_t q = 0; q < static_cast<size_t>(info_.heads); q++) {
                const double sharpening = sharpening_.empty() ? 1.0 : sharpening_[l][q / group];
                attend(queries, keys_[l][q / group], values_[l][q / group], q * size, sharpening,
                       mixed);
            }
            add(x, multiply(layer.output, mixed));
            const std::vector<double> inner = norm(x, layer.ffn_norm, epsilon);
            std::vector<double> gate = multiply(layer.gate, inner);
            const std::vector<double> up = multiply(layer.up, inner);
            for (size_t i = 0; i < gate.size(); i++) {
                gate[i] = gate[i] / (1.0 + std::exp(-gate[i])) * up[i];
            }
            add(x, multiply(layer.down, gate));
        }
        const std::vector<double> last = multiply(output_, norm(x, output_norm_, epsilon));
        return { last.begin(), last.end() };
    }

  private:
    using Floats = std::vector<float>;

    struct Layer {
        Floats attention_norm, ffn_norm, query, key, value, output, gate, up, down;
    };

    Floats tensor(const std::string & name) {
        const int64_t index = api_.gguf_find_tensor(gguf_, name.c_str());
        REQUIRE_MESSAGE(index >= 0, "the weight ", name);
        const enum ggml_type type = api_.gguf_get_tensor_type(gguf_, index);
        const size_t bytes = api_.gguf_get_tensor_size(gguf_, index);
        std::vector<uint8_t> raw(bytes);
        const auto offset = static_cast<long>(api_.gguf_get_data_offset(gguf_) +
                                              api_.gguf_get_tensor_offset(gguf_, index));
        REQUIRE_MESSAGE((std::fseek(file_, offset, SEEK_SET) == 0 &&
                         std::fread(raw.data(), 1, bytes, file_) == bytes),
                        "the bytes of ", name);
        const auto count =
            static_cast<int64_t>(bytes / api_.ggml_type_size(type)) * api_.ggml_blck_size(type);
        Floats values(static_cast<size_t>(count));
        if (type == GGML_TYPE_F32) {
            std::memcpy(values.data(), raw.data(), bytes);
        } else {
            api_.ggml_get_type_traits(type)->to_float(raw.data(), values.data(), count);
        }
        return values;
    }

    Floats rows(const std::vector<uint8_t> & bytes, int hadamard) const {
        const auto count = static_cast<int64_t>(bytes.size() / api_.ggml_type_size(type_)) *
                           api_.ggml_blck_size(type_);
        Floats values(static_cast<size_t>(count));
        api_.ggml_get_type_traits(type_)->to_float(bytes.data(), values.data(), count);
        turn(values, hadamard);
        return values;
    }

    static void turn(Floats & values, int hadamard) {
        if (hadamard > 0) {
            loci::apply_hadamard(values.data(), values.size(), hadamard);
        }
    }

    static std::vector<double> multiply(const Floats & weight, const std::vector<double> & input) {
        std::vector<double> output(weight.size() / input.size());
        for (size_t row = 0; row < output.size(); row++) {
            double sum = 0.0;
            for (size_t i = 0; i < input.size(); i++) {
                sum += static_cast<double>(weight[row * input.size() + i]) * input[i];
            }
            output[row] = sum;
        }
        return output;
    }

    static std::vector<double> norm(const std::vector<double> & x, const Floats & weight,
                                    float epsilon) {
        double square = 0.0;
        for (const double value : x) {
            square += value * value;
        }
        const double scale =
            1.0 / std::sqrt(square / static_cast<double>(x.size()) + static_cast<double>(epsilon));
        std::vector<double> output(x.size());
        for (size_t i = 0; i < x.size(); i++) {
            output[i] = x[i] * scale * static_cast<double>(weight[i]);
        }
        return output;
    }

    std::vector<double> rotated(std::vector<double> heads, int position,
                                const loci::RopeParameters & rope) const {
        const auto size = static_cast<size_t>(info_.head_size);
        for (size_t first = 0; first < heads.size(); first += size) {
            const auto begin = heads.begin() + static_cast<std::ptrdiff_t>(first);
            Floats head(begin, begin + static_cast<std::ptrdiff_t>(size));
            loci::rotate_reference(head, position, rope);
            std::copy(head.begin(), head.end(), begin);
        }
        return heads;
    }

    void append(Floats & store, const std::vector<double> & source, size_t first, size_t count,
                int hadamard) const {
        Floats row(count);
        for (size_t i = 0; i < count; i++) {
            row[i] = static_cast<float>(source[first + i]);
        }
        if (api_.ggml_is_quantized(type_)) {
            turn(row, hadamard);
            stored_as(type_, row, static_cast<int64_t>(count));
            turn(row, hadamard);
        }
        store.insert(store.end(), row.begin(), row.end());
    }

    void attend(const std::vector<double> & queries, const Floats & keys, const Floats & values,
                size_t first, double sharpening, std::vector<double> & mixed) const {
        const auto size = static_cast<size_t>(info_.head_size);
        const size_t count = keys.size() / size;
        std::vector<double> weights(count);
        double largest = -1e300;
        for (size_t i = 0; i < count; i++) {
            double dot = 0.0;
            for (size_t j = 0; j < size; j++) {
                dot += queries[first + j] * static_cast<double>(keys[i * size + j]);
            }
            weights[i] = sharpening * dot / std::sqrt(static_cast<double>(size));
            largest = std::max(largest, weights[i]);
        }
        double total = 0.0;
        for (double & weight : weights) {
            weight = std::exp(weight - largest);
            total += weight;
        }
        for (size_t i = 0; i < count; i++) {
            for (size_t j = 0; j < size; j++) {
                mixed[first + j] += weights[i] / total * static_cast<double>(values[i * size + j]);
            }
        }
    }

    static void add(std::vector<double> & x, const std::vector<double> & y) {
        for (size_t i = 0; i < x.size(); i++) {
            x[i] += y[i];
        }
    }

    const loci::Api & api_;
    const loci::ModelInfo & info_;
    enum ggml_type type_ = GGML_TYPE_F16;
    int key_hadamard_ = 0;
    int value_hadamard_ = 0;
    gguf_context * gguf_ = nullptr;
    std::FILE * file_ = nullptr;
    Floats embedding_;
    Floats output_;
    Floats output_norm_;
    std::vector<Layer> layers_;
    std::vector<std::vector<double>> sharpening_; ///< [layer][kv_head], or empty
    /// [layer][kv_head]: rows one after another.
    std::vector<std::vector<Floats>> keys_;
    std::vector<std::vector<Floats>> values_;
};

} // namespace loci_test
