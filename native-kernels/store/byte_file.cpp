#include "store/byte_file.h"

#include "core/error.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace loci {

namespace {

namespace fs = std::filesystem;

// Numbers are stored as the machine has them; every platform that Loci runs on is little-endian.
struct Header {
    char magic[8];
    uint64_t version;
    uint64_t fingerprint;
    uint64_t length; ///< bytes of the payload
    uint64_t sum;    ///< of the payload
    uint64_t header; ///< sum of the fields above
};

constexpr char magic[8] = { 'L', 'O', 'C', 'I', 'K', 'V', 'S', '\n' };
constexpr uint64_t version = 1;

uint64_t header_sum(const Header & header) {
    WordSum sum;
    sum.add(&header, offsetof(Header, header));
    return sum.value();
}

[[noreturn]] void fail(const char * what, const std::string & path) {
    throw Error(ErrorCode::file_failed, std::string(what) + " " + path + ".");
}

[[noreturn]] void refuse(const char * sentence) {
    throw Error(ErrorCode::snapshot_invalid, sentence);
}

constexpr const char * damaged = "The saved memory is damaged, so the repository is read again.";

} // namespace

void WordSum::add_word(uint64_t word) noexcept {
    state_ = (state_ ^ word) * 0x100000001b3u;
    state_ ^= state_ >> 29; // so that a high bit reaches the low ones
}

void WordSum::add(const void * bytes, size_t count) noexcept {
    const auto * byte = static_cast<const unsigned char *>(bytes);
    uint64_t word = 0;
    while (count > 0) {
        if (pending_count_ == 0 && count >= sizeof(word)) {
            std::memcpy(&word, byte, sizeof(word));
            add_word(word);
            byte += sizeof(word);
            count -= sizeof(word);
            continue;
        }
        pending_[pending_count_++] = *byte++;
        count--;
        if (pending_count_ == sizeof(word)) {
            std::memcpy(&word, pending_, sizeof(word));
            add_word(word);
            pending_count_ = 0;
        }
    }
}

uint64_t WordSum::value() const noexcept {
    WordSum rest = *this;
    for (size_t i = 0; i < pending_count_; i++) {
        rest.add_word(pending_[i]);
    }
    return rest.state_;
}

FileWriter::FileWriter(const std::string & path)
    : path_(path), file_(fs::u8path(path), std::ios::binary | std::ios::trunc) {
    const Header empty{};
    file_.write(reinterpret_cast<const char *>(&empty), sizeof(empty));
    if (!file_) {
        fail("The memory cannot be saved to", path_);
    }
}

void FileWriter::write(const void * bytes, size_t count) {
    sum_.add(bytes, count);
    length_ += count;
    file_.write(static_cast<const char *>(bytes), static_cast<std::streamsize>(count));
    if (!file_) {
        fail("The memory cannot be saved to", path_);
    }
}

void FileWriter::finish(uint64_t fingerprint) {
    Header header{};
    std::memcpy(header.magic, magic, sizeof(magic));
    header.version = version;
    header.fingerprint = fingerprint;
    header.length = length_;
    header.sum = sum_.value();
    header.header = header_sum(header);
    file_.seekp(0);
    file_.write(reinterpret_cast<const char *>(&header), sizeof(header));
    file_.close();
    if (file_.fail()) {
        fail("The memory cannot be saved to", path_);
    }
}

FileReader::FileReader(const std::string & path, uint64_t fingerprint)
    : file_(fs::u8path(path), std::ios::binary) {
    std::error_code failure;
    const uint64_t size = fs::file_size(fs::u8path(path), failure);
    if (!file_ || failure) {
        fail("The saved memory cannot be read from", path);
    }
    Header header{};
    if (size < sizeof(header)) {
        refuse(damaged);
    }
    file_.read(reinterpret_cast<char *>(&header), sizeof(header));
    if (!file_ || std::memcmp(header.magic, magic, sizeof(magic)) != 0) {
        refuse("The file is not a saved memory, so the repository is read again.");
    }
    if (header.version != version) {
        refuse("The memory was saved by another version of Loci, so the repository is read again.");
    }
    if (header.header != header_sum(header) || header.length != size - sizeof(header)) {
        refuse(damaged);
    }
    if (header.fingerprint != fingerprint) {
        refuse("The memory was saved with another model or other settings, so the repository is "
               "read again.");
    }
    length_ = header.length;
    expected_ = header.sum;
}

void FileReader::read(void * bytes, size_t count) {
    check(count <= left());
    file_.read(static_cast<char *>(bytes), static_cast<std::streamsize>(count));
    check(static_cast<bool>(file_));
    sum_.add(bytes, count);
    done_ += count;
}

void FileReader::check(bool holds) const {
    if (!holds) {
        refuse(damaged);
    }
}

void FileReader::finish() const {
    check(left() == 0 && sum_.value() == expected_);
}

} // namespace loci
