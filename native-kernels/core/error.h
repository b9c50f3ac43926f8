#pragma once

#include <stdexcept>
#include <string>

namespace loci {

/// Why a call failed. The names match the codes of the addon's contract.
enum class ErrorCode {
    cancelled,
    invalid_argument,
    busy,
    disposed,
    runtime_not_found,
    runtime_mismatch,
    model_invalid,
    model_unsupported,
    parity_failed,
    budget_too_small,
    tail_full,
    out_of_memory,
    file_failed,
    snapshot_invalid,
    internal,
};

/// Returns the code as the addon exposes it, e.g. "invalid-argument".
const char * error_code_name(ErrorCode code);

/// A failure with one sentence for the user.
class Error : public std::runtime_error {
  public:
    Error(ErrorCode code, const std::string & sentence)
        : std::runtime_error(sentence), code_(code) {}

    ErrorCode code() const noexcept { return code_; }

  private:
    ErrorCode code_;
};

/// Throws Error(internal) unless `holds`: for conditions that only a bug can break.
inline void require(bool holds, const char * what) {
    if (!holds) {
        throw Error(ErrorCode::internal, std::string("Internal error: ") + what + ".");
    }
}

} // namespace loci
