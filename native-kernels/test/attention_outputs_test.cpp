// Devices that keep scratch behind the results of attention write into memory of ours, however many
// rows our pools have.

#include "attention/attention_outputs.h"
#include "test/model_fixture.h"
#include "test/scratch_checks.h"

using namespace loci;
using namespace loci_test;

namespace {

MemoryOptions small_options() {
    return options_of("full", 512, 128);
}

std::vector<float> logits_behind(Memory & memory, size_t count, uint32_t seed) {
    memory.cut(0);
    memory.extend(some_tokens(count, seed, memory.model().info().vocabulary), false, true, never());
    return memory.logits();
}

void expect_alike(const std::vector<float> & found, const std::vector<float> & expected,
                  const char * what) {
    REQUIRE_MESSAGE((on_cpu() ? found == expected : relative_difference(found, expected) <= 1e-3),
                    what);
}

/// What plain devices compute.
struct Plain {
    std::vector<float> few;
    std::vector<float> many;
    size_t scratch_bytes = 0;
};

Plain plain_run() {
    Memory memory(quick_model(), small_options());
    read(memory, 128, 2);
    Plain plain;
    plain.few = logits_behind(memory, 1, 3);
    plain.many = logits_behind(memory, 100, 4);
    plain.scratch_bytes = memory.report().scratch_bytes;
    return plain;
}

TEST_CASE("what lies behind attention is never written") {
    for (const ggml_type type : { GGML_TYPE_F16, GGML_TYPE_Q8_0 }) {
        computes_over_scratch(quick_model(), "rectangular", type);
    }
}

TEST_CASE("a layer whose heads are apart has scratch of its own graph") {
    computes_over_scratch(quick_model(), "ragged", GGML_TYPE_F16);
}

TEST_CASE("each of two devices has an output" * doctest::skip(on_cpu())) {
    ModelOptions options;
    options.path = quick_model()->path();
    options.gpu_layers = 2; // of three: two layers and the output
    computes_over_scratch(Model::load(shared_runtime(), options), "rectangular", GGML_TYPE_F16);
}

TEST_CASE("an output grows with what is needed, is kept and counted") {
    const Plain plain = plain_run();
    ScratchDevice device(1024);
    Memory memory(quick_model(), small_options());
    read(memory, 128, 2);
    const auto bytes_of = [&](size_t count) {
        device.take_largest();
        logits_behind(memory, count, 4);
        memory.cut(0);
        const size_t bytes = memory.report().scratch_bytes;
        REQUIRE_MESSAGE(bytes >= device.take_largest(), "an output that is large enough");
        return bytes;
    };
    const size_t first = bytes_of(100);
    REQUIRE_MESSAGE(first > plain.scratch_bytes, "an output is counted");
    REQUIRE_MESSAGE(bytes_of(1) == first, "it is kept");
    device.ask_for(65536);
    const size_t larger = bytes_of(1);
    REQUIRE_MESSAGE(larger >= first + size_t{ 256 } * (65536 - 1024), "it grows");
    REQUIRE_MESSAGE(bytes_of(100) == larger, "it is large enough for whole pools");
    memory.resize(1024, {}, never());
    read(memory, 128, 4);
    REQUIRE_MESSAGE(bytes_of(100) > larger, "it grows with the pools");
}

TEST_CASE("what is planned too small grows while the graph is shown") {
    const Plain plain = plain_run();
    for (const bool writes : { false, true }) {
        ScratchDevice device(4096);
        device.write(writes);
        device.ask_inside_for(16);
        Memory memory(quick_model(), small_options());
        read(memory, 128, 2);
        expect_alike(logits_behind(memory, 1, 3), plain.few, "one token");
        expect_alike(logits_behind(memory, 100, 4), plain.many, "a hundred");
        device.ask_for(65536);
        expect_alike(logits_behind(memory, 1, 3), plain.few, "one token again");
    }
}

TEST_CASE("nodes of a graph that is reused go back where no scratch is asked for") {
    const Plain plain = plain_run();
    ScratchDevice device(4096);
    Memory memory(quick_model(), small_options());
    read(memory, 128, 2);
    for (const size_t bytes : { 4096U, 0U, 4096U, 0U }) {
        device.ask_for(bytes);
        device.take_moved();
        expect_alike(logits_behind(memory, 1, 3), plain.few, "one token");
        REQUIRE_MESSAGE((device.take_moved() > 0) == (bytes > 0), "where results are");
    }
}

/// A graph of attention results and views of them on the device under test.
class Results {
  public:
    explicit Results(const Api & api)
        : compute_(api, test_device(), 1),
          queries_(api, compute_.backend(), GGML_TYPE_F32, { 64, 1, 1 }),
          memory_(api, compute_.backend(), GGML_TYPE_F32, { 64, 4, 1 }) {}

    Compute & compute() { return compute_; }

    ggml_tensor result() {
        ggml_tensor node = *memory_.get();
        node.op = GGML_OP_FLASH_ATTN_EXT;
        node.ne[1] = 1;
        for (int i = 0; i < 3; i++) {
            node.src[i] = queries_.get();
        }
        return node;
    }

    ggml_tensor reading(ggml_tensor & source, enum ggml_op op) {
        ggml_tensor node = *memory_.get();
        node.op = op;
        node.src[0] = &source;
        if (op == GGML_OP_VIEW) {
            node.view_src = &source;
            node.view_offs = 8;
        }
        return node;
    }

  private:
    Compute compute_;
    DeviceTensor queries_;
    DeviceTensor memory_;
};

TEST_CASE("views follow, and what is read too late is refused") {
    const ScratchDevice device(64);
    Results results(runtime().api());
    AttentionOutputs outputs(runtime().api());
    outputs.begin_step({});
    ggml_tensor first = results.result();
    ggml_tensor second = results.result();
    ggml_tensor view = results.reading(first, GGML_OP_VIEW);
    ggml_tensor product = results.reading(view, GGML_OP_MUL_MAT);
    ggml_backend_buffer_t before = first.buffer;
    outputs.follow(first);
    outputs.place(results.compute(), first);
    REQUIRE_MESSAGE(first.buffer != before, "a result of ours");
    outputs.follow(view);
    REQUIRE_MESSAGE(
        (view.data == static_cast<char *>(first.data) + 8 && view.buffer == first.buffer),
        "a view of it");
    outputs.follow(product);
    outputs.follow(second);
    outputs.place(results.compute(), second);
    REQUIRE_MESSAGE(second.buffer == first.buffer, "layers take turns");
    expect_refusal(
        ErrorCode::model_unsupported, [&] { outputs.follow(product); }, "the result before");
}

// The scheduler copies a view to another device when that one's part of the graph begins.
TEST_CASE("a view that another device was given before it followed is refused" *
          doctest::skip(on_cpu())) {
    const ScratchDevice device(64);
    const Api & api = runtime().api();
    Results results(api);
    Compute host(api, api.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU), 1);
    const DeviceTensor elsewhere(api, host.backend(), GGML_TYPE_F32, { 64, 1, 1 });
    AttentionOutputs outputs(api);
    ggml_tensor result = results.result();
    ggml_tensor view = results.reading(result, GGML_OP_VIEW);
    ggml_tensor there = *elsewhere.get();
    outputs.place(results.compute(), result);
    outputs.follow(view);
    outputs.follow(there);
    expect_refusal(
        ErrorCode::model_unsupported, [&] { outputs.follow(view); }, "a view that comes late");
}

TEST_CASE("nothing is lost where there is no memory for an output") {
    const Plain plain = plain_run();
    ScratchDevice device(4096);
    device.write(true);
    Memory memory(quick_model(), small_options());
    read(memory, 128, 2);
    expect_alike(logits_behind(memory, 100, 4), plain.many, "a hundred tokens");
    expect_alike(logits_behind(memory, 1, 3), plain.few, "one token");
    memory.cut(0);
    const auto before = snapshot(memory);
    for (const auto when : { ScratchDevice::Refuses::before, ScratchDevice::Refuses::inside }) {
        const bool inside = when == ScratchDevice::Refuses::inside;
        device.ask_for(inside ? 4096 : 65536);
        device.ask_inside_for(inside ? 1024 : 0);
        device.refuse_memory(when);
        expect_refusal(
            ErrorCode::out_of_memory, [&] { memory.extend({ 40 }, false, true, never()); },
            "a step without memory");
        device.refuse_memory(ScratchDevice::Refuses::nothing);
        device.ask_inside_for(0);
        memory.cut(0);
        REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after the step");
        expect_alike(logits_behind(memory, 1, 3), plain.few, "what follows");
        memory.cut(0);
    }
}

} // namespace
