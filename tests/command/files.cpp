// Files that the command makes: whole or not there, and gone where a run was refused.
#include "fresh_files.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/scratch_folder.hpp"
#include "whole_file.hpp"
#include <catena/store/sqlite_store.hpp>

#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sys/resource.h>

using namespace command;
using catena::testing::plain_text;
using catena::testing::scratch_folder;

namespace {

std::ptrdiff_t files_in(const scratch_folder& here)
{
    return std::distance(std::filesystem::directory_iterator(here.file(".")), {});
}

/// While this lives, files of this process cannot grow past so many octets: a full disk, nearly.
class small_disk {
public:
    explicit small_disk(rlim_t octets) : asked_(std::signal(SIGXFSZ, SIG_IGN))
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit small = before_;
        small.rlim_cur = octets;
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~small_disk()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, asked_);
    }
    small_disk(const small_disk&) = delete;
    small_disk& operator=(const small_disk&) = delete;

private:
    void (*asked_)(int);
    rlimit before_{};
};

void make_store(const std::string& path) { const catena::sqlite_store made(path); }

}  // namespace

TEST_CASE("a file is there whole or not at all", "[command][S3]")
{
    const scratch_folder here;
    const std::string text(10'000, 'x');
    for (const rlim_t room : {rlim_t(0), rlim_t(4096), rlim_t(9'999)}) {
        const small_disk full(room);
        CHECK_THROWS_AS(write_whole(here.file("a.json"), text), disk_failure);
        CHECK(files_in(here) == 0);
    }
    write_whole(here.file("a.json"), text);
    CHECK(plain_text(here.file("a.json")) == text);
    {
        const small_disk full(4096);
        CHECK_THROWS_WITH(write_whole(here.file("a.json"), text + "y"),
                          Catch::Contains(here.file("a.json")));
    }
    CHECK(plain_text(here.file("a.json")) == text);
    CHECK(files_in(here) == 1);
    CHECK_THROWS_AS(write_whole(here.file("no/such/a.json"), text), disk_failure);
}

TEST_CASE("a link to a file stays one", "[command]")
{
    const scratch_folder here;
    write_whole(here.file("a.html"), "1");
    std::filesystem::create_symlink("a.html", here.file("newest.html"));
    write_whole(here.file("newest.html"), "2");
    CHECK(std::filesystem::is_symlink(here.file("newest.html")));
    CHECK(plain_text(here.file("a.html")) == "2");
}

TEST_CASE("a run that is refused takes back the files that it made", "[command]")
{
    const scratch_folder here;
    {
        fresh_files made;
        made.expect(here.file("a.state"), here.file("a.jsonl"));
        make_store(here.file("a.state"));
        std::ofstream(here.file("a.jsonl"));
    }
    CHECK(files_in(here) == 0);
    {
        fresh_files made;
        made.expect(here.file("a.state"), here.file("a.jsonl"));
        make_store(here.file("a.state"));
        std::ofstream(here.file("a.jsonl")) << "{}\n";
        made.keep();
    }
    CHECK(files_in(here) == 3);
    {
        fresh_files made;
        made.expect(here.file("pages.state"), here.file("pages/"));
        make_store(here.file("pages.state"));
        std::filesystem::create_directory(here.file("pages"));
    }
    CHECK(files_in(here) == 3);
}

TEST_CASE("what was there before, holds something or is another run's is never removed",
          "[command][S7]")
{
    const scratch_folder here;
    make_store(here.file("a.state"));
    std::ofstream(here.file("a.jsonl"));
    {
        fresh_files made;
        made.expect(here.file("a.state"), here.file("a.jsonl"));
        make_store(here.file("a.state"));
    }
    CHECK(files_in(here) == 3);

    {
        fresh_files made;
        made.expect(here.file("d.state"), here.file("d.jsonl"));
        make_store(here.file("d.state"));
        std::ofstream(here.file("d.jsonl")) << "{}\n";
    }
    CHECK(std::filesystem::exists(here.file("d.state")));
    CHECK(std::filesystem::exists(here.file("d.jsonl")));

    {
        fresh_files made;
        made.expect(here.file("e.state"), here.file("e/"));
        make_store(here.file("e.state"));
        std::filesystem::create_directory(here.file("e"));
        std::ofstream(here.file("e/0000000001-c1-p0.json")) << "{}\n";
    }
    CHECK(std::filesystem::exists(here.file("e.state")));
    CHECK(std::filesystem::exists(here.file("e/0000000001-c1-p0.json")));

    std::unique_ptr<catena::sqlite_store> other;
    {
        fresh_files made;
        made.expect(here.file("b.state"), here.file("b.jsonl"));
        other = std::make_unique<catena::sqlite_store>(here.file("b.state"));
        std::ofstream(here.file("b.jsonl")) << "{}\n";
    }
    CHECK(std::filesystem::exists(here.file("b.state")));
    CHECK(std::filesystem::exists(here.file("b.jsonl")));
    other.reset();
    {
        // Another process came and went: what stands there is its own.
        fresh_files made;
        made.expect(here.file("c.state"), "");
        make_store(here.file("c.state"));
        std::ofstream(here.file("c.state.lock")) << "process 1 on host elsewhere\n";
    }
    CHECK(std::filesystem::exists(here.file("c.state")));
}

TEST_CASE("an old store that holds nothing may be disowned", "[command]")
{
    const scratch_folder here;
    make_store(here.file("a.state"));
    std::ofstream(here.file("a.jsonl"));
    {
        fresh_files made;
        made.expect(here.file("a.state"), here.file("a.jsonl"));
        make_store(here.file("a.state"));
        made.keep();
        made.disown();
    }
    CHECK(files_in(here) == 0);
}
