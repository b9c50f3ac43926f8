// What a saved memory must agree with, and saving and loading it.

#include "memory/memory.h"
#include "model/weight_file.h"
#include "store/kv_store_file.h"

namespace loci {

namespace {

void add_text(Fingerprint & sum, const std::string & text) {
    sum.add(static_cast<uint64_t>(text.size()));
    sum.add(text.data(), text.size());
}

} // namespace

uint64_t Memory::fingerprint() const {
    Fingerprint sum;
    WeightFile(model_->api(), model_->path()).identify({}, sum);
    add_text(sum, LOCI_LLAMA_VERSION);
    add_text(sum, options_.policy);
    for (const auto & [name, value] : options_.policy_parameters) {
        add_text(sum, name);
        add_text(sum, value);
    }
    sum.add(static_cast<uint64_t>(options_.budget_tokens));
    sum.add(static_cast<uint64_t>(options_.chunk_tokens));
    sum.add(static_cast<uint64_t>(store().limits().working_rows));
    sum.add(static_cast<uint64_t>(options_.kv_type));
    // Where keys move, originals of them may be kept.
    sum.add(static_cast<uint64_t>(store().pool(0).row_bytes()));
    return sum.value();
}

void Memory::save(const std::string & path, const Cancellation & cancellation) const {
    std::vector<uint8_t> extra = observer_->state();
    const std::vector<uint8_t> state = recurrent_state();
    extra.insert(extra.end(), state.begin(), state.end());
    save_store(store(), fingerprint(), extra, path, cancellation);
}

void Memory::load(const std::string & path, const Cancellation & cancellation) {
    store().check_usable();
    std::vector<uint8_t> extra =
        load_store(*parts_->store, fingerprint(),
                   observer_->state_bytes() + context_->saved_bytes(), path, cancellation);
    const auto state = extra.end() - static_cast<std::ptrdiff_t>(context_->saved_bytes());
    context_->restore_state(sequences::memory, { state, extra.end() });
    extra.erase(state, extra.end());
    observer_->restore(extra);
    tails_->clear();
}

} // namespace loci
