#include "exit_code.hpp"

#include <boost/asio/error.hpp>

namespace command {

using catena::condition;
using catena::errc;

namespace {

struct rule {
    errc failure;
    exit_code as;
};

// Where what one would do about a failure does not say whose fault it is.
constexpr rule rules[] = {
    {errc::cursor_expired, stopped},   {errc::malformed_json, drift},
    {errc::malformed_xml, drift},      {errc::wrong_content, drift},
    {errc::tls_untrusted, network},    {errc::not_tls, network},
    {errc::proxy_refused, network},    {errc::address_barred, network},
    {errc::transport_threw, internal}, {errc::bad_secret, usage},
    {errc::foreign_checkpoint, usage}, {errc::job_changed, usage},
    {errc::bad_checkpoint, disk},      {errc::store_failed, disk},
    {errc::store_full, disk},          {errc::store_locked, disk},
    {errc::store_damaged, disk},       {errc::store_foreign, disk},
    {errc::store_refused, disk},       {errc::sink_failed, disk},
};

}  // namespace

exit_code code_of(const catena::error_code& e) noexcept
{
    if (!e) return done;
    if (e == boost::asio::error::operation_aborted) return interrupted;
    for (const rule& each : rules)
        if (e == each.failure) return each.as;
    if (e == condition::resume_later) return stopped;
    if (e == condition::mend_request) return refused;
    if (e == condition::mend_connector) return drift;
    if (e == condition::misuse) return internal;
    return network;
}

exit_code code_of(catena::verdict is, bool lenient) noexcept
{
    if (is == catena::verdict::complete) return done;
    return lenient && is == catena::verdict::unverified ? done : unproven;
}

}  // namespace command
