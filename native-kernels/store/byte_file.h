#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace loci {

/// FNV-1a by 64-bit words: tells apart what differs by accident, not by intent. It does not matter
/// in which pieces bytes are added.
class WordSum {
  public:
    void add(const void * bytes, size_t count) noexcept;
    uint64_t value() const noexcept;

  private:
    void add_word(uint64_t word) noexcept;

    uint64_t state_ = 0xcbf29ce484222325u;
    unsigned char pending_[sizeof(uint64_t)] = {};
    size_t pending_count_ = 0;
};

/// Writes a file of one header and one payload, whose sum it keeps.
class FileWriter {
  public:
    /// Throws Error(file_failed).
    explicit FileWriter(const std::string & path);

    void write(const void * bytes, size_t count);
    template <typename Value>
    void number(Value value) {
        write(&value, sizeof(value));
    }
    template <typename Value>
    void array(const std::vector<Value> & values) {
        number(static_cast<uint64_t>(values.size()));
        write(values.data(), values.size() * sizeof(Value));
    }

    /// Writes the header with the sum and the length of what was written, and closes the file.
    void finish(uint64_t fingerprint);

  private:
    std::string path_;
    std::ofstream file_;
    WordSum sum_;
    uint64_t length_ = 0;
};

/// Reads such a file; what is read is limited by the length of the file before it is allocated.
class FileReader {
  public:
    /// Throws Error(file_failed) where the file cannot be read, Error(snapshot_invalid) where it is
    /// not such a file, is of another version, cut, or of another fingerprint.
    FileReader(const std::string & path, uint64_t fingerprint);

    void read(void * bytes, size_t count);
    template <typename Value>
    Value number() {
        Value value{};
        read(&value, sizeof(value));
        return value;
    }
    /// Throws Error(snapshot_invalid) beyond `most` values.
    template <typename Value>
    std::vector<Value> array(uint64_t most) {
        const auto count = number<uint64_t>();
        check(count <= most && count <= left() / sizeof(Value));
        std::vector<Value> values(static_cast<size_t>(count));
        read(values.data(), values.size() * sizeof(Value));
        return values;
    }

    /// Throws Error(snapshot_invalid) unless `holds`.
    void check(bool holds) const;

    /// Throws Error(snapshot_invalid) unless the whole payload was read and its sum is right.
    void finish() const;

    uint64_t left() const noexcept { return length_ - done_; }

  private:
    std::ifstream file_;
    WordSum sum_;
    uint64_t length_ = 0;
    uint64_t done_ = 0;
    uint64_t expected_ = 0;
};

} // namespace loci
