#include "policy/methods/method.h"

namespace loci {

void Method::configure(const char * name, const PolicyParameters & given) {
    name_ = name;
    ParameterList list;
    declare(list);
    list.set(name, given);
    check();
}

std::vector<ParameterDescription> Method::parameters() {
    ParameterList list;
    declare(list);
    return list.described();
}

} // namespace loci
