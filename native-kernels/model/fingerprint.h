#pragma once

#include <cstddef>
#include <cstdint>

namespace loci {

/// FNV-1a over 64 bits: tells apart files that differ by accident, not by intent.
class Fingerprint {
  public:
    void add(const void * bytes, size_t count) noexcept {
        const auto * byte = static_cast<const unsigned char *>(bytes);
        for (size_t i = 0; i < count; i++) {
            state_ = (state_ ^ byte[i]) * 0x100000001b3u;
        }
    }

    void add(uint64_t number) noexcept { add(&number, sizeof(number)); }

    uint64_t value() const noexcept { return state_; }

  private:
    uint64_t state_ = 0xcbf29ce484222325u;
};

} // namespace loci
