#pragma once

namespace loci {

/// The number of threads that computation may currently use, in all memories, because the load of
/// the machine affects all of them. Takes effect with the next graph; at least 1, initially
/// unlimited.
void set_thread_limit(int threads) noexcept;
int thread_limit() noexcept;

} // namespace loci
