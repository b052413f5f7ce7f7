#include "support/catch.hpp"
#include <catena/diagnostics.hpp>
#include <catena/error.hpp>

#include <boost/system/errc.hpp>

#include <array>
#include <set>
#include <string>

using namespace catena;
using namespace std::chrono_literals;

TEST_CASE("every error has a name, and just one condition")
{
    const std::array all = {condition::try_again,    condition::rebuild,
                            condition::resume_later, condition::mend_connector,
                            condition::mend_request, condition::misuse};
    std::set<std::string> names;
    for (int v = 1; v < 130; ++v) {
        const error_code ec = static_cast<errc>(v);
        if (ec.message() == "unknown") continue;
        int holds = 0;
        for (const condition c : all)
            holds += ec == c ? 1 : 0;
        CAPTURE(ec.message());
        CHECK(holds == 1);
        CHECK(names.insert(ec.message().substr(0, ec.message().find(':'))).second);
    }
    CHECK(names.size() == 66);
    CHECK(std::string(catena_category().name()) == "catena");
}

TEST_CASE("failures of sockets meet the same question", "[T4][T7]")
{
    namespace sys = boost::system::errc;
    for (const auto e : {sys::connection_reset, sys::connection_refused, sys::timed_out,
                         sys::host_unreachable, sys::too_many_files_open, sys::broken_pipe}) {
        CHECK(make_error_code(e) == condition::try_again);
        CHECK(make_error_code(e) != condition::misuse);
    }
    CHECK(make_error_code(sys::permission_denied) != condition::try_again);
    CHECK(error_code() != condition::try_again);
}

TEST_CASE("a store's story says nothing of pages that it knows nothing of", "[S3]")
{
    diagnostics d;
    d.code = errc::store_full;
    d.what = "no space is left for /data/items.db";
    d.next = advice::resume;
    d.mend = "make room on that disk";
    CHECK(d.text() ==
          "no space is left for /data/items.db [store_full: no space is left for the store]\n"
          "  next: resume from the checkpoint once the cause is mended\n"
          "  mend: make room on that disk");
    d.connector = "items";
    d.records_delivered = 70;
    d.pages_delivered = 10;
    CHECK(d.text() ==
          "no space is left for /data/items.db [store_full: no space is left for the store]\n"
          "  where: items\n"
          "  safe: 70 records in 10 pages\n"
          "  next: resume from the checkpoint once the cause is mended\n"
          "  mend: make room on that disk");
}

TEST_CASE("a story has its parts in order and leaves out what is not known")
{
    diagnostics d;
    d.code = errc::malformed_json;
    CHECK(d.text() ==
          "malformed_json: the body is not one JSON document\n"
          "  where: unnamed connector, page 0\n"
          "  safe: 0 records in 0 pages\n"
          "  next: going on would fail in the same way");

    d.what = "the page is cut";
    d.connector = "shop";
    d.page = 3;
    d.attempt = 2;
    d.status = 200;
    d.pointer = "/items";
    d.octet = 17;
    d.request = "GET /items?cursor=#1a2b";
    d.pages_delivered = 3;
    d.records_delivered = 300;
    d.last_key = "42";
    d.next = advice::resume_after;
    d.retry_in = 90min;
    d.mend = "wait";
    CHECK(d.text() ==
          "the page is cut [malformed_json: the body is not one JSON document]\n"
          "  where: shop, page 3, attempt 2, status 200, at /items, octet 17\n"
          "  request: GET /items?cursor=#1a2b\n"
          "  safe: 300 records in 3 pages, up to key 42\n"
          "  next: resume from the checkpoint in 90 min\n"
          "  mend: wait");
    d.retry_in = duration::max();
    CHECK(d.text().find("in 2562048 h") != std::string::npos);
    const failure thrown(d);
    CHECK(thrown.what() == d.text());
    CHECK(thrown.code() == errc::malformed_json);
}
