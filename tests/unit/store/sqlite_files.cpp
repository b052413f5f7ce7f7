#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/sqlite_reader.hpp"
#include "support/store_caller.hpp"
#include <catena/store/sqlite_store.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace catena {

using testing::scratch_folder;
using testing::sqlite_reader;
using testing::store_caller;

namespace {

diagnostics refusal(const std::string& path, const sqlite_options& o = {})
{
    try {
        const sqlite_store s(path, o);
    } catch (const failure& f) {
        return f.why();
    }
    return {};
}

unsigned mode_of(const std::string& path)
{
    struct stat s = {};
    return ::stat(path.c_str(), &s) == 0 ? s.st_mode & 0777 : 0;
}

void change(const std::string& path, const std::string& sql) { sqlite_reader(path).rows(sql); }

}  // namespace

TEST_CASE("a store's files are for their owner alone", "[store][security]")
{
    const scratch_folder here;
    const mode_t before = ::umask(0);
    sqlite_options o;
    o.make_folder = true;
    {
        sqlite_store s(here.file("new/s.db"), o);
        store_caller(s).planned("j", 1);
        for (const char* part : {"", "-wal", "-shm", ".lock"})
            CHECK(mode_of(here.file("new/s.db") + part) == 0600);
        CHECK(mode_of(here.file("new")) == 0700);
    }
    ::umask(before);
    CHECK_FALSE(std::filesystem::exists(here.file("new/s.db.new")));

    std::vector<std::string> warnings;
    o.on_warning = [&](const std::string& w) { warnings.push_back(w); };
    CHECK_FALSE(refusal(here.file("new/s.db"), o).code);
    CHECK(warnings.empty());
    ::chmod(here.file("new/s.db").c_str(), 0640);
    CHECK_FALSE(refusal(here.file("new/s.db"), o).code);
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], Catch::Contains(here.file("new/s.db")));
    CHECK(mode_of(here.file("new/s.db")) == 0640);
}

TEST_CASE("where a store cannot be, that is said at once", "[store][S4]")
{
    const scratch_folder here;
    sqlite_options odd;
    odd.vfs = "no such";
    CHECK(refusal(here.file("gone/s.db")).code == errc::store_refused);
    CHECK_THAT(refusal(here.file("gone/s.db")).what, Catch::Contains(here.file("gone/s.db")));
    CHECK(refusal(here.file("")).code == errc::store_refused);
    CHECK(refusal("").code == errc::store_refused);
    CHECK(refusal(here.file("s.db"), odd).code == errc::store_refused);
    std::filesystem::create_directory(here.file("folder"));
    CHECK(refusal(here.file("folder")).code == errc::store_refused);
    CHECK(refusal("/proc/s.db").code == errc::store_refused);
    CHECK_FALSE(std::filesystem::exists(here.file("s.db")));

    if (::geteuid() == 0) return;  // rights mean nothing to root
    CHECK_FALSE(refusal(here.file("s.db")).code);
    ::chmod(here.file("s.db").c_str(), 0400);
    CHECK(refusal(here.file("s.db")).code == errc::store_refused);
}

TEST_CASE("a file that is no store of ours is left as it is", "[store][S5][S14]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    const auto holds = [&](const std::string& text) { std::ofstream(path) << text; };
    holds("");
    CHECK(refusal(path).code == errc::store_damaged);
    holds(std::string(5000, 'x'));
    CHECK(refusal(path).code == errc::store_foreign);
    CHECK(std::filesystem::file_size(path) == 5000);
    std::filesystem::remove(path);
    change((holds(""), path), "CREATE TABLE theirs(a); INSERT INTO theirs VALUES(1)");
    CHECK(refusal(path).code == errc::store_foreign);
    CHECK(sqlite_reader(path).value("SELECT a FROM theirs") == "1");
    std::filesystem::remove(path);

    CHECK_FALSE(refusal(path).code);
    change(path, "PRAGMA user_version=2");
    const diagnostics newer = refusal(path);
    CHECK(newer.code == errc::store_foreign);
    CHECK_THAT(newer.what, Catch::Contains("version 2"));
    change(path, "PRAGMA user_version=1; PRAGMA journal_mode=DELETE");
    CHECK(refusal(path).code == errc::store_foreign);
    change(path, "PRAGMA journal_mode=WAL; DROP TABLE note");
    CHECK(refusal(path).code == errc::store_damaged);
}

TEST_CASE("a log without its store is not taken for a new store's", "[store][S5]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    std::ofstream(path + "-wal") << "pages";
    CHECK(refusal(path).code == errc::store_damaged);
    CHECK_FALSE(std::filesystem::exists(path));
    std::filesystem::remove(path + "-wal");
    std::ofstream(path + ".new") << "left by a process that was killed";
    CHECK_FALSE(refusal(path).code);
}

TEST_CASE("one store has one name, whatever path leads to it", "[store][S7]")
{
    const scratch_folder here;
    const sqlite_store s(here.file("s.db"));
    std::filesystem::create_symlink(here.file("s.db"), here.file("link.db"));
    CHECK(refusal(here.file("link.db")).code == errc::store_locked);
    CHECK(refusal(here.file("./s.db")).code == errc::store_locked);
    const diagnostics why = refusal(here.file("s.db"));
    CHECK_THAT(why.what, Catch::Contains("process " + std::to_string(::getpid()) + " on host "));
}

}  // namespace catena
