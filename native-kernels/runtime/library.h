#pragma once

#include <string>

namespace loci {

/// A shared library opened at run time. It stays open until the process ends, because the backends
/// that it registers hold pointers into it.
class Library {
  public:
    /// Throws Error(runtime_not_found) with the loader's reason.
    static Library open(const std::string & path);

    /// Returns the address of an exported function, or null.
    void * symbol(const char * name) const noexcept;

  private:
    explicit Library(void * handle) : handle_(handle) {}

    void * handle_;
};

} // namespace loci
