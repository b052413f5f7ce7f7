#include "closing.hpp"

#include "progress.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace command {

using catena::audit_check;
using catena::verdict;

namespace {

const char* word_of(verdict v)
{
    switch (v) {
        case verdict::complete: return "complete";
        case verdict::unverified: return "unverified";
        case verdict::incomplete: return "incomplete";
    }
    return "";
}

struct cure {
    const char* check;
    const char* mend;
};

// What would make a check good, in words of the command and of the connector file.
constexpr cure cures[] = {
    {"chains", "run the same command again"},
    {"coverage", "fetch it anew into another --output"},
    {"stored", "correct `key`: it does not tell all records apart"},
    {"total", "fetch it anew while the data rest, or correct `total`"},
    {"key", "name a `key`"},
    {"tokens", "declare a `total`, or leave `discovery` out"},
    {"positions",
     "fetch it anew while the data rest, or page by a cursor or `range` if there is one"},
    {"strays", "correct `range`: the server does not filter by it"},
    {"spots", "run it again into another --output and compare"},
    {"ids", "run it again into another --output and compare"},
    {"changes", "run it again when the data rest"},
    {"previous", "compare both outputs"},
};

std::string mend_of(const std::string& check)
{
    const auto* const found = std::find_if(std::begin(cures), std::end(cures),
                                           [&](const cure& c) { return check == c.check; });
    return found == std::end(cures) ? "see the whole audit" : found->mend;
}

std::string trouble_of(const audit_check& c)
{
    std::string why = c.note;
    if (why.empty()) why = c.name + ": expected " + c.expected + ", found " + c.found;
    return why + "; " + mend_of(c.name);
}

bool is_told(const std::string& reason, const std::vector<audit_check>& by)
{
    return std::any_of(by.begin(), by.end(), [&](const audit_check& c) {
        return reason == c.note || reason.find(c.name + ":") == 0;
    });
}

}  // namespace

closing closing_of(const catena::audit_report& r, const std::string& report)
{
    closing out;
    out.verdict = word_of(r.is);
    out.line = out.verdict + ": " + counted(r.counts.records, "record", "records") + ", " +
               counted(r.counts.requests, "request", "requests") + ", " +
               in_words(std::chrono::duration_cast<catena::duration>(r.ended - r.begun)) +
               (report.empty() ? " (--report FILE.html has the whole audit)"
                               : " (the whole audit: " + report + ")");
    std::vector<audit_check> against;
    for (const audit_check& c : r.checks)
        if (c.allows != verdict::complete) against.push_back(c);
    std::stable_sort(
        against.begin(), against.end(),
        [](const audit_check& a, const audit_check& b) { return a.allows > b.allows; });
    for (const audit_check& c : against)
        out.trouble.push_back(trouble_of(c));
    // What no check stands for, such as a total that could not be asked for.
    for (const std::string& reason : r.reasons)
        if (!is_told(reason, against)) out.trouble.push_back(reason + "; run the command again");
    for (std::string& each : out.trouble)
        if (r.is == verdict::unverified) each += ", or accept it with --allow-unverified";
    return out;
}

}  // namespace command
