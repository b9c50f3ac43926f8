#include "core/error.h"

namespace loci {

const char * error_code_name(ErrorCode code) {
    switch (code) {
        case ErrorCode::cancelled: return "cancelled";
        case ErrorCode::invalid_argument: return "invalid-argument";
        case ErrorCode::busy: return "busy";
        case ErrorCode::disposed: return "disposed";
        case ErrorCode::runtime_not_found: return "runtime-not-found";
        case ErrorCode::runtime_mismatch: return "runtime-mismatch";
        case ErrorCode::model_invalid: return "model-invalid";
        case ErrorCode::model_unsupported: return "model-unsupported";
        case ErrorCode::parity_failed: return "parity-failed";
        case ErrorCode::budget_too_small: return "budget-too-small";
        case ErrorCode::tail_full: return "tail-full";
        case ErrorCode::out_of_memory: return "out-of-memory";
        case ErrorCode::file_failed: return "file-failed";
        case ErrorCode::snapshot_invalid: return "snapshot-invalid";
        case ErrorCode::internal: return "internal";
    }
    return "internal";
}

} // namespace loci
