#include "addon/memory_arguments.h"
#include "addon/objects.h"

#include <limits>

namespace loci {

namespace {

// Which tail a call means; the first where it does not say.
size_t tail_value(const Napi::Value & value) {
    return value.IsUndefined() ? 0 : static_cast<size_t>(integer_value(value, "tail", 0, 1000.0));
}

size_t tail_field(const Napi::Object & options) {
    return tail_value(options.Get("tail"));
}

Napi::Array tails_of(Napi::Env env, const MemoryReport & report) {
    Napi::Array tails = Napi::Array::New(env, report.tail_tokens.size());
    for (size_t i = 0; i < report.tail_tokens.size(); i++) {
        Napi::Object tail = Napi::Object::New(env);
        tail.Set("tokens", static_cast<double>(report.tail_tokens[i]));
        tail.Set("capacity", static_cast<double>(report.tail_capacities[i]));
        tails.Set(static_cast<uint32_t>(i), tail);
    }
    return tails;
}

} // namespace

Napi::Function MemoryObject::define(Napi::Env env) {
    return DefineClass(env, "NativeMemory",
                       { InstanceMethod<&MemoryObject::append>("append"),
                         InstanceMethod<&MemoryObject::forget>("forget"),
                         InstanceMethod<&MemoryObject::resize>("resize"),
                         InstanceMethod<&MemoryObject::extend>("extend"),
                         InstanceMethod<&MemoryObject::sample>("sample"),
                         InstanceMethod<&MemoryObject::logits>("logits"),
                         InstanceMethod<&MemoryObject::evict_tail>("evictTail"),
                         InstanceMethod<&MemoryObject::cut>("cut"),
                         InstanceMethod<&MemoryObject::report>("report"),
                         InstanceMethod<&MemoryObject::held>("held"),
                         InstanceMethod<&MemoryObject::held_counts>("heldCounts"),
                         InstanceMethod<&MemoryObject::keys>("keys"),
                         InstanceMethod<&MemoryObject::save>("save"),
                         InstanceMethod<&MemoryObject::load>("load"),
                         InstanceMethod<&MemoryObject::dispose>("dispose") });
}

MemoryObject::MemoryObject(const Napi::CallbackInfo & info) : Napi::ObjectWrap<MemoryObject>(info) {
    if (info.Length() != 1 || !info[0].IsExternal()) {
        throw to_javascript(info.Env(), ErrorCode::invalid_argument,
                            "A memory comes from createMemory().");
    }
    memory_ = *info[0].As<Napi::External<std::shared_ptr<Memory>>>().Data();
}

Napi::Value MemoryObject::make(Napi::Env env, std::shared_ptr<Memory> memory) {
    return env.GetInstanceData<AddonData>()->memory.New(
        { Napi::External<std::shared_ptr<Memory>>::New(env, &memory) });
}

std::shared_ptr<Memory> MemoryObject::idle() const {
    if (!memory_) {
        throw Error(ErrorCode::disposed, "This memory has been released.");
    }
    if (busy_->load()) {
        throw Error(ErrorCode::busy,
                    "The memory is busy. Wait for the current operation to finish.");
    }
    return memory_;
}

Napi::Value MemoryObject::append(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::shared_ptr<Memory> memory = idle();
        auto tokens = tokens_argument(info, 0);
        const Napi::Object options = object_argument(info, 1, "options");
        auto protect = protection(options);
        auto structure = token_structure(options);
        const CancellationPtr flag = CancellationObject::from(info.Env(), options);
        busy_->store(true);
        return Task::start(
            info.Env(),
            [memory, tokens = std::move(tokens), protect = std::move(protect),
             structure = std::move(structure),
             flag] { memory->append(tokens, protect, structure, *flag); },
            [](Napi::Env env) { return env.Undefined(); }, [busy = busy_] { busy->store(false); });
    });
}

Napi::Value MemoryObject::extend(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::shared_ptr<Memory> memory = idle();
        auto tokens = tokens_argument(info, 0);
        const Napi::Object options = object_argument(info, 1, "options");
        const bool observe = boolean_field(options, "observe");
        const bool attend = boolean_field(options, "attendMemory");
        const size_t tail = tail_field(options);
        const CancellationPtr flag = CancellationObject::from(info.Env(), options);
        auto attention = std::make_shared<std::vector<float>>();
        busy_->store(true);
        return Task::start(
            info.Env(),
            [memory, tokens = std::move(tokens), observe, attend, flag, attention, tail] {
                *attention = memory->extend(tokens, observe, attend, *flag, tail);
            },
            [observe, attention](Napi::Env env) -> Napi::Value {
                if (!observe) {
                    return env.Null();
                }
                return Napi::Value(env, copy_to<Napi::Float32Array>(env, *attention));
            },
            [busy = busy_] { busy->store(false); });
    });
}

Napi::Value MemoryObject::sample(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::shared_ptr<Memory> memory = idle();
        const Napi::Function type = info.Env().GetInstanceData<AddonData>()->sampler.Value();
        if (!info[0].IsObject() || !info[0].As<Napi::Object>().InstanceOf(type)) {
            throw Error(ErrorCode::invalid_argument,
                        "The argument sampler must come from createSampler().");
        }
        const auto sampler = SamplerObject::Unwrap(info[0].As<Napi::Object>())->checked();
        return Napi::Number::New(info.Env(), sampler->sample(memory->logits(tail_value(info[1]))));
    });
}

Napi::Value MemoryObject::logits(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        return Napi::Value(info.Env(), copy_to<Napi::Float32Array>(
                                           info.Env(), idle()->logits(tail_value(info[0]))));
    });
}

Napi::Value MemoryObject::evict_tail(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::shared_ptr<Memory> memory = idle();
        const Napi::Object options = object_argument(info, 0, "options");
        constexpr double most = 2147483647.0;
        TailKeep keep;
        keep.first = integer_field(options, "first", 0, most);
        keep.last = integer_field(options, "last", 0, most);
        keep.rows = integer_field(options, "rows", 0, most);
        const size_t tail = tail_field(options);
        const CancellationPtr flag = CancellationObject::from(info.Env(), options);
        busy_->store(true);
        return Task::start(
            info.Env(), [memory, keep, flag, tail] { memory->evict_tail(keep, *flag, tail); },
            [](Napi::Env env) { return env.Undefined(); }, [busy = busy_] { busy->store(false); });
    });
}

Napi::Value MemoryObject::cut(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        idle()->cut(integer_value(info[0], "length", 0, 2147483647.0), tail_value(info[1]));
        return info.Env().Undefined();
    });
}

Napi::Value MemoryObject::report(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        Napi::Env env = info.Env();
        const MemoryReport report = idle()->report();
        Napi::Object seconds = Napi::Object::New(env);
        seconds.Set("prefill", report.prefill_seconds);
        seconds.Set("score", report.score_seconds);
        seconds.Set("compact", report.compact_seconds);
        Napi::Object object = Napi::Object::New(env);
        object.Set("streamTokens", static_cast<double>(report.stream_tokens));
        object.Set("heldTokens", report.held_tokens);
        object.Set("logicalBytes", static_cast<double>(report.logical_bytes));
        object.Set("physicalBytes", static_cast<double>(report.physical_bytes));
        object.Set("peakBytes", static_cast<double>(report.peak_bytes));
        object.Set("scratchBytes", static_cast<double>(report.scratch_bytes));
        object.Set("budgetBytes", static_cast<double>(report.budget_bytes));
        object.Set("chunkBytes", static_cast<double>(report.chunk_bytes));
        object.Set("workingBytes", static_cast<double>(report.working_bytes));
        object.Set("hostBytes", static_cast<double>(report.host_bytes));
        object.Set("stateBytes", static_cast<double>(report.state_bytes));
        object.Set("windowBytes", static_cast<double>(report.window_bytes));
        object.Set("tails", tails_of(env, report));
        object.Set("appendCapacity", static_cast<double>(report.append_capacity));
        object.Set("layerTokens", copy_to<Napi::Int32Array>(env, report.layer_tokens));
        object.Set("seconds", seconds);
        return object;
    });
}

Napi::Value MemoryObject::held(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const int layer = integer_value(info[0], "layer", 0, 100000);
        const int head = integer_value(info[1], "head", 0, 100000);
        return Napi::Value(info.Env(),
                           copy_to<Napi::Int32Array>(info.Env(), idle()->held(layer, head)));
    });
}

Napi::Value MemoryObject::held_counts(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        return Napi::Value(info.Env(),
                           copy_to<Napi::Uint16Array>(info.Env(), idle()->held_counts()));
    });
}

Napi::Value MemoryObject::keys(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::shared_ptr<Memory> memory = idle();
        const int layer = integer_value(info[0], "layer", 0, 100000);
        const int head = integer_value(info[1], "head", 0, 100000);
        const int last = info[2].IsUndefined() ? std::numeric_limits<int>::max()
                                               : integer_value(info[2], "last", 0, 2147483647.0);
        auto rows = std::make_shared<std::vector<float>>();
        busy_->store(true);
        return Task::start(
            info.Env(),
            [memory, layer, head, last, rows] { *rows = memory->keys(layer, head, last); },
            [rows](Napi::Env env) -> Napi::Value {
                return Napi::Value(env, copy_to<Napi::Float32Array>(env, *rows));
            },
            [busy = busy_] { busy->store(false); });
    });
}

Napi::Value MemoryObject::dispose(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        if (memory_) {
            idle();
            memory_.reset();
        }
        return info.Env().Undefined();
    });
}

} // namespace loci
