#pragma once

#include "policy/methods/method.h"

#include <array>

namespace loci {

// A new method needs a file here, two lines in this file, its name in
// extension/protocol/policies.ts, a test of its formula, and an update of
// docs/policy-parameters.md, which is generated from the declarations.

extern const MethodEntry default_method;
extern const MethodEntry random_method;
extern const MethodEntry streaming_method;
extern const MethodEntry h2o_method;
extern const MethodEntry tova_method;
extern const MethodEntry snapkv_method;
extern const MethodEntry keydiff_method;
extern const MethodEntry knorm_method;
extern const MethodEntry expected_method;
extern const MethodEntry lagkv_method;
extern const MethodEntry ahakv_method;
extern const MethodEntry criticalkv_method;
extern const MethodEntry laprox_method;
extern const MethodEntry defensive_method;
extern const MethodEntry layer_defensive_method;
extern const MethodEntry pyramid_method;
extern const MethodEntry cake_method;
extern const MethodEntry kvzip_method;
extern const MethodEntry kvzip_plus_method;
extern const MethodEntry adakv_method;
extern const MethodEntry full_method;

/// All methods, in listing order.
inline const auto & all_methods() {
    static const std::array all = {
        &default_method,  &random_method,    &streaming_method,       &h2o_method,
        &tova_method,     &snapkv_method,    &keydiff_method,         &knorm_method,
        &expected_method, &lagkv_method,     &ahakv_method,           &criticalkv_method,
        &laprox_method,   &defensive_method, &layer_defensive_method, &pyramid_method,
        &cake_method,     &kvzip_method,     &kvzip_plus_method,      &adakv_method,
        &full_method,
    };
    return all;
}

} // namespace loci
