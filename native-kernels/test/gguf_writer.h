#pragma once

#include "runtime/api.h"

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace loci_test {

/// Writes small GGUF files (version 3) byte by byte, so that tests can also make broken ones.
class GgufWriter {
  public:
    void add_number(const std::string & key, uint16_t value) {
        put_string(keys_, key);
        put<uint32_t>(keys_, GGUF_TYPE_UINT16);
        put<uint16_t>(keys_, value);
        key_count_++;
    }

    void add_text(const std::string & key, const std::string & value) {
        put_string(keys_, key);
        put<uint32_t>(keys_, GGUF_TYPE_STRING);
        put_string(keys_, value);
        key_count_++;
    }

    void add_flag(const std::string & key, bool value) {
        put_string(keys_, key);
        put<uint32_t>(keys_, GGUF_TYPE_BOOL);
        put<uint8_t>(keys_, value ? 1 : 0);
        key_count_++;
    }

    void add_texts(const std::string & key, const std::vector<std::string> & values) {
        begin_array(key, GGUF_TYPE_STRING, values.size());
        for (const std::string & value : values) {
            put_string(keys_, value);
        }
    }

    void add_integers(const std::string & key, const std::vector<int32_t> & values) {
        begin_array(key, GGUF_TYPE_INT32, values.size());
        for (const int32_t value : values) {
            put<int32_t>(keys_, value);
        }
    }

    void add_floats(const std::string & key, const std::vector<float> & values) {
        begin_array(key, GGUF_TYPE_FLOAT32, values.size());
        for (const float value : values) {
            put<float>(keys_, value);
        }
    }

    /// A matrix of `rows` rows of `width`, stored as `bytes`.
    void add_matrix(const std::string & name, enum ggml_type type, int64_t width, int64_t rows,
                    const std::vector<uint8_t> & bytes) {
        put_string(infos_, name);
        put<uint32_t>(infos_, 2);
        put<int64_t>(infos_, width);
        put<int64_t>(infos_, rows);
        put<uint32_t>(infos_, static_cast<uint32_t>(type));
        put<uint64_t>(infos_, data_.size() + offset_error);
        data_.insert(data_.end(), bytes.begin(), bytes.end());
        pad(data_);
        tensor_count_++;
    }

    std::vector<uint8_t> bytes() const {
        std::vector<uint8_t> file = { 'G', 'G', 'U', 'F' };
        put<uint32_t>(file, 3);
        put<int64_t>(file, tensor_count_);
        put<int64_t>(file, key_count_);
        file.insert(file.end(), keys_.begin(), keys_.end());
        file.insert(file.end(), infos_.begin(), infos_.end());
        pad(file);
        file.insert(file.end(), data_.begin(), data_.end());
        return file;
    }

    /// Added to the offset of the next tensor.
    uint64_t offset_error = 0;

  private:
    template <typename T>
    static void put(std::vector<uint8_t> & out, T value) {
        const auto * first = reinterpret_cast<const uint8_t *>(&value);
        out.insert(out.end(), first, first + sizeof(value));
    }

    static void put_string(std::vector<uint8_t> & out, const std::string & text) {
        put<uint64_t>(out, text.size());
        out.insert(out.end(), text.begin(), text.end());
    }

    void begin_array(const std::string & key, enum gguf_type type, size_t count) {
        put_string(keys_, key);
        put<uint32_t>(keys_, GGUF_TYPE_ARRAY);
        put<uint32_t>(keys_, static_cast<uint32_t>(type));
        put<uint64_t>(keys_, count);
        key_count_++;
    }

    static void pad(std::vector<uint8_t> & out) { out.resize((out.size() + 31) / 32 * 32, 0); }

    std::vector<uint8_t> keys_;
    std::vector<uint8_t> infos_;
    std::vector<uint8_t> data_;
    int64_t key_count_ = 0;
    int64_t tensor_count_ = 0;
};

inline void write_file(const std::string & path, const std::vector<uint8_t> & bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char *>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

inline std::vector<uint8_t> read_file(const std::string & path) {
    std::ifstream file(path, std::ios::binary);
    return std::vector<uint8_t>(std::istreambuf_iterator<char>(file), {});
}

} // namespace loci_test
