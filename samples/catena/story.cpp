#include "story.hpp"

#include "progress.hpp"

#include <utility>

namespace command {

using catena::advice;
using catena::condition;
using catena::errc;

namespace {

struct cure {
    errc failure;
    const char* mend;
};

// Where the library would have one of its own settings changed.
constexpr cure cures[] = {
    {errc::empty_pages,
     "if the API filters that much, ask for larger pages (page_size.value) or for less (range)"},
    {errc::cursor_too_long, "check next.from: the token of a page is shorter as a rule"},
    {errc::cursor_expired,
     "describe in expiry.recover what the API can do: rebuild with a key filter, rescan, or "
     "token_from; as it is, nothing replaces the cursor"},
    {errc::rate_limited, "describe the API's limits in `limits`"},
    {errc::tls_untrusted,
     "if the server has a CA of its own, name its file in the variable SSL_CERT_FILE"},
    {errc::proxy_refused, "check the variables https_proxy, http_proxy, all_proxy and no_proxy"},
};

bool is_redirect(int status) { return status >= 300 && status < 400; }

// Failures that pass by themselves, and of whose cause nothing more is known.
bool passes(const catena::error_code& ec)
{
    return ec == condition::try_again && ec != errc::wrong_content &&
           ec != errc::credentials_unavailable;
}

std::string mend_of(const catena::diagnostics& why, prospect then)
{
    const catena::error_code& ec = why.code;
    if (ec == errc::hold_too_long) {
        const std::string when =
            then == prospect::resumes ? "after that time" : "in " + in_words(why.retry_in);
        return "run it again " + when + ", or allow longer pauses with --max-wait";
    }
    for (const cure& each : cures)
        if (ec == each.failure) return each.mend;
    if (ec == errc::limit_exceeded && is_redirect(why.status))
        return "set request.url to where the server redirects";
    if (!passes(ec)) return why.mend;
    return why.pages_delivered == 0 && why.page == 0
               ? "check request.url and that the server is there"
               : "wait until the server is well again";
}

}  // namespace

std::string story_of(catena::diagnostics why, prospect then)
{
    why.mend = mend_of(why, then);
    const bool by_checkpoint = why.next == advice::resume || why.next == advice::resume_after;
    const bool may_pass = passes(why.code) || why.code == condition::resume_later;
    if (by_checkpoint && then == prospect::begins_anew)
        why.next = may_pass ? advice::retry : advice::none;
    return why.text();
}

}  // namespace command
