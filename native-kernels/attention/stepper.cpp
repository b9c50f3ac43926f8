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
    const KvPool & own = store_.pool(pool);
    const int64_t alignment = own.compute().is_cpu() ? 1 : tail_alignment;
    return attends_memory ? 0 : round_up(own.rows(), alignment);
}

const StaircaseMask & Stepper::mask_of(size_t pool) {
    return devices_.mask(devices_.of_layer(store_.place(pool).layer));
}

float Stepper::sharpening_of(size_t pool) const {
    return sharpening(sharpen_, store_.pool(pool).rows(), store_.limits().trained_context);
}

float Stepper::scale(size_t pool) const {
    return store_.pool(pool).shape().scale * sharpening_of(pool);
}

std::vector<float> Stepper::run(const Step & step, const Cancellation & cancellation) {
    std::vector<LayerStep> steps(store_.pools());
    const int64_t granule = devices_.granule(store_.limits().budget_rows);
    std::vector<std::vector<StaircaseMask::Window>> windows(devices_.count());
    for (size_t i = 0; i < steps.size(); i++) {
        const KvPool & pool = store_.pool(i);
        LayerStep & own = steps[i];
        own.base = base(i, step.attends_memory);
        own.held = (step.attends_memory ? pool.rows() : 0) + step.behind;
        own.sharpening = step.attends_memory ? sharpening_of(i) : 1.0F;
        own.read = std::min(round_up(own.held + step.count, granule), pool.capacity() - own.base);
        windows[devices_.of_layer(store_.place(i).layer)].push_back(
            { own.held, step.count, own.read });
    }
    for (size_t device = 0; device < devices_.count(); device++) {
        devices_.mask(device).prepare(windows[device]);
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
