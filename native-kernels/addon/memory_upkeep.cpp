// What a memory does with what it holds: it forgets, is resized, saved and loaded.

#include "addon/memory_arguments.h"
#include "addon/objects.h"

namespace loci {

Napi::Value MemoryObject::forget(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::shared_ptr<Memory> memory = idle();
        auto ranges = ranges_argument(info[0], memory->store().stream().tokens);
        const Napi::Object options = object_argument(info, 1, "options");
        const CancellationPtr flag = CancellationObject::from(info.Env(), options);
        auto rows = std::make_shared<ForgottenRows>();
        busy_->store(true);
        return Task::start(
            info.Env(),
            [memory, ranges = std::move(ranges), flag, rows] {
                *rows = memory->forget(ranges, *flag);
            },
            [memory, rows](Napi::Env env) -> Napi::Value {
                double heads = 0.0;
                for (size_t layer = 0; layer < memory->store().layers(); layer++) {
                    heads += memory->store().kv_heads(layer);
                }
                Napi::Object result = Napi::Object::New(env);
                result.Set("forgotten", static_cast<double>(rows->forgotten) / heads);
                result.Set("evened", static_cast<double>(rows->evened) / heads);
                return result;
            },
            [busy = busy_] { busy->store(false); });
    });
}

Napi::Value MemoryObject::resize(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::shared_ptr<Memory> memory = idle();
        const Napi::Object options = object_argument(info, 0, "options");
        const int budget = integer_field(options, "budgetTokens", 1, 2147483647.0);
        auto protect = protection(options);
        const CancellationPtr flag = CancellationObject::from(info.Env(), options);
        busy_->store(true);
        return Task::start(
            info.Env(),
            [memory, budget, protect = std::move(protect), flag] {
                memory->resize(budget, protect, *flag);
            },
            [](Napi::Env env) { return env.Undefined(); }, [busy = busy_] { busy->store(false); });
    });
}

Napi::Value MemoryObject::save(const Napi::CallbackInfo & info) {
    return file_task(info, [](Memory & memory, const std::string & path,
                              const Cancellation & flag) { memory.save(path, flag); });
}

Napi::Value MemoryObject::load(const Napi::CallbackInfo & info) {
    return file_task(info, [](Memory & memory, const std::string & path,
                              const Cancellation & flag) { memory.load(path, flag); });
}

Napi::Value MemoryObject::file_task(const Napi::CallbackInfo & info, FileWork work) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::shared_ptr<Memory> memory = idle();
        const Napi::Object options = object_argument(info, 0, "options");
        const std::string path = string_field(options, "path");
        const CancellationPtr flag = CancellationObject::from(info.Env(), options);
        busy_->store(true);
        return Task::start(
            info.Env(), [memory, path, flag, work] { work(*memory, path, *flag); },
            [](Napi::Env env) { return env.Undefined(); }, [busy = busy_] { busy->store(false); });
    });
}

} // namespace loci
