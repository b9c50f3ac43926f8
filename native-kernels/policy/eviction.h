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

/// Where kept tokens stand; the memory does what these ask for (`PolicyNeeds`).
struct Positions {
    bool shared = false;
    double sharpen = 0.0;

    void declare(ParameterList & list);
};

/// A method that evicts: a score of its own, and the parts that all of them share, whose defaults
/// its constructor sets. What is kept of a request:
///
///     rank    = score, raised by units, or drawn by
///     kept    = protected, newest and first tokens, then the files' quotas
///     rows    = the allocation's shares as whole numbers, between what must and what may stay
///     kept    = and what the method reserves
///     survive = in each head the best `rows` by kept, then rank
class Eviction : public Method {
  public:
    PolicyNeeds needs() const noexcept final;
    std::vector<LayerSelection> select(const SelectionRequest & request) const final;

    /// What the method says of one layer, which holds what `reads` asks for.
    virtual LayerScore score(const LayerCandidates & layer, const ScorePlace & place) const = 0;

    /// How many of the stream's first tokens always stay.
    int sinks() const noexcept { return protection.sinks; }

  protected:
    /// What the score is made of; who observes is added.
    virtual PolicyNeeds reads() const = 0;

    /// Declares what the method has besides the shared parts.
    virtual void declare_own(ParameterList &) {}

    /// Marks more slots as reserved, once the layer's rows are known.
    virtual void reserve(const LayerCandidates &, const std::vector<float> & /*evidence*/,
                         int /*rows*/, std::vector<uint8_t> & /*kept*/) const {}

    /// The newest tokens whose evidence is not worth carrying.
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

/// The method of that name, which must be one that evicts, with these parameters. Throws as
/// `make_policy`.
std::unique_ptr<Eviction> make_eviction(const std::string & name,
                                        const PolicyParameters & parameters);

} // namespace loci
