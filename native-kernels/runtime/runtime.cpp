#include "runtime/runtime.h"

#include "core/error.h"
#include "runtime/library.h"

#include <algorithm>
#include <filesystem>

#ifndef LOCI_LLAMA_VERSION
#    error "LOCI_LLAMA_VERSION must name the version of the llama.cpp headers"
#endif

namespace loci {

namespace {

namespace fs = std::filesystem;

#if defined(_WIN32)
constexpr const char * library_prefix = "";
constexpr const char * library_suffix = ".dll";
#elif defined(__APPLE__)
constexpr const char * library_prefix = "lib";
constexpr const char * library_suffix = ".dylib";
#else
constexpr const char * library_prefix = "lib";
constexpr const char * library_suffix = ".so";
#endif

// Finds "libllama.so", or a name with variant and version: "libllama.cuda.v0.5.0.so".
std::string find_library(const std::string & directory, const std::string & stem) {
    const std::string first = library_prefix + stem;
    std::vector<std::string> found;
    std::error_code failure;
    for (const auto & entry : fs::directory_iterator(fs::u8path(directory), failure)) {
        const std::string name = entry.path().filename().u8string();
        const bool starts = name.rfind(first + ".", 0) == 0;
        const bool ends = name.size() > std::string(library_suffix).size() &&
                          name.compare(name.size() - std::string(library_suffix).size(),
                                       std::string::npos, library_suffix) == 0;
        if (starts && ends) {
            found.push_back(entry.path().u8string());
        }
    }
    if (found.empty()) {
        throw Error(ErrorCode::runtime_not_found, "llama.cpp's library \"" + stem +
                                                      "\" is not in " + directory +
                                                      ". Run the set-up again to install it.");
    }
    return *std::min_element(found.begin(), found.end());
}

template <typename Function>
void resolve(const Library & library, const char * name, Function & target) {
    target = reinterpret_cast<Function>(library.symbol(name));
    if (target == nullptr) {
        throw Error(ErrorCode::runtime_mismatch,
                    std::string("llama.cpp's libraries lack the function ") + name +
                        ". Install the version that Loci was built for (" + headers_version() +
                        ").");
    }
}

} // namespace

const char * headers_version() noexcept {
    return LOCI_LLAMA_VERSION;
}

std::shared_ptr<const Runtime> Runtime::load(const std::string & directory, LogSink sink) {
    set_log_sink(std::move(sink));
    // In dependency order, so that each finds the earlier ones by name.
    const Library base = Library::open(find_library(directory, "ggml-base"));
    const Library ggml = Library::open(find_library(directory, "ggml"));
    const Library llama = Library::open(find_library(directory, "llama"));

    std::shared_ptr<Runtime> runtime(new Runtime());
#define LOCI_RESOLVE_BASE(name) resolve(base, #name, runtime->api_.name);
#define LOCI_RESOLVE_GGML(name) resolve(ggml, #name, runtime->api_.name);
#define LOCI_RESOLVE_LLAMA(name) resolve(llama, #name, runtime->api_.name);
    LOCI_GGML_BASE_FUNCTIONS(LOCI_RESOLVE_BASE)
    LOCI_GGML_FUNCTIONS(LOCI_RESOLVE_GGML)
    LOCI_LLAMA_FUNCTIONS(LOCI_RESOLVE_LLAMA)
#undef LOCI_RESOLVE_BASE
#undef LOCI_RESOLVE_GGML
#undef LOCI_RESOLVE_LLAMA

    const Api & api = runtime->api_;
    // Prebuilt libraries may add a suffix such as "-dev"; only the numbers determine the layouts.
    const std::string version = api.llama_version();
    if (version.rfind(headers_version(), 0) != 0) {
        throw Error(ErrorCode::runtime_mismatch, "llama.cpp's libraries are of version " + version +
                                                     " but Loci was built for " +
                                                     headers_version() + "; run the set-up again.");
    }
    api.llama_log_set(forward_log, nullptr);
    api.ggml_backend_load_all_from_path(directory.c_str());
    api.llama_backend_init();
    if (api.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) == nullptr) {
        throw Error(ErrorCode::runtime_not_found,
                    "No CPU backend of llama.cpp runs on this processor.");
    }
    return runtime;
}

std::vector<Device> Runtime::devices() const {
    std::vector<Device> devices;
    for (size_t i = 0; i < api_.ggml_backend_dev_count(); i++) {
        ggml_backend_dev_t device = api_.ggml_backend_dev_get(i);
        Device entry{};
        entry.name = api_.ggml_backend_dev_name(device);
        entry.description = api_.ggml_backend_dev_description(device);
        entry.type = api_.ggml_backend_dev_type(device);
        api_.ggml_backend_dev_memory(device, &entry.free_bytes, &entry.total_bytes);
        devices.push_back(std::move(entry));
    }
    return devices;
}

} // namespace loci
