// Six servers in front of which well-known clients lose rows without an error. Here each gives
// every record once, or the walk stops and says why, with what was delivered safe.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"

#include <algorithm>

using namespace catena;
using namespace catena::testing;

namespace {

// Everything delivered is the beginning of the truth, each record once.
bool is_prefix(const std::vector<std::string>& got, const std::vector<std::string>& truth)
{
    return got.size() <= truth.size() && std::equal(got.begin(), got.end(), truth.begin());
}

}  // namespace

TEST_CASE("410 in mid walk is recovered from by key, or stops with a reason", "[sim][P6][P8]")
{
    behaviour b;
    b.faults.push_back(fault::answer(410, 3));

    SECTION("with a declared recovery")
    {
        world w(1, contract("token"), 40, b);
        require_all(w);
    }
    SECTION("with none")
    {
        connector c = contract("token");
        c.expiry = expiry_rule();
        world w(1, c, 40, b);
        const harvest h = walk_all(w);
        CHECK(h.why.code == errc::cursor_expired);
        CHECK(h.why.status == 410);
        CHECK(h.why.next == advice::resume);
        CHECK(h.why.records_delivered == 21);
        CHECK_FALSE(h.why.mend.empty());
        CHECK(h.records.size() == 21);
        CHECK(is_prefix(h.records, w.model.records()));
    }
}

TEST_CASE("a server that caps 250 at 100 is walked to its end", "[sim][P13]")
{
    for (const char* name : {"token", "offset", "last record"}) {
        CAPTURE(name);
        connector c = contract(name);
        c.page_size.value = 250;
        if (std::string(name) == "offset") c.end = {end_rule::kind::short_page};
        behaviour b;
        b.largest_page = 100;
        world w(1, c, 730, b);
        require_all(w);
    }
}

TEST_CASE("cursors A, B, A, B stop the walk before one page comes twice", "[sim][P3]")
{
    behaviour b;
    fault circle(fault::kind::token_cycle, 0, fault::always);
    circle.size = 2;
    b.faults.push_back(circle);
    world w(1, contract("token"), 40, b);
    const harvest h = walk_all(w);

    CHECK(h.why.code == errc::cursor_repeated);
    CHECK(h.why.code == condition::mend_connector);
    CHECK(is_prefix(h.records, w.model.records()));
    CHECK(w.model.log().size() <= 4);
}

TEST_CASE("a cursor that never arrives is no end, also after a checkpoint's text", "[sim][P2][P5]")
{
    connector c = contract("last record");
    c.key = {key_field("/id")};
    c.sorted = order::none;
    c.page_size.value = 7;
    c.next.inclusive = true;
    c.end = {end_rule::kind::same_token};
    world right(1, c, 40);
    const harvest whole = walk_all(right);
    INFO(whole.why.text());
    CHECK(whole.records == right.model.records());

    world w(1, c, 40);
    w.contract.next.to[0] = token_target(token_target::place::header, "X-Misspelt");
    const harvest h = walk_all(w);
    CHECK(h.why.code == errc::page_repeated);
    CHECK(h.why.mend.find("next.to") != std::string::npos);
    CHECK(h.records.size() == 7);
    CHECK(is_prefix(h.records, w.model.records()));

    REQUIRE(h.after.size() == 1);
    const checkpoint mark = read_checkpoint(to_text(h.after[0]));
    CHECK(mark == h.after[0]);
    CHECK(mark.last_page.records == 7);
    chain again(*w.on, w.contract, mark);
    const harvest rest = walk(w, again);
    CHECK(rest.why.code == errc::page_repeated);
    CHECK(rest.records.empty());
}

TEST_CASE("a renamed cursor field stops the walk and is named", "[sim][C10]")
{
    behaviour b;
    b.faults.emplace_back(fault::kind::renamed_token, 2, fault::always);
    world w(1, contract("token"), 40, b);
    const harvest h = walk_all(w);

    CHECK(h.why.code == errc::schema_drift);
    CHECK(h.why.pointer == "/next");
    CHECK(h.why.what.find("/next") != std::string::npos);
    CHECK(h.records.size() == 14);
    CHECK(is_prefix(h.records, w.model.records()));
    CHECK(h.why.what.find("/nextV2") != std::string::npos);
}

TEST_CASE("an error inside a 200 is an error", "[sim][C10]")
{
    behaviour b;
    fault error(fault::kind::error_in_page, 3, fault::always);
    b.faults.push_back(error);
    error.text = R"({"ok":false,"error":"internal_error"})";

    SECTION("without a rule")
    {
        world w(1, contract("token"), 40, b);
        const harvest h = walk_all(w);
        CHECK(h.why.code == errc::error_in_page);
        CHECK(is_prefix(h.records, w.model.records()));
    }
    SECTION("ok:false with a rule that makes it passing")
    {
        connector c = contract("token");
        sign failed;
        failed.body = "/ok";
        failed.equals = "false";
        c.errors.emplace_back(failed, error_class::retry);
        behaviour passing;
        error.times = 2;
        passing.faults.push_back(error);
        world w(1, c, 40, passing);
        require_all(w);
    }
    SECTION("ok:false as the sign of a dead cursor")
    {
        connector c = contract("token");
        sign dead;
        dead.body = "/error";
        dead.equals = "internal_error";
        c.expiry.signs = {dead};
        behaviour passing;
        error.times = 1;
        passing.faults.push_back(error);
        world w(1, c, 40, passing);
        require_all(w);
    }
}

TEST_CASE("an empty page 3 of 5 that carries a cursor is no end", "[sim][P4]")
{
    for (const connector& c : contracts()) {
        // A contract whose token is made of records or counts them has none on an empty page.
        const auto from = c.next.from[0].from;
        if (from == token_source::place::last_record || from == token_source::place::counter)
            continue;
        CAPTURE(c.name);
        behaviour b;
        b.faults.emplace_back(fault::kind::empty_page, 2);
        world w(1, c, 35, b);
        require_all(w);
    }
}
