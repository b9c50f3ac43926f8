#include "runtime/library.h"

#include "core/error.h"

#ifdef _WIN32
#    define WIN32_LEAN_AND_MEAN
#    include <windows.h>
#else
#    include <dlfcn.h>
#endif

namespace loci {

#ifdef _WIN32

namespace {

std::wstring widen(const std::string & text) {
    const int length = MultiByteToWideChar(CP_UTF8, 0, text.c_str(), -1, nullptr, 0);
    std::wstring wide(length > 0 ? static_cast<size_t>(length - 1) : 0, L'\0');
    if (length > 1) {
        MultiByteToWideChar(CP_UTF8, 0, text.c_str(), -1, wide.data(), length);
    }
    return wide;
}

} // namespace

Library Library::open(const std::string & path) {
    // The altered search path finds libraries in the same folder.
    HMODULE handle = LoadLibraryExW(widen(path).c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (handle == nullptr) {
        throw Error(ErrorCode::runtime_not_found, "The library " + path +
                                                      " could not be loaded (Windows error " +
                                                      std::to_string(GetLastError()) + ").");
    }
    return Library(handle);
}

void * Library::symbol(const char * name) const noexcept {
    return reinterpret_cast<void *>(GetProcAddress(static_cast<HMODULE>(handle_), name));
}

#else

Library Library::open(const std::string & path) {
    void * handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char * reason = dlerror();
        // The first line is for the user, the rest for the log.
        throw Error(ErrorCode::runtime_not_found, "The library " + path +
                                                      " could not be loaded.\n" +
                                                      (reason != nullptr ? reason : ""));
    }
    return Library(handle);
}

void * Library::symbol(const char * name) const noexcept {
    return dlsym(handle_, name);
}

#endif

} // namespace loci
