// What `catena verify` says of outputs: whole, stopped, and hurt by a hand.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/stored.hpp"
#include <catena/testing/mock_api.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

using namespace catena;
using namespace catena::testing;

namespace {

const std::vector<std::string> outputs{"a.db",      "a.jsonl", "a.jsonl.gz", "a.json",
                                       "b.json.gz", "c.csv",   "d.csv.gz"};

connector counted_items()
{
    connector c = items_by_id();
    c.total.emplace().at = "/total";
    return c;
}

// A server, and a run of it into each output.
struct left_outputs {
    explicit left_outputs(std::size_t records, std::vector<std::string> more = {})
        : server(counted_items(), make_dataset(counted_items(), dataset_options(records)))
    {
        shell.describe("api.json", server.described(counted_items()));
        for (const std::string& name : outputs) {
            std::vector<std::string> words{"run", "@api.json", "-o", "@" + name};
            words.insert(words.end(), more.begin(), more.end());
            if (name.find(".csv") != std::string::npos)
                words.insert(words.end(), {"--columns", "id,amount"});
            codes.push_back(shell.run(words).code);
        }
    }

    command_line::outcome verify(const std::string& name, std::vector<std::string> more = {})
    {
        std::vector<std::string> words{"verify", "@api.json", "-o", "@" + name};
        words.insert(words.end(), more.begin(), more.end());
        return shell.run(words);
    }

    mock_api server;
    command_line shell;
    std::vector<int> codes;
};

void rewrite(const std::string& path, const std::function<void(std::string&)>& change)
{
    std::string text = plain_text(path);
    change(text);
    std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("a whole output is verified without a request, and stays as it is", "[command]")
{
    left_outputs w(100);
    const std::uint64_t asked = w.server.requests();
    for (const std::string& name : outputs) {
        const std::string before = plain_text(w.shell.file(name));
        const command_line::outcome o = w.verify(name);
        CAPTURE(name, o.talk, o.out);
        CHECK(o.code == 0);
        CHECK(o.out.find("complete") != std::string::npos);
        CHECK(plain_text(w.shell.file(name)) == before);
        CHECK_FALSE(std::filesystem::exists(w.shell.file(name) + "-wal"));
        CHECK(w.verify(name, {"--quiet"}).out.empty());
    }
    CHECK(w.server.requests() == asked);
}

TEST_CASE("an output that was stopped is incomplete until it is whole", "[command]")
{
    left_outputs w(100, {"--max-pages", "3", "--workers", "1"});
    for (const std::string& name : outputs) {
        const command_line::outcome o = w.verify(name);
        CAPTURE(name, o.talk, o.out);
        CHECK(o.code == 6);
        CHECK(o.out.find("incomplete") != std::string::npos);
        CHECK(w.verify(name, {"--allow-unverified"}).code == 6);
    }
}

TEST_CASE("a text that was changed behind a run's back is found out", "[command][S5]")
{
    left_outputs w(100);
    const auto judge = [&](const std::string& name) {
        const command_line::outcome o = w.verify(name);
        return std::to_string(o.code) + ' ' + o.out + o.talk;
    };
    const auto begins = [](const std::string& text, const std::string& with,
                           const std::string& has) {
        INFO(text);
        CHECK(text.starts_with(with));
        CHECK(text.find(has) != std::string::npos);
    };
    rewrite(w.shell.file("a.json"), [](std::string& t) { t[t.find("\"id\":", 900) + 4] = ';'; });
    begins(judge("a.json"), "6", "1 of the records cannot be read");
    rewrite(w.shell.file("c.csv"), [](std::string& t) { t[t.rfind(',')] = ';'; });
    begins(judge("c.csv"), "6", "1 of the records cannot be read, first record 100 of the");
    rewrite(w.shell.file("a.jsonl.gz"), [](std::string& t) { t[t.size() / 2] ^= 0x40; });
    begins(judge("a.jsonl.gz"), "8", "not packed");
    rewrite(w.shell.file("b.json.gz"), [](std::string& t) { t.resize(t.size() - 40); });
    begins(judge("b.json.gz"), "8", "records are lost");

    const std::string path = w.shell.file("a.jsonl");
    const std::string whole = plain_text(path);
    rewrite(path, [](std::string& t) { t += "{\"id\":7}\n"; });
    begins(judge("a.jsonl"), "6", "9 octets that no run has committed");
    rewrite(path, [&](std::string& t) {
        t = whole;
        t[t.find('\n')] = ' ';
    });
    begins(judge("a.jsonl"), "6", "99 records, and 100 were committed");
    rewrite(path, [&](std::string& t) {  // one key in place of another, with as many digits
        t = whole;
        const std::size_t one = t.find("\"id\":") + 5, two = t.find("\"id\":", one) + 5;
        REQUIRE(one == t.find(':') + 1);
        t[two] = t[one];
        REQUIRE(t != whole);
    });
    begins(judge("a.jsonl"), "6", "came twice");
    rewrite(path, [&](std::string& t) { t = whole.substr(0, whole.size() - 1); });
    begins(judge("a.jsonl"), "8", "records are lost");
    rewrite(path, [&](std::string& t) { t = whole; });
    begins(judge("a.jsonl"), "0", "complete");
}

TEST_CASE("a damaged store is told as such", "[command][S5]")
{
    left_outputs w(50);
    rewrite(w.shell.file("a.jsonl.state"), [](std::string& t) { t.replace(0, 100, 100, 'x'); });
    CHECK(w.verify("a.jsonl").code == 8);
    rewrite(w.shell.file("a.db"), [](std::string& t) { t.resize(t.size() / 2); });
    CHECK(w.verify("a.db").code == 8);
}

TEST_CASE("what cannot be verified is said, and nothing is made", "[command][S6][U17]")
{
    left_outputs w(50);
    const auto refused = [](const command_line::outcome& o, const std::string& text) {
        INFO(o.talk);
        CHECK(o.code == 2);
        CHECK(o.talk.find(text) != std::string::npos);
    };
    refused(w.verify("none.jsonl"), "there is no");
    refused(w.shell.run({"verify", "@api.json"}), "--output");
    refused(w.shell.run({"verify", "@api.json", "-o", "-"}), "--output");
    refused(w.verify("a.db", {"--name", "x"}), "no job 'x'");
    refused(w.verify("a.db", {"--from", "0", "--to", "9"}), "another query");
    refused(w.verify("a.jsonl", {"--report", "a.pdf"}), ".html");
    std::filesystem::remove(w.shell.file("a.jsonl.state"));
    refused(w.verify("a.jsonl"), "a.jsonl.state");
    CHECK_FALSE(std::filesystem::exists(w.shell.file("a.jsonl.state")));
    CHECK_FALSE(std::filesystem::exists(w.shell.file("none.jsonl.state")));
}

TEST_CASE("the server's total is asked for with one request, and only then", "[command][P15]")
{
    left_outputs w(100);
    mock_api later(counted_items(), make_dataset(counted_items(), dataset_options(101)));
    w.shell.describe("api.json", later.described(counted_items()));
    // Another port is another query: what is asked must be what was fetched.
    CHECK(w.verify("a.db", {"--ask"}).code == 2);
    CHECK(later.requests() == 0);

    w.shell.describe("api.json", w.server.described(counted_items()));
    const std::uint64_t asked = w.server.requests();
    const command_line::outcome same = w.verify("a.jsonl", {"--ask", "--report", "@audit.json"});
    INFO(same.out);
    CHECK(same.code == 0);
    CHECK(w.server.requests() == asked + 1);
    CHECK(plain_text(w.shell.file("audit.json")).find("\"file\"") != std::string::npos);
    w.server.add(fault(fault::kind::total_lies, 0, fault::always));
    const command_line::outcome other = w.verify("a.jsonl", {"--ask"});
    INFO(other.out);
    CHECK(other.code == 6);
    CHECK(other.out.find("the server counts") != std::string::npos);
    CHECK(w.verify("a.jsonl").code == 0);
}

TEST_CASE("an output can be verified while a run writes it", "[command][S7]")
{
    mock_api_options slow;
    slow.delay = std::chrono::milliseconds(20);
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(400)), {}, slow);
    for (const std::string name : {"a.db", "a.jsonl"}) {
        CAPTURE(name);
        command_line runs, looks;
        runs.describe("api.json", server.described(items_by_id()));
        const std::uint64_t before = server.requests();
        runs.start({"run", "@api.json", "-o", "@" + name, "--workers", "2"});
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (server.requests() < before + 14 && std::chrono::steady_clock::now() < patience)
            std::this_thread::yield();
        const command_line::outcome o =
            looks.run({"verify", runs.file("api.json"), "-o", runs.file(name)});
        INFO(o.talk);
        INFO(o.out);
        CHECK(o.code == 6);
        CHECK(runs.wait().code == 0);
        CHECK(looks.run({"verify", runs.file("api.json"), "-o", runs.file(name)}).code == 0);
    }
}
