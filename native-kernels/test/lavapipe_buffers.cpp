// A separate library, loaded before all others (LD_PRELOAD) when the tests run on Mesa's lavapipe:
// it prevents the destruction of Vulkan buffers. lavapipe references every descriptor of a set,
// including those that no shader reads; there, ggml's sets hold buffers of earlier dispatches, and
// a destroyed one corrupts the heap. The buffers' memory is a separate allocation and is still
// freed.

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
