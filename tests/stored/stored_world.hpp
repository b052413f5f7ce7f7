#pragma once

#include "sim/jobs.hpp"
#include "support/failing_vfs.hpp"
#include "support/held_store.hpp"
#include "support/scratch_folder.hpp"
#include "support/sqlite_reader.hpp"
#include "support/store_caller.hpp"
#include "support/stored.hpp"
#include <catena/store/sqlite_store.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/** A world with a database, and what a run of a job came to. Only the server's and the gate's time
    is virtual; syncs are skipped, for nobody cuts the power here.
*/
struct stored_world {
    stored_world(std::uint64_t seed, std::size_t records, connector c = ranged_contract())
        : inner(seed, std::move(c), records), disk([this](const disk_event& e) {
              if (e.what == disk_event::kind::sync) return failing_vfs::done_already;
              return e.what == disk_event::kind::write && full ? SQLITE_FULL : SQLITE_OK;
          })
    {
        options.workers = 4;
        file.vfs = disk.name();
        file.retry_every = std::chrono::milliseconds(1);
    }

    void open(held_store::chooser choose = {})
    {
        data.emplace(path(), file);
        gate.emplace(*data, held_store::inner_kind::threaded, inner.time.get_executor(), inner.time,
                     std::move(choose));
    }
    void close()
    {
        gate.reset();
        data.reset();
    }

    /// Begin a run; what it comes to stands in `report` and `why` when it is over.
    void start()
    {
        done = false;
        work.emplace(*inner.on, inner.contract, *gate, options);
        work->run([this](error_code ec, const audit_report& r) {
            why = {};
            why.code = ec;
            if (work && work->why().code == ec) why = work->why();
            report = r;
            done = true;
        });
    }
    /// A run to its end.
    void run()
    {
        open();
        start();
        inner.time.run();
        work.reset();
        close();
    }

    [[nodiscard]] std::string path() const { return here.file("items.db"); }
    [[nodiscard]] std::vector<std::string> stored() const { return sorted(rows_of(path())); }
    [[nodiscard]] std::vector<std::string> truth() const { return sorted(inner.model.records()); }
    [[nodiscard]] static std::vector<std::string> sorted(std::vector<std::string> all)
    {
        std::sort(all.begin(), all.end());
        return all;
    }

    world inner;
    scratch_folder here;
    std::atomic<bool> full = false;  // the disk
    failing_vfs disk;
    sqlite_options file;
    std::optional<sqlite_store> data;
    std::optional<held_store> gate;
    job_options options;
    std::optional<job> work;
    audit_report report;
    diagnostics why;
    bool done = false;
};

}  // namespace catena::testing
