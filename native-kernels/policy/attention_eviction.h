#pragma once

#include "policy/attention_score.h"
#include "policy/eviction.h"
#include "policy/value_term.h"

namespace loci {

/// A method that scores only by the attention of the observers.
class AttentionEviction : public Eviction {
  protected:
    PolicyNeeds reads() const override;
    void declare_own(ParameterList & list) override;

    Attention attention;
};

/// A method that scores by attention and by the attended values.
class ValueEviction : public AttentionEviction {
  protected:
    PolicyNeeds reads() const override;
    void declare_own(ParameterList & list) override;
    void check() const override;

    Values values;
};

} // namespace loci
