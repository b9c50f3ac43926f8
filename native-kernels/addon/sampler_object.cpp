#include "addon/objects.h"

namespace loci {

Napi::Function SamplerObject::define(Napi::Env env) {
    return DefineClass(env, "NativeSampler",
                       { InstanceMethod<&SamplerObject::reset>("reset"),
                         InstanceMethod<&SamplerObject::dispose>("dispose") });
}

SamplerObject::SamplerObject(const Napi::CallbackInfo & info)
    : Napi::ObjectWrap<SamplerObject>(info) {
    if (info.Length() != 1 || !info[0].IsExternal()) {
        throw to_javascript(info.Env(), ErrorCode::invalid_argument,
                            "A sampler comes from createSampler().");
    }
    sampler_ = *info[0].As<Napi::External<std::shared_ptr<Sampler>>>().Data();
}

Napi::Value SamplerObject::make(Napi::Env env, std::shared_ptr<Sampler> sampler) {
    return env.GetInstanceData<AddonData>()->sampler.New(
        { Napi::External<std::shared_ptr<Sampler>>::New(env, &sampler) });
}

std::shared_ptr<Sampler> SamplerObject::checked() const {
    if (!sampler_) {
        throw Error(ErrorCode::disposed, "This sampler has been released.");
    }
    return sampler_;
}

Napi::Value SamplerObject::reset(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        checked()->reset();
        return info.Env().Undefined();
    });
}

Napi::Value SamplerObject::dispose(const Napi::CallbackInfo & info) {
    sampler_.reset();
    return info.Env().Undefined();
}

} // namespace loci
