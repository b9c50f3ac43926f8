#pragma once

#include "runtime/api.h"
#include "runtime/log.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace loci {

/// One compute device as the backends report it; bytes are those of its own memory.
struct Device {
    std::string name;
    std::string description;
    enum ggml_backend_dev_type type;
    size_t free_bytes;
    size_t total_bytes;
};

/// llama.cpp's prebuilt libraries, loaded from one folder. One per process: the backends register
/// themselves globally and cannot be unloaded.
class Runtime {
  public:
    /// Loads libggml-base, libggml, libllama and every backend found in `directory`, and
    /// initialises them. Throws Error(runtime_not_found) where a library or a function is missing
    /// and Error(runtime_mismatch) where its version is not the headers' version: struct layouts
    /// would differ.
    static std::shared_ptr<const Runtime> load(const std::string & directory, LogSink sink);

    const Api & api() const noexcept { return api_; }

    /// The version of the loaded libraries.
    std::string version() const { return api_.llama_version(); }

    /// All devices, with the memory that is free now.
    std::vector<Device> devices() const;

  private:
    Runtime() = default;

    Api api_;
};

/// The llama.cpp version that the headers came from.
const char * headers_version() noexcept;

} // namespace loci
