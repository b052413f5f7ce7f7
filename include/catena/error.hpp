// layer: core
#pragma once

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

#include <type_traits>

namespace catena {

using boost::system::error_category;
using boost::system::error_code;
using boost::system::error_condition;

/** What went wrong. Values are stable: they are written into checkpoints and reports.

    Report these; decide on @ref condition. Failures of sockets keep Boost.Asio's own codes.
*/
enum class errc {
    // The cursor
    cursor_expired = 1,   ///< The server no longer knows the cursor and nothing can replace it.
    cursor_repeated = 2,  ///< A cursor came round again: following it would never end.
    cursor_too_long = 3,  ///< A cursor is longer than the limit.
    cursor_refused = 4,   ///< A cursor holds octets that cannot go where it must go.
    page_repeated = 5,    ///< The same page came under new cursors: the server ignores them.
    empty_pages = 6,      ///< Too many empty pages in a row, each with a cursor.
    no_progress = 7,      ///< Rebuilt too often without one new record.
    window_reached = 8,   ///< There is more than one query may show, and it cannot be divided here.

    // The page
    schema_drift = 20,     ///< Neither a cursor nor a declared end: the server's format moved.
    contradiction = 21,    ///< Two declared signs say opposite things about what comes next.
    records_missing = 22,  ///< The declared place of the records holds something else.
    key_missing = 23,      ///< A record has no key where the connector says it has one.
    key_type = 24,         ///< A key changed its type in mid walk.
    order_broken = 25,     ///< Keys go backwards: a resume would lose records.
    ambiguous_field = 26,  ///< A field that the connector reads stands twice in one object.
    error_in_page = 27,    ///< The answer says 200 and reports an error in its body.
    malformed_json = 28,   ///< The body is not one JSON document.
    wrong_content = 29,    ///< The body is of another format (a gateway's page, a login form).
    wrong_encoding =
        30,  ///< A coding or character encoding unknown, not built in or falsely named.
    malformed_link = 31,  ///< A Link header that cannot be read, or names two next pages.
    malformed_xml = 32,   ///< The body is not one XML document.
    damaged_coding = 33,  ///< The body is cut or damaged inside its content coding (gzip).

    // The server's answer
    refused = 40,              ///< The API refused the request (4xx) and says it will do so again.
    unauthorized = 41,         ///< The credentials were not accepted (401).
    forbidden = 42,            ///< The credentials do not allow this (403).
    not_found = 43,            ///< There is nothing at that URL (404 on a first page).
    server_failed = 44,        ///< The server kept failing (5xx) until the attempts ran out.
    rate_limited = 45,         ///< The server kept answering 429 until the attempts ran out.
    hold_too_long = 46,        ///< The server asks for a wait longer than the cap; resume later.
    unexpected_status = 47,    ///< A status that means nothing here (1xx, 204, 206, 304).
    unexpected_redirect = 48,  ///< A redirect that is not followed; the text says why.

    // The destination
    next_url_refused = 60,  ///< A next URL breaks the origin policy; no socket was opened.

    // The wire
    bad_response = 80,           ///< Not HTTP/1.x, or framing that cannot be trusted.
    truncated = 81,              ///< The connection ended inside a body.
    limit_exceeded = 82,         ///< An intake limit was reached; see @ref diagnostics.
    timed_out_resolve = 83,      ///< The name was not resolved in time.
    timed_out_connect = 84,      ///< No address accepted a connection in time.
    timed_out_tls = 85,          ///< The TLS handshake did not end in time.
    timed_out_first_octet = 86,  ///< The request was sent and nothing came back in time.
    timed_out_idle = 87,         ///< An answer began and then stood still.
    timed_out_request = 88,      ///< The whole exchange took longer than allowed.
    tls_untrusted = 89,          ///< The server's certificate is not trusted for this host.
    tls_failed = 90,             ///< The handshake failed for another reason.
    not_tls = 91,                ///< One side speaks TLS and the other does not.
    connection_stale = 92,       ///< A reused connection died before one octet of an answer.

    transport_threw = 93,  ///< The transport threw an exception in place of an error.
    session_lost = 94,     ///< The connection that a session hangs on is gone.

    // The way there. The origin has not seen the request.
    proxy_refused = 95,   ///< A proxy does not lead there and will not (407, 403), or is ill set.
    address_barred = 96,  ///< A host has none but addresses that are barred; nothing was opened.
    proxy_failed = 97,    ///< A proxy did not lead there this time (502, 504), or answered junk.

    // The caller
    busy = 100,                 ///< Another call on this object is outstanding.
    invalid_state = 101,        ///< The object was moved from, or its engine is gone.
    bad_checkpoint = 102,       ///< The checkpoint cannot be read.
    foreign_checkpoint = 103,   ///< The checkpoint belongs to another connector or query.
    bad_secret = 104,           ///< A referenced secret cannot be read, or cannot go in a header.
    credentials_refused = 105,  ///< The credentials cannot be had or renewed: a person must look.
    credentials_unavailable = 106,  ///< They could not be had or renewed for now.

    // The store
    store_failed = 120,   ///< The disk failed (EIO): nothing more is written to that file.
    store_full = 121,     ///< No space is left.
    store_locked = 122,   ///< Another process has it; the text names which.
    store_damaged = 123,  ///< The file, or one that belongs to it, is cut or was changed.
    store_foreign = 124,  ///< The file is not one of ours, or of a newer version.
    store_refused = 125,  ///< It cannot be opened or written: rights, a directory that is gone.
    job_changed = 126,    ///< The connector or query is not the one that the job began with.
    sink_failed = 127,    ///< The host's sink threw.
    range_broken = 128,   ///< The server's filter does not do what the connector says of it.
};

/** What a caller would do about it. Compare with `==`; do not enumerate @ref errc values.

    @code
    if (ec == catena::condition::resume_later) save(chain.after());
    @endcode
*/
enum class condition {
    try_again = 1,   ///< The same request may succeed at another moment.
    rebuild,         ///< The cursor is dead; the last record's key still lives.
    resume_later,    ///< Stopped with everything safe; go on later from the checkpoint.
    mend_connector,  ///< The description and the server disagree; a person must look.
    mend_request,    ///< The API refuses; credentials, parameters or rights must change.
    misuse,          ///< The calling program broke a precondition.
};

error_code make_error_code(errc e) noexcept;
error_condition make_error_condition(condition c) noexcept;

/// The category of @ref errc; its name is "catena".
const error_category& catena_category() noexcept;

}  // namespace catena

template <>
struct boost::system::is_error_code_enum<catena::errc> : std::true_type {
};
template <>
struct boost::system::is_error_condition_enum<catena::condition> : std::true_type {
};
