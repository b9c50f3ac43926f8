#include "addon/objects.h"

#include <algorithm>
#include <tuple>

namespace loci {

namespace {

// Reads an optional Int32Array.
std::vector<int32_t> tokens_field(const Napi::Object & object, const char * name) {
    const Napi::Value value = object.Get(name);
    if (value.IsUndefined()) {
        return {};
    }
    if (!value.IsTypedArray() ||
        value.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
        throw Error(ErrorCode::invalid_argument,
                    std::string("The argument ") + name + " must be an Int32Array.");
    }
    const auto array = value.As<Napi::Int32Array>();
    return { array.Data(), array.Data() + array.ElementLength() };
}

// Reads optional positive numbers.
std::vector<double> profile_field(const Napi::Object & object) {
    const Napi::Value value = object.Get("layerProfile");
    if (value.IsUndefined()) {
        return {};
    }
    if (!value.IsTypedArray() ||
        value.As<Napi::TypedArray>().TypedArrayType() != napi_float64_array) {
        throw Error(ErrorCode::invalid_argument,
                    "The argument layerProfile must be a Float64Array.");
    }
    const auto array = value.As<Napi::Float64Array>();
    std::vector<double> profile(array.Data(), array.Data() + array.ElementLength());
    for (const double weight : profile) {
        if (!(weight > 0.0 && weight < 1e12)) {
            throw Error(ErrorCode::invalid_argument,
                        "The argument layerProfile must hold positive numbers.");
        }
    }
    return profile;
}

std::vector<int> tails_field(const Napi::Object & argument) {
    const Napi::Value value = argument.Get("tails");
    if (!value.IsArray()) {
        throw Error(ErrorCode::invalid_argument, "The argument tails must be an array.");
    }
    const auto array = value.As<Napi::Array>();
    std::vector<int> tails;
    for (uint32_t i = 0; i < std::min(array.Length(), 16U); i++) {
        tails.push_back(integer_value(array.Get(i), "tails", 1, 1 << 20));
    }
    return tails;
}

MemoryOptions memory_options(Napi::Env env, const Napi::Object & argument) {
    MemoryOptions options;
    options.budget_tokens = integer_field(argument, "budgetTokens", 0, 1 << 30);
    options.chunk_tokens = integer_field(argument, "chunkTokens", 0, 1 << 20);
    options.threads = integer_field(argument, "threads", 1, 1024);
    options.cancellation = CancellationObject::from(env, argument);
    const Napi::Value cache = argument.Get("cacheDirectory");
    options.cache_directory = cache.IsNull() ? "" : string_value(cache, "cacheDirectory");
    const std::string type = string_field(argument, "kvType");
    if (type == "f16") {
        options.kv_type = GGML_TYPE_F16;
    } else if (type == "q8_0") {
        options.kv_type = GGML_TYPE_Q8_0;
    } else if (type == "q4_0") {
        options.kv_type = GGML_TYPE_Q4_0;
    } else {
        throw Error(ErrorCode::invalid_argument, "The argument kvType must be f16, q8_0 or q4_0.");
    }
    if (argument.Has("streamTokens")) {
        options.stream_tokens = integer_field(argument, "streamTokens", 0, 1 << 30);
    }
    if (argument.Has("tails")) {
        options.tails = tails_field(argument);
    }
    options.layer_profile = profile_field(argument);
    options.probe = tokens_field(argument, "probe");
    options.repeat_prompt = tokens_field(argument, "repeatPrompt");
    const Napi::Value policy = argument.Get("policy");
    std::tie(options.policy, options.policy_parameters) = policy_argument(policy);
    return options;
}

} // namespace

std::pair<std::string, PolicyParameters> policy_argument(const Napi::Value & policy) {
    if (!policy.IsObject()) {
        throw Error(ErrorCode::invalid_argument, "The argument policy must be an object.");
    }
    const std::string name = string_field(policy.As<Napi::Object>(), "name");
    const Napi::Value given = policy.As<Napi::Object>().Get("parameters");
    if (!given.IsObject()) {
        throw Error(ErrorCode::invalid_argument, "The policy's parameters must be an object.");
    }
    const auto object = given.As<Napi::Object>();
    const Napi::Array names = object.GetPropertyNames();
    PolicyParameters parameters;
    for (uint32_t i = 0; i < names.Length(); i++) {
        const std::string key = string_value(names.Get(i), "parameters");
        parameters.emplace_back(key, string_field(object, key.c_str()));
    }
    return { name, parameters };
}

Napi::Function ModelObject::define(Napi::Env env) {
    return DefineClass(env, "NativeModel",
                       { InstanceAccessor<&ModelObject::info>("info"),
                         InstanceMethod<&ModelObject::tokenize>("tokenize"),
                         InstanceMethod<&ModelObject::token_bytes>("tokenBytes"),
                         InstanceMethod<&ModelObject::is_end_of_generation>("isEndOfGeneration"),
                         InstanceMethod<&ModelObject::apply_chat_template>("applyChatTemplate"),
                         InstanceMethod<&ModelObject::create_memory>("createMemory"),
                         InstanceMethod<&ModelObject::create_sampler>("createSampler"),
                         InstanceMethod<&ModelObject::dispose>("dispose") });
}

ModelObject::ModelObject(const Napi::CallbackInfo & info) : Napi::ObjectWrap<ModelObject>(info) {
    if (info.Length() != 1 || !info[0].IsExternal()) {
        throw to_javascript(info.Env(), ErrorCode::invalid_argument,
                            "A model comes from loadModel().");
    }
    model_ = *info[0].As<Napi::External<std::shared_ptr<Model>>>().Data();
}

Napi::Value ModelObject::make(Napi::Env env, std::shared_ptr<Model> model) {
    return env.GetInstanceData<AddonData>()->model.New(
        { Napi::External<std::shared_ptr<Model>>::New(env, &model) });
}

std::shared_ptr<Model> ModelObject::checked() const {
    if (!model_) {
        throw Error(ErrorCode::disposed, "This model has been released.");
    }
    return model_;
}

Napi::Value ModelObject::info(const Napi::CallbackInfo & call) {
    return guarded(call.Env(), [&]() -> Napi::Value {
        Napi::Env env = call.Env();
        const ModelInfo & model = checked()->info();
        Napi::Object tokens = Napi::Object::New(env);
        tokens.Set("bos", model.tokens.bos);
        tokens.Set("eos", model.tokens.eos);
        tokens.Set("fimPrefix", model.tokens.fim_prefix);
        tokens.Set("fimSuffix", model.tokens.fim_suffix);
        tokens.Set("fimMiddle", model.tokens.fim_middle);
        tokens.Set("fimRepository", model.tokens.fim_repository);
        tokens.Set("fimFileSeparator", model.tokens.fim_file_separator);
        std::vector<int32_t> layer_heads;
        for (const ModelLayer & layer : model.table) {
            if (layer.kind == LayerKind::full) {
                layer_heads.push_back(layer.kv_heads);
            }
        }
        Napi::Object object = Napi::Object::New(env);
        object.Set("architecture", model.architecture);
        object.Set("name", model.name);
        object.Set("layers", model.layers);
        object.Set("layerHeads", copy_to<Napi::Int32Array>(env, layer_heads));
        object.Set("heads", model.heads);
        object.Set("kvHeads", model.kv_heads);
        object.Set("headSize", model.head_size);
        object.Set("embedding", model.embedding);
        object.Set("trainedContext", model.trained_context);
        object.Set("vocabulary", model.vocabulary);
        object.Set("sizeBytes", static_cast<double>(model.size_bytes));
        object.Set("parameters", static_cast<double>(model.parameters));
        object.Set("tokens", tokens);
        object.Set("addBos", model.add_bos);
        object.Set("chatTemplate", model.has_template
                                       ? Napi::Value(Napi::String::New(env, model.chat_template))
                                       : Napi::Value(env.Null()));
        return object;
    });
}

Napi::Value ModelObject::tokenize(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::string text = string_value(info[0], "text");
        const Napi::Object options = object_argument(info, 1, "options");
        const auto tokens = checked()->tokenize(text, boolean_field(options, "special"));
        Napi::Int32Array array = Napi::Int32Array::New(info.Env(), tokens.size());
        std::copy(tokens.begin(), tokens.end(), array.Data());
        return array;
    });
}

Napi::Value ModelObject::token_bytes(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const std::string bytes =
            checked()->token_bytes(integer_value(info[0], "token", -2147483648.0, 2147483647.0));
        Napi::Uint8Array array = Napi::Uint8Array::New(info.Env(), bytes.size());
        std::copy(bytes.begin(), bytes.end(), array.Data());
        return array;
    });
}

Napi::Value ModelObject::is_end_of_generation(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const int token = integer_value(info[0], "token", -2147483648.0, 2147483647.0);
        return Napi::Boolean::New(info.Env(), checked()->is_end_of_generation(token));
    });
}

Napi::Value ModelObject::apply_chat_template(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        if (!info[0].IsArray() || !info[1].IsBoolean()) {
            throw Error(ErrorCode::invalid_argument,
                        "A chat template takes a list of turns and whether to begin an answer.");
        }
        const Napi::Array turns = info[0].As<Napi::Array>();
        std::vector<std::pair<std::string, std::string>> messages;
        for (uint32_t i = 0; i < turns.Length(); i++) {
            const Napi::Value turn = turns.Get(i);
            if (!turn.IsObject()) {
                throw Error(ErrorCode::invalid_argument, "A chat turn must be an object.");
            }
            messages.emplace_back(string_field(turn.As<Napi::Object>(), "role"),
                                  string_field(turn.As<Napi::Object>(), "content"));
        }
        return Napi::String::New(
            info.Env(), checked()->apply_chat_template(messages, info[1].As<Napi::Boolean>()));
    });
}

Napi::Value ModelObject::create_memory(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const MemoryOptions options =
            memory_options(info.Env(), object_argument(info, 0, "options"));
        auto created = std::make_shared<std::shared_ptr<Memory>>();
        return Task::start(
            info.Env(),
            [model = checked(), options, created] {
                *created = std::make_shared<Memory>(model, options);
            },
            [created](Napi::Env env) { return MemoryObject::make(env, *created); }, [] {});
    });
}

Napi::Value ModelObject::create_sampler(const Napi::CallbackInfo & info) {
    return guarded(info.Env(), [&]() -> Napi::Value {
        const Napi::Object argument = object_argument(info, 0, "options");
        const auto share = [&](const char * name, double most) {
            return static_cast<float>(number_field(argument, name, 0.0, most));
        };
        SamplerOptions options;
        options.temperature = share("temperature", 100.0);
        options.top_k = integer_field(argument, "topK", 0, 1 << 30);
        options.top_p = share("topP", 1.0);
        options.min_p = share("minP", 1.0);
        options.repeat_penalty = share("repeatPenalty", 100.0);
        options.repeat_last = integer_field(argument, "repeatLast", 0, 1 << 20);
        options.seed = static_cast<uint32_t>(number_field(argument, "seed", 0, 4294967295.0));
        return SamplerObject::make(info.Env(), std::make_shared<Sampler>(checked(), options));
    });
}

Napi::Value ModelObject::dispose(const Napi::CallbackInfo & info) {
    model_.reset();
    return info.Env().Undefined();
}

} // namespace loci
