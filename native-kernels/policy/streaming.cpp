#include "policy/streaming.h"

#include "policy/parameters.h"
#include "policy/selection.h"

namespace loci {

namespace {

/// StreamingLLM (arXiv 2309.17453): the first tokens of the stream, which attract attention
/// whatever they say, and the most recent ones. The same for every head; reads no scores.
///
/// Parameters: `sinks` (4), how many of the first tokens stay.
/// Deviations: protected tokens stay too; keys keep the positions that the memory gives them, where
/// the paper rotates by cache position at every step.
class Streaming final : public Policy {
  public:
    explicit Streaming(int sinks) : sinks_(sinks) {}

    const char * name() const noexcept override { return "streaming"; }

    PolicyNeeds needs() const noexcept override { return {}; }

    std::vector<LayerSelection> select(const SelectionRequest & request) const override {
        check_request(request);
        if (everything_fits(request)) {
            return keep_everything(request);
        }
        const auto kept = kept_slots(request, sinks_);
        const auto rows =
            uniform_rows(layer_bounds(request, kept), request.budget_rows, request.granule);
        std::vector<LayerSelection> selections;
        for (size_t l = 0; l < request.layers.size(); l++) {
            const LayerCandidates & layer = request.layers[l];
            // Slots are in stream order: the later, the better.
            std::vector<float> age(layer.token.size());
            for (size_t i = 0; i < age.size(); i++) {
                age[i] = static_cast<float>(i % static_cast<size_t>(layer.slots));
            }
            // Recency is not evidence: nothing is carried.
            selections.push_back(select_layer(layer, age, kept[l], rows[l], layer.slots));
        }
        return selections;
    }

  private:
    int sinks_;
};

} // namespace

std::unique_ptr<Policy> make_streaming(const PolicyParameters & parameters) {
    const auto values =
        resolve_parameters("streaming", { { "sinks", 4, 0, 1024, NumberKind::whole } }, parameters);
    return std::make_unique<Streaming>(static_cast<int>(values[0]));
}

} // namespace loci
