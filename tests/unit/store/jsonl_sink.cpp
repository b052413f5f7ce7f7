#include "support/catch.hpp"
#include "support/failing_calls.hpp"
#include "support/file_text.hpp"
#include "support/scratch_folder.hpp"
#include <catena/store/jsonl_sink.hpp>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <vector>

namespace catena {

using testing::failing_calls;
using testing::gzip_text;
using testing::plain_text;
using testing::scratch_folder;

namespace {

page_commit page_of(const std::vector<std::string_view>& bodies)
{
    page_commit p;
    for (const std::string_view b : bodies)
        p.records.push_back({"k", b});
    return p;
}

template <class Work>
error_code code_of(const Work& work)
{
    try {
        work();
    } catch (const failure& f) {
        CHECK_FALSE(f.why().what.empty());
        return f.code();
    }
    return {};
}

jsonl_options gzip(std::size_t buffer = 1 << 20)
{
    jsonl_options o;
    o.as = jsonl_options::coding::gzip;
    o.buffer = buffer;
    return o;
}

}  // namespace

TEST_CASE("a record is one line, whatever line ends it came with", "[store]")
{
    struct row {
        std::string_view record, line;
    };
    const row rows[] = {
        {"{\"a\": 1.10}", "{\"a\": 1.10}\n"},
        {"{\n  \"a\": 1,\r\n  \"b\": \"\\n\"\n}", "{   \"a\": 1,    \"b\": \"\\n\" }\n"},
        {"", "\n"},
        {"\n", " \n"},
        {"\r\n\n\r", "    \n"},
        {"\t\xff", "\t\xff\n"}};
    for (const row& r : rows) {
        const scratch_folder here;
        jsonl_sink s(here.file("r.jsonl"));
        s.resume("");
        s.write(page_of({r.record}));
        CHECK(s.flush() == std::to_string(r.line.size()));
        CHECK(plain_text(here.file("r.jsonl")) == r.line);
    }
}

TEST_CASE("pages follow each other, and nothing is in the file before its flush but whole buffers",
          "[store]")
{
    const scratch_folder here;
    const std::string path = here.file("r.jsonl");
    jsonl_options small;
    small.buffer = 4;
    jsonl_sink s(path, small);
    s.resume("");
    CHECK(s.flush() == "0");
    s.write(page_of({"a"}));
    CHECK(plain_text(path).empty());
    s.write(page_of({"b", "c"}));
    CHECK(plain_text(path) == "a\nb\nc\n");
    s.write(page_of({}));
    s.write(page_of({"d"}));
    CHECK(s.flush() == "8");
    CHECK(plain_text(path) == "a\nb\nc\nd\n");
}

TEST_CASE("a file goes on from what was committed", "[store][S1][S10]")
{
    for (const bool packed : {false, true}) {
        CAPTURE(packed);
        const scratch_folder here;
        const std::string path = here.file("r.jsonl");
        const auto text = [&] { return packed ? gzip_text(path) : plain_text(path); };
        const jsonl_options o = packed ? gzip() : jsonl_options();
        std::string position;
        {
            jsonl_sink s(path, o);
            s.resume("");
            position = s.flush();
            s.write(page_of({"one"}));
            position = s.flush();
            s.write(page_of({"lost"}));
            s.flush();
            s.write(page_of({"never written"}));
        }
        CHECK(text() == "one\nlost\n");
        jsonl_sink s(path, o);
        s.resume(position);
        CHECK(text() == "one\n");
        s.write(page_of({"two"}));
        s.resume(position);
        s.write(page_of({"three"}));
        const std::string end = s.flush();
        CHECK(end == std::to_string(std::filesystem::file_size(path)));
        CHECK(text() == "one\nthree\n");
    }
}

TEST_CASE("each flush ends a member of gzip, so that a cut there leaves a whole file", "[store]")
{
    const scratch_folder here;
    const std::string path = here.file("r.gz");
    std::vector<std::string> positions;
    std::string all, record(3000, 'x');
    std::vector<std::string> texts;
    {
        jsonl_sink s(path, gzip(64));
        s.resume("");
        for (int i = 0; i < 5; ++i) {
            for (std::size_t k = 0; k < record.size(); ++k)
                record[k] = static_cast<char>('!' + (k * k + static_cast<std::size_t>(i)) % 90);
            s.write(page_of({record, "{}"}));
            all += record + "\n{}\n";
            positions.push_back(s.flush());
            CHECK(s.flush() == positions.back());
            texts.push_back(all);
        }
    }
    for (std::size_t i = positions.size(); i-- > 0;) {
        std::filesystem::resize_file(path, std::stoul(positions[i]));
        CHECK(gzip_text(path) == texts[i]);
    }
}

TEST_CASE("a file that is not as it was left is refused, and not cut", "[store][S5]")
{
    const scratch_folder here;
    const std::string path = here.file("r.jsonl");
    std::ofstream(path) << "somebody's";
    {
        jsonl_sink s(path);
        CHECK(code_of([&] { s.resume(""); }) == errc::store_refused);
        CHECK(code_of([&] { s.resume("a"); }) == errc::store_damaged);
        CHECK(code_of([&] { s.resume("7 "); }) == errc::store_damaged);
        CHECK(plain_text(path) == "somebody's");
        try {
            s.resume("11");
            FAIL("went on after a cut");
        } catch (const failure& f) {
            CHECK(f.code() == errc::store_damaged);
            CHECK_THAT(f.why().what, Catch::Contains("10 octets") && Catch::Contains("11 were"));
        }
        s.resume("10");
        std::filesystem::remove(path);
        s.write(page_of({"x"}));
        CHECK(code_of([&] { s.flush(); }) == errc::store_failed);
        CHECK(code_of([&] { s.resume("10"); }) == errc::store_failed);
    }
    CHECK(code_of([&] { jsonl_sink s(here.file("gone/r")); }) == errc::store_refused);
    CHECK(code_of([&] { jsonl_sink s("/dev/null"); }) == errc::store_refused);
    jsonl_options bad;
    bad.level = 10;
    CHECK_THROWS_AS(jsonl_sink(path, bad), std::invalid_argument);
}

TEST_CASE("a file that may not grow is told as such, and goes on when it may", "[store][S3]")
{
    const scratch_folder here;
    const std::string path = here.file("r.jsonl");
    jsonl_sink s(path);
    s.resume("");
    s.write(page_of({"one"}));
    const std::string position = s.flush();

    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    rlimit tight = before;
    tight.rlim_cur = 1000;
    ::setrlimit(RLIMIT_FSIZE, &tight);
    const std::string record(2000, 'r');
    s.write(page_of({record}));
    try {
        s.flush();
        FAIL("written past the limit");
    } catch (const failure& f) {
        CHECK(f.code() == errc::store_full);
        CHECK_THAT(f.why().what, Catch::Contains(path) && Catch::Contains("octets wanted"));
    }
    ::setrlimit(RLIMIT_FSIZE, &before);
    s.resume(position);
    CHECK(plain_text(path) == "one\n");
    s.write(page_of({record}));
    s.flush();
    CHECK(plain_text(path) == "one\n" + record + "\n");
}

TEST_CASE("a write or sync that fails is final, and not tried again", "[store][S2]")
{
    for (std::atomic<int>* lever : {&failing_calls::fdatasync, &failing_calls::pwrite}) {
        const scratch_folder here;
        jsonl_sink s(here.file("r.jsonl"));
        s.resume("");
        s.write(page_of({"one"}));
        *lever = 0;
        CHECK(code_of([&] { s.flush(); }) == errc::store_failed);
        CHECK(*lever == -1);
        CHECK(code_of([&] { s.flush(); }) == errc::store_failed);
        CHECK(code_of([&] { s.resume("0"); }) == errc::store_failed);
        CHECK(code_of([&] { s.write(page_of({"two"})); }) == errc::store_failed);
    }
}

TEST_CASE("writes that are cut short or interrupted go on", "[store][S11]")
{
    const scratch_folder here;
    jsonl_sink s(here.file("r.jsonl"));
    s.resume("");
    const std::string record = "0123456789abcdefghijklmnopqrstuvwxyz";
    s.write(page_of({record, record}));
    failing_calls::short_writes = 5;
    CHECK(s.flush() == "74");
    failing_calls::short_writes = 0;
    CHECK(plain_text(here.file("r.jsonl")) == record + "\n" + record + "\n");
}

TEST_CASE("a file of records is its owner's, and one sink's", "[store][S7][security]")
{
    const scratch_folder here;
    const mode_t before = ::umask(0);
    const jsonl_sink s(here.file("r.jsonl"));
    ::umask(before);
    struct stat found = {};
    REQUIRE(::stat(here.file("r.jsonl").c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    CHECK(code_of([&] { jsonl_sink second(here.file("r.jsonl")); }) == errc::store_locked);
}

TEST_CASE("who may read a file of records besides its owner is warned of", "[store][security]")
{
    const scratch_folder here;
    std::vector<std::string> warnings;
    jsonl_options o;
    o.on_warning = [&](const std::string& w) { warnings.push_back(w); };
    {
        const jsonl_sink fresh(here.file("r.jsonl"), o);
    }
    CHECK(warnings.empty());
    for (const mode_t mode : {0640u, 0602u}) {
        warnings.clear();
        ::chmod(here.file("r.jsonl").c_str(), mode);
        const jsonl_sink again(here.file("r.jsonl"), o);
        REQUIRE(warnings.size() == 1);
        CHECK_THAT(warnings[0], Catch::Contains(here.file("r.jsonl")));
    }
}

}  // namespace catena
