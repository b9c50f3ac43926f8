#pragma once

namespace loci {

/// Threads that computing may take at present, whatever was made for it: what else the machine does
/// concerns every memory alike. Takes effect with the next graph; at least 1, at first no limit.
void set_thread_limit(int threads) noexcept;
int thread_limit() noexcept;

} // namespace loci
