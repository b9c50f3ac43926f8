#pragma once

#include "memory/tail.h"
#include "store/kv_store.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace loci {

/// The tails of several readers over one set of working rows.
///
/// A tail's rows must follow the memory's directly, so the tails share them: the first tail has all
/// of them, and each other one the first so many. Every other tail has as many rows on the host.
/// They hold its rows while it is not in place, and the first tail's rows in that place while it
/// is. So the tails never take more than the sum of their capacities.
class WorkingSet {
  public:
    /// All outlive the working set. `capacities`: rows of each tail; none is larger than the first.
    WorkingSet(Stepper & stepper, KvStore & store, Observer & observer,
               const std::vector<int64_t> & capacities);

    size_t size() const noexcept { return tails_.size(); }
    bool empty() const noexcept;

    /// A tail as it is, to be asked or cut. Throws Error(invalid_argument) for one that is not
    /// there.
    Tail & tail(size_t index);
    const Tail & tail(size_t index) const;

    /// The tail with its rows in place, to compute with. Throws Error(invalid_argument) as `tail`,
    /// std::bad_alloc where the host has no room for its rows; every tail is then as it was.
    Tail & in_place(size_t index);

    /// Cuts every tail to nothing.
    void clear();

    /// Bytes of rows on the host.
    size_t host_bytes() const noexcept;

  private:
    void exchange(size_t index);

    KvStore & store_;
    std::vector<std::unique_ptr<Tail>> tails_;
    std::vector<std::vector<KvPool::RowCopy>> on_host_; ///< by tail, by pool; empty until needed
    size_t in_place_ = 0;
};

} // namespace loci
