#pragma once

#include "addon/guard.h"
#include "core/cancellation.h"
#include "generation/sampler.h"
#include "memory/memory.h"
#include "model/model.h"
#include "runtime/runtime.h"

#include <atomic>
#include <memory>

namespace loci {

/// Constructors of the wrapped objects, one set per environment.
struct AddonData {
    Napi::FunctionReference cancellation;
    Napi::FunctionReference runtime;
    Napi::FunctionReference model;
    Napi::FunctionReference memory;
    Napi::FunctionReference sampler;
};

/// NativeCancellation.
class CancellationObject : public Napi::ObjectWrap<CancellationObject> {
  public:
    static Napi::Function define(Napi::Env env);
    explicit CancellationObject(const Napi::CallbackInfo & info);

    /// Returns the flag in the field `cancellation` of the argument.
    static CancellationPtr from(Napi::Env env, const Napi::Object & options);

  private:
    Napi::Value cancel(const Napi::CallbackInfo & info);
    Napi::Value cancelled(const Napi::CallbackInfo & info);

    CancellationPtr flag_;
};

/// NativeRuntime.
class RuntimeObject : public Napi::ObjectWrap<RuntimeObject> {
  public:
    static Napi::Function define(Napi::Env env);
    explicit RuntimeObject(const Napi::CallbackInfo & info);

    static Napi::Value make(Napi::Env env, std::shared_ptr<const Runtime> runtime);

  private:
    Napi::Value version(const Napi::CallbackInfo & info);
    Napi::Value devices(const Napi::CallbackInfo & info);
    Napi::Value load_model(const Napi::CallbackInfo & info);

    std::shared_ptr<const Runtime> runtime_;
};

/// NativeModel. `dispose` releases the weights once no memory uses them.
class ModelObject : public Napi::ObjectWrap<ModelObject> {
  public:
    static Napi::Function define(Napi::Env env);
    explicit ModelObject(const Napi::CallbackInfo & info);

    static Napi::Value make(Napi::Env env, std::shared_ptr<Model> model);

  private:
    std::shared_ptr<Model> checked() const;
    Napi::Value info(const Napi::CallbackInfo & info);
    Napi::Value tokenize(const Napi::CallbackInfo & info);
    Napi::Value token_bytes(const Napi::CallbackInfo & info);
    Napi::Value is_end_of_generation(const Napi::CallbackInfo & info);
    Napi::Value apply_chat_template(const Napi::CallbackInfo & info);
    Napi::Value create_memory(const Napi::CallbackInfo & info);
    Napi::Value create_sampler(const Napi::CallbackInfo & info);
    Napi::Value dispose(const Napi::CallbackInfo & info);

    std::shared_ptr<Model> model_;
};

/// NativeSampler.
class SamplerObject : public Napi::ObjectWrap<SamplerObject> {
  public:
    static Napi::Function define(Napi::Env env);
    explicit SamplerObject(const Napi::CallbackInfo & info);

    static Napi::Value make(Napi::Env env, std::shared_ptr<Sampler> sampler);

    std::shared_ptr<Sampler> checked() const;

  private:
    Napi::Value reset(const Napi::CallbackInfo & info);
    Napi::Value dispose(const Napi::CallbackInfo & info);

    std::shared_ptr<Sampler> sampler_;
};

/// NativeMemory. Runs one call at a time and refuses an overlapping one as busy.
class MemoryObject : public Napi::ObjectWrap<MemoryObject> {
  public:
    static Napi::Function define(Napi::Env env);
    explicit MemoryObject(const Napi::CallbackInfo & info);

    static Napi::Value make(Napi::Env env, std::shared_ptr<Memory> memory);

  private:
    std::shared_ptr<Memory> idle() const;
    Napi::Value append(const Napi::CallbackInfo & info);
    Napi::Value forget(const Napi::CallbackInfo & info);
    Napi::Value resize(const Napi::CallbackInfo & info);
    Napi::Value extend(const Napi::CallbackInfo & info);
    Napi::Value sample(const Napi::CallbackInfo & info);
    Napi::Value logits(const Napi::CallbackInfo & info);
    Napi::Value evict_tail(const Napi::CallbackInfo & info);
    Napi::Value cut(const Napi::CallbackInfo & info);
    Napi::Value report(const Napi::CallbackInfo & info);
    Napi::Value held(const Napi::CallbackInfo & info);
    Napi::Value held_counts(const Napi::CallbackInfo & info);
    Napi::Value keys(const Napi::CallbackInfo & info);
    Napi::Value save(const Napi::CallbackInfo & info);
    Napi::Value load(const Napi::CallbackInfo & info);

    using FileWork = void (*)(Memory & memory, const std::string & path, const Cancellation & flag);
    Napi::Value file_task(const Napi::CallbackInfo & info, FileWork work);

    Napi::Value dispose(const Napi::CallbackInfo & info);

    std::shared_ptr<Memory> memory_;
    std::shared_ptr<std::atomic<bool>> busy_ = std::make_shared<std::atomic<bool>>(false);
};

/// Numbers as a typed array.
template <typename Array, typename Value>
Array copy_to(Napi::Env env, const std::vector<Value> & values) {
    Array array = Array::New(env, values.size());
    std::copy(values.begin(), values.end(), array.Data());
    return array;
}

/// A policy as the contract writes it: name and parameters.
std::pair<std::string, PolicyParameters> policy_argument(const Napi::Value & policy);

} // namespace loci
