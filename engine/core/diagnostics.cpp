#include <catena/diagnostics.hpp>

#include <string>
#include <utility>

namespace catena {
namespace {

std::string in_words(duration d)
{
    const auto seconds = d.count() / 1'000'000'000 + (d.count() % 1'000'000'000 > 0 ? 1 : 0);
    if (seconds < 120) return std::to_string(seconds) + " s";
    if (seconds < 7200) return std::to_string((seconds + 59) / 60) + " min";
    return std::to_string((seconds + 3599) / 3600) + " h";
}

bool is_store_trouble(const error_code& ec)
{
    return ec.category() == catena_category() &&
           ec.value() >= static_cast<int>(errc::store_failed) &&
           ec.value() <= static_cast<int>(errc::sink_failed);
}

}  // namespace

std::string diagnostics::text() const
{
    std::string t = what.empty() ? code.message() : what + " [" + code.message() + "]";

    // A store that is asked by no job knows of no connector and no page.
    const bool by_itself = is_store_trouble(code) && connector.empty();
    if (!by_itself) {
        t += "\n  where: ";
        t += connector.empty() ? "unnamed connector" : connector;
        if (page != 0 || !is_store_trouble(code)) t += ", page " + std::to_string(page);
    }
    if (attempt > 0) t += ", attempt " + std::to_string(attempt);
    if (status != 0) t += ", status " + std::to_string(status);
    if (!pointer.empty()) t += ", at " + pointer;
    if (octet) t += ", octet " + std::to_string(*octet);
    if (!request.empty()) t += "\n  request: " + request;

    if (!by_itself)
        t += "\n  safe: " + std::to_string(records_delivered) + " records in " +
             std::to_string(pages_delivered) + " pages";
    if (!last_key.empty()) t += ", up to key " + last_key;

    t += "\n  next: ";
    switch (next) {
        case advice::none: t += "going on would fail in the same way"; break;
        case advice::retry: t += "ask again"; break;
        case advice::resume: t += "resume from the checkpoint once the cause is mended"; break;
        case advice::resume_after:
            t += "resume from the checkpoint in " + in_words(retry_in);
            break;
    }
    if (!mend.empty()) t += "\n  mend: " + mend;
    return t;
}

failure::failure(diagnostics why) : system_error(why.code), why_(std::move(why)), text_(why_.text())
{
}

}  // namespace catena
