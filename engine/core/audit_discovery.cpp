#include "core/audit_discovery.hpp"

#include "core/grouped.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace catena::core {

using result = audit_check::result;

namespace {

audit_check made(const char* name, std::string expected, std::string found)
{
    audit_check out;
    out.name = name;
    out.is = result::good;
    out.allows = verdict::complete;
    out.expected = std::move(expected);
    out.found = std::move(found);
    return out;
}

audit_check spoiled(audit_check out, result is, verdict allows, std::string note)
{
    out.is = is;
    out.allows = allows;
    out.note = std::move(note);
    return out;
}

// How many of the numbers below `found` have one chain.
std::uint64_t had_once(std::vector<std::uint64_t> chains, std::uint64_t found)
{
    std::sort(chains.begin(), chains.end());
    std::uint64_t once = 0;
    for (std::size_t i = 0; i < chains.size(); ++i) {
        const bool before = i > 0 && chains[i - 1] == chains[i];
        const bool after = i + 1 < chains.size() && chains[i + 1] == chains[i];
        if (!before && !after && chains[i] < found) ++once;
    }
    return once;
}

}  // namespace

audit_check check_found_pages(const audit_facts& facts)
{
    const discovery_facts& d = *facts.discovery;
    const std::uint64_t once = had_once(d.chains, d.found);
    audit_check out =
        made("coverage", counted(d.found, "page") + " once", counted(once, "page") + " once");
    if (once != d.found || d.chains.size() != d.found)
        return spoiled(std::move(out), result::bad, verdict::incomplete,
                       counted(d.found, "page") + " were found, and the chains have " +
                           grouped(once) + " of them once, " + grouped(d.chains.size()) +
                           " in all");
    if (!d.ended)
        return spoiled(std::move(out), result::bad, verdict::incomplete,
                       "the tokens were not walked to their end");
    const auto add = [&](const std::string& sentence) {
        out.note += (out.note.empty() ? "" : "; ") + sentence;
    };
    if (d.with_records != 0)
        add(counted(d.with_records, "page") +
            " came with records where tokens alone were asked for: `discovery` saves little");
    if (d.further != 0) add(counted(d.further, "page") + " lay behind the last one that was found");
    return out;
}

audit_check check_tokens(const audit_facts& facts, const audit_check& total)
{
    const discovery_facts& d = *facts.discovery;
    audit_check out =
        made("tokens", counted(d.compared, "equal next token"), grouped(d.compared - d.differing));
    if (d.differing == 0) return out;
    const std::string told = grouped(d.differing) + " of " + counted(d.compared, "page") +
                             " told another next token than the walk of the tokens had found";
    if (total.is == result::good) {
        out.note = told + "; the total agrees";
        return out;
    }
    return spoiled(std::move(out), result::unknown, verdict::unverified,
                   told + ", and no total proves that the pages join");
}

}  // namespace catena::core
