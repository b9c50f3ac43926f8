#include "addon/objects.h"

#include <optional>

namespace loci {

namespace {

const char * kind_name(enum ggml_backend_dev_type type) {
    switch (type) {
        case GGML_BACKEND_DEVICE_TYPE_CPU: return "cpu";
        case GGML_BACKEND_DEVICE_TYPE_GPU: return "gpu";
        case GGML_BACKEND_DEVICE_TYPE_IGPU: return "integrated-gpu";
        default: return "accelerator";
    }
}

// Reports progress on the main thread; the last fraction wins.
std::function<void(float)> javascript_progress(Napi::Env env, const Napi::Value & callback) {
    if (!callback.IsFunction()) {
        return nullptr;
    }
    auto channel = std::shared_ptr<Napi::ThreadSafeFunction>(
        new Napi::ThreadSafeFunction(Napi::ThreadSafeFunction::New(
            env, callback.As<Napi::Function>(), "loci-progress", 0, 1)),
        [](Napi::ThreadSafeFunction * owned) {
            owned->Release();
            delete owned;
        });
    return [channel](float fraction) {
        channel->NonBlockingCall([fraction](Napi::Env call_env, Napi::Function function) {
            if (call_env != nullptr && function != nullptr) {
                unthrowing([&] {
                    function.Call({ Napi::Number::New(call_env, static_cast<double>(fraction)) });
                });
            }
        });
    };
}

} // namespace

Napi::Function RuntimeObject::define(Napi::Env env) {
    return DefineClass(env, "NativeRuntime",
                       { InstanceAccessor<&RuntimeObject::version>("version"),
                         InstanceMethod<&RuntimeObject::devices>("devices"),
                         InstanceMethod<&RuntimeObject::load_model>("loadModel") });
}

RuntimeObject::RuntimeObject(const Napi::CallbackInfo & info)
    : Napi::ObjectWrap<RuntimeObject>(info) {
    if (info.Length() != 1 || !info[0].IsExternal()) {
        throw to_javascript(info.Env(), ErrorCode::invalid_argument,
                            "A runtime comes from loadRuntime().");
    }
    runtime_ = *info[0].As<Napi::External<std::shared_ptr<const Runtime>>>().Data();
}

Napi::Value RuntimeObject::make(Napi::Env env, std::shared_ptr<const Runtime> runtime) {
    return env.GetInstanceData<AddonData>()->runtime.New(
        { Napi::External<std::shared_ptr<const Runtime>>::New(env, &runtime) });
}

Napi::Value RuntimeObject::version(const Napi::CallbackInfo & info) {
    return Napi::String::New(info.Env(), runtime_->version());
}

Napi::Value RuntimeObject::devices(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        Napi::Env env = info.Env();
        Napi::Array list = Napi::Array::New(env);
        for (const Device & device : runtime_->devices()) {
            Napi::Object entry = Napi::Object::New(env);
            entry.Set("name", device.name);
            entry.Set("description", device.description);
            entry.Set("kind", kind_name(device.type));
            entry.Set("freeBytes", static_cast<double>(device.free_bytes));
            entry.Set("totalBytes", static_cast<double>(device.total_bytes));
            list.Set(list.Length(), entry);
        }
        return list;
    });
}

Napi::Value RuntimeObject::load_model(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const Napi::Object argument = object_argument(info, 0, "options");
        ModelOptions options;
        options.path = string_field(argument, "path");
        options.gpu_layers = integer_field(argument, "gpuLayers", -1, 100000);
        options.cancellation = CancellationObject::from(info.Env(), argument);
        options.progress = javascript_progress(info.Env(), argument.Get("onProgress"));
        auto loaded = std::make_shared<std::shared_ptr<Model>>();
        return Task::start(
            info.Env(),
            [runtime = runtime_, options, loaded] { *loaded = Model::load(runtime, options); },
            [loaded](Napi::Env env) { return ModelObject::make(env, *loaded); }, [] {});
    });
}

} // namespace loci
