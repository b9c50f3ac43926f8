#include "store/kv_store.h"
#include "test/device.h"

using namespace loci;
using namespace loci_test;

namespace {

LayerShape shape_of(int size) {
    LayerShape shape;
    shape.kv_heads = 2;
    shape.heads = 4;
    shape.key_size = shape.value_size = size;
    return shape;
}

TEST_CASE("room for heads that few kernels take") {
    Compute compute(runtime().api(), test_device(), 1);
    const StoreLimits limits{ 4096, 64, 100, 300, false };
    const int64_t granule = compute.is_cpu() ? 1 : 256;
    const KvStore store({ shape_of(64), shape_of(512) }, { &compute, &compute },
                        { GGML_TYPE_F16, false, false, limits });
    REQUIRE_MESSAGE(store.pool(0).granule() == 1, "any length of short heads");
    REQUIRE_MESSAGE(store.pool(0).capacity() == 400, "their rows");
    REQUIRE_MESSAGE(store.pool(1).granule() == granule, "the lengths of long heads");
    REQUIRE_MESSAGE(store.pool(1).capacity() == (compute.is_cpu() ? 400 : 512 + 256), "their rows");
    REQUIRE_MESSAGE(store.allocated_bytes() <= store.bytes_of(400) + store.padding_bytes(),
                    "no more than is promised");
}

TEST_CASE("room in whole granules") {
    const StoreLimits limits{ 4096, 64, 100, 300, false };
    REQUIRE_MESSAGE(limits.capacity_for(300, 1) == 400, "rows and working rows");
    REQUIRE_MESSAGE(limits.capacity_for(300, 256) == 768, "each rounded up");
    REQUIRE_MESSAGE(limits.capacity_for(0, 256) == 256, "nothing but working rows");
}

} // namespace
