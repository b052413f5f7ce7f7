#include "story.hpp"

#include "support/catch.hpp"

#include <chrono>

using namespace command;
using catena::advice;
using catena::errc;

namespace {

catena::diagnostics failed(catena::error_code ec, advice next, std::string mend)
{
    catena::diagnostics why;
    why.code = ec;
    why.connector = "items";
    why.next = next;
    why.mend = std::move(mend);
    return why;
}

}  // namespace

TEST_CASE("a failure is mended by words of the command and the connector file", "[command]")
{
    struct row {
        errc failure;
        std::string says;
    };
    const row rows[] = {
        {errc::hold_too_long, "--max-wait"},      {errc::empty_pages, "page_size.value"},
        {errc::cursor_too_long, "next.from"},     {errc::cursor_expired, "expiry.recover"},
        {errc::rate_limited, "`limits`"},         {errc::tls_untrusted, "SSL_CERT_FILE"},
        {errc::proxy_refused, "https_proxy"},     {errc::server_failed, "request.url"},
        {errc::timed_out_connect, "request.url"},
    };
    for (const row& r : rows)
        for (const prospect then : {prospect::resumes, prospect::begins_anew}) {
            const std::string text =
                story_of(failed(r.failure, advice::resume, "raise chain_limits::some"), then);
            INFO(text);
            CHECK(text.find("::") == text.npos);
            CHECK(text.find("mend: ") != text.npos);
            CHECK(text.find(r.says) != text.npos);
        }
}

TEST_CASE("a failure's own cure stands where it names the connector's fields", "[command]")
{
    for (const errc each : {errc::schema_drift, errc::wrong_content, errc::not_found,
                            errc::credentials_unavailable, errc::limit_exceeded})
        CHECK(story_of(failed(each, advice::none, "correct `end`"), prospect::resumes)
                  .ends_with("mend: correct `end`"));
    catena::diagnostics moved = failed(errc::limit_exceeded, advice::none, "raise x::redirects");
    moved.status = 302;
    CHECK(story_of(moved, prospect::resumes).ends_with("where the server redirects"));
    catena::diagnostics later = failed(errc::server_failed, advice::resume, "");
    later.page = 3;
    CHECK(story_of(later, prospect::resumes).ends_with("until the server is well again"));
}

TEST_CASE("a checkpoint is named only where there is one", "[command]")
{
    for (const advice each : {advice::resume, advice::resume_after}) {
        catena::diagnostics why = failed(errc::hold_too_long, each, "");
        why.retry_in = std::chrono::hours(3);
        CHECK(story_of(why, prospect::resumes).find("from the checkpoint") != std::string::npos);
        const std::string anew = story_of(why, prospect::begins_anew);
        CHECK(anew.find("checkpoint") == anew.npos);
        CHECK(anew.find("run it again in 3 h") != anew.npos);
    }
    CHECK(story_of(failed(errc::server_failed, advice::resume, ""), prospect::begins_anew)
              .find("next: ask again") != std::string::npos);
    CHECK(story_of(failed(errc::schema_drift, advice::resume, ""), prospect::begins_anew)
              .find("in the same way") != std::string::npos);
    CHECK(story_of(failed(errc::not_found, advice::none, ""), prospect::begins_anew)
              .find("in the same way") != std::string::npos);
}
