// What is refused before anything is computed.

#include "core/error.h"
#include "memory/memory.h"

#include <algorithm>

namespace loci {

namespace {

constexpr int64_t max_tail_rows = int64_t{ 1 } << 20;

} // namespace

void Memory::check_options() const {
    if (options_.chunk_tokens < 64 || options_.chunk_tokens % 64 != 0) {
        throw Error(ErrorCode::invalid_argument,
                    "A chunk must hold a multiple of 64 tokens, and at least 64.");
    }
    check_budget(options_.budget_tokens);
    const std::vector<int64_t> tails = tail_capacities();
    if (std::any_of(tails.begin(), tails.end(), [&](int64_t rows) {
            return rows < 1 || rows > tails.front() || rows > max_tail_rows;
        })) {
        throw Error(ErrorCode::invalid_argument,
                    "A tail takes at least one row, and no more than the first tail.");
    }
    const int64_t extra = Observer::extra_rows(observer_options());
    if (extra + 64 > options_.chunk_tokens) {
        throw Error(ErrorCode::invalid_argument,
                    "The policy observes a chunk through " + std::to_string(extra) +
                        " more rows, too many for this model's chunks of " +
                        std::to_string(options_.chunk_tokens) +
                        " tokens. Choose another policy, or a model with a longer context.");
    }
    const auto layers = static_cast<size_t>(model_->info().layers);
    const auto heads = static_cast<size_t>(kv_heads_of(model_->info().table, LayerKind::full));
    const size_t profiled = options_.layer_profile.size();
    if (profiled != 0 && profiled != layers && !(needs_.ragged && profiled == heads)) {
        throw Error(ErrorCode::invalid_argument,
                    "The profile must name every layer once, or where the layout is ragged every "
                    "KV head.");
    }
    check_tokens(options_.probe);
    check_tokens(options_.repeat_prompt);
}

// Every query head looks at one long key: a matrix of its size for each would take gigabytes.
void Memory::check_needs(const std::vector<LayerShape> & shapes) const {
    const bool apart = needs_.query_moments || needs_.value == ValueNeed::projected_apart ||
                       needs_.value == ValueNeed::projected_l1;
    if (apart && std::any_of(shapes.begin(), shapes.end(),
                             [](const LayerShape & shape) { return shape.values_in_keys; })) {
        throw Error(ErrorCode::model_unsupported,
                    "The policy " + options_.policy +
                        " looks at each query head of a layer by itself, which Loci does not do "
                        "where keys and values are compressed (MLA). Choose another policy.");
    }
}

void Memory::check_budget(int budget_tokens) {
    if (budget_tokens < 64) {
        throw Error(ErrorCode::budget_too_small, "The budget of " + std::to_string(budget_tokens) +
                                                     " tokens is too small. Use at least 64.");
    }
}

void Memory::check_chunk(const std::vector<llama_token> & tokens,
                         const std::vector<uint8_t> & protect,
                         const TokenStructure & structure) const {
    const auto count = static_cast<int64_t>(tokens.size());
    const int64_t most = options_.chunk_tokens - Observer::extra_rows(observer_options());
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
    const int64_t after = store().stream().tokens + count;
    if (std::any_of(structure.files.begin(), structure.files.end(),
                    [&](int32_t file) { return file < -1 || file >= after; })) {
        throw Error(ErrorCode::invalid_argument, "The structure names a file that cannot exist.");
    }
    if (!tails_->empty()) {
        throw Error(ErrorCode::busy, "Cut every tail before the memory reads on.");
    }
    check_tokens(tokens);
}

void Memory::check_tokens(const std::vector<llama_token> & tokens) const {
    for (const llama_token token : tokens) {
        if (token < 0 || token >= model_->info().vocabulary) {
            throw Error(ErrorCode::invalid_argument,
                        "Token " + std::to_string(token) + " is not in the model's vocabulary.");
        }
    }
}

} // namespace loci
