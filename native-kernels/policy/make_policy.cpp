#include "core/error.h"
#include "policy/composed.h"
#include "policy/full.h"
#include "policy/methods/method.h"

#include <array>

namespace loci {

namespace {

const std::array<const Method *, 20> & methods() {
    static const std::array<const Method *, 20> all = {
        &default_method,  &random_method,    &streaming_method,       &h2o_method,
        &tova_method,     &snapkv_method,    &keydiff_method,         &knorm_method,
        &expected_method, &lagkv_method,     &ahakv_method,           &criticalkv_method,
        &laprox_method,   &defensive_method, &layer_defensive_method, &pyramid_method,
        &cake_method,     &kvzip_method,     &kvzip_plus_method,      &adakv_method,
    };
    return all;
}

} // namespace

std::vector<std::string> policy_names() {
    std::vector<std::string> names;
    for (const Method * method : methods()) {
        names.emplace_back(method->name);
    }
    names.emplace_back("full");
    return names;
}

Settings settings_of(const std::string & name, const PolicyParameters & given) {
    for (const Method * method : methods()) {
        if (name == method->name) {
            return make_settings(name, method->parameters, given);
        }
    }
    std::string names;
    for (const std::string & known : policy_names()) {
        names += (names.empty() ? "" : ", ") + known;
    }
    throw Error(ErrorCode::invalid_argument,
                "There is no policy \"" + name + "\"; choose one of " + names + ".");
}

std::unique_ptr<Policy> make_policy(const std::string & name, const PolicyParameters & parameters) {
    return name == "full" ? make_full(parameters) : make_composed(settings_of(name, parameters));
}

} // namespace loci
