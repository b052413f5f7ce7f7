// What a run has left, judged without it: by the store's rows, the text's own records, and the
// audit that every run ends in.
#include "commands.hpp"
#include "kept_text.hpp"
#include "output_words.hpp"
#include "page_folder.hpp"
#include "page_records.hpp"
#include "progress.hpp"
#include "record_writers.hpp"
#include "run_needs.hpp"
#include "store_answer.hpp"
#include "text_store.hpp"
#include <catena/codec/audit_text.hpp>
#include <catena/collect.hpp>
#include <catena/store/sqlite_store.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace command {

namespace {

using result = catena::audit_check::result;

/// Learns how far a text was committed, and touches nothing.
struct position_sink final : catena::sink {
    void resume(std::string_view told) override { position = told; }
    void write(const catena::page_commit&) override {}
    std::string flush() override { return position; }

    std::string position;
};

/// An output as an earlier run left it.
struct kept_output {
    std::unique_ptr<catena::sqlite_store> rows;
    std::unique_ptr<text_store> keys;  ///< The rows, and what the text has for keys.
    std::optional<kept_text> text;     ///< Of a text.
    std::optional<kept_pages> pages;   ///< Of a folder of pages.
    std::string format;
    std::string position;  ///< Of the text or folder, as committed.
    catena::job_row job;
    bool counts_pages = false;  ///< The records in a folder's pages can be counted.

    [[nodiscard]] catena::store& store() const
    {
        return keys ? static_cast<catena::store&>(*keys) : *rows;
    }
};

void require_kept(const run_words& words, const std::string& state)
{
    if (words.output == "-")
        throw std::invalid_argument("verify reads what a run has written: name it with --output");
    if (!std::filesystem::exists(words.output))
        throw std::invalid_argument("there is no " + words.output);
    if (!std::filesystem::exists(state))
        throw std::invalid_argument("there is no " + state +
                                    ", which says what of the text is whole; --state names it");
}

catena::job_row job_of(catena::store& in, const std::string& name)
{
    return answer_of<catena::job_row>([&](const auto& done) { in.known(name, done); });
}

/// Octets of a text, or pages of a folder.
std::uint64_t count_from(const std::string& position)
{
    std::uint64_t n = 0;
    std::from_chars(position.data(), position.data() + position.size(), n);
    return n;
}

kept_output open_kept(const catena::connector& c, const run_words& words, terminal& talk)
{
    const bool rows = is_database(words.output);
    const std::string state = state_of(rows ? "sqlite" : "text", words);
    require_kept(words, state);
    const auto position = std::make_shared<position_sink>();
    catena::sqlite_options o;
    o.read_only = true;
    o.on_warning = [&talk](const std::string& text) { talk.say(text); };
    if (!rows) o.records = position;

    kept_output out;
    out.rows = std::make_unique<catena::sqlite_store>(state, o);
    const std::string own_name = words.name.empty() ? c.name : words.name;
    const std::string name = rows ? own_name : name_of_dataset;
    out.job = job_of(*out.rows, name);
    if (out.job.id == 0)
        throw std::invalid_argument(state + " has no job '" + name + "'; --name names another");
    if (rows) return out;

    const std::string form = job_of(*out.rows, name_of_form).description;
    out.format = form.substr(0, form.find(' '));
    out.position = position->position;
    out.counts_pages = c.format != catena::page_format::xml;
    const std::uint64_t committed = count_from(out.position);
    if (out.format == "pages") {
        out.pages = read_pages(words.output, committed,
                               [&](const std::string& body) { return records_in(c, body); });
        return out;
    }
    text_file file;
    file.path = words.output;
    file.format = out.format;
    file.committed = committed;
    file.packed = words.output.ends_with(".gz");
    file.is_json = c.format != catena::page_format::xml;
    file.key = c.key;
    out.text = read_kept(file);
    if (out.text->keys)
        out.keys = std::make_unique<text_store>(*out.rows, std::move(*out.text->keys));
    return out;
}

/// Whether a run has committed something since.
bool has_moved(const kept_output& kept, const run_words& words)
{
    const bool rows = is_database(words.output);
    const auto position = std::make_shared<position_sink>();
    catena::sqlite_options o;
    o.read_only = true;
    if (!rows) o.records = position;
    catena::sqlite_store now(state_of(rows ? "sqlite" : "text", words), o);
    const catena::job_row row = job_of(now, kept.job.name);
    return row.pages != kept.job.pages || row.ended != kept.job.ended ||
           position->position != kept.position;
}

/// Whether what stands behind the committed octets is only what makes an array whole.
bool tail_belongs(const kept_output& kept)
{
    const kept_text& text = *kept.text;
    if (kept.format != "json") return text.behind == 0;
    return text.tail == (text.records != 0 ? end_of_array : empty_array);
}

bool is_over(const kept_output& kept)
{
    return kept.job.planned && kept.job.ended == kept.job.chains;
}

/// A check of the records that were committed against those that are there.
class file_check {
public:
    file_check(std::uint64_t expected, std::uint64_t found)
    {
        made_.name = "file";
        made_.is = result::good;
        made_.allows = catena::verdict::complete;
        made_.expected = std::to_string(expected);
        made_.found = std::to_string(found);
    }
    /// The first flaw, which is to be the worst, is told.
    void flaw(bool there, catena::verdict allows, std::string note)
    {
        if (!there || made_.is == result::bad) return;
        made_.is = result::bad;
        made_.allows = allows;
        made_.note = std::move(note);
    }
    void add_to(catena::audit_report& r) &&
    {
        if (made_.is == result::bad) r.reasons.insert(r.reasons.begin(), made_.note);
        r.is = std::max(r.is, made_.allows);
        r.checks.push_back(std::move(made_));
    }

private:
    catena::audit_check made_;
};

constexpr const char* not_ours = " that no run has committed";

void judge_text(const kept_output& kept, catena::audit_report& r)
{
    const kept_text& text = *kept.text;
    const std::uint64_t wanted = kept.job.records;
    file_check check(wanted, text.records);
    check.flaw(text.records != wanted, catena::verdict::incomplete,
               "the file has " + in_groups(text.records) + " records, and " + in_groups(wanted) +
                   " were committed");
    check.flaw(text.flaws != 0, catena::verdict::incomplete,
               in_groups(text.flaws) + " of the records cannot be read, first " + text.first_flaw);
    check.flaw(is_over(kept) && kept.format == "json" && text.tail.empty(),
               catena::verdict::incomplete,
               "the array has no end; run the same command again, which writes it");
    check.flaw(is_over(kept) && !tail_belongs(kept), catena::verdict::unverified,
               "behind the records the file has " + in_groups(text.behind) + " octets" + not_ours);
    std::move(check).add_to(r);
}

void judge_pages(const kept_output& kept, catena::audit_report& r)
{
    const kept_pages& there = *kept.pages;
    const std::uint64_t wanted = kept.job.records;
    file_check check(wanted, there.records);
    check.flaw(
        there.flaws != 0, catena::verdict::incomplete,
        in_groups(there.flaws) + " of the pages cannot be read, one of them " + there.first_flaw);
    // There may be more: what lies beyond a chain's part, or came again, is left out elsewhere.
    check.flaw(kept.counts_pages && there.records < wanted, catena::verdict::incomplete,
               "the pages have " + in_groups(there.records) + " records, and " + in_groups(wanted) +
                   " were committed");
    check.flaw(!kept.counts_pages, catena::verdict::unverified,
               "the records in pages of XML are not counted");
    check.flaw(there.twice != 0, catena::verdict::unverified,
               "the folder has " + in_groups(there.twice) + " pages twice");
    check.flaw(is_over(kept) && there.behind != 0, catena::verdict::unverified,
               "the folder has " + in_groups(there.behind) + " pages" + not_ours);
    std::move(check).add_to(r);
}

}  // namespace

exit_code verify(const run_words& words, terminal& talk)
{
    const catena::connector c = load_connector_file(words.connector);
    catena::job_options o;
    o.only_judges = true;
    o.audit.asks_total = words.asks;
    o.whole = wanted_part(c, words);
    require_report(words.report);
    catena::audit_report r;
    // What a run commits meanwhile is seen by some of the readings and not by others.
    for (int tries = 5; tries != 0; --tries) {
        const kept_output kept = open_kept(c, words, talk);
        o.name = kept.job.name;
        r = catena::collect(c, kept.store(), o);
        if (kept.text) judge_text(kept, r);
        if (kept.pages) judge_pages(kept, r);
        if (!has_moved(kept, words)) break;
    }
    if (!words.report.empty()) write_report(words.report, r);
    if (!talk.is_quiet()) std::cout << to_text(r);
    return code_of(r.is, words.lenient);
}

}  // namespace command
