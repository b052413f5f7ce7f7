// `catena probe` as a process: what it writes, a run can do with.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/testing/mock_api.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace catena;
using namespace catena::testing;

namespace {

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a run takes what probe proposes and fetches all of it", "[command][probe]")
{
    const connector c = items_by_id();
    const mock_api api(c, make_dataset(c, dataset_options(123)));
    const std::string url = api.described(c).request.url + "?limit=10";
    command_line shell;
    const command_line::outcome probed = shell.run({"probe", url, "--out", "@api.json"});
    INFO(probed.out << probed.talk);
    CHECK(probed.code == 0);
    CHECK(probed.out.empty());
    CHECK(has(probed.talk, "at most 4 requests"));
    CHECK(has(probed.talk, "body /next to query cursor"));
    CHECK(has(probed.talk, "Could not be known"));
    CHECK(api.requests() <= 4);

    const command_line::outcome run = shell.run({"run", "@api.json", "--quiet"});
    INFO(run.talk);
    CHECK(run.code == 0);
    CHECK(std::count(run.out.begin(), run.out.end(), '\n') == 123);

    const command_line::outcome again = shell.run({"probe", url, "--out", "@api.json"});
    CHECK(again.code == 2);
    CHECK(has(again.talk, "there already"));
}

TEST_CASE("without --out the proposal is all that the standard output gets", "[command][probe]")
{
    const connector c = items_by_id();
    const mock_api api(c, make_dataset(c, dataset_options(123)));
    command_line shell;
    const command_line::outcome o =
        shell.run({"probe", api.described(c).request.url + "?limit=10", "--quiet"});
    CHECK(o.code == 0);
    CHECK(o.talk.empty());
    CHECK(load_connector(o.out).records.at == "/items");
}

TEST_CASE("a secret goes to the server and nowhere else", "[command][probe][A11]")
{
    const mock_api api([](const http_request& ask, const arrival&) {
        const bool known = std::any_of(ask.headers.begin(), ask.headers.end(), [](const auto& h) {
            return h.name == "Authorization" && h.value == "Bearer canary-4711";
        });
        if (!known) return scripted_answer(401, "{}");
        const bool second = ask.target.find("cursor=") != std::string::npos;
        scripted_answer a(200, second ? R"({"items":[{"id":3},{"id":4}]})"
                                      : R"({"items":[{"id":1},{"id":2}],"next_cursor":"x"})");
        a.headers = {{"Content-Type", "application/json"}, {"X-Echo", "canary-4711"}};
        return a;
    });
    command_line shell;
    std::ofstream(shell.file("token")) << "canary-4711\n";
    const std::string reference =
        R"(Authorization: {"$file": ")" + shell.file("token") + R"(", "prefix": "Bearer "})";
    const command_line::outcome o =
        shell.run({"probe", api.url() + "/items", "--header", reference});
    INFO(o.out << o.talk);
    CHECK(o.code == 0);
    CHECK_FALSE(has(o.out + o.talk, "canary"));
    CHECK(has(o.out, "$file"));

    CHECK(shell.run({"probe", api.url() + "/items"}).code == 4);
    const command_line::outcome plain =
        shell.run({"probe", api.url() + "/items", "--header", "Authorization: Bearer canary-4711"});
    CHECK(plain.code == 2);
    CHECK_FALSE(has(plain.talk, "canary"));
    CHECK(has(plain.talk, "$env"));
    const std::string unset = R"(Authorization: {"$env": "CATENA_TEST_NOT_SET"})";
    CHECK(shell.run({"probe", api.url() + "/items", "--header", unset}).code == 2);
}

TEST_CASE("why there is no proposal is told, with an exit code of its own", "[command][probe]")
{
    const mock_api html([](const http_request&, const arrival&) {
        return scripted_answer(200, "<html><body>Log in</body></html>");
    });
    command_line shell;
    const command_line::outcome page = shell.run({"probe", html.url() + "/items"});
    CHECK(page.code == 6);
    CHECK(page.out.empty());
    CHECK(has(page.talk, "HTML page"));
    const command_line::outcome quiet = shell.run({"probe", html.url() + "/items", "--quiet"});
    CHECK(has(quiet.talk, "HTML page"));

    std::string gone;
    {
        const mock_api closed(
            [](const http_request&, const arrival&) { return scripted_answer(200); });
        gone = closed.url();
    }
    CHECK(shell.run({"probe", gone + "/items"}).code == 5);
    CHECK(shell.run({"probe", "ftp://127.0.0.1/items"}).code == 2);
    CHECK(shell.run({"probe", html.url() + "/items", "--header", "no colon"}).code == 2);
}

TEST_CASE("a hint about secrets comes where one seems to be given, and nowhere else",
          "[command][probe][A11]")
{
    const connector c = items_by_id();
    const mock_api api(c, make_dataset(c, dataset_options(50)));
    const std::string url = api.described(c).request.url;
    command_line shell;
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"probe", "ftp://127.0.0.1/items"},
          {"probe", url, "--header", "no colon"},
          {"probe", url, "--key", "/idd"},
          {"probe", url, "--records", "/none"},
          {"probe", url, "--header", "A B: text"}}) {
        const command_line::outcome o = shell.run(words);
        INFO(o.talk);
        CHECK(o.code == 2);
        CHECK_FALSE(has(o.talk, "Secrets are named"));
    }
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"probe", url, "--header", "Authorization: Bearer abc"},
          {"probe", url, "--query", "api_key: abc"},
          {"probe", url + "?api_key=abc"}}) {
        const command_line::outcome o = shell.run(words);
        INFO(o.talk);
        CHECK(o.code == 2);
        CHECK(has(o.talk, "Secrets are named"));
    }
}

TEST_CASE("a proposal that the disk does not take leaves no file", "[command][probe][S3]")
{
    const connector c = items_by_id();
    const mock_api api(c, make_dataset(c, dataset_options(123)));
    const std::string url = api.described(c).request.url + "?limit=10";
    command_line shell;
    process limited;
    const std::string words = " probe '" + url + "' --out " + shell.file("api.json");
    REQUIRE(limited.start(
        {"/bin/sh", "-c",
         "(trap '' XFSZ; ulimit -f 0; " CATENA_COMMAND + words + " 2>&1; echo code $?) | cat"}));
    CHECK(limited.wait() == 0);
    INFO(limited.output());
    CHECK(has(limited.output(), "cannot write " + shell.file("api.json")));
    CHECK(has(limited.output(), "code 8"));
    CHECK_FALSE(std::filesystem::exists(shell.file("api.json")));
    std::size_t left = 0;
    for (const auto& each : std::filesystem::directory_iterator(shell.file(".")))
        left += each.path().filename().string().starts_with("api.json") ? 1 : 0;
    CHECK(left == 0);
}
