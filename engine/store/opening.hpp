#pragma once

#include "store/database.hpp"
#include "store/files.hpp"
#include <catena/store/sqlite_store.hpp>

#include <memory>
#include <optional>
#include <string>

namespace catena::storage {

/// A store's file that is ours alone, and fit to be written.
struct opened {
    std::optional<job_lock> lock;  ///< None where another process writes it, and this one looks.
    std::unique_ptr<database> db;
};

/// Open the store at `path`, or make it where it is not only read. @throws failure
[[nodiscard]] opened open_file(const std::string& path, const sqlite_options& o);

}  // namespace catena::storage
