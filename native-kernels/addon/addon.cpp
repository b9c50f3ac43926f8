#include "addon/objects.h"
#include "core/thread_limit.h"
#include "policy/policy.h"

#include <mutex>

namespace loci {

namespace {

struct LogLine {
    LogLevel level;
    std::string text;
};

const char * level_name(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warn: return "warn";
        case LogLevel::error: return "error";
    }
    return "info";
}

// llama.cpp logs from any thread; the lines are delivered on JavaScript's thread.
LogSink javascript_sink(Napi::Env env, const Napi::Function & callback) {
    auto channel = std::make_shared<Napi::ThreadSafeFunction>(
        Napi::ThreadSafeFunction::New(env, callback, "loci-log", 0, 1));
    channel->Unref(env); // a log must not keep the process alive
    return [channel](LogLevel level, const std::string & text) {
        auto * line = new LogLine{ level, text };
        const napi_status status = channel->NonBlockingCall(
            line, [](Napi::Env call_env, Napi::Function function, LogLine * data) {
                const std::unique_ptr<LogLine> owned(data);
                if (call_env != nullptr && function != nullptr) {
                    unthrowing([&] {
                        function.Call({ Napi::String::New(call_env, level_name(owned->level)),
                                        Napi::String::New(call_env, owned->text) });
                    });
                }
            });
        if (status != napi_ok) {
            delete line; // the environment is going away
        }
    };
}

Napi::Value load_runtime(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        // Backends register once per process, so the first folder remains in use.
        static std::mutex mutex;
        static std::shared_ptr<const Runtime> loaded;
        static std::string loaded_from;
        const Napi::Object options = object_argument(info, 0, "options");
        const std::string directory = string_field(options, "libraryDirectory");
        const Napi::Value log = options.Get("onLog");
        if (!log.IsFunction()) {
            throw Error(ErrorCode::invalid_argument, "The argument onLog must be a function.");
        }
        const std::lock_guard<std::mutex> lock(mutex);
        if (loaded && loaded_from != directory) {
            throw Error(ErrorCode::runtime_mismatch,
                        "Other llama.cpp libraries are already loaded. Restart the engine to "
                        "change the device.");
        }
        if (!loaded) {
            loaded =
                Runtime::load(directory, javascript_sink(info.Env(), log.As<Napi::Function>()));
            loaded_from = directory;
        }
        return RuntimeObject::make(info.Env(), loaded);
    });
}

Napi::Value create_cancellation(const Napi::CallbackInfo & info) {
    return info.Env().GetInstanceData<AddonData>()->cancellation.New({});
}

Napi::Value set_threads(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        set_thread_limit(integer_value(info[0], "threads", 1, 1024));
        return info.Env().Undefined();
    });
}

const char * profile_name(LayerProfile profile) {
    switch (profile) {
        case LayerProfile::none: return "none";
        case LayerProfile::repeat: return "repeat";
        case LayerProfile::keys: return "keys";
    }
    return "none";
}

Napi::Value policy_profile(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const auto [name, parameters] = policy_argument(info[0]);
        const LayerProfile profile = make_policy(name, parameters)->needs().layer_profile;
        return Napi::String::New(info.Env(), profile_name(profile));
    });
}

Napi::Value policy_parameters_of(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const auto parameters = policy_parameters(string_value(info[0], "name"));
        Napi::Array all = Napi::Array::New(info.Env(), parameters.size());
        for (size_t i = 0; i < parameters.size(); i++) {
            Napi::Object each = Napi::Object::New(info.Env());
            each.Set("name", parameters[i].name);
            each.Set("value", parameters[i].value);
            each.Set("range", parameters[i].range);
            each.Set("help", parameters[i].help);
            all.Set(static_cast<uint32_t>(i), each);
        }
        return all;
    });
}

const char * rows_name(Rows rows) {
    switch (rows) {
        case Rows::none: return "none";
        case Rows::last: return "last";
        case Rows::all: return "all";
        case Rows::probe: return "probe";
        case Rows::both: return "both";
        case Rows::repeat: return "repeat";
    }
    return "none";
}

Napi::Value policy_rows(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const auto [name, parameters] = policy_argument(info[0]);
        const Rows rows = make_policy(name, parameters)->needs().attention.rows;
        return Napi::String::New(info.Env(), rows_name(rows));
    });
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
    auto * data = new AddonData();
    data->cancellation = Napi::Persistent(CancellationObject::define(env));
    data->runtime = Napi::Persistent(RuntimeObject::define(env));
    data->model = Napi::Persistent(ModelObject::define(env));
    data->memory = Napi::Persistent(MemoryObject::define(env));
    data->sampler = Napi::Persistent(SamplerObject::define(env));
    env.SetInstanceData(data);
    const std::vector<std::string> policies = policy_names();
    Napi::Array names = Napi::Array::New(env, policies.size());
    for (size_t i = 0; i < policies.size(); i++) {
        names.Set(static_cast<uint32_t>(i), Napi::String::New(env, policies[i]));
    }
    exports.Set("policyNames", names);
    exports.Set("policyProfile", Napi::Function::New(env, policy_profile));
    exports.Set("policyParameters", Napi::Function::New(env, policy_parameters_of));
    exports.Set("policyRows", Napi::Function::New(env, policy_rows));
    exports.Set("setThreadLimit", Napi::Function::New(env, set_threads, "setThreadLimit"));
    exports.Set("headersVersion", Napi::String::New(env, headers_version()));
    exports.Set("loadRuntime", Napi::Function::New(env, load_runtime, "loadRuntime"));
    exports.Set("createCancellation",
                Napi::Function::New(env, create_cancellation, "createCancellation"));
    return exports;
}

} // namespace

NODE_API_MODULE(loci, initialize)

} // namespace loci
