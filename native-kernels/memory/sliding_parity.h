#pragma once

#include "core/cancellation.h"
#include "model/model.h"
#include "tensor/layer_shape.h"
#include "tensor/thread_pool.h"

#include <cstdint>
#include <vector>

namespace loci {

/// For models of which some layers attend through a window: reads a text longer than the window on
/// llama.cpp's own cache and on pools of ours, which are then dropped. The masks of llama.cpp's
/// graph say which layer sees how much; the logits are compared where a window has slid, behind a
/// tail that was taken back and behind a chunk that joined in between. Does nothing for other
/// models, and for one that passed with this type before. `batch`: tokens of the largest step;
/// `type`: what keys and values are stored as. Throws Error(model_unsupported) where a layer sees
/// another number of tokens than the file says, Error(parity_failed), (out_of_memory), (cancelled).
void check_sliding(Model & model, int batch, const ThreadPool & pool, int threads,
                   enum ggml_type type, const Cancellation & cancellation);

/// The most tokens that a token sees in any layer with a window; 0: there is none.
int64_t longest_window(const LayerTable & table) noexcept;

/// Names the window of each of a graph's layers, and puts those that have one last.
std::vector<LayerShape> with_windows(std::vector<LayerShape> shapes, const LayerTable & table);

} // namespace loci
