// A library of its own, as it is loaded before all others (LD_PRELOAD) where the tests run on
// Mesa's lavapipe: no Vulkan buffer is destroyed there. lavapipe takes a reference to every
// descriptor of a set, also those that no shader reads, and ggml's sets hold there the buffers of
// earlier dispatches; one that was destroyed by then corrupts the heap. Its memory is freed all the
// same: that is an allocation of its own.

#include <cstring>
#include <dlfcn.h>

namespace {

using Function = void (*)();
using Lookup = Function (*)(void * owner, const char * name);

void keep_buffer(void * /*device*/, void * /*buffer*/, const void * /*allocator*/) {}

Function look_up(const char * lookup, void * owner, const char * name);

} // namespace

extern "C" __attribute__((visibility("default"))) Function vkGetDeviceProcAddr(void * device,
                                                                               const char * name) {
    return look_up("vkGetDeviceProcAddr", device, name);
}

extern "C" __attribute__((visibility("default"))) Function vkGetInstanceProcAddr(
    void * instance, const char * name) {
    return look_up("vkGetInstanceProcAddr", instance, name);
}

namespace {

Function look_up(const char * lookup, void * owner, const char * name) {
    if (std::strcmp(name, "vkDestroyBuffer") == 0) {
        return reinterpret_cast<Function>(keep_buffer);
    }
    if (std::strcmp(name, "vkGetDeviceProcAddr") == 0) {
        return reinterpret_cast<Function>(vkGetDeviceProcAddr);
    }
    if (std::strcmp(name, "vkGetInstanceProcAddr") == 0) {
        return reinterpret_cast<Function>(vkGetInstanceProcAddr);
    }
    static void * const library = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
    const auto find =
        library == nullptr ? nullptr : reinterpret_cast<Lookup>(dlsym(library, lookup));
    return find == nullptr ? nullptr : find(owner, name);
}

} // namespace
