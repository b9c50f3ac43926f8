#pragma once

#include "runtime/api.h"
#include "runtime/log.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace loci {

/// A compute device as the backends report it; bytes refer to its own memory.
struct Device {
    std::string name;
    std::string description;
    enum ggml_backend_dev_type type;
    size_t free_bytes;
    size_t total_bytes;
};

/// llama.cpp's prebuilt libraries, loaded from one folder. There is one per process, because the
/// backends register globally and cannot be unloaded.
class Runtime {
  public:
    /// Loads libggml-base, libggml, libllama and every backend found in `directory`, and
    /// initialises them. Throws Error(runtime_not_found) if a library or a function is missing, and
    /// Error(runtime_mismatch) if the version differs from the headers', because struct layouts
    /// would differ.
    static std::shared_ptr<const Runtime> load(const std::string & directory, LogSink sink);

    const Api & api() const noexcept { return api_; }

    /// Returns the version of the loaded libraries.
    std::string version() const { return api_.llama_version(); }

    /// Lists all devices with their currently free memory.
    std::vector<Device> devices() const;

  private:
    Runtime() = default;

    Api api_;
};

/// Returns the llama.cpp version of the headers.
const char * headers_version() noexcept;

} // namespace loci
