#include "core/error.h"
#include "policy/ahakv.h"
#include "policy/full.h"
#include "policy/laprox.h"
#include "policy/policy.h"
#include "policy/streaming.h"

namespace loci {

namespace {

struct Entry {
    const char * name;
    std::unique_ptr<Policy> (*make)(const PolicyParameters & parameters);
};

constexpr Entry policies[] = {
    { "full", make_full },
    { "streaming", make_streaming },
    { "ahakv", make_ahakv },
    { "laprox", make_laprox },
};

} // namespace

std::unique_ptr<Policy> make_policy(const std::string & name, const PolicyParameters & parameters) {
    std::string names;
    for (const Entry & entry : policies) {
        if (name == entry.name) {
            return entry.make(parameters);
        }
        names += (names.empty() ? "" : ", ") + std::string(entry.name);
    }
    throw Error(ErrorCode::invalid_argument,
                "There is no policy \"" + name + "\"; choose one of " + names + ".");
}

} // namespace loci
