// Ends that scripts, daemons and full disks bring about: nothing is lost quietly, nothing is told
// as whole that is not.
#include "command/command_line.hpp"
#include "singer_store.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include <catena/store/sqlite_store.hpp>
#include <catena/testing/mock_api.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <unistd.h>

using namespace catena;
using namespace catena::testing;

namespace {

struct world {
    world() { shell.describe("api.json", server.described(api)); }

    /// The command, by a shell that closes one of its streams.
    int run_with(const std::string& closed, const std::string& words)
    {
        process child;
        const std::string line = "exec " CATENA_COMMAND " " + words + ' ' + closed;
        REQUIRE(child.start({"/bin/sh", "-c", line}));
        return child.wait();
    }
    [[nodiscard]] std::set<std::string> files() const
    {
        std::set<std::string> names;
        for (const auto& each : std::filesystem::directory_iterator(shell.file(".")))
            names.insert(each.path().filename().string());
        for (const char* own : {"out", "talk", "output.log"})
            names.erase(own);
        return names;
    }

    connector api = [] {
        connector c = items_by_id();
        c.total.emplace().at = "/total";
        return c;
    }();
    mock_api server{api, make_dataset(api, dataset_options(60))};
    command_line shell;
};

}  // namespace

TEST_CASE("a stream that is closed takes no file's place", "[command][S3]")
{
    world w;
    const std::string api = "run " + w.shell.file("api.json");
    CHECK(w.run_with("2>&-", api + " -o " + w.shell.file("a.csv")) == 0);
    CHECK(w.run_with("<&- >&- 2>&-", api + " -o " + w.shell.file("b.db")) == 0);
    CHECK(w.run_with(">&-", api + " --state " + w.shell.file("c.db")) == 8);
    CHECK(w.run_with(">&-", api) == 8);
    expect(w.shell.run({"verify", "@api.json", "-o", "@a.csv"}), 0, {});
    expect(w.shell.run({"verify", "@api.json", "-o", "@b.db"}), 0, {});
}

TEST_CASE("a state that cannot be read is not taken for none", "[command][S4]")
{
    world w;
    std::filesystem::create_directory(w.shell.file("folder"));
    expect(w.shell.run({"run", "@api.json", "--format", "singer", "--state", "@folder"}), 8,
           {"cannot read the state"});
    CHECK(w.server.requests() == 0);
}

TEST_CASE("a last STATE that cannot be written is told", "[command][S3]")
{
    using command::singer_store;
    (void)std::signal(SIGPIPE, SIG_IGN);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    {
        singer_store to(ends[1], items_by_id());
        std::promise<job_row> opened, planned;
        to.open("dataset", "x", [&](const diagnostics&, job_row j) { opened.set_value(j); });
        first_chains one;
        one.ranges = {""};
        to.plan(opened.get_future().get().id, one,
                [&](const diagnostics&, job_row j) { planned.set_value(j); });
        CHECK(planned.get_future().get().chains == 1);
        ::close(ends[0]);
        CHECK_THROWS_AS(to.close(), failure);
        CHECK(to.closed());
    }
    ::close(ends[1]);
}

TEST_CASE("verify knows of a total that the run could not ask for", "[command][P15]")
{
    world w;
    expect(w.shell.run({"run", "@api.json", "-o", "@a.db", "--workers", "1"}), 0, {});
    const std::uint64_t last = w.server.requests() - 1;
    w.server.add(fault::answer(403, w.server.requests() + last));
    expect(w.shell.run({"run", "@api.json", "-o", "@b.db", "--workers", "1"}), 6,
           {"could not be asked for its total"});
    const command_line::outcome judged = w.shell.run({"verify", "@api.json", "-o", "@b.db"});
    CHECK(judged.code == 6);
    CHECK(judged.out.find("could not be asked for its total") != std::string::npos);
    expect(w.shell.run({"verify", "@api.json", "-o", "@b.db", "--ask"}), 0, {});
    expect(w.shell.run({"verify", "@api.json", "-o", "@a.db"}), 0, {});
}

TEST_CASE("a port that cannot be had is refused, and leaves no file", "[command][ui]")
{
    world w;
    const std::set<std::string> before = w.files();
    const std::string taken = "--ui=" + std::to_string(w.server.port());
    expect(w.shell.run({"run", "@api.json", "-o", "@a.jsonl", taken}), 2, {"take another port"});
    CHECK(w.files() == before);
    CHECK(w.server.requests() == 0);
}

TEST_CASE("a report that cannot be written costs the output nothing", "[command][S3]")
{
    world w;
    for (const char* name : {"page.html", "audit.html"})
        std::filesystem::create_directory(w.shell.file(name));
    expect(w.shell.run({"run", "@api.json", "-o", "@a.json", "--ui-report", "@page.html"}), 8,
           {"complete: 60 records", "page.html"});
    expect(w.shell.run({"run", "@api.json", "-o", "@b.json", "--report", "@audit.html"}), 8,
           {"complete: 60 records", "audit.html"});
    for (const char* name : {"@a.json", "@b.json"})
        expect(w.shell.run({"verify", "@api.json", "-o", name}), 0, {});
}

TEST_CASE("an array without its end is told as that", "[command][S5]")
{
    world w;
    expect(w.shell.run({"run", "@api.json", "-o", "@a.json"}), 0, {});
    const std::string text = plain_text(w.shell.file("a.json"));
    std::ofstream(w.shell.file("a.json")) << text.substr(0, text.rfind('}') + 1);
    const command_line::outcome judged = w.shell.run({"verify", "@api.json", "-o", "@a.json"});
    CHECK(judged.code == 6);
    CHECK(judged.out.find("the array has no end") != std::string::npos);
    expect(w.shell.run({"run", "@api.json", "-o", "@a.json"}), 0, {"complete: 60 records"});
    CHECK(plain_text(w.shell.file("a.json")) == text);
}

TEST_CASE("a database that another query has begun stays, whatever it holds", "[command][S6]")
{
    world w;
    connector wrong = w.server.described(w.api);
    wrong.request.query.emplace_back("colour", "red");
    w.shell.describe("wrong.json", wrong);
    {
        sqlite_store begun(w.shell.file("a.db"));
        std::promise<void> told;
        begun.open("items", "another query", [&](const auto&, const auto&) { told.set_value(); });
        told.get_future().get();
    }
    expect(w.shell.run({"run", "@wrong.json", "-o", "@a.db"}), 2, {"--name"});
    CHECK(std::filesystem::exists(w.shell.file("a.db")));
}
