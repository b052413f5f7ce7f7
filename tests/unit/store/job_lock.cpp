#include "store/files.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include <catena/diagnostics.hpp>

#include <atomic>
#include <filesystem>
#include <system_error>
#include <thread>
#include <vector>

namespace catena {

TEST_CASE("a lock that its holder removes is still held by one at a time", "[store][S7]")
{
    const testing::scratch_folder here;
    const std::string path = here.file("a.db");
    std::atomic<int> inside = 0, most = 0, taken = 0;
    const auto contend = [&] {
        for (int round = 0; round < 2'000; ++round) {
            try {
                const storage::job_lock mine(path);
                const int now = ++inside;
                if (now > most) most = now;
                ++taken;
                for (int i = 0; i < 5; ++i)
                    std::this_thread::yield();  // lets whoever has a dead lock come in
                --inside;
                std::error_code ignored;
                std::filesystem::remove(path + ".lock", ignored);
            } catch (const failure& f) {
                if (f.code() != errc::store_locked) most = 100;
            }
        }
    };
    std::vector<std::thread> all;
    for (int i = 0; i < 8; ++i)
        all.emplace_back(contend);
    for (std::thread& each : all)
        each.join();
    CHECK(most == 1);
    CHECK(taken > 100);
}

}  // namespace catena
