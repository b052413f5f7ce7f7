// Redirects between two listeners that count who comes.
#include "support/catch.hpp"
#include <catena/catena.hpp>
#include <catena/testing/mock_api.hpp>

#include <string>

using namespace catena;
using namespace catena::testing;

namespace {

scripted_answer last_page()
{
    scripted_answer a(200, R"({"items":[{"id":1}]})");
    a.headers = {{"Content-Type", "application/json"}};
    return a;
}

connector listing(const std::string& url)
{
    connector c("redirected", url + "/items");
    c.records = records_rule("/items");
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    return c;
}

}  // namespace

TEST_CASE("no socket is opened for a redirect that is refused", "[integration][H12][A5]")
{
    mock_api there([](const http_request&, const arrival&) { return last_page(); });
    const mock_api here([&](const http_request&, const arrival&) {
        scripted_answer a(302);
        a.headers = {{"Location", there.url() + "/items?canary=1"}};
        return a;
    });
    connector c = listing(here.url());
    std::size_t records = 0;
    const auto count = [&](const catena::page& p) { records += p.records().size(); };
    try {
        collect(c, count);
        FAIL("it was followed");
    } catch (const failure& f) {
        CHECK(f.why().code == errc::next_url_refused);
        CHECK(f.why().text().find(there.url()) != std::string::npos);
        CHECK(f.why().text().find("canary") == std::string::npos);
        CHECK(f.why().mend.find("origins") != std::string::npos);
    }
    CHECK(there.connections() == 0);

    c.origins = {there.url()};
    collect(c, count);
    CHECK(there.connections() == 1);
    CHECK(records == 1);
}
