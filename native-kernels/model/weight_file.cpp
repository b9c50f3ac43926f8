#include "model/weight_file.h"

#include "core/error.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace loci {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string & path, const std::string & reason) {
    throw Error(ErrorCode::model_invalid, "The model file " + path + " " + reason + ".");
}

// "-00003-of-00012.gguf"
std::string part_suffix(int number, int count) {
    char text[40];
    std::snprintf(text, sizeof(text), "-%05d-of-%05d.gguf", number, count);
    return text;
}

int part_count(const Api & api, const gguf_context * header) {
    const int64_t key = api.gguf_find_key(header, "split.count");
    if (key < 0 || api.gguf_get_kv_type(header, key) != GGUF_TYPE_UINT16) {
        return 1;
    }
    return std::max<int>(api.gguf_get_val_u16(header, key), 1);
}

} // namespace

WeightFile::WeightFile(const Api & api, const std::string & path) : api_(api) {
    parts_.push_back(open_part(path));
    const int count = part_count(api, parts_.front().header.get());
    if (count == 1) {
        return;
    }
    const std::string suffix = part_suffix(1, count);
    if (path.size() < suffix.size() ||
        path.compare(path.size() - suffix.size(), suffix.size(), suffix) != 0) {
        refuse(path, "is one of " + std::to_string(count) +
                         " parts, but its name does not end in " + suffix +
                         "; choose the first part under its original name");
    }
    for (int number = 2; number <= count; number++) {
        parts_.push_back(
            open_part(path.substr(0, path.size() - suffix.size()) + part_suffix(number, count)));
    }
}

bool WeightFile::is_list(const std::string & key) const noexcept {
    const gguf_context * header = parts_.front().header.get();
    const int64_t id = api_.gguf_find_key(header, key.c_str());
    return id >= 0 && api_.gguf_get_kv_type(header, id) == GGUF_TYPE_ARRAY;
}

std::vector<int64_t> WeightFile::numbers(const std::string & key) const {
    const gguf_context * header = parts_.front().header.get();
    const int64_t id = api_.gguf_find_key(header, key.c_str());
    if (id < 0) {
        return {};
    }
    const bool list = is_list(key);
    const enum gguf_type type =
        list ? api_.gguf_get_arr_type(header, id) : api_.gguf_get_kv_type(header, id);
    if (type != GGUF_TYPE_UINT32 && type != GGUF_TYPE_INT32 && type != GGUF_TYPE_BOOL) {
        return {};
    }
    const void * data =
        list ? api_.gguf_get_arr_data(header, id) : api_.gguf_get_val_data(header, id);
    std::vector<int64_t> numbers(list ? api_.gguf_get_arr_n(header, id) : 1);
    for (size_t i = 0; i < numbers.size(); i++) {
        if (type == GGUF_TYPE_UINT32) {
            numbers[i] = static_cast<const uint32_t *>(data)[i];
        } else if (type == GGUF_TYPE_INT32) {
            numbers[i] = static_cast<const int32_t *>(data)[i];
        } else {
            numbers[i] = static_cast<const int8_t *>(data)[i] == 0 ? 0 : 1;
        }
    }
    return numbers;
}

WeightFile::Part WeightFile::open_part(const std::string & path) const {
    std::error_code failure;
    Part part{ path, fs::file_size(fs::u8path(path), failure),
               std::unique_ptr<gguf_context, FreeGguf>(nullptr, FreeGguf{ &api_ }) };
    if (failure) {
        // The first line is for the user, what follows for the log.
        throw Error(ErrorCode::model_invalid,
                    "The model file " + path + " cannot be read.\n" + failure.message());
    }
    gguf_init_params parameters{};
    parameters.no_alloc = true;
    part.header.reset(api_.gguf_init_from_file(path.c_str(), parameters));
    if (!part.header) {
        refuse(path, "is not a sound GGUF file");
    }
    return part;
}

bool WeightFile::has(const std::string & name) const noexcept {
    return std::any_of(parts_.begin(), parts_.end(), [&](const Part & part) {
        return api_.gguf_find_tensor(part.header.get(), name.c_str()) >= 0;
    });
}

Weight WeightFile::find(const std::string & name) const {
    for (size_t i = 0; i < parts_.size(); i++) {
        const gguf_context * header = parts_[i].header.get();
        const int64_t index = api_.gguf_find_tensor(header, name.c_str());
        if (index < 0) {
            continue;
        }
        Weight weight;
        weight.name = name;
        weight.type = api_.gguf_get_tensor_type(header, index);
        weight.part = i;
        weight.bytes = api_.gguf_get_tensor_size(header, index);
        const int64_t * shape = api_.gguf_get_tensor_ne(header, index);
        std::copy(shape, shape + weight.shape.size(), weight.shape.begin());

        const uint64_t start = api_.gguf_get_data_offset(header);
        const uint64_t offset = api_.gguf_get_tensor_offset(header, index);
        const uint64_t size = parts_[i].size;
        // Subtractions only: a sum could wrap around.
        if (start > size || offset > size - start || weight.bytes > size - start - offset) {
            refuse(parts_[i].path, "ends before its weights do; download it again");
        }
        weight.offset = start + offset;
        return weight;
    }
    throw Error(ErrorCode::model_unsupported,
                "The model has no weights named " + name +
                    ". Choose a policy that does not need its output projections.");
}

std::vector<uint8_t> WeightFile::read(const Weight & weight) const {
    return read_bytes(parts_[weight.part], weight.offset, weight.bytes);
}

std::vector<uint8_t> WeightFile::read_bytes(const Part & part, uint64_t offset,
                                            uint64_t count) const {
    std::vector<uint8_t> bytes(count);
    std::ifstream file(fs::u8path(part.path), std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(reinterpret_cast<char *>(bytes.data()), static_cast<std::streamsize>(count));
    if (!file) {
        refuse(part.path, "could not be read to its end");
    }
    return bytes;
}

void WeightFile::identify(const std::vector<Weight> & weights, Fingerprint & fingerprint) const {
    constexpr uint64_t end_bytes = 4096;
    for (const Part & part : parts_) {
        std::error_code failure;
        const auto time = fs::last_write_time(fs::u8path(part.path), failure);
        fingerprint.add(part.size);
        fingerprint.add(static_cast<uint64_t>(time.time_since_epoch().count()));
        const uint64_t header = api_.gguf_get_data_offset(part.header.get());
        const auto bytes = read_bytes(part, 0, std::min(header, part.size));
        fingerprint.add(bytes.data(), bytes.size());
    }
    for (const Weight & weight : weights) {
        const uint64_t length = std::min(weight.bytes, end_bytes);
        const Part & part = parts_[weight.part];
        const auto first = read_bytes(part, weight.offset, length);
        const auto last = read_bytes(part, weight.offset + weight.bytes - length, length);
        fingerprint.add(first.data(), first.size());
        fingerprint.add(last.data(), last.size());
    }
}

} // namespace loci
