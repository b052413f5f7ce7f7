#include "exit_code.hpp"

#include "support/catch.hpp"

#include <boost/asio/error.hpp>

using namespace command;
using catena::errc;
using catena::verdict;

TEST_CASE("each failure ends the command with the code that README names", "[command]")
{
    struct row {
        catena::error_code ec;
        exit_code code;
    };
    namespace asio_error = boost::asio::error;
    const row rows[] = {
        {catena::error_code(), done},
        {asio_error::operation_aborted, interrupted},
        {asio_error::connection_refused, network},
        {asio_error::host_not_found, network},
        {errc::unauthorized, refused},
        {errc::forbidden, refused},
        {errc::not_found, refused},
        {errc::error_in_page, refused},
        {errc::server_failed, network},
        {errc::rate_limited, network},
        {errc::tls_untrusted, network},
        {errc::proxy_refused, network},
        {errc::timed_out_connect, network},
        {errc::hold_too_long, stopped},
        {errc::cursor_expired, stopped},
        {errc::no_progress, stopped},
        {errc::schema_drift, drift},
        {errc::malformed_json, drift},
        {errc::wrong_content, drift},
        {errc::range_broken, drift},
        {errc::next_url_refused, drift},
        {errc::bad_secret, usage},
        {errc::job_changed, usage},
        {errc::store_full, disk},
        {errc::store_locked, disk},
        {errc::store_damaged, disk},
        {errc::sink_failed, disk},
        {errc::busy, internal},
    };
    for (const row& r : rows) {
        INFO(r.ec.message());
        CHECK(code_of(r.ec) == r.code);
    }
}

TEST_CASE("only what is proven complete ends with 0, unless more is allowed", "[command]")
{
    CHECK(code_of(verdict::complete, false) == done);
    CHECK(code_of(verdict::unverified, false) == unproven);
    CHECK(code_of(verdict::unverified, true) == done);
    CHECK(code_of(verdict::incomplete, true) == unproven);
}
