#include "addon/objects.h"

namespace loci {

Napi::Function CancellationObject::define(Napi::Env env) {
    return DefineClass(env, "NativeCancellation",
                       { InstanceMethod<&CancellationObject::cancel>("cancel"),
                         InstanceAccessor<&CancellationObject::cancelled>("cancelled") });
}

CancellationObject::CancellationObject(const Napi::CallbackInfo & info)
    : Napi::ObjectWrap<CancellationObject>(info), flag_(std::make_shared<Cancellation>()) {}

CancellationPtr CancellationObject::from(Napi::Env env, const Napi::Object & options) {
    const Napi::Value value = options.Get("cancellation");
    const Napi::Function type = env.GetInstanceData<AddonData>()->cancellation.Value();
    if (!value.IsObject() || !value.As<Napi::Object>().InstanceOf(type)) {
        throw Error(ErrorCode::invalid_argument,
                    "The argument cancellation must come from createCancellation().");
    }
    return Unwrap(value.As<Napi::Object>())->flag_;
}

Napi::Value CancellationObject::cancel(const Napi::CallbackInfo & info) {
    flag_->cancel();
    return info.Env().Undefined();
}

Napi::Value CancellationObject::cancelled(const Napi::CallbackInfo & info) {
    return Napi::Boolean::New(info.Env(), flag_->cancelled());
}

} // namespace loci
