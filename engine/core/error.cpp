#include <catena/error.hpp>

#include <boost/system/errc.hpp>

#include <string>

namespace catena {
namespace {

// What each code says, and what a caller would do about it.
struct meaning {
    errc code;
    condition kind;
    const char* name;
    const char* text;
};

constexpr meaning meanings[] = {
    {errc::cursor_expired, condition::rebuild, "cursor_expired",
     "the server no longer knows the cursor"},
    {errc::cursor_repeated, condition::mend_connector, "cursor_repeated",
     "the server walks in a circle: a cursor came again"},
    {errc::cursor_too_long, condition::mend_connector, "cursor_too_long",
     "the cursor is longer than the limit"},
    {errc::cursor_refused, condition::mend_connector, "cursor_refused",
     "the cursor holds octets that cannot go where it must go"},
    {errc::page_repeated, condition::mend_connector, "page_repeated",
     "the same page came again: the server ignores the cursor"},
    {errc::empty_pages, condition::resume_later, "empty_pages", "too many empty pages in a row"},
    {errc::no_progress, condition::resume_later, "no_progress", "the walk brings no new records"},
    {errc::window_reached, condition::mend_connector, "window_reached",
     "there is more than the server shows in one query"},
    {errc::schema_drift, condition::mend_connector, "schema_drift",
     "neither a cursor nor a declared end"},
    {errc::contradiction, condition::mend_connector, "contradiction",
     "the page contradicts itself about what comes next"},
    {errc::records_missing, condition::mend_connector, "records_missing",
     "the records are not where the connector says"},
    {errc::key_missing, condition::mend_connector, "key_missing", "a record has no key"},
    {errc::key_type, condition::mend_connector, "key_type", "a key has changed its type"},
    {errc::order_broken, condition::mend_connector, "order_broken",
     "the keys are out of order, or do not tell records apart"},
    {errc::ambiguous_field, condition::mend_connector, "ambiguous_field",
     "a member that must be read stands twice in one object"},
    {errc::error_in_page, condition::mend_request, "error_in_page",
     "the answer says 200 and reports an error"},
    {errc::malformed_json, condition::try_again, "malformed_json",
     "the body is not one JSON document"},
    {errc::wrong_content, condition::try_again, "wrong_content",
     "the body is not in the format of the API's pages"},
    {errc::wrong_encoding, condition::mend_connector, "wrong_encoding",
     "the body has a coding or character encoding that cannot be undone here, or is not what it is "
     "called"},
    {errc::malformed_link, condition::mend_connector, "malformed_link",
     "a Link header cannot be read"},
    {errc::malformed_xml, condition::try_again, "malformed_xml",
     "the body is not one XML document"},
    {errc::damaged_coding, condition::try_again, "damaged_coding",
     "the body is cut or damaged inside its content coding"},
    {errc::refused, condition::mend_request, "refused", "the API refused the request"},
    {errc::unauthorized, condition::mend_request, "unauthorized",
     "the API did not accept the credentials"},
    {errc::forbidden, condition::mend_request, "forbidden", "the credentials do not allow this"},
    {errc::not_found, condition::mend_request, "not_found", "there is nothing at this URL"},
    {errc::server_failed, condition::try_again, "server_failed", "the server failed"},
    {errc::rate_limited, condition::try_again, "rate_limited",
     "the server's rate limit was reached"},
    {errc::hold_too_long, condition::resume_later, "hold_too_long",
     "the server asks for a longer wait than allowed"},
    {errc::unexpected_status, condition::mend_connector, "unexpected_status",
     "the status means nothing here"},
    {errc::unexpected_redirect, condition::mend_connector, "unexpected_redirect",
     "the server redirects"},
    {errc::next_url_refused, condition::mend_connector, "next_url_refused",
     "a URL from the server is not followed"},
    {errc::bad_response, condition::try_again, "bad_response",
     "the answer is not HTTP, or its framing cannot be trusted"},
    {errc::truncated, condition::try_again, "truncated", "the connection ended inside the answer"},
    {errc::limit_exceeded, condition::mend_connector, "limit_exceeded",
     "an intake limit was reached"},
    {errc::timed_out_resolve, condition::try_again, "timed_out_resolve",
     "the name was not resolved in time"},
    {errc::timed_out_connect, condition::try_again, "timed_out_connect",
     "no connection was made in time"},
    {errc::timed_out_tls, condition::try_again, "timed_out_tls",
     "the TLS handshake did not end in time"},
    {errc::timed_out_first_octet, condition::try_again, "timed_out_first_octet",
     "no answer began in time"},
    {errc::timed_out_idle, condition::try_again, "timed_out_idle",
     "the answer stood still for too long"},
    {errc::timed_out_request, condition::try_again, "timed_out_request",
     "the whole exchange took too long"},
    {errc::tls_untrusted, condition::mend_request, "tls_untrusted",
     "the server's certificate is not trusted"},
    {errc::tls_failed, condition::try_again, "tls_failed", "the TLS handshake failed"},
    {errc::not_tls, condition::mend_request, "not_tls",
     "one side speaks TLS and the other does not"},
    {errc::connection_stale, condition::try_again, "connection_stale",
     "a reused connection had died"},
    {errc::transport_threw, condition::resume_later, "transport_threw",
     "the transport threw an exception"},
    {errc::session_lost, condition::rebuild, "session_lost",
     "the connection of this session is gone"},
    {errc::proxy_refused, condition::mend_request, "proxy_refused",
     "the proxy does not lead to the origin"},
    {errc::proxy_failed, condition::try_again, "proxy_failed",
     "the proxy did not reach the origin"},
    {errc::address_barred, condition::mend_connector, "address_barred",
     "the host leads to addresses that are barred"},
    {errc::busy, condition::misuse, "busy", "another call on this object is outstanding"},
    {errc::invalid_state, condition::misuse, "invalid_state",
     "the object was moved from, or its engine is gone"},
    {errc::bad_checkpoint, condition::misuse, "bad_checkpoint", "the checkpoint cannot be read"},
    {errc::foreign_checkpoint, condition::misuse, "foreign_checkpoint",
     "the checkpoint belongs to another query"},
    {errc::bad_secret, condition::mend_request, "bad_secret", "a referenced secret cannot be used"},
    {errc::credentials_refused, condition::mend_request, "credentials_refused",
     "the credentials cannot be had or renewed"},
    {errc::credentials_unavailable, condition::try_again, "credentials_unavailable",
     "the credentials could not be had or renewed for now"},
    {errc::store_failed, condition::resume_later, "store_failed", "the store's disk failed"},
    {errc::store_full, condition::resume_later, "store_full", "no space is left for the store"},
    {errc::store_locked, condition::resume_later, "store_locked",
     "another process has the store open"},
    {errc::store_damaged, condition::misuse, "store_damaged", "the store is damaged"},
    {errc::store_foreign, condition::misuse, "store_foreign",
     "the file is no store, or one of a newer version"},
    {errc::store_refused, condition::misuse, "store_refused", "the store cannot be opened"},
    {errc::job_changed, condition::misuse, "job_changed",
     "the job was begun with another connector or query"},
    {errc::sink_failed, condition::resume_later, "sink_failed", "the sink failed"},
    {errc::range_broken, condition::mend_connector, "range_broken",
     "the server's filter does not do what the connector says"},
};

const meaning* find(int code) noexcept
{
    for (const meaning& m : meanings)
        if (static_cast<int>(m.code) == code) return &m;
    return nullptr;
}

class condition_category final : public error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "catena.condition"; }

    [[nodiscard]] std::string message(int v) const override
    {
        switch (static_cast<condition>(v)) {
            case condition::try_again: return "the same request may succeed later";
            case condition::rebuild: return "the cursor is dead; the last key lives";
            case condition::resume_later: return "stopped safely; go on later";
            case condition::mend_connector: return "connector and server disagree";
            case condition::mend_request: return "the API refuses the request as it is";
            case condition::misuse: return "the calling program broke a precondition";
        }
        return "unknown";
    }

    // Failures of the wire belong to other categories; this is where they meet our question.
    [[nodiscard]] bool equivalent(const error_code& ec, int v) const noexcept override
    {
        const auto asked = static_cast<condition>(v);
        if (ec.category() == catena_category()) {
            const meaning* m = find(ec.value());
            return m != nullptr && m->kind == asked;
        }
        if (asked != condition::try_again) return false;

        namespace sys = boost::system::errc;
        constexpr sys::errc_t passing[] = {
            sys::connection_reset,    sys::connection_refused,
            sys::connection_aborted,  sys::broken_pipe,
            sys::timed_out,           sys::host_unreachable,
            sys::network_unreachable, sys::network_down,
            sys::network_reset,       sys::address_not_available,
            sys::too_many_files_open, sys::too_many_files_open_in_system,
            sys::no_buffer_space,     sys::not_connected,
        };
        for (const sys::errc_t e : passing)
            if (ec == e) return true;
        // The resolver's categories are Asio's own; a name may resolve at another moment.
        const std::string category = ec.category().name();
        return category == "asio.netdb" || category == "asio.addrinfo" || category == "asio.misc" ||
               category == "asio.ssl.stream" || category == "asio.ssl";
    }
};

class errc_category final : public error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "catena"; }

    [[nodiscard]] std::string message(int v) const override
    {
        const meaning* m = find(v);
        return m == nullptr ? "unknown" : std::string(m->name) + ": " + m->text;
    }
};

const condition_category& conditions() noexcept
{
    static const condition_category category;
    return category;
}

}  // namespace

const error_category& catena_category() noexcept
{
    static const errc_category category;
    return category;
}

error_code make_error_code(errc e) noexcept { return {static_cast<int>(e), catena_category()}; }

error_condition make_error_condition(condition c) noexcept
{
    return {static_cast<int>(c), conditions()};
}

}  // namespace catena
