#pragma once

#include "model/fingerprint.h"
#include "runtime/api.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace loci {

/// Where one tensor's bytes lie.
struct Weight {
    std::string name;
    enum ggml_type type = GGML_TYPE_F32;
    std::array<int64_t, 4> shape{};
    size_t part = 0; ///< file of a split model
    uint64_t offset = 0;
    uint64_t bytes = 0;
};

/// The weights of a GGUF model, in one file or in parts ("...-00001-of-0000N.gguf"), read without
/// loading the model. Every offset was checked against the size of its file when it was opened.
class WeightFile {
  public:
    /// Throws Error(model_invalid) where a part is missing, is not sound GGUF, or is shorter than
    /// its header says.
    WeightFile(const Api & api, const std::string & path);

    bool has(const std::string & name) const noexcept;

    /// Throws Error(model_unsupported) where there is no such tensor.
    Weight find(const std::string & name) const;

    /// The tensor's bytes. Throws Error(model_invalid) where they cannot be read.
    std::vector<uint8_t> read(const Weight & weight) const;

    /// Whole numbers of the header: one, or those of a list; none where there is no such key, or it
    /// is of another type.
    std::vector<int64_t> numbers(const std::string & key) const;
    bool is_list(const std::string & key) const noexcept;

    /// Adds what identifies the model: size, time and header of every part, and both ends of each
    /// of these weights.
    void identify(const std::vector<Weight> & weights, Fingerprint & fingerprint) const;

  private:
    struct FreeGguf {
        const Api * api;
        void operator()(gguf_context * context) const { api->gguf_free(context); }
    };

    struct Part {
        std::string path;
        uint64_t size = 0;
        std::unique_ptr<gguf_context, FreeGguf> header;
    };

    Part open_part(const std::string & path) const;
    std::vector<uint8_t> read_bytes(const Part & part, uint64_t offset, uint64_t count) const;

    const Api & api_;
    std::vector<Part> parts_;
};

} // namespace loci
