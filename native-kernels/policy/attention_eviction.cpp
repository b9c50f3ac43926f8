#include "policy/attention_eviction.h"

namespace loci {

PolicyNeeds AttentionEviction::reads() const {
    PolicyNeeds needs;
    needs.attention.statistics = statistics_of(attention.aggregate);
    return needs;
}

void AttentionEviction::declare_own(ParameterList & list) {
    attention.declare(list);
}

PolicyNeeds ValueEviction::reads() const {
    PolicyNeeds needs = AttentionEviction::reads();
    needs.value = need_of(values.term, attention.aggregate);
    return needs;
}

void ValueEviction::declare_own(ParameterList & list) {
    AttentionEviction::declare_own(list);
    values.declare(list);
}

} // namespace loci
