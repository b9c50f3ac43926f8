#include "model/gram_store.h"

#include "model/fingerprint.h"

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace loci {

namespace {

namespace fs = std::filesystem;

// Numbers are stored as the machine has them; every platform that Loci runs on is little-endian.
struct Header {
    char magic[8];
    uint32_t version;
    uint32_t layers;
    uint32_t heads;
    uint32_t head_size;
    uint64_t fingerprint;
    uint64_t payload_bytes;
    uint64_t checksum; // of the fields above and the payload
};

static_assert(sizeof(Header) == 48, "the header has no padding");

constexpr char magic[8] = { 'L', 'O', 'C', 'I', 'G', 'R', 'A', 'M' };
constexpr uint32_t version = 1;

uint64_t layer_floats(const Header & header) {
    return uint64_t{ header.heads } * header.head_size * header.head_size;
}

Header header_for(uint64_t fingerprint, int layers, int heads, int head_size) {
    Header header{};
    std::memcpy(header.magic, magic, sizeof(magic));
    header.version = version;
    header.layers = static_cast<uint32_t>(layers);
    header.heads = static_cast<uint32_t>(heads);
    header.head_size = static_cast<uint32_t>(head_size);
    header.fingerprint = fingerprint;
    header.payload_bytes = uint64_t{ header.layers } * layer_floats(header) * sizeof(float);
    return header;
}

uint64_t checksum(const Header & header, const OutputGrams & grams) {
    Fingerprint sum;
    sum.add(&header, offsetof(Header, checksum));
    for (const std::vector<float> & layer : grams.layers) {
        sum.add(layer.data(), layer.size() * sizeof(float));
    }
    return sum.value();
}

} // namespace

std::string gram_file(const std::string & directory, uint64_t fingerprint) {
    char name[48];
    std::snprintf(name, sizeof(name), "output-grams-%016llx.bin",
                  static_cast<unsigned long long>(fingerprint));
    return (fs::u8path(directory) / name).u8string();
}

std::optional<OutputGrams> read_grams(const std::string & path, uint64_t fingerprint, int layers,
                                      int heads, int head_size) {
    const Header expected = header_for(fingerprint, layers, heads, head_size);
    std::error_code failure;
    const uint64_t size = fs::file_size(fs::u8path(path), failure);
    if (failure || size != sizeof(Header) + expected.payload_bytes) {
        return std::nullopt;
    }
    std::ifstream file(fs::u8path(path), std::ios::binary);
    Header header{};
    file.read(reinterpret_cast<char *>(&header), sizeof(header));
    if (!file || std::memcmp(&header, &expected, offsetof(Header, checksum)) != 0) {
        return std::nullopt;
    }
    OutputGrams grams;
    grams.heads = heads;
    grams.head_size = head_size;
    for (int layer = 0; layer < layers; layer++) {
        std::vector<float> matrices(layer_floats(header));
        file.read(reinterpret_cast<char *>(matrices.data()),
                  static_cast<std::streamsize>(matrices.size() * sizeof(float)));
        if (!file) {
            return std::nullopt;
        }
        grams.layers.push_back(std::move(matrices));
    }
    if (checksum(header, grams) != header.checksum) {
        return std::nullopt;
    }
    return grams;
}

bool write_grams(const std::string & path, uint64_t fingerprint, const OutputGrams & grams) {
    Header header = header_for(fingerprint, static_cast<int>(grams.layers.size()), grams.heads,
                               grams.head_size);
    header.checksum = checksum(header, grams);

    // A fixed name: what a killed process left is overwritten by the next one, and if two write at
    // once, the checksum refuses the mixture.
    const fs::path final_path = fs::u8path(path);
    fs::path partial = final_path;
    std::error_code failure;
    partial += ".partial";
    fs::create_directories(final_path.parent_path(), failure);
    bool written = false;
    {
        std::ofstream file(partial, std::ios::binary | std::ios::trunc);
        file.write(reinterpret_cast<const char *>(&header), sizeof(header));
        for (const std::vector<float> & layer : grams.layers) {
            file.write(reinterpret_cast<const char *>(layer.data()),
                       static_cast<std::streamsize>(layer.size() * sizeof(float)));
        }
        file.close();
        written = !file.fail();
    }
    if (written) {
        fs::rename(partial, final_path, failure);
        written = !failure;
    }
    if (!written) {
        fs::remove(partial, failure);
    }
    return written;
}

} // namespace loci
