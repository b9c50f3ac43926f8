// A memory that another one saved and loaded is bit-identical; damaged files are refused.

#include "test/memory_fixture.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

using namespace loci;
using namespace loci_test;

namespace {

namespace fs = std::filesystem;

/// A file that is removed with the object.
class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string & name)
        : path_(fs::temp_directory_path() /
                ("loci-" + std::to_string(std::random_device()()) + name)) {}
    ~TemporaryFile() {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }
    TemporaryFile(const TemporaryFile &) = delete;
    TemporaryFile & operator=(const TemporaryFile &) = delete;

    std::string name() const { return path_.u8string(); }

    std::vector<char> bytes() const {
        std::ifstream file(path_, std::ios::binary);
        return { std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>() };
    }
    void write(const std::vector<char> & bytes) const {
        std::ofstream file(path_, std::ios::binary | std::ios::trunc);
        file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }

  private:
    fs::path path_;
};

struct Kind {
    const char * name;
    const char * policy;
    PolicyParameters parameters;
    enum ggml_type type;
    int chunks; ///< of 128 tokens, with a budget of 256
};

MemoryOptions options_for(const Kind & kind) {
    MemoryOptions options = options_of(kind.policy, 256, 128);
    options.policy_parameters = kind.parameters;
    options.kv_type = kind.type;
    return options;
}

std::vector<float> answer(Memory & memory) {
    memory.cut(0);
    memory.extend(chunk_of(memory.model(), 9, 7), true, true, never());
    memory.extend(chunk_of(memory.model(), 1, 8), false, true, never());
    return memory.logits();
}

void the_same_to_the_bit(const Kind & kind) {
    const auto model = quick_model();
    const TemporaryFile file("-memory");
    Memory first(model, options_for(kind));
    read(first, 128 - 64, kind.chunks);
    const std::vector<float> before = answer(first);
    first.save(file.name(), never());
    REQUIRE_MESSAGE(answer(first) == before, "a memory answers as before it was saved");

    Memory second(model, options_for(kind));
    second.load(file.name(), never());
    REQUIRE_MESSAGE(snapshot(second) == snapshot(first), "rows");
    REQUIRE_MESSAGE(second.held_counts() == first.held_counts(), "what is held");
    REQUIRE_MESSAGE(second.report().physical_bytes == first.report().physical_bytes, "bytes");
    REQUIRE_MESSAGE(answer(second) == before, "logits are equal to the bit");

    // Both continue and select the same.
    first.cut(0);
    second.cut(0);
    for (uint32_t i = 0; i < 3; i++) {
        const auto chunk = chunk_of(*model, 64, 50 + i);
        first.append(chunk, {}, {}, never());
        second.append(chunk, {}, {}, never());
    }
    REQUIRE_MESSAGE(snapshot(second) == snapshot(first), "rows after reading on");
    REQUIRE_MESSAGE(answer(second) == answer(first), "logits after reading on");
}

/// Requires a refusal with this code that leaves the memory unchanged.
void refused(Memory & memory, const TemporaryFile & file, ErrorCode code,
             const std::string & what) {
    const auto before = snapshot(memory);
    try {
        memory.load(file.name(), never());
        FAIL(what, " is refused");
    } catch (const Error & failure) {
        REQUIRE_MESSAGE(failure.code() == code, what, ": ", failure.what());
    }
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after ", what);
}

TEST_CASE("damaged files are refused") {
    const auto model = quick_model();
    const Kind kind{ "", "default", {}, GGML_TYPE_F16, 4 };
    const TemporaryFile file("-damaged");
    Memory memory(model, options_for(kind));
    read(memory, 64, 4);
    memory.save(file.name(), never());
    const std::vector<char> whole = file.bytes();
    std::mt19937 random(3);
    const int cases = random_cases(200);
    for (int i = 0; i < cases; i++) {
        std::vector<char> bytes = whole;
        const size_t at = random() % bytes.size();
        switch (i % 4) {
            case 0: bytes.resize(at); break;
            case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8)); break;
            case 2: bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), 'x'); break;
            default: // near the start, where the lengths are
                bytes[at % 400] = static_cast<char>(random());
                if (bytes == whole) {
                    continue;
                }
        }
        file.write(bytes);
        refused(memory, file, ErrorCode::snapshot_invalid, "damage " + std::to_string(i));
    }
    file.write({});
    refused(memory, file, ErrorCode::snapshot_invalid, "an empty file");
    file.write(std::vector<char>(5000, 'G'));
    refused(memory, file, ErrorCode::snapshot_invalid, "another file");
    const TemporaryFile missing("-missing");
    refused(memory, missing, ErrorCode::file_failed, "a missing file");
    file.write(whole);
    memory.load(file.name(), never());
}

TEST_CASE("foreign files are refused") {
    const auto model = quick_model();
    const TemporaryFile file("-foreign");
    {
        Memory memory(model, options_of("laprox", 256, 128));
        read(memory, 64, 2);
        memory.save(file.name(), never());
    }
    const auto other = [&](const std::string & policy, int budget, int chunk, enum ggml_type type) {
        MemoryOptions options = options_of(policy, budget, chunk);
        options.kv_type = type;
        Memory memory(model, options);
        refused(memory, file, ErrorCode::snapshot_invalid, policy + " of other options");
    };
    other("ahakv", 256, 128, GGML_TYPE_F16);
    other("laprox", 320, 128, GGML_TYPE_F16);
    other("laprox", 256, 192, GGML_TYPE_F16);
    other("laprox", 256, 128, GGML_TYPE_Q8_0);
}

TEST_CASE("a cancelled load changes nothing") {
    const auto model = quick_model();
    const TemporaryFile file("-cancelled");
    Memory memory(model, options_of("laprox", 256, 128));
    read(memory, 64, 2);
    memory.save(file.name(), never());
    read(memory, 64, 1);
    const auto before = snapshot(memory);
    Cancellation at_once;
    at_once.cancel();
    try {
        memory.load(file.name(), at_once);
        FAIL("a cancelled load ends");
    } catch (const Error & failure) {
        REQUIRE_MESSAGE(failure.code() == ErrorCode::cancelled, failure.what());
    }
    REQUIRE_MESSAGE(snapshot(memory) == before, "the memory after a cancelled load");
}

TEST_CASE("saved and loaded") {
    const Kind kinds[] = {
        { "default", "default", {}, GGML_TYPE_F16, 9 },
        { "default, nothing evicted yet", "default", {}, GGML_TYPE_F16, 2 },
        { "default, ragged", "default", { { "layout", "ragged" } }, GGML_TYPE_F16, 9 },
        { "laprox, q8_0", "laprox", {}, GGML_TYPE_Q8_0, 9 },
        { "expected, which sums queries up, q4_0 with originals",
          "expected",
          {},
          GGML_TYPE_Q4_0,
          9 },
        { "nothing read", "streaming", {}, GGML_TYPE_F16, 0 },
    };
    for (const Kind & kind : kinds) {
        SUBCASE(kind.name) {
            the_same_to_the_bit(kind);
        }
    }
}

} // namespace
