#include "support/power_cut.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numeric>
#include <sqlite3.h>

namespace catena::testing {

using kind = disk_event::kind;
namespace fs = std::filesystem;

power_cut::power_cut(std::uint64_t seed, std::uint64_t at_event)
    : dice_(seed), at_(at_event), disk_([this](const disk_event& e) { return on(e); })
{
}

int power_cut::on(const disk_event& e)
{
    if (events_++ >= at_) return SQLITE_IOERR;
    auto [found, fresh] = files_.try_emplace(e.file);
    file& f = found->second;
    if (fresh) {
        std::ifstream in(e.file, std::ios::binary);
        f.durable = {std::istreambuf_iterator<char>(in), {}};
    }
    if (e.what == kind::remove) {
        files_.erase(found);  // the folder's own sync follows at once
        return SQLITE_OK;
    }
    if (e.what == kind::sync) {
        for (std::size_t i = 0; i < f.pending.size(); ++i)
            apply(f, i, true);
        f.pending.clear();
        f.octets.clear();
        return failing_vfs::done_already;
    }
    f.pending.push_back(e);
    f.octets.emplace_back(static_cast<const char*>(e.octets), static_cast<std::size_t>(e.size));
    return SQLITE_OK;
}

void power_cut::apply(file& f, std::size_t i, bool whole)
{
    const disk_event& e = f.pending[i];
    const auto at = static_cast<std::size_t>(e.at);
    if (e.what == kind::truncate) return f.durable.resize(at);
    const std::string& octets = f.octets[i];
    for (std::size_t done = 0; done < octets.size();) {
        const std::size_t size =
            std::min<std::size_t>(512 - (at + done) % 512, octets.size() - done);
        if (whole || dice_() % 2 == 0) {
            f.durable.resize(std::max(f.durable.size(), at + done + size));
            f.durable.replace(at + done, size, octets, done, size);
        }
        done += size;
    }
}

void power_cut::leave_in(const std::string& folder)
{
    for (auto& [path, f] : files_) {
        std::vector<std::size_t> order(f.pending.size());
        std::iota(order.begin(), order.end(), std::size_t(0));
        std::shuffle(order.begin(), order.end(), dice_);
        for (const std::size_t i : order)
            if (dice_() % 3 != 0) apply(f, i, dice_() % 2 == 0);
    }
    for (const auto& e : fs::directory_iterator(folder))
        if (e.path().string().ends_with("-shm") || files_.contains(e.path().string()))
            fs::remove(e.path());
    for (const auto& [path, f] : files_)
        std::ofstream(path, std::ios::binary) << f.durable;
}

}  // namespace catena::testing
