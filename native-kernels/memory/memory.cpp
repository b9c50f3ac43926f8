#include "memory/memory.h"

#include "core/error.h"
#include "core/timed.h"
#include "memory/parity.h"
#include "memory/sliding_parity.h"
#include "observe/observation.h"

#include <algorithm>

namespace loci {

namespace {

constexpr int largest_batch = 512;

} // namespace

Memory::Memory(std::shared_ptr<Model> model, const MemoryOptions & options)
    : model_(std::move(model)), options_(options),
      policy_(make_policy(options.policy, options.policy_parameters)), needs_(policy_->needs()),
      threads_(model_->api(), options.threads) {
    check_options();
    static const Cancellation never;
    const Cancellation & cancellation = options.cancellation ? *options.cancellation : never;
    const Api & api = model_->api();
    const int batch = std::min(options.chunk_tokens, largest_batch);
    const StoreLimits own = limits(options.budget_tokens);
    KvStore::check_window(longest_window(model_->info().table), own);
    check_sliding(*model_, batch, threads_, options.threads, options.kv_type, cancellation);
    const LayerTable & table = model_->info().table;
    retarget_ = std::make_unique<Retarget>(api, table);
    context_ = std::make_unique<Context>(*model_, *retarget_, batch, threads_, options.kv_type,
                                         tail_capacities().size());
    const Parity parity(*model_, *context_, *retarget_);

    const std::vector<LayerShape> shapes = with_windows(retarget_->shapes(), table);
    check_needs(shapes);
    // Whether the stream outgrows the trained context, so that keys move to other positions.
    const bool moves = options.stream_tokens == 0 || own.outgrown_at(options.stream_tokens);
    parts_.emplace(api, shapes, *retarget_, *context_, options.threads, &threads_,
                   KvStore::Options{ options.kv_type, needs_.ragged, moves, own }, needs_.sharpen);
    parity.check(*parts_->stepper, options.kv_type);
    cancellation.check();

    const std::vector<LayerShape> chosen(shapes.begin(), shapes.begin() + model_->info().layers);
    weights_ =
        std::make_unique<OutputWeights>(*model_, chosen, *parts_->store, needs_.value,
                                        options.cache_directory, options.threads, cancellation);
    observer_ =
        std::make_unique<Observer>(*parts_->stepper, *parts_->store, *weights_, observer_options());
    tails_ = std::make_unique<WorkingSet>(*parts_->stepper, *parts_->store, *observer_,
                                          tail_capacities());
    compression_ = { static_cast<int>(parts_->devices->granule(own.budget_rows)),
                     options.layer_profile };
}

Memory::~Memory() = default;

std::vector<int64_t> Memory::tail_capacities() const {
    if (options_.tails.empty()) {
        return { options_.chunk_tokens };
    }
    return { options_.tails.begin(), options_.tails.end() };
}

StoreLimits Memory::limits(int64_t budget_rows) const {
    const int64_t chunk = options_.chunk_tokens;
    return { model_->info().trained_context, chunk, std::max(chunk, tail_capacities().front()),
             budget_rows, needs_.shares_positions };
}

Observer::Options Memory::observer_options() const {
    return { needs_, options_.probe, options_.repeat_prompt };
}

void Memory::append(const std::vector<llama_token> & tokens, const std::vector<uint8_t> & protect,
                    const TokenStructure & structure, const Cancellation & cancellation) {
    store().check_usable();
    check_chunk(tokens, protect, structure);
    Observations seen = observer_->read(tokens, seconds_, cancellation);
    timed(seconds_.score, [&] {
        Stream next =
            extended(store().stream(), static_cast<int64_t>(tokens.size()), protect, structure);
        KvStore::Plan plan =
            plan_compression(store(), *policy_, compression_, std::move(next), seen);
        cancellation.check();
        timed(seconds_.compact, [&] { parts_->store->apply(std::move(plan)); });
    });
    observer_->accept(seen);
}

ForgottenRows Memory::forget(const std::vector<Range> & ranges, const Cancellation & cancellation) {
    store().check_usable();
    if (context_->states_bytes() > 0) {
        throw Error(ErrorCode::model_unsupported,
                    "This model sums up what it read and cannot forget a file. Read the repository "
                    "again.");
    }
    ForgetPlan plan = plan_forgetting(store(), ranges);
    cancellation.check();
    parts_->store->apply(std::move(plan.store));
    tails_->clear();
    return plan.rows;
}

std::vector<float> Memory::extend(const std::vector<llama_token> & tokens, bool observe,
                                  bool attend_memory, const Cancellation & cancellation,
                                  size_t tail) {
    store().check_usable();
    check_tokens(tokens);
    return tails_->in_place(tail).extend(tokens, observe, attend_memory, cancellation);
}

void Memory::evict_tail(const TailKeep & keep, const Cancellation & cancellation, size_t tail) {
    store().check_usable();
    tails_->in_place(tail).evict(keep, cancellation);
}

void Memory::cut(int64_t length, size_t tail) {
    tails_->tail(tail).cut(length);
}

std::vector<float> Memory::keys(int layer, int head, int64_t last) const {
    store().check_usable();
    const KvPool & own = store().pool_of(layer, head);
    const int64_t first = std::max<int64_t>(0, own.rows() - last);
    if (first == own.rows()) {
        return {};
    }
    return read_vectors(own, own.keys(), Range::checked(first, own.rows(), own.capacity()),
                        own.shape().key_hadamard, store().head_in_pool(head));
}

MemoryReport Memory::report() const {
    MemoryReport report;
    report.stream_tokens = store().stream().tokens;
    report.held_tokens = store().mean_rows();
    report.logical_bytes = store().held_bytes();
    report.physical_bytes = store().allocated_bytes() + context_->states_bytes();
    report.peak_bytes = store().peak_bytes() + context_->states_bytes();
    report.scratch_bytes = retarget_->bytes() + parts_->devices->bytes() + weights_->bytes();
    report.budget_bytes = store().bytes_of(options_.budget_tokens);
    report.chunk_bytes = store().bytes_of(options_.chunk_tokens);
    report.host_bytes = tails_->host_bytes();
    int64_t working = store().limits().working_rows;
    for (size_t i = 0; i < tails_->size(); i++) {
        const Tail & tail = tails_->tail(i);
        report.tail_tokens.push_back(tail.tokens());
        report.tail_capacities.push_back(tail.capacity());
        working += i == 0 ? 0 : tail_capacities()[i];
    }
    report.state_bytes = context_->states_bytes();
    report.window_bytes = store().windows().bytes_of(working);
    report.working_bytes = store().bytes_of(working) + store().padding_bytes() +
                           report.state_bytes + report.window_bytes;
    report.append_capacity = options_.chunk_tokens - Observer::extra_rows(observer_options());
    report.layer_tokens = store().rows_of_layers();
    report.prefill_seconds = seconds_.prefill;
    report.score_seconds = seconds_.score - seconds_.compact;
    report.compact_seconds = seconds_.compact;
    return report;
}

} // namespace loci
