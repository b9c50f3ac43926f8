#include "addon/guard.h"

#include <cmath>
#include <new>

namespace loci {

namespace {

[[noreturn]] void refuse(const std::string & name, const std::string & wanted) {
    throw Error(ErrorCode::invalid_argument, "The argument " + name + " must be " + wanted + ".");
}

double number_value(const Napi::Value & value, const char * name, double least, double most) {
    if (!value.IsNumber()) {
        refuse(name, "a number");
    }
    const double number = value.As<Napi::Number>().DoubleValue();
    if (!(number >= least && number <= most)) {
        refuse(name, "within " + std::to_string(least) + " and " + std::to_string(most));
    }
    return number;
}

} // namespace

Napi::Error to_javascript(Napi::Env env, ErrorCode code, const std::string & sentence) {
    Napi::Error error = Napi::Error::New(env, sentence);
    error.Set("code", Napi::String::New(env, error_code_name(code)));
    return error;
}

Napi::Object object_argument(const Napi::CallbackInfo & info, size_t index, const char * name) {
    if (info.Length() <= index || !info[index].IsObject()) {
        refuse(name, "an object");
    }
    return info[index].As<Napi::Object>();
}

std::string string_value(const Napi::Value & value, const char * name) {
    if (!value.IsString()) {
        refuse(name, "a string");
    }
    return value.As<Napi::String>().Utf8Value();
}

std::string string_field(const Napi::Object & object, const char * name) {
    return string_value(object.Get(name), name);
}

bool boolean_field(const Napi::Object & object, const char * name) {
    const Napi::Value value = object.Get(name);
    if (!value.IsBoolean()) {
        refuse(name, "true or false");
    }
    return value.As<Napi::Boolean>().Value();
}

double number_field(const Napi::Object & object, const char * name, double least, double most) {
    return number_value(object.Get(name), name, least, most);
}

int integer_value(const Napi::Value & value, const char * name, double least, double most) {
    const double number = number_value(value, name, least, most);
    if (std::floor(number) != number) {
        refuse(name, "a whole number");
    }
    return static_cast<int>(number);
}

int integer_field(const Napi::Object & object, const char * name, double least, double most) {
    return integer_value(object.Get(name), name, least, most);
}

std::vector<int32_t> tokens_argument(const Napi::CallbackInfo & info, size_t index) {
    if (info.Length() <= index || !info[index].IsTypedArray() ||
        info[index].As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
        refuse("tokens", "an Int32Array");
    }
    const auto array = info[index].As<Napi::Int32Array>();
    return { array.Data(), array.Data() + array.ElementLength() };
}

Task::Task(Napi::Env env, Work work, Result result, Done done)
    : Napi::AsyncWorker(env), deferred_(env), work_(std::move(work)), result_(std::move(result)),
      done_(std::move(done)) {}

Napi::Promise Task::start(Napi::Env env, Work work, Result result, Done done) {
    auto * task = new Task(env, std::move(work), std::move(result), std::move(done));
    Napi::Promise promise = task->deferred_.Promise();
    task->Queue(); // it deletes itself when it is done
    return promise;
}

void Task::Execute() {
    try {
        work_();
    } catch (const Error & failure) {
        code_ = failure.code();
        SetError(failure.what());
    } catch (const std::bad_alloc &) {
        code_ = ErrorCode::out_of_memory;
        SetError("There is not enough memory.");
    } catch (const std::exception & failure) {
        SetError(failure.what());
    } catch (...) {
        SetError("An unknown failure in the addon.");
    }
}

void Task::OnOK() {
    Napi::Env env = Env();
    unthrowing([&] {
        try {
            const Napi::Value value = result_(env);
            done_();
            deferred_.Resolve(value);
        } catch (const Napi::Error & failure) {
            done_();
            deferred_.Reject(failure.Value());
        } catch (const std::exception & failure) {
            done_();
            deferred_.Reject(to_javascript(env, ErrorCode::internal, failure.what()).Value());
        }
    });
}

void Task::OnError(const Napi::Error & failure) {
    done_();
    unthrowing([&] { deferred_.Reject(to_javascript(Env(), code_, failure.Message()).Value()); });
}

} // namespace loci
