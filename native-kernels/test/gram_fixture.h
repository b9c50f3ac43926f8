#pragma once

#include "model/gram_store.h"
#include "model/output_gram.h"
#include "test/device.h"
#include "test/gguf_writer.h"
#include "test/references/value_norm_reference.h"

#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace loci_test {

namespace fs = std::filesystem;

// A temporary folder for this test.
class Folder {
  public:
    Folder() {
        std::random_device random;
        path_ = fs::temp_directory_path() / ("loci-grams-" + std::to_string(random()));
        fs::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder &) = delete;
    Folder & operator=(const Folder &) = delete;

    std::string at(const std::string & name) const { return (path_ / name).string(); }

    size_t files() const {
        return static_cast<size_t>(
            std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
    }

  private:
    fs::path path_;
};

// Random weights of a model with 3 layers, 4 heads of 32 and a width of 96.
struct GramModel {
    static constexpr int layers = 3;
    static constexpr int heads = 4;
    static constexpr int head_size = 32;
    static constexpr int width = 96;

    std::vector<std::vector<float>> weights; // [width][heads * head_size], as in GGUF
    std::vector<std::vector<uint8_t>> bytes;

    GramModel() {
        std::mt19937 random(3);
        constexpr enum ggml_type types[] = { GGML_TYPE_F16, GGML_TYPE_Q8_0, GGML_TYPE_F32 };
        for (int layer = 0; layer < layers; layer++) {
            auto values = random_floats(random, size_t{ heads } * head_size * width, 0.1f);
            bytes.push_back(stored_as(types[layer], values, int64_t{ heads } * head_size));
            weights.push_back(std::move(values));
        }
    }

    static enum ggml_type type(int layer) {
        constexpr enum ggml_type types[] = { GGML_TYPE_F16, GGML_TYPE_Q8_0, GGML_TYPE_F32 };
        return types[layer];
    }

    void add(GgufWriter & writer, int layer) const {
        writer.add_matrix("blk." + std::to_string(layer) + ".attn_output.weight", type(layer),
                          int64_t{ heads } * head_size, width, bytes[static_cast<size_t>(layer)]);
    }

    std::vector<uint8_t> file() const {
        GgufWriter writer;
        for (int layer = 0; layer < layers; layer++) {
            add(writer, layer);
        }
        return writer.bytes();
    }

    static loci::OutputGramRequest request(const std::string & path, const std::string & cache) {
        return { path, cache, layers, heads, head_size, 2 };
    }
};

// [width][heads * head_size] -> [heads][head_size][width]
inline std::vector<float> by_head(const std::vector<float> & weight, int heads, int head_size) {
    const size_t inputs = static_cast<size_t>(heads) * static_cast<size_t>(head_size);
    const size_t width = weight.size() / inputs;
    std::vector<float> slices(weight.size());
    for (size_t input = 0; input < inputs; input++) {
        for (size_t out = 0; out < width; out++) {
            slices[input * width + out] = weight[out * inputs + input];
        }
    }
    return slices;
}

inline void expect_right(const GramModel & model, const loci::OutputGrams & grams) {
    REQUIRE_MESSAGE(grams.layers.size() == size_t{ GramModel::layers }, "layers");
    REQUIRE_MESSAGE(grams.heads == int{ GramModel::heads }, "heads");
    REQUIRE_MESSAGE(grams.head_size == int{ GramModel::head_size }, "head size");
    for (size_t layer = 0; layer < grams.layers.size(); layer++) {
        const auto expected = loci::gram_reference(
            by_head(model.weights[layer], GramModel::heads, GramModel::head_size),
            GramModel::head_size, GramModel::heads);
        double scale = 0.0;
        for (float value : expected) {
            scale = std::fmax(scale, std::abs(static_cast<double>(value)));
        }
        REQUIRE_MESSAGE(grams.layers[layer].size() == expected.size(), "matrices of a layer");
        for (size_t i = 0; i < expected.size(); i++) {
            // Entries off the diagonal cancel, so the error is relative to the largest.
            REQUIRE_MESSAGE(std::abs(grams.layers[layer][i] - expected[i]) <= 1e-5 * scale,
                            "an entry of a Gram matrix is wrong");
        }
    }
}

inline loci::OutputGrams load(const loci::OutputGramRequest & request) {
    return loci::load_output_grams(runtime().api(), request, nullptr, nullptr);
}

inline void expect_error(loci::ErrorCode code, const std::string & what,
                         const loci::OutputGramRequest & request, const std::string & words = "") {
    try {
        load(request);
    } catch (const loci::Error & failure) {
        const std::string sentence = failure.what();
        REQUIRE_MESSAGE((failure.code() == code && sentence.find(words) != std::string::npos), what,
                        ": refused with ", loci::error_code_name(failure.code()), ": ", sentence);
        return;
    }
    FAIL(what, " was accepted");
}

inline std::string cache_file(const std::string & directory) {
    REQUIRE_MESSAGE(fs::exists(directory), "the folder was not made");
    const auto first = fs::directory_iterator(directory);
    REQUIRE_MESSAGE(first != fs::directory_iterator(), "nothing was stored");
    return first->path().string();
}

} // namespace loci_test
