#include "closing.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "run_needs.hpp"
#include "running.hpp"
#include "story.hpp"
#include <catena/catena.hpp>

#include <boost/asio/error.hpp>

#include <stdexcept>

namespace command {

namespace asio = boost::asio;

namespace {

void require_one_page(const run_words& words)
{
    if (words.output == "-" && words.format.empty() && words.report.empty() &&
        words.max_pages == 0 && words.state.empty() && words.ui.empty() && words.ui_report.empty())
        return;
    throw std::invalid_argument(
        "--one-page only prints: it goes with none of --output, --format, "
        "--state, --report, --ui, --ui-report and --max-pages");
}

std::string what_is_safe(const running& r, const output& into)
{
    const std::string count = in_groups(r.job().progress().records);
    return count +
           (into.singer != nullptr ? " records were written to " : " records are safe in ") +
           into.where;
}

/// What has been written to a stream is not written again.
std::string appended(const output& into)
{
    return into.stream ? "\nappending (>>) to what was written" : "";
}

std::string resuming_command(const output& into, const run_words& words)
{
    if (into.singer == nullptr) return "go on with\n  " + words.again + appended(into);
    return "go on from the last STATE that the target has told, its value in the file of --state:"
           "\n  " +
           words.again;
}

std::string to_begin_anew(const output& into)
{
    if (into.singer != nullptr) return "leave --state out, or name another file";
    if (!into.is_text) return "take another --output or --name";
    return "take another --output, or remove " +
           (into.path.empty() ? std::string() : into.path + ", ") + into.state + " and " +
           into.state + ".lock";
}

exit_code tell_stop(const running& r, const output& into, const run_words& words, terminal& talk)
{
    if (into.resumable)
        talk.tell(what_is_safe(r, into) + "; " + resuming_command(into, words));
    else
        talk.tell(in_groups(r.job().progress().records) +
                  " records were written; nothing was kept to go on from. With --output FILE or "
                  "--state FILE the same command resumes");
    return r.interrupted() ? interrupted : stopped;
}

// What was kept, and the command that goes on with it.
std::string how_to_go_on(const running& r, const output& into, const run_words& words)
{
    if (!into.resumable)
        return "nothing was kept to go on from: the next run begins anew. With --output FILE or "
               "--state FILE the same command resumes";
    if (r.job().progress().pages == 0)
        return "nothing was fetched yet; when the cause is mended, go on with\n  " + words.again;
    return what_is_safe(r, into) + "; when the cause is mended, " + resuming_command(into, words);
}

exit_code tell_failure(const running& r, output& into, const run_words& words,
                       const catena::error_code& ec, terminal& talk)
{
    if (into.reader_gone()) {
        talk.tell("whoever read the output has gone");
        return pipe_closed;
    }
    const bool unfit = into.columns && !into.columns->refusal().empty();
    // A store whose disk failed may have kept what it could not tell of.
    const bool known = unfit || code_of(ec) != disk;
    if (known && r.job().progress().pages == 0) into.made->drop();
    if (unfit) {
        talk.say("catena: " + into.columns->refusal());
        if (r.job().progress().records != 0) talk.say(what_is_safe(r, into));
        return usage;
    }
    catena::diagnostics why = r.job().why();
    if (!why.code) why.code = ec;
    if (ec == catena::errc::job_changed || ec == catena::errc::bad_checkpoint)
        why.mend = to_begin_anew(into);
    talk.say(story_of(why, into.resumable ? prospect::resumes : prospect::begins_anew));
    const exit_code as = code_of(ec);
    if (as != usage) talk.say(how_to_go_on(r, into, words));
    return as;
}

exit_code tell_end(const running& r, const output& into, const run_words& words, terminal& talk)
{
    const catena::audit_report& audit = r.job().report();
    const closing said = closing_of(audit, words.report);
    const exit_code as = code_of(audit.is, words.lenient);
    talk.tell(said.line);
    for (const std::string& each : said.trouble)
        if (as == done)
            talk.tell("  - " + each);
        else
            talk.say((talk.is_quiet() ? said.verdict + ": " : "  - ") + each);
    if (into.resumable && audit.counts.requests == 0)
        talk.tell("it was complete already, and nothing was asked; to fetch it anew " +
                  to_begin_anew(into));
    return as;
}

exit_code tell_outcome(const running& r, output& into, const run_words& words,
                       const catena::error_code& ec, terminal& talk)
{
    const bool was_stopped = ec == asio::error::operation_aborted;
    if (ec && !was_stopped) return tell_failure(r, into, words, ec, talk);
    try {
        if (was_stopped)
            into.settle();
        else
            into.finish(r.job().progress().records != 0);
    } catch (const std::exception&) {
        if (!into.reader_gone()) throw;
        talk.tell("whoever read the output has gone");
        return pipe_closed;
    }
    return was_stopped ? tell_stop(r, into, words, talk) : tell_end(r, into, words, talk);
}

}  // namespace

exit_code run(const run_words& words, terminal& talk)
{
    const catena::connector c = load_connector_file(words.connector);
    const catena::chain_limits patience = patience_of(words);
    if (words.dry_run) return dry_run(c, talk);
    if (words.one_page) require_one_page(words);
    if (words.one_page) return show_one_page(c, patience, talk);
    const catena::range whole = wanted_part(c, words);
    require_report(words.report);
    const auto warn = [&](const std::string& text) { talk.say(text); };
    for (bool again = false;; again = true) {
        output into = open_output(words, c, warn);
        running r(words, talk, c, whole, into);
        into.made->keep();
        const catena::error_code ec = r.go();
        // A connector that was mended before anything came just begins.
        if (!again && ec == catena::errc::job_changed && into.holds_nothing()) {
            into.made->disown();
            continue;
        }
        const exit_code code = tell_outcome(r, into, words, ec, talk);
        // Last, as they may fail: the output is whole by now, and what it came to is told.
        if (!words.report.empty()) write_report(words.report, r.job().report());
        r.report();
        r.farewell();
        return code;
    }
}

}  // namespace command
