// Devices that keep scratch behind the results of attention write into memory of ours, however many
// rows our pools have.

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
    ScratchDevice device(4096);
    device.write(true);
    device.ask_inside_for(16);
    Memory memory(quick_model(), small_options());
    read(memory, 128, 2);
    expect_alike(logits_behind(memory, 1, 3), plain.few, "one token");
    expect_alike(logits_behind(memory, 100, 4), plain.many, "a hundred");
    device.ask_for(65536);
    expect_alike(logits_behind(memory, 1, 3), plain.few, "one token again");
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
        device.ask_inside_for(inside ? 1024 : 1);
        device.refuse_memory(when);
        expect_refusal(
            ErrorCode::out_of_memory, [&] { memory.extend({ 40 }, false, true, never()); },
            "a step without memory");
        device.refuse_memory(ScratchDevice::Refuses::nothing);
        device.ask_inside_for(1);
        memory.cut(0);
        REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after the step");
        expect_alike(logits_behind(memory, 1, 3), plain.few, "what follows");
        memory.cut(0);
    }
}

} // namespace
