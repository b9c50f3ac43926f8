#pragma once

#include "core/error.h"

#include <cstdint>

namespace loci {

/// Rows [begin, end) of something that holds `size` rows. Every edit of the cache uses this type,
/// so that no reversed or overlong range reaches an index computation.
class Range {
  public:
    /// Throws Error(invalid_argument) unless 0 <= begin <= end <= size.
    static Range checked(int64_t begin, int64_t end, int64_t size) {
        if (begin < 0 || begin > end || end > size) {
            throw Error(ErrorCode::invalid_argument,
                        "A range of rows lies outside the cache; nothing was changed.");
        }
        return Range(begin, end);
    }

    int64_t begin() const noexcept { return begin_; }
    int64_t end() const noexcept { return end_; }
    int64_t length() const noexcept { return end_ - begin_; }

  private:
    Range(int64_t begin, int64_t end) : begin_(begin), end_(end) {}

    int64_t begin_;
    int64_t end_;
};

} // namespace loci
