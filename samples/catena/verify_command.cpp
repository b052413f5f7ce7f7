// What a run has left, judged without it: by the store's rows, the text's own records, and the
// audit that every run ends in.
#include "commands.hpp"
#include "kept_text.hpp"
#include "output_words.hpp"
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
    std::optional<kept_text> text;     ///< Nothing of a database.
    std::string format;
    catena::job_row job;

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

std::uint64_t octets_from(const std::string& position)
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
    text_file file;
    file.path = words.output;
    file.format = out.format;
    file.committed = octets_from(position->position);
    file.packed = words.output.ends_with(".gz");
    file.is_json = c.format != catena::page_format::xml;
    file.key = c.key;
    out.text = read_kept(file);
    if (out.text->keys)
        out.keys = std::make_unique<text_store>(*out.rows, std::move(*out.text->keys));
    return out;
}

/// Whether what stands behind the committed octets is only what makes an array whole.
bool tail_belongs(const kept_output& kept)
{
    const kept_text& text = *kept.text;
    if (kept.format != "json") return text.behind == 0;
    return text.tail == (text.records != 0 ? end_of_array : empty_array);
}

catena::audit_check check_file(const kept_output& kept)
{
    const kept_text& text = *kept.text;
    const std::uint64_t wanted = kept.job.records;
    catena::audit_check out;
    out.name = "file";
    out.is = result::good;
    out.allows = catena::verdict::complete;
    out.expected = std::to_string(wanted);
    out.found = std::to_string(text.records);
    const auto is_bad = [&](catena::verdict allows, std::string note) {
        out.is = result::bad;
        out.allows = allows;
        out.note = std::move(note);
    };
    const bool over = kept.job.planned && kept.job.ended == kept.job.chains;
    if (text.records != wanted)
        is_bad(catena::verdict::incomplete, "the file has " + in_groups(text.records) +
                                                " records, and " + in_groups(wanted) +
                                                " were committed");
    else if (text.flaws != 0)
        is_bad(catena::verdict::incomplete,
               in_groups(text.flaws) + " of the records cannot be read, first " + text.first_flaw);
    else if (over && !tail_belongs(kept))
        is_bad(catena::verdict::unverified, "behind the records the file has " +
                                                in_groups(text.behind) +
                                                " octets that no run has committed");
    return out;
}

void judge_file(const kept_output& kept, catena::audit_report& r)
{
    catena::audit_check check = check_file(kept);
    if (check.is == result::bad) {
        r.reasons.insert(r.reasons.begin(), check.note);
        r.is = std::max(r.is, check.allows);
    }
    r.checks.push_back(std::move(check));
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
    const kept_output kept = open_kept(c, words, talk);
    o.name = kept.job.name;
    catena::audit_report r = catena::collect(c, kept.store(), o);
    if (kept.text) judge_file(kept, r);
    if (!words.report.empty()) write_report(words.report, r);
    if (!talk.is_quiet()) std::cout << to_text(r);
    return code_of(r.is, words.lenient);
}

}  // namespace command
