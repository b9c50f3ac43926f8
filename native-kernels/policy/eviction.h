#pragma once

#include "policy/drawing.h"
#include "policy/layer_budget.h"
#include "policy/methods/method.h"
#include "policy/methods/registry.h"
#include "policy/observers.h"
#include "policy/protection.h"
#include "policy/score.h"

#include <cstdint>
#include <vector>

namespace loci {

/// How the positions of kept tokens are handled; the memory does this (`PolicyNeeds`).
struct Positions {
    bool shared = false;
    double sharpen = 0.0;

    void declare(ParameterList & list);
};

/// A method that evicts: its own score, and shared parts whose defaults its constructor sets.
/// Selects in these steps:
///
///     rank    = score, raised by units, or drawn by
///     kept    = protected, newest and first tokens, then the files' quotas
///     rows    = the allocation's shares, rounded, within the bounds of each layer
///     kept    = also the slots that the method reserves
///     survive = in each head the best `rows` by kept, then rank
class Eviction : public Method {
  public:
    PolicyNeeds needs() const noexcept final;
    std::vector<LayerSelection> select(const SelectionRequest & request) const final;

    /// Scores one layer, which contains what `reads` asks for.
    virtual LayerScore score(const LayerCandidates & layer, const ScorePlace & place) const = 0;

    /// The number of first tokens of the stream that are never evicted.
    int sinks() const noexcept { return protection.sinks; }

  protected:
    /// What the score needs, except the observers, which the caller adds.
    virtual PolicyNeeds reads() const = 0;

    /// Declares the method's own parameters.
    virtual void declare_own(ParameterList &) {}

    /// Reserves more slots once the layer's number of rows is known.
    virtual void reserve(const LayerCandidates &, const std::vector<float> & /*evidence*/,
                         int /*rows*/, std::vector<uint8_t> & /*kept*/) const {}

    /// The number of newest tokens whose evidence is not carried.
    virtual int unscored() const { return scores_attention() ? observers.own_rows() : 0; }

    void declare(ParameterList & list) final;
    void check() const override;

    Observers observers;
    Allocation allocation;
    Layout layout;
    Protection protection;
    Units units;
    Positions positions;
    Drawing drawing;

  private:
    bool scores_attention() const { return !reads().attention.statistics.empty(); }
    std::vector<LayerSelection> keep_all(const SelectionRequest & request) const;
};

/// Makes the method of that name, which must evict, with these parameters. Throws as `make_policy`.
std::unique_ptr<Eviction> make_eviction(const std::string & name,
                                        const PolicyParameters & parameters);

} // namespace loci
