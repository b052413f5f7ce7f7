#include "page_folder.hpp"

#include "page_records.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/scratch_folder.hpp"
#include <catena/diagnostics.hpp>
#include <catena/store/store.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

using namespace command;
using catena::errc;
using catena::testing::plain_text;
using catena::testing::scratch_folder;

namespace {

catena::page_commit page_of(std::uint64_t chain, std::uint64_t page, std::string_view body)
{
    catena::page_commit p;
    p.chain = chain;
    p.page = page;
    p.body = body;
    return p;
}

std::set<std::string> names(const std::string& folder)
{
    std::set<std::string> all;
    for (const auto& each : std::filesystem::directory_iterator(folder))
        all.insert(each.path().filename().string());
    return all;
}

template <class Work>
errc refusal(const Work& work)
{
    try {
        work();
    } catch (const catena::failure& f) {
        return static_cast<errc>(f.code().value());
    }
    return {};
}

}  // namespace

TEST_CASE("a page's file says which page it is", "[command]")
{
    page_name p;
    REQUIRE(is_page("0000000012-c3-p4.json", p));
    CHECK(p.number == 12);
    CHECK(p.chain == 3);
    CHECK(p.page == 4);
    CHECK(p.ending == ".json");
    CHECK(p.text() == "0000000012-c3-p4.json");
    p.number = 98'765'432'109;
    CHECK(p.text() == "98765432109-c3-p4.json");
    for (const char* name : {"12-c3-p4.json", "0000000012-c3-p4", "0000000012-c03-p4.json", ".page",
                             "0000000012-3-4.json", "a.json", "0000000012-c3-p.json", ""})
        CHECK_FALSE(is_page(name, p));
}

TEST_CASE("what was written and not committed is gone when a folder is gone on with",
          "[command][S1]")
{
    const scratch_folder here;
    const std::string path = here.file("pages/");
    {
        page_folder to(path, ".json");
        to.resume("");
        CHECK(to.flush() == "0");
        to.write(page_of(1, 0, "[1]"));
        to.write(page_of(2, 0, "[2]"));
        CHECK(to.flush() == "2");
        to.write(page_of(1, 1, "[3]"));
        to.write(page_of(1, 2, ""));  // nothing to keep
        CHECK(to.flush() == "3");
        to.write(page_of(2, 1, "[4]"));
        CHECK(refusal([&] { page_folder second(path, ".json"); }) == errc::store_locked);
    }
    std::ofstream(path + "/.page") << "[ha";
    std::ofstream(path + "/notes.txt") << "mine";
    page_folder to(path, ".json");
    to.resume("2");
    to.write(page_of(2, 1, "[5]"));
    CHECK(to.flush() == "3");
    CHECK(names(path) == std::set<std::string>{"0000000001-c1-p0.json", "0000000002-c2-p0.json",
                                               "0000000003-c2-p1.json", "notes.txt"});
    CHECK(plain_text(path + "/0000000003-c2-p1.json") == "[5]");
}

TEST_CASE("nobody's pages are removed, and none that were committed may be missing",
          "[command][S5]")
{
    const scratch_folder here;
    const std::string path = here.file("pages");
    {
        page_folder to(path, ".json");
        to.resume("");
        for (std::uint64_t n = 0; n < 4; ++n)
            to.write(page_of(1, n, "{}"));
        to.flush();
    }
    const std::set<std::string> before = names(path);
    {
        page_folder to(path, ".json");
        CHECK(refusal([&] { to.resume(""); }) == errc::store_refused);
        CHECK(refusal([&] { to.resume("4x"); }) == errc::store_damaged);
        CHECK(refusal([&] { to.resume("5"); }) == errc::store_damaged);
        CHECK(names(path) == before);
        const page_reading objects = [](const std::string& body) {
            return body == "{}" ? std::optional<std::uint64_t>(2) : std::nullopt;
        };
        CHECK(read_pages(path, 4, objects).flaws == 0);
        CHECK(read_pages(path, 4, objects).records == 8);
        CHECK(read_pages(path, 3, objects).behind == 1);
        std::ofstream(path + "/0000000002-c1-p1.json") << "{";
        CHECK(read_pages(path, 4, objects).first_flaw == "0000000002-c1-p1.json");
        CHECK(read_pages(path, 4, objects).records == 6);
        std::ofstream(path + "/0000000002-c9-p1.json") << "{}";
        CHECK(read_pages(path, 4, objects).twice == 1);
        std::filesystem::remove(path + "/0000000003-c1-p2.json");
        CHECK(refusal([&] { (void)read_pages(path, 4, objects); }) == errc::store_damaged);
        CHECK(refusal([&] { to.resume("4"); }) == errc::store_damaged);
    }
    {
        const scratch_folder foreign;
        std::ofstream(foreign.file("holiday.jpg")) << "x";
        page_folder to(foreign.file("."), ".json");
        CHECK(refusal([&] { to.resume(""); }) == errc::store_refused);
        CHECK(plain_text(foreign.file("holiday.jpg")) == "x");
    }
    CHECK(refusal([&] { page_folder in_a_file(path + "/0000000001-c1-p0.json", ".json"); }) ==
          errc::store_refused);
    CHECK(refusal([&] { page_folder none(here.file("no/such"), ".json"); }) == errc::store_refused);
}

TEST_CASE("the records in a page's body are counted as the connector places them", "[command]")
{
    catena::connector c;
    c.records.at = "/items";
    CHECK(records_in(c, R"({"items":[{"id":1},{"id":2}],"next":"x"})") == 2);
    CHECK(records_in(c, R"({"items":[]})") == 0);
    for (const char* wrong : {"", "{}", R"({"items":[{"id":1}]", R"({"items":{"a":1}})"})
        CHECK_FALSE(records_in(c, wrong));
    c.records.when_absent = catena::records_rule::absence::empty;
    CHECK(records_in(c, "{}") == 0);
    CHECK_FALSE(records_in(c, "{"));
    c.records.as = catena::records_rule::shape::map;
    CHECK(records_in(c, R"({"items":{"a":1,"b":2}})") == 2);
    c.format = catena::page_format::json_lines;
    CHECK(records_in(c, "{}\n\n[1]\r\n") == 2);
    CHECK_FALSE(records_in(c, "{}\n{\n"));
    c.format = catena::page_format::xml;
    CHECK(records_in(c, "<a/>") == 0);
}
