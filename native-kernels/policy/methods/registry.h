#pragma once

#include "policy/methods/method.h"

#include <array>

namespace loci {

extern const MethodEntry snapkv_method;
extern const MethodEntry adakv_method;

/// Every method, in the order in which they are listed.
inline const auto & all_methods() {
    static const std::array<const MethodEntry *, 2> all = { &snapkv_method, &adakv_method };
    return all;
}

} // namespace loci
