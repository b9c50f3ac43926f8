#pragma once

#include "policy/policy.h"

namespace loci {

/// A published method: its name and what it sets, over the defaults of policy/settings.cpp. The
/// paper, the formula and our deviations stand beside each definition.
struct Method {
    const char * name;
    PolicyParameters parameters;
};

extern const Method random_method;
extern const Method streaming_method;
extern const Method h2o_method;
extern const Method tova_method;
extern const Method snapkv_method;
extern const Method adakv_method;
extern const Method keydiff_method;
extern const Method knorm_method;
extern const Method expected_method;
extern const Method lagkv_method;
extern const Method ahakv_method;
extern const Method criticalkv_method;
extern const Method laprox_method;
extern const Method defensive_method;
extern const Method layer_defensive_method;
extern const Method pyramid_method;
extern const Method cake_method;
extern const Method kvzip_method;
extern const Method kvzip_plus_method;
extern const Method default_method;

} // namespace loci
