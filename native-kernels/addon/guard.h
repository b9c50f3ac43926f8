#pragma once

#include "core/error.h"

#include <napi.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace loci {

/// Makes the JavaScript error of a failure, with the contract's `code`.
Napi::Error to_javascript(Napi::Env env, ErrorCode code, const std::string & sentence);

/// Runs the body of an entry point; every C++ exception becomes a JavaScript one.
template <typename Body>
auto guarded(Napi::Env env, const Body & body) -> decltype(body()) {
    try {
        return body();
    } catch (const Napi::Error &) {
        throw;
    } catch (const Error & failure) {
        throw to_javascript(env, failure.code(), failure.what());
    } catch (const std::bad_alloc &) {
        throw to_javascript(env, ErrorCode::out_of_memory, "There is not enough memory.");
    } catch (const std::exception & failure) {
        throw to_javascript(env, ErrorCode::internal, failure.what());
    } catch (...) {
        throw to_javascript(env, ErrorCode::internal, "An unknown failure in the addon.");
    }
}

/// Runs a body from the event loop, where nothing catches, and drops JavaScript's exceptions. Every
/// call into JavaScript throws while the environment is torn down.
template <typename Body>
void unthrowing(const Body & body) noexcept {
    try {
        body();
    } catch (...) {
        return;
    }
}

// Convert an argument; each throws Error(invalid_argument), naming it, if the type is wrong.
Napi::Object object_argument(const Napi::CallbackInfo & info, size_t index, const char * name);
std::string string_field(const Napi::Object & object, const char * name);
std::string string_value(const Napi::Value & value, const char * name);
bool boolean_field(const Napi::Object & object, const char * name);
double number_field(const Napi::Object & object, const char * name, double least, double most);
int integer_field(const Napi::Object & object, const char * name, double least, double most);
int integer_value(const Napi::Value & value, const char * name, double least, double most);
std::vector<int32_t> tokens_argument(const Napi::CallbackInfo & info, size_t index);

/// Work on a libuv thread that settles a promise on the main thread. `work` must not touch
/// JavaScript values.
class Task : public Napi::AsyncWorker {
  public:
    using Work = std::function<void()>;
    using Result = std::function<Napi::Value(Napi::Env)>;
    using Done = std::function<void()>;

    /// Queues the work. `result` makes the promise's value; `done` runs last, on the main thread,
    /// whether or not the work failed.
    static Napi::Promise start(Napi::Env env, Work work, Result result, Done done);

  protected:
    void Execute() override;
    void OnOK() override;
    void OnError(const Napi::Error & failure) override;

  private:
    Task(Napi::Env env, Work work, Result result, Done done);

    Napi::Promise::Deferred deferred_;
    Work work_;
    Result result_;
    Done done_;
    ErrorCode code_ = ErrorCode::internal;
};

} // namespace loci
