#include "codec/scan_text.hpp"
#include "support/catch.hpp"
#include "support/corpora.hpp"
#include <catena/codec/scan.hpp>

#include <boost/json.hpp>

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

using namespace catena;
namespace fs = std::filesystem;

namespace {

/// The files of a corpus' folder, which is beside the file `mark`.
std::vector<fs::path> files_of(const std::string& folder, const std::string& mark)
{
    std::vector<fs::path> out;
    if (!catena::testing::corpus(folder + "/" + mark)) return out;
    const char* named = std::getenv("CATENA_CORPORA");
    const fs::path root = named ? named : CATENA_DEFAULT_CORPORA;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
        if (entry.is_regular_file()) out.push_back(fs::relative(entry.path(), root));
    return out;
}

error_code whole(const std::string& body, scan_limits l = {})
{
    const scan_plan plan({});
    scanner s(plan, l);
    return s.finish(body);
}

error_code octet_by_octet(const std::string& body)
{
    const scan_plan plan({});
    scanner s(plan);
    for (std::size_t i = 1; i <= body.size(); ++i)
        (void)s.feed(std::string_view(body).substr(0, i));
    return s.finish(body);
}

std::string text_at(const boost::json::value& doc, const std::string& pointer, bool& there)
{
    const std::string body = boost::json::serialize(doc);
    scan_request r;
    r.slots = {pointer};
    const scan_plan plan(r);
    scanner s(plan);
    there = !s.finish(body) && s.slot(0).present;
    if (!there) return {};
    const std::string raw(s.slot(0).at.in(body));
    return s.slot(0).kind == json_kind::string ? '"' + raw + '"' : raw;
}

/// Count the "test" operations of one patch list whose look-up gives what the list says.
void try_pointers(const boost::json::array& list, int& right, int& all)
{
    for (const boost::json::value& one : list) {
        const auto* doc = one.as_object().if_contains("doc");
        const auto* patch = one.as_object().if_contains("patch");
        if (!doc || !patch || patch->as_array().size() != 1) continue;
        const auto& op = patch->as_array()[0].as_object();
        const auto* path = op.if_contains("path");
        const auto* value = op.if_contains("value");
        if (!op.if_contains("op") || op.at("op") != "test" || !path || !path->is_string() || !value)
            continue;
        if (one.as_object().if_contains("disabled")) continue;
        const std::string pointer(path->as_string().c_str());
        if (!pointer.empty() && pointer[0] != '/') continue;
        bool there = false;
        const std::string text = text_at(*doc, pointer, there);
        const bool equal = there && boost::json::parse(text) == *value;
        ++all;
        if (equal == !one.as_object().if_contains("error"))
            ++right;
        else
            std::cout << "  deviates: " << boost::json::serialize(one) << '\n';
    }
}

}  // namespace

TEST_CASE("the JSON test suite is accepted and refused as it asks, whole and octet by octet",
          "[scan][corpus][C1][C2][C5]")
{
    int right = 0;
    int all = 0;
    int either = 0;
    for (const fs::path& path : files_of("json-test-suite", "SOURCE")) {
        const std::string name = path.filename().string();
        if (path.parent_path().filename() != "test_parsing") continue;
        const std::string body = catena::testing::corpus(path.string()).value();
        const error_code ec = whole(body);
        CAPTURE(name);
        CHECK(ec == octet_by_octet(body));
        if (name[0] == 'i') {
            either += ec ? 0 : 1;
            continue;
        }
        ++all;
        right += static_cast<bool>(ec) == (name[0] == 'n') ? 1 : 0;
        CHECK(static_cast<bool>(ec) == (name[0] == 'n'));
    }
    std::cout << "json-test-suite: " << right << " of " << all << " (and " << either
              << " of the undecided accepted)\n";
}

TEST_CASE("inputs that once broke a parser give a value or an error", "[scan][corpus]")
{
    int same = 0;
    int all = 0;
    for (const fs::path& path : files_of("json-crash-seeds", "SOURCE")) {
        const std::string body = catena::testing::corpus(path.string()).value();
        ++all;
        if (body.size() > 100'000) {
            same += whole(body) == whole(body) ? 1 : 0;
            continue;
        }
        same += whole(body) == octet_by_octet(body) ? 1 : 0;
    }
    std::cout << "json-crash-seeds: " << same << " of " << all << '\n';
    CHECK(same == all);
}

TEST_CASE("JSON Pointers find what the patch tests say", "[scan][corpus]")
{
    int right = 0;
    int all = 0;
    for (const char* name : {"json-patch-tests.json", "json-patch-spec-tests.json"}) {
        const auto text = catena::testing::corpus(std::string("json-pointer/") + name);
        if (text) try_pointers(boost::json::parse(*text).as_array(), right, all);
    }
    std::cout << "json-pointer look-ups: " << right << " of " << all << '\n';
    CHECK(right == all);
}

TEST_CASE("texts are JSON Pointers where the schema tests say so", "[scan][corpus]")
{
    const auto text = catena::testing::corpus("json-pointer/format-json-pointer.json");
    if (!text) return;
    int right = 0;
    int all = 0;
    const boost::json::value groups = boost::json::parse(*text);
    for (const auto& group : groups.as_array()) {
        for (const auto& test : group.at("tests").as_array()) {
            if (!test.at("data").is_string()) continue;
            scan_request r;
            r.slots = {std::string(test.at("data").as_string().c_str())};
            bool valid = true;
            try {
                const scan_plan plan(r);
            } catch (const std::invalid_argument&) {
                valid = false;
            }
            ++all;
            right += valid == test.at("valid").as_bool() ? 1 : 0;
            CAPTURE(r.slots[0]);
            CHECK(valid == test.at("valid").as_bool());
        }
    }
    std::cout << "json-pointer syntax: " << right << " of " << all << '\n';
}

TEST_CASE("any string comes back out of a page octet for octet", "[scan][corpus][C5]")
{
    const auto text = catena::testing::corpus("naughty-strings/blns.json");
    if (!text) return;
    int right = 0;
    int all = 0;
    const boost::json::value strings = boost::json::parse(*text);
    for (const auto& entry : strings.as_array()) {
        const std::string wanted(entry.as_string().data(), entry.as_string().size());
        const std::string body =
            boost::json::serialize(boost::json::object{{"next", entry}, {wanted, "name"}});
        scan_request r;
        r.slots = {"/next"};
        const scan_plan plan(r);
        scanner s(plan);
        std::string got;
        ++all;
        const bool ok = !s.finish(body) && codec::unescape(s.slot(0).at.in(body), got);
        right += ok && got == wanted ? 1 : 0;
        CHECK(got == wanted);
    }
    std::cout << "naughty-strings: " << right << " of " << all << '\n';
}
