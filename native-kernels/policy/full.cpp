#include "policy/full.h"

#include "core/error.h"
#include "policy/parameters.h"
#include "policy/selection.h"

#include <string>

namespace loci {

namespace {

/// Never evicts: the baseline that every other policy is compared with. Reads no scores.
/// `select` throws Error(budget_too_small) where the budget does not hold everything.
class Full final : public Policy {
  public:
    explicit Full(bool ragged) : ragged_(ragged) {}

    const char * name() const noexcept override { return "full"; }

    PolicyNeeds needs() const noexcept override {
        PolicyNeeds needs;
        needs.ragged = ragged_;
        return needs;
    }

    std::vector<LayerSelection> select(const SelectionRequest & request) const override {
        check_request(request);
        if (!everything_fits(request)) {
            const int64_t layers = static_cast<int64_t>(request.layers.size());
            throw Error(ErrorCode::budget_too_small,
                        "The policy full keeps every token, and more were read than the cache "
                        "budget of " +
                            std::to_string(request.budget_rows / layers) +
                            " tokens holds; raise the budget or choose a policy that evicts.");
        }
        return keep_everything(request);
    }

  private:
    bool ragged_;
};

} // namespace

std::unique_ptr<Policy> make_full(const PolicyParameters & parameters) {
    const Parameters given(
        "full",
        { { "layout", "rectangular", ParameterKind::word, 0, 0, { "rectangular", "ragged" } } },
        parameters);
    return std::make_unique<Full>(given.word("layout") == "ragged");
}

} // namespace loci
