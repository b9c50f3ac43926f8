#include "policy/attention_eviction.h"

#include "core/error.h"

#include <string>

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

void ValueEviction::check() const {
    AttentionEviction::check();
    const bool by_head = values.term == ValueTerm::none || values.term == ValueTerm::projected;
    if (attention.aggregate == Aggregate::apart && !by_head) {
        throw Error(ErrorCode::invalid_argument,
                    std::string("The policy ") + name() +
                        " meets the values query head by query head with aggregate=apart, which "
                        "takes value=projected or value=none.");
    }
}

} // namespace loci
