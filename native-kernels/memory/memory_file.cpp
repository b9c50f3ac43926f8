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
    sum.add(static_cast<uint64_t>(store_->limits().working_rows));
    sum.add(static_cast<uint64_t>(options_.kv_type));
    // Where keys move, originals of them may be kept.
    sum.add(static_cast<uint64_t>(store_->pool(0).row_bytes()));
    return sum.value();
}

void Memory::save(const std::string & path, const Cancellation & cancellation) const {
    save_store(*store_, fingerprint(), observer_->state(), path, cancellation);
}

void Memory::load(const std::string & path, const Cancellation & cancellation) {
    store_->check_usable();
    const std::vector<uint8_t> state =
        load_store(*store_, fingerprint(), observer_->state_bytes(), path, cancellation);
    observer_->restore(state);
    tails_->clear();
}

} // namespace loci
