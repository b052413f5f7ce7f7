#include "net/name_book.hpp"

#include "support/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::net;
using namespace std::chrono_literals;
using boost::asio::ip::address;
using boost::asio::ip::make_address;

namespace {

const time_point t0{1000h};

addresses list(const std::vector<std::string>& texts)
{
    addresses out;
    for (const std::string& t : texts)
        out.push_back(make_address(t));
    return out;
}

}  // namespace

TEST_CASE("families take turns, and what worked last goes first", "[names][T3]")
{
    struct row {
        const char* what;
        std::vector<std::string> found;
        const char* worked;
        std::vector<std::string> order;
    };
    const row rows[] = {
        {"the resolver's first family leads",
         {"::1", "::2", "1.1.1.1", "1.1.1.2"},
         nullptr,
         {"::1", "1.1.1.1", "::2", "1.1.1.2"}},
        {"one family keeps its order", {"1.1.1.2", "1.1.1.1"}, nullptr, {"1.1.1.2", "1.1.1.1"}},
        {"a rest of one family follows",
         {"1.1.1.1", "1.1.1.2", "1.1.1.3", "::1"},
         nullptr,
         {"1.1.1.1", "::1", "1.1.1.2", "1.1.1.3"}},
        {"what worked last leads",
         {"::1", "::2", "1.1.1.1", "1.1.1.2"},
         "1.1.1.2",
         {"1.1.1.2", "::1", "1.1.1.1", "::2"}},
        {"its family leads where it is gone",
         {"::1", "::2", "1.1.1.1"},
         "9.9.9.9",
         {"1.1.1.1", "::1", "::2"}},
        {"a family that is gone does not", {"::1", "::2"}, "9.9.9.9", {"::1", "::2"}},
        {"nothing", {}, "9.9.9.9", {}},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        std::optional<address> worked;
        if (r.worked != nullptr) worked = make_address(r.worked);
        CHECK(in_order_of_trial(list(r.found), worked) == list(r.order));
    }
}

TEST_CASE("no answer makes a connection try more than 32 addresses", "[names][T3]")
{
    std::vector<std::string> many;
    for (int i = 0; i < 100; ++i) {
        many.push_back("10.0.0." + std::to_string(i));
        many.push_back("fd00::" + std::to_string(i));
    }
    const addresses order = in_order_of_trial(list(many), std::nullopt);
    CHECK(order.size() == 32);
    CHECK(order[31] == make_address("fd00::15"));
}

TEST_CASE("a name is known for a while, and what worked for longer", "[names][T20]")
{
    name_book book(30s);
    CHECK(book.find("a", t0) == nullptr);
    CHECK(book.learn("a", list({"::1", "1.1.1.1"}), t0) == list({"::1", "1.1.1.1"}));
    REQUIRE(book.find("a", t0 + 29s) != nullptr);

    book.worked("a", make_address("1.1.1.1"));
    REQUIRE(book.find("a", t0 + 29s) != nullptr);
    CHECK(*book.find("a", t0 + 29s) == list({"1.1.1.1", "::1"}));
    CHECK(book.find("a", t0 + 30s) == nullptr);
    CHECK(book.learn("a", list({"::1", "::2", "1.1.1.1"}), t0 + 30s).front() ==
          make_address("1.1.1.1"));

    book.distrust("a");
    CHECK(book.find("a", t0 + 31s) == nullptr);
    CHECK(book.find("b", t0) == nullptr);
    book.worked("b", make_address("1.1.1.1"));
    book.distrust("b");
    CHECK(book.find("b", t0) == nullptr);
}

TEST_CASE("names kept for no time are looked up each time", "[names]")
{
    name_book book(0s);
    book.learn("a", list({"1.1.1.1"}), t0);
    CHECK(book.find("a", t0) == nullptr);
}

TEST_CASE("past a thousand names the one not used for the longest is forgotten", "[names]")
{
    name_book book(24h);
    for (int i = 0; i < 1000; ++i)
        book.learn(std::to_string(i), list({"1.1.1.1"}), t0 + std::chrono::seconds(i));
    CHECK(book.find("0", t0 + 2000s) != nullptr);
    book.learn("new", list({"1.1.1.1"}), t0 + 2000s);

    CHECK(book.find("0", t0 + 2000s) != nullptr);
    CHECK(book.find("1", t0 + 2000s) == nullptr);
    CHECK(book.find("2", t0 + 2000s) != nullptr);
}
