#include "core/audit_discovery.hpp"
#include "core/audit_picture.hpp"
#include "core/grouped.hpp"
#include <catena/core/audit.hpp>

#include <algorithm>
#include <utility>

namespace catena {

using core::counted;
using core::grouped;
using result = audit_check::result;

namespace {

audit_check good(const char* name, std::string expected, std::string found, std::string note = {})
{
    audit_check out;
    out.name = name;
    out.is = result::good;
    out.allows = verdict::complete;
    out.expected = std::move(expected);
    out.found = std::move(found);
    out.note = std::move(note);
    return out;
}

audit_check other(const char* name, result is, verdict allows, std::string expected,
                  std::string found, std::string note)
{
    audit_check out = good(name, std::move(expected), std::move(found), std::move(note));
    out.is = is;
    out.allows = allows;
    return out;
}

audit_check bad(const char* name, verdict allows, std::string expected, std::string found,
                std::string note)
{
    return other(name, result::bad, allows, std::move(expected), std::move(found), std::move(note));
}

audit_check unknown(const char* name, verdict allows, std::string note)
{
    return other(name, result::unknown, allows, "", "", std::move(note));
}

std::string digits(std::uint64_t n) { return std::to_string(n); }

audit_check check_chains(const audit_facts& f)
{
    const audit_counts& n = f.counts;
    const std::string expected = digits(n.chains), found = digits(n.ended);
    if (n.chains == 0)
        return bad("chains", verdict::incomplete, "1 or more", "0", "no chain was begun");
    if (n.ended < n.chains)
        return bad("chains", verdict::incomplete, expected, found,
                   grouped(n.chains - n.ended) + " of " + counted(n.chains, "chain") +
                       (n.chains - n.ended == 1 ? " has" : " have") + " yet to end");
    if (n.ended > n.chains || !f.unfinished.empty())
        return bad("chains", verdict::incomplete, expected, found,
                   "the counts of chains contradict one another");
    return good("chains", expected, found);
}

audit_check check_coverage(const audit_facts& f)
{
    constexpr const char* name = "coverage";
    if (f.discovery) return core::check_found_pages(f);
    if (!f.covered)
        return unknown(name, verdict::unverified,
                       "it was not proved that the chains' ranges cover what was wanted");
    const coverage& c = *f.covered;
    if (c.covered()) return good(name, "each key once", "each key once");
    std::string found =
        counted(c.gaps.size(), "gap") + ", " + counted(c.overlaps.size(), "overlap");
    if (!c.unreadable.empty())
        found += ", " + counted(c.unreadable.size(), "range") + " that cannot be read";
    const bool loses = !c.gaps.empty() || !c.unreadable.empty();
    return bad(name, loses ? verdict::incomplete : verdict::unverified, "each key once", found,
               "the chains' ranges do not divide what was wanted: " + found);
}

audit_check check_stored(const audit_facts& f)
{
    if (!f.stored)
        return unknown("stored", verdict::complete, "the store's records were not counted anew");
    const std::string expected = digits(f.counts.records), found = digits(*f.stored);
    if (*f.stored == f.counts.records) return good("stored", expected, found);
    return bad("stored", verdict::unverified, expected, found,
               counted(f.counts.records, "record") + " were committed, and the store has " +
                   grouped(*f.stored) +
                   (*f.stored < f.counts.records ? ": some came twice under one key" : ""));
}

audit_check check_total(const audit_facts& f)
{
    const std::optional<std::uint64_t>& total = f.total_at_end ? f.total_at_end : f.total_at_start;
    if (!total) return unknown("total", verdict::complete, "the server declared no total");
    const std::uint64_t have = f.stored.value_or(f.counts.records);
    const bool moved = f.total_at_start && f.total_at_start != total;
    const std::string before =
        moved ? " (at the start it counted " + grouped(*f.total_at_start) + ")" : "";
    if (*total == have)
        return good(
            "total", digits(*total), digits(have),
            moved ? "the server counted " + grouped(*f.total_at_start) + " at the start" : "");
    return bad("total", verdict::unverified, digits(*total), digits(have),
               "the server counts " + counted(*total, "record") + before + ", and " +
                   grouped(have) + (have == 1 ? " is" : " are") + " stored");
}

audit_check check_key(const audit_facts& f)
{
    if (f.has_key) return good("key", "a key", "a key");
    return other("key", result::unknown, verdict::unverified, "a key", "none",
                 "the records have no key: two of the same cannot be told apart");
}

std::string of_one(const std::string& why) { return why.empty() ? "" : "; of one, " + why; }

audit_check check_look(const char* name, const second_look& look)
{
    const std::string found = digits(look.missing) + " missing";
    if (look.missing != 0 || !look.gaps.empty())
        return bad(name, verdict::incomplete, "0 missing", found,
                   "the server shows " +
                       counted(std::max<std::uint64_t>(look.missing, look.gaps.size()), "record") +
                       (look.found < look.missing ? " that the store lacks"
                                                  : " that the store lacked until it was asked "
                                                    "again; there may be more"));
    if (look.failed != 0)
        return other(name, result::unknown, verdict::unverified, "0 missing", found,
                     grouped(look.failed) + " of " + grouped(look.asked) +
                         " queries had no answer that could be judged" + of_one(look.why));
    if (!look.settled)
        return other(name, result::unknown, verdict::unverified, "0 missing", found,
                     counted(look.found, "record") +
                         " had been missed and are stored by now, some by the last look: the data "
                         "move faster than they are read");
    std::string note;
    if (look.found != 0)
        note = counted(look.found, "record") + " had been missed and are stored by now";
    if (look.extra != 0)
        note += (note.empty() ? "" : "; ") + counted(look.extra, "stored record") +
                " that the server no longer shows: left in the store";
    return good(name, "0 missing", found, std::move(note));
}

audit_check check_positions(const audit_facts& f)
{
    if (f.reconciled) return check_look("positions", *f.reconciled);
    return unknown("positions", verdict::unverified,
                   "pages are counted, so records that came or went during the run may have moved "
                   "others past it; it was not reconciled" +
                       (f.why_not_reconciled.empty() ? "" : ": " + f.why_not_reconciled));
}

audit_check check_strays(const audit_facts& f)
{
    const std::uint64_t n = f.counts.strays;
    if (n == 0) return good("strays", "0", "0");
    return bad("strays", verdict::unverified, "0", digits(n),
               "the server answered " + counted(n, "record") + " outside of what it was asked for");
}

audit_check check_spots(const audit_facts& f)
{
    if (!f.spots || f.spots->asked == 0)
        return unknown("spots", verdict::complete, "no part was looked at again");
    return check_look("spots", *f.spots);
}

audit_check check_ids(const audit_facts& f)
{
    constexpr const char* name = "ids";
    if (!f.ids) return unknown(name, verdict::complete, "ids were not looked at for holes");
    const id_facts& ids = *f.ids;
    if (!ids.gaps.empty())
        return bad(name, verdict::incomplete, "0 missing", digits(ids.gaps.size()) + " missing",
                   "the server has ids that the store lacks");
    if (ids.holes == 0) return good(name, "0 holes", "0 holes");
    const std::string holes = counted(ids.holes, "hole");
    if (!ids.dense)
        return other(name, result::unknown, verdict::complete, "", holes,
                     "the ids have so many holes that they tell nothing");
    if (ids.asked < ids.holes)
        return other(name, result::unknown, verdict::unverified, "0 holes", holes,
                     "the ids follow one another, but for " + holes + ", of which " +
                         grouped(ids.asked) + " were asked for again" + of_one(ids.why));
    return good(name, "0 holes", holes,
                "asked for again: " + grouped(ids.found) + " were there and are stored by now, " +
                    "the others are none");
}

audit_check check_changes(const audit_facts& f)
{
    if (!f.changes)
        return unknown("changes", verdict::complete,
                       "it was not looked for what changed during the run");
    const std::string expected = digits(f.changes->found), taken = digits(f.changes->taken);
    if (f.changes->taken >= f.changes->found) return good("changes", expected, taken);
    return bad("changes", verdict::unverified, expected, taken,
               counted(f.changes->found, "record") + " changed after the run began, and " +
                   grouped(f.changes->taken) + " of these changes are stored");
}

std::string difference_of(const previous_run& before)
{
    std::string out;
    const auto add = [&](const std::optional<std::uint64_t>& n, const char* what) {
        if (n) out += (out.empty() ? "" : ", ") + grouped(*n) + what;
    };
    add(before.added, " added");
    add(before.changed, " changed");
    add(before.deleted, " deleted");
    if (before.deleted.value_or(0) != 0) out += ": flagged only, left to you";
    return out;
}

audit_check check_previous(const audit_facts& f)
{
    if (!f.previous)
        return unknown("previous", verdict::complete, "there is no previous run to compare with");
    const std::uint64_t have = f.stored.value_or(f.counts.records);
    const std::uint64_t before = f.previous->records;
    const double least = static_cast<double>(before) * (1 - f.most_shrinking);
    if (static_cast<double>(have) >= least)
        return good("previous", digits(before), digits(have), difference_of(*f.previous));
    return bad("previous", verdict::unverified, digits(before), digits(have),
               "the previous run had " + counted(before, "record") + ", and this one has " +
                   grouped(have));
}

std::vector<audit_gap> gaps_beside_chains(const audit_facts& f)
{
    std::vector<audit_gap> out;
    if (f.covered)
        for (const range& r : f.covered->gaps)
            out.emplace_back(r, "no chain has it");
    const auto add = [&](const std::vector<audit_gap>& more) {
        out.insert(out.end(), more.begin(), more.end());
    };
    if (f.reconciled) add(f.reconciled->gaps);
    if (f.spots) add(f.spots->gaps);
    if (f.ids) add(f.ids->gaps);
    return out;
}

std::vector<audit_check> checks_of(const audit_facts& f)
{
    std::vector<audit_check> out = {check_chains(f), check_coverage(f), check_stored(f),
                                    check_total(f), check_key(f)};
    if (f.discovery) out.push_back(core::check_tokens(f, check_total(f)));
    if (f.counted_pages || f.reconciled) out.push_back(check_positions(f));
    for (const auto& check : {check_strays, check_spots, check_ids, check_changes, check_previous})
        out.push_back(check(f));
    return out;
}

std::vector<std::string> reasons_of(const std::vector<audit_check>& checks)
{
    std::vector<std::string> out;
    for (const verdict v : {verdict::incomplete, verdict::unverified})
        for (const audit_check& c : checks)
            if (c.allows == v) out.push_back(c.note);
    return out;
}

}  // namespace

verdict verdict_of(std::span<const audit_check> checks) noexcept
{
    verdict out = checks.empty() ? verdict::unverified : verdict::complete;
    for (const audit_check& c : checks) {
        out = std::max(out, c.allows);
        if (c.is == result::bad) out = std::max(out, verdict::unverified);
    }
    return out;
}

audit_report audit(const audit_facts& f)
{
    audit_report out;
    out.job = f.job;
    out.connector = f.connector;
    out.begun = f.begun;
    out.ended = f.ended;
    out.resumed = f.resumed;
    out.counts = f.counts;
    out.checks = checks_of(f);
    out.reasons = reasons_of(out.checks);
    out.is = verdict_of(out.checks);
    const std::vector<audit_gap> gaps = gaps_beside_chains(f);
    out.picture = core::picture_of(f, gaps);
    out.gaps = f.unfinished;
    out.gaps.insert(out.gaps.end(), gaps.begin(), gaps.end());
    if (f.covered) out.overlaps = f.covered->overlaps;
    if (f.previous) out.deleted = f.previous->deleted_keys;
    return out;
}

}  // namespace catena
