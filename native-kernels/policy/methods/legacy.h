#pragma once

#include "policy/policy.h"

namespace loci {

struct LegacyMethod {
    const char * name;
    PolicyParameters parameters;
};

extern const LegacyMethod random_method;
extern const LegacyMethod streaming_method;
extern const LegacyMethod h2o_method;
extern const LegacyMethod tova_method;
extern const LegacyMethod keydiff_method;
extern const LegacyMethod knorm_method;
extern const LegacyMethod expected_method;
extern const LegacyMethod lagkv_method;
extern const LegacyMethod ahakv_method;
extern const LegacyMethod criticalkv_method;
extern const LegacyMethod laprox_method;
extern const LegacyMethod defensive_method;
extern const LegacyMethod layer_defensive_method;
extern const LegacyMethod pyramid_method;
extern const LegacyMethod cake_method;
extern const LegacyMethod kvzip_method;
extern const LegacyMethod kvzip_plus_method;
extern const LegacyMethod default_method;

} // namespace loci
