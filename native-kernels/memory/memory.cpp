#include "memory/memory.h"

#include "attention/sharpening.h"
#include "core/error.h"
#include "core/round.h"

#include <algorithm>

namespace loci {

namespace {

constexpr int largest_ubatch = 512;
// A layer whose neighbours share positions holds at most so many rows beyond a short context.
constexpr int64_t most_shared_rows = 16384;

} // namespace

Memory::Memory(std::shared_ptr<Model> model, const MemoryOptions & options)
    : model_(std::move(model)), api_(model_->api()), options_(options),
      policy_(make_policy(options.policy, options.policy_parameters)), needs_(policy_->needs()),
      threads_(api_, options.threads) {
    if (options.chunk_tokens < 64 || options.chunk_tokens % 64 != 0) {
        throw Error(ErrorCode::invalid_argument,
                    "A chunk must hold a multiple of 64 tokens, and at least 64.");
    }
    if (options.budget_tokens < 64) {
        throw Error(ErrorCode::budget_too_small,
                    "A budget of " + std::to_string(options.budget_tokens) +
                        " tokens holds too little to be useful; choose at least 64.");
    }
    if (extra_rows() + 64 > options.chunk_tokens) {
        throw Error(ErrorCode::invalid_argument,
                    "The policy observes a chunk through " + std::to_string(extra_rows()) +
                        " more rows, too many for this model's chunks of " +
                        std::to_string(options.chunk_tokens) +
                        " tokens; choose another policy or a model with a longer context.");
    }
    const auto layers = static_cast<size_t>(model_->info().layers);
    const auto heads = layers * static_cast<size_t>(model_->info().kv_heads);
    const size_t profiled = options.layer_profile.size();
    if (profiled != 0 && profiled != layers && !(needs_.ragged && profiled == heads)) {
        throw Error(ErrorCode::invalid_argument,
                    "The profile must name every layer once, or where the layout is ragged every "
                    "KV head.");
    }
    check_tokens(options.probe);
    check_tokens(options.repeat_prompt);
    static const Cancellation never;
    const Cancellation & cancellation = options.cancellation ? *options.cancellation : never;
    retarget_ = std::make_unique<Retarget>(api_, model_->info().layers);
    context_ = std::make_unique<Context>(*model_, *retarget_,
                                         std::min(options.chunk_tokens, largest_ubatch), threads_,
                                         options.kv_type);
    check_parity();
    cancellation.check();
    if (needs_.value == ValueNeed::projected_norm || needs_.value == ValueNeed::projected_apart) {
        load_grams(cancellation);
    } else if (needs_.value == ValueNeed::projected_l1) {
        load_projections(cancellation);
    }
    if (needs_.query_moments) {
        for (const auto & pool : pools_) {
            moments_.emplace_back(pool->shape().heads, pool->shape().key_size);
        }
    }
}

Memory::~Memory() = default;

int64_t Memory::capacity_for(int64_t rows) const {
    return rows + options_.chunk_tokens;
}

// Whether the stream outgrows the trained context, so that keys move to other positions.
bool Memory::may_move() const {
    return options_.stream_tokens == 0 ||
           options_.stream_tokens + options_.chunk_tokens > model_->info().trained_context;
}

// Positions that what is held may take: the trained context less one chunk or tail.
int64_t Memory::position_limit() const {
    return std::max<int64_t>(64, model_->info().trained_context - options_.chunk_tokens);
}

// Layers differ in number, but none takes so much that masks and scratch outgrow the budget.
int64_t Memory::layer_limit() const {
    // Where neighbours share positions a short context is no limit, but masks still cost.
    const int64_t positions =
        needs_.shares_positions ? std::max(position_limit(), most_shared_rows) : position_limit();
    return std::min(positions, 4 * static_cast<int64_t>(options_.budget_tokens));
}

// Positions that so many rows of a layer take.
int64_t Memory::positions_of(int64_t rows) const {
    return needs_.shares_positions ? std::min(rows, position_limit()) : rows;
}

// How much sharper than the model itself a layer, or a ragged head of it, attends to the memory and
// what is behind it.
float Memory::sharpening_of(size_t pool) const {
    return sharpening(needs_.sharpen, pools_[pool]->rows(), model_->info().trained_context);
}

size_t Memory::physical_bytes() const {
    size_t total = 0;
    for (const auto & pool : pools_) {
        total += pool->allocated_bytes();
    }
    return total;
}

void Memory::decode(const llama_token * tokens, int64_t count, int64_t behind, bool attend_memory,
                    int64_t observed, bool wants_logits, const Cancellation & cancellation) {
    std::vector<LayerStep> steps(pools_.size());
    std::vector<std::vector<StaircaseMask::Window>> windows(masks_.size());
    for (size_t i = 0; i < pools_.size(); i++) {
        LayerStep & step = steps[i];
        step.base = tail_base(i, attend_memory);
        step.held = (attend_memory ? pools_[i]->rows() : 0) + behind;
        step.sharpening = attend_memory ? sharpening_of(i) : 1.0F;
        step.read =
            std::min(round_up(step.held + count, granule_), pools_[i]->capacity() - step.base);
        windows[device_of_[i]].push_back({ step.held, count, step.read });
    }
    for (size_t i = 0; i < masks_.size(); i++) {
        masks_[i]->prepare(windows[i]);
    }
    retarget_->begin_step(steps, count, observed);
    const int64_t position = (attend_memory ? next_position_ : 0) + behind;
    std::vector<float> logits;
    try {
        logits = context_->decode(tokens, count, position, wants_logits, true, cancellation);
    } catch (const Error & failure) {
        if (failure.code() != ErrorCode::cancelled) {
            retarget_->end_step(); // its own reason is the better one
        }
        throw;
    }
    retarget_->end_step();
    if (wants_logits) {
        logits_ = std::move(logits);
    }
}

void Memory::append(const std::vector<llama_token> & tokens, const std::vector<uint8_t> & protect,
                    const TokenStructure & structure, const Cancellation & cancellation) {
    check_usable();
    const auto count = static_cast<int64_t>(tokens.size());
    const int64_t most = options_.chunk_tokens - extra_rows();
    if (count == 0 || count > most) {
        throw Error(ErrorCode::invalid_argument,
                    "A chunk holds 1 to " + std::to_string(most) + " tokens.");
    }
    if (!protect.empty() && protect.size() != tokens.size()) {
        throw Error(ErrorCode::invalid_argument, "The protection must name every token once.");
    }
    if (!structure.empty() &&
        (structure.units.size() != tokens.size() || structure.raised.size() != tokens.size() ||
         structure.files.size() != tokens.size())) {
        throw Error(ErrorCode::invalid_argument, "The structure must name every token once.");
    }
    // Every file has tokens of its own, so there are no more files than tokens.
    if (std::any_of(structure.files.begin(), structure.files.end(),
                    [&](int32_t file) { return file < -1 || file >= stream_tokens_ + count; })) {
        throw Error(ErrorCode::invalid_argument, "The structure names a file that cannot be.");
    }
    if (tail_.tokens > 0) {
        throw Error(ErrorCode::busy, "The tail must be cut before the memory reads on.");
    }
    check_tokens(tokens);

    Observations seen(pools_.size());
    for (size_t i = 0; i < moments_.size(); i++) {
        seen[i].moments = moments_[i];
    }
    read_chunk(tokens, seen, cancellation);
    timed(score_seconds_, [&] {
        const Rows rows = needs_.attention.rows;
        if (rows == Rows::probe || rows == Rows::both) {
            read_probe(count, seen, cancellation);
        } else if (rows == Rows::repeat) {
            read_repetitions(tokens, seen, cancellation);
        }
        observe_rows(count, seen);
        compress(count, protect, structure, seen, cancellation);
    });
    for (size_t i = 0; i < moments_.size(); i++) {
        moments_[i] = std::move(seen[i].moments);
    }
}

} // namespace loci
