#pragma once

#include "core/cancellation.h"
#include "runtime/api.h"

#include <functional>
#include <string>
#include <vector>

namespace loci {

/// The Gram matrices G_h = W_O^h (W_O^h)^T of every layer and query head, where W_O^h is the
/// head_size x width slice of the layer's output projection: |v W_O^h| = sqrt(v^T G_h v). Where the
/// heads make their values from one row (MLA), there is one for all of them (`gram_of_latent`).
struct OutputGrams {
    int head_size = 0;
    int heads = 0;
    /// One per layer: [heads][head_size][head_size], symmetric.
    std::vector<std::vector<float>> layers;
};

struct OutputGramRequest {
    /// The model's file, or the first of its parts ("...-00001-of-0000N.gguf").
    std::string model_path;
    /// Folder for the finished matrices; made when missing. Empty: nothing is stored.
    std::string cache_directory;
    /// What the model is said to have; checked against the shape of every weight.
    int layers = 0;
    int heads = 0;
    int head_size = 0; ///< values of a head, as the output projection takes them
    /// Threads of the CPU backend; at least 1.
    int threads = 1;
    /// Which of the model's layers they are; empty: the first ones.
    std::vector<int> numbers{};
    /// Numbers of the row that the heads make their values from (MLA); 0: rows are values.
    int latent_size = 0;
};

/// Called after each layer with the share done, 0 to 1.
using ProgressSink = std::function<void(float share)>;

/// Reads or computes the Gram matrices. The stored file is used only where its fingerprint of the
/// model, its lengths and its checksum all hold; otherwise the matrices are computed again and the
/// file is replaced as a whole. A store that cannot be written is not a failure. `cancellation` may
/// be null. Throws Error(model_invalid) where the weights are missing or do not fit the file,
/// Error(model_unsupported) where an output projection has another shape, and Error(cancelled).
OutputGrams load_output_grams(const Api & api, const OutputGramRequest & request,
                              const Cancellation * cancellation, const ProgressSink & progress);

/// The output projections themselves, one per layer, as the file has them: [width][heads *
/// head_size]. Nothing is stored. Throws as `load_output_grams` does.
std::vector<std::vector<float>> load_output_projections(const Api & api,
                                                        const OutputGramRequest & request,
                                                        const Cancellation * cancellation);

} // namespace loci
