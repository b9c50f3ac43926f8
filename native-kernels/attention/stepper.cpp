#include "attention/stepper.h"

#include "attention/sharpening.h"
#include "core/error.h"
#include "core/round.h"

#include <algorithm>

namespace loci {

namespace {

// On a GPU a tail of its own begins at a row whose byte offset any device accepts.
constexpr int64_t tail_alignment = 32;

} // namespace

Stepper::Stepper(Context & context, Retarget & retarget, Devices & devices, KvStore & store,
                 double sharpen)
    : context_(context), retarget_(retarget), devices_(devices), store_(store), sharpen_(sharpen) {}

int64_t Stepper::base(size_t pool, bool attends_memory) const {
    const KvPool & own = store_.any_pool(pool);
    const int64_t alignment = own.compute().is_cpu() ? 1 : std::max(tail_alignment, own.granule());
    return attends_memory ? 0 : round_up(own.rows(), alignment);
}

const StaircaseMask & Stepper::mask_of(size_t pool) {
    return devices_.mask_of_layer(store_.place(pool).layer);
}

float Stepper::sharpening_of(size_t pool) const {
    return sharpening(sharpen_, store_.pool(pool).rows(), store_.limits().trained_context);
}

float Stepper::scale(size_t pool) const {
    return store_.pool(pool).shape().scale * sharpening_of(pool);
}

// Where the step stands in a pool. What lies before every window is not read.
LayerStep Stepper::place(size_t pool, const Step & step) const {
    const KvPool & own = store_.any_pool(pool);
    const int64_t window = own.shape().window;
    LayerStep place;
    place.base = base(pool, step.attends_memory);
    place.held = (step.attends_memory ? own.rows() : 0) + step.behind;
    if (window > 0) {
        const int64_t hidden = std::max<int64_t>(0, place.held - (window - 1));
        const int64_t left_out = hidden - hidden % Devices::window_alignment;
        place.base += left_out;
        place.held -= left_out;
    } else if (step.attends_memory) {
        place.sharpening = sharpening_of(pool);
    }
    const int64_t granule = std::max(devices_.granule(store_.limits().budget_rows), own.granule());
    place.read = std::min(round_up(place.held + step.count, granule), own.capacity() - place.base);
    return place;
}

std::vector<float> Stepper::run(const Step & step, const Cancellation & cancellation) {
    std::vector<LayerStep> steps;
    std::vector<std::vector<StaircaseMask::Window>> windows(devices_.masks());
    for (size_t i = 0; i < store_.all_pools(); i++) {
        const LayerStep & own = steps.emplace_back(place(i, step));
        windows[devices_.mask_index(store_.layer_of(i))].push_back(
            { own.held, step.count, own.read });
    }
    for (size_t mask = 0; mask < windows.size(); mask++) {
        devices_.mask(mask).prepare(windows[mask]);
    }
    retarget_.begin_step(steps, step.count, step.observed);
    const int64_t position =
        (step.attends_memory ? store_.stream().next_position : 0) + step.behind;
    std::vector<float> logits;
    try {
        logits =
            context_.decode({ step.tokens, step.count, position, step.wants_logits, step.sequence },
                            true, cancellation);
    } catch (const Error & failure) {
        if (failure.code() != ErrorCode::cancelled) {
            retarget_.end_step(); // its own reason is the better one
        }
        throw;
    }
    retarget_.end_step();
    return logits;
}

} // namespace loci
