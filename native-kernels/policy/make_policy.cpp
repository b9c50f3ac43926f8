#include "core/error.h"
#include "policy/composed.h"
#include "policy/full.h"
#include "policy/methods/legacy.h"
#include "policy/methods/registry.h"

#include <array>
#include <string>

namespace loci {

namespace {

const std::array<const LegacyMethod *, 18> & legacy_methods() {
    static const std::array<const LegacyMethod *, 18> all = {
        &default_method,   &random_method,          &streaming_method,  &h2o_method,
        &tova_method,      &keydiff_method,         &knorm_method,      &expected_method,
        &lagkv_method,     &ahakv_method,           &criticalkv_method, &laprox_method,
        &defensive_method, &layer_defensive_method, &pyramid_method,    &cake_method,
        &kvzip_method,     &kvzip_plus_method,
    };
    return all;
}

std::unique_ptr<Eviction> make_legacy(const std::string & name, const PolicyParameters & given) {
    for (const LegacyMethod * method : legacy_methods()) {
        if (name == method->name) {
            auto made = make_composed(make_settings(name, method->parameters, given));
            made->configure(method->name, {});
            return made;
        }
    }
    return nullptr;
}

const MethodEntry & entry_of(const std::string & name) {
    std::string names;
    for (const MethodEntry * method : all_methods()) {
        if (name == method->name) {
            return *method;
        }
    }
    for (const std::string & known : policy_names()) {
        names += (names.empty() ? "" : ", ") + known;
    }
    throw Error(ErrorCode::invalid_argument,
                "There is no policy \"" + name + "\"; choose one of " + names + ".");
}

std::unique_ptr<Method> make_configured(const std::string & name, const PolicyParameters & given) {
    if (auto legacy = make_legacy(name, given)) {
        return legacy;
    }
    const MethodEntry & entry = entry_of(name);
    auto method = entry.make();
    method->configure(entry.name, given);
    return method;
}

} // namespace

std::vector<std::string> policy_names() {
    std::vector<std::string> names;
    for (const LegacyMethod * method : legacy_methods()) {
        names.emplace_back(method->name);
    }
    for (const MethodEntry * method : all_methods()) {
        names.emplace_back(method->name);
    }
    names.emplace_back("full");
    return names;
}

std::vector<ParameterDescription> policy_parameters(const std::string & name) {
    return entry_of(name).make()->parameters();
}

std::unique_ptr<Policy> make_policy(const std::string & name, const PolicyParameters & parameters) {
    if (name == "full") {
        return make_full(parameters);
    }
    return make_configured(name, parameters);
}

std::unique_ptr<Eviction> make_eviction(const std::string & name,
                                        const PolicyParameters & parameters) {
    auto method = make_configured(name, parameters);
    auto * eviction = dynamic_cast<Eviction *>(method.get());
    require(eviction != nullptr, "a method that evicts nothing");
    method.release();
    return std::unique_ptr<Eviction>(eviction);
}

} // namespace loci
