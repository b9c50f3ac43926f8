#include "core/error.h"
#include "policy/eviction.h"
#include "policy/methods/registry.h"

#include <string>

namespace loci {

namespace {

const MethodEntry & entry_of(const std::string & name) {
    std::string names;
    for (const MethodEntry * method : all_methods()) {
        if (name == method->name) {
            return *method;
        }
        names += (names.empty() ? "" : ", ") + std::string(method->name);
    }
    throw Error(ErrorCode::invalid_argument,
                "There is no policy \"" + name + "\"; choose one of " + names + ".");
}

std::unique_ptr<Method> make_configured(const std::string & name,
                                        const PolicyParameters & parameters) {
    const MethodEntry & entry = entry_of(name);
    auto method = entry.make();
    method->configure(entry.name, parameters);
    return method;
}

} // namespace

std::vector<std::string> policy_names() {
    std::vector<std::string> names;
    for (const MethodEntry * method : all_methods()) {
        names.emplace_back(method->name);
    }
    return names;
}

std::vector<ParameterDescription> policy_parameters(const std::string & name) {
    return entry_of(name).make()->parameters();
}

std::unique_ptr<Policy> make_policy(const std::string & name, const PolicyParameters & parameters) {
    return make_configured(name, parameters);
}

std::unique_ptr<Eviction> make_eviction(const std::string & name,
                                        const PolicyParameters & parameters) {
    auto method = make_configured(name, parameters);
    auto * eviction = dynamic_cast<Eviction *>(method.get());
    require(eviction != nullptr, "a policy that evicts nothing");
    static_cast<void>(method.release());
    return std::unique_ptr<Eviction>(eviction);
}

} // namespace loci
