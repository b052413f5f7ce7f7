#pragma once

#include "support/failing_vfs.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace catena::testing {

/** A disk that loses its power at one of its events.

    What was synced stays. Of what was written since, each sector of 512 octets stays or not, in any
    order, by the seed; so do cuts of a file. After that moment every change fails.
*/
class power_cut {
public:
    power_cut(std::uint64_t seed, std::uint64_t at_event);

    /// The name for sqlite_options::vfs.
    [[nodiscard]] const std::string& vfs() const { return disk_.name(); }
    [[nodiscard]] bool happened() const { return events_ > at_; }
    [[nodiscard]] std::uint64_t events() const { return events_; }

    /// Put what the disk holds after the cut in place of what the files of that folder held.
    void leave_in(const std::string& folder);

private:
    struct file {
        std::string durable;
        std::vector<disk_event> pending;
        std::vector<std::string> octets;  // of pending
    };

    int on(const disk_event& e);
    void apply(file& f, std::size_t i, bool whole);

    std::mt19937_64 dice_;
    std::uint64_t at_;
    std::atomic<std::uint64_t> events_ = 0;
    std::map<std::string, file> files_;
    failing_vfs disk_;
};

}  // namespace catena::testing
