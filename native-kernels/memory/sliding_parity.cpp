#include "memory/sliding_parity.h"

#include "attention/context.h"
#include "attention/stepper.h"
#include "core/error.h"
#include "memory/engine_parts.h"
#include "memory/parity.h"
#include "store/kv_store.h"

#include <algorithm>
#include <numeric>

namespace loci {

namespace {

// Tokens beyond the window, so that it has slid.
constexpr int64_t beyond = 32;

// One stretch of the text: computed in steps of a batch, and compared behind its last token.
struct Stretch {
    int64_t first;
    int64_t count;
    bool joins; ///< whether it joins the memory, or is the tail behind it
};

class SlidingParity {
  public:
    SlidingParity(const Model & model, int batch, const ThreadPool & pool, int threads,
                  enum ggml_type type, const Cancellation & cancellation)
        : model_(model), type_(type), cancellation_(cancellation), batch_(batch),
          window_(longest_window(model.info().table)),
          tokens_(parity_tokens(model.info().vocabulary, window_ + beyond)),
          retarget_(model.api(), model.info().table),
          context_(model, retarget_, batch, pool, type, 1, window_ + beyond) {
        const int64_t half = (window_ + beyond) / 2 - 1;
        stretches_ = { { 0, half, true },
                       { half, window_ + beyond - half - 2, true },
                       { window_ + beyond - 2, 2, false } };
        run_stock();
        check_masks();
        run_ours(threads, pool);
    }

  private:
    // The steps of a stretch: `behind` its first token so many others.
    template <typename Run>
    std::vector<float> steps(const Stretch & stretch, const Run & run) {
        std::vector<float> logits;
        for (int64_t done = 0; done < stretch.count;) {
            const int64_t length = std::min<int64_t>(batch_, stretch.count - done);
            logits = run(tokens_.data() + stretch.first + done, length, done,
                         done + length == stretch.count);
            done += length;
        }
        return logits;
    }

    void run_stock() {
        retarget_.begin_probe();
        for (const Stretch & stretch : stretches_) {
            stock_.push_back(steps(
                stretch, [&](const llama_token * tokens, int64_t count, int64_t done, bool last) {
                    return context_.decode({ tokens, count, stretch.first + done, last }, false,
                                           cancellation_);
                }));
        }
        context_.forget();
    }

    // The last token stands behind more tokens than any window has.
    void check_masks() {
        const std::vector<LayerShape> shapes = retarget_.shapes();
        const std::vector<int64_t> visible = retarget_.visible();
        for (size_t i = 0; i < shapes.size(); i++) {
            const ModelLayer & layer = model_.info().table[static_cast<size_t>(shapes[i].number)];
            const int64_t expected = layer.window > 0 ? layer.window : window_ + beyond;
            if (visible[i] != expected) {
                throw Error(ErrorCode::model_unsupported,
                            "Layer " + std::to_string(shapes[i].number) + " of this model sees " +
                                std::to_string(visible[i]) + " of " +
                                std::to_string(window_ + beyond) + " tokens and not the " +
                                std::to_string(expected) +
                                " that its file says; choose another model.");
            }
        }
    }

    void run_ours(int threads, const ThreadPool & pool) {
        const std::vector<LayerShape> shapes =
            with_windows(retarget_.shapes(), model_.info().table);
        const int64_t rows = window_ + beyond;
        const int64_t working = stretches_[1].count; // the longest
        const StoreLimits limits{ std::max<int64_t>(model_.info().trained_context, 2 * rows),
                                  working, working, rows, false };
        EngineParts parts(model_.api(), shapes, retarget_, context_, threads, &pool,
                          { type_, false, false, limits }, 0.0);
        for (size_t i = 0; i < stretches_.size(); i++) {
            const Stretch & stretch = stretches_[i];
            if (!stretch.joins) {
                // A question that is then taken back leaves nothing behind.
                compute(*parts.stepper, { 0, std::min<int64_t>(window_, 16), false });
                parts.stepper->drop(sequences::running);
            }
            compare(compute(*parts.stepper, stretch), stock_[i]);
            if (stretch.joins) {
                join(*parts.store, stretch);
                parts.stepper->fork(sequences::running, sequences::memory);
            }
            parts.stepper->drop(sequences::running);
        }
    }

    std::vector<float> compute(Stepper & stepper, const Stretch & stretch) {
        stepper.fork(sequences::memory, sequences::running);
        return steps(stretch,
                     [&](const llama_token * tokens, int64_t count, int64_t done, bool last) {
                         return stepper.run({ tokens, count, done, true, 0, last }, cancellation_);
                     });
    }

    // Everything is kept.
    static void join(KvStore & store, const Stretch & stretch) {
        std::vector<KeptRows> kept;
        for (size_t i = 0; i < store.pools(); i++) {
            KeptRows own;
            own.rows = store.pool(i).rows() + stretch.count;
            for (int head = 0; head < store.pool(i).shape().kv_heads; head++) {
                const size_t before = own.slots.size();
                own.slots.resize(before + static_cast<size_t>(own.rows));
                std::iota(own.slots.begin() + static_cast<std::ptrdiff_t>(before), own.slots.end(),
                          0);
            }
            own.carried.assign(own.slots.size(), -1.0F);
            kept.push_back(std::move(own));
        }
        store.apply(store.plan(extended(store.stream(), stretch.count, {}, {}),
                               std::vector<std::vector<float>>(store.pools()), std::move(kept)));
    }

    void compare(const std::vector<float> & ours, const std::vector<float> & stock) const {
        require_parity(model_, ours, stock, type_);
    }

    const Model & model_;
    enum ggml_type type_;
    const Cancellation & cancellation_;
    int batch_;
    int64_t window_;
    std::vector<llama_token> tokens_;
    Retarget retarget_;
    Context context_;
    std::vector<Stretch> stretches_;
    std::vector<std::vector<float>> stock_;
};

} // namespace

int64_t longest_window(const LayerTable & table) noexcept {
    int64_t longest = 0;
    for (const ModelLayer & layer : table) {
        longest = std::max(longest, layer.window);
    }
    return longest;
}

std::vector<LayerShape> with_windows(std::vector<LayerShape> shapes, const LayerTable & table) {
    for (LayerShape & shape : shapes) {
        shape.window = table[static_cast<size_t>(shape.number)].window;
    }
    std::stable_partition(shapes.begin(), shapes.end(),
                          [](const LayerShape & shape) { return shape.window == 0; });
    return shapes;
}

void check_sliding(Model & model, int batch, const ThreadPool & pool, int threads,
                   enum ggml_type type, const Cancellation & cancellation) {
    if (longest_window(model.info().table) > 0 && !model.has_passed(type)) {
        const SlidingParity holds(model, batch, pool, threads, type, cancellation);
        model.remember_passed(type);
    }
}

} // namespace loci
