#include "core/error.h"
#include "policy/layer_budget.h"
#include "policy/methods/registry.h"
#include "policy/selection.h"

#include <string>

namespace loci {

namespace {

/// Never evicts: the baseline for all other policies. Needs no scores.
/// `select` throws Error(budget_too_small) if the budget cannot hold everything.
class Full final : public Method {
  public:
    PolicyNeeds needs() const noexcept override {
        PolicyNeeds needs;
        needs.ragged = ragged;
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
                            " tokens holds. Raise the budget or choose a policy that evicts.");
        }
        return keep_everything(request);
    }

  protected:
    void declare(ParameterList & list) override { declare_layout(list, ragged); }

  private:
    bool ragged = false;
};

} // namespace

const MethodEntry full_method = { "full", make_method<Full> };

} // namespace loci
