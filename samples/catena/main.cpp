// The command `catena`: words in, exit code out. What it does stands in the files beside this one.
#include "commands.hpp"
#include "completion.hpp"
#include "story.hpp"
#include "whole_file.hpp"
#include <catena/diagnostics.hpp>
#include <catena/version.hpp>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace command;

constexpr const char* about =
    R"(Whole datasets out of paginated HTTP APIs, every record exactly once.

  catena demo                              see it work, without an API
  catena probe URL > api.json              propose a connector from a few answers
  catena run api.json                      records to the standard output, one a line
  catena run api.json -o items.jsonl       into a file; killed and run again, it goes on
  catena run api.json -o items.db          into a database, a row for each key
  catena run api.json -o pages/            each page as the server sent it
  catena run api.json --one-page           look at the first page
  catena verify api.json -o items.jsonl    is all of it there? asks nobody
  catena plan api.json --records 1000000 --rtt 50 --server-time 250
)";

constexpr const char* run_examples =
    R"(  catena run api.json | jq .name
  catena run api.json -o items.jsonl --report audit.html
  catena run api.json -o items.db --workers 32 --from 0 --to 1000000
  catena run api.json --format singer --state state.json | target >> state.json
  catena run api.json -o items.db --ui     watch it in a browser
  catena run api.json --dry-run            print the first request, send nothing

The same command goes on where an earlier one stopped or was killed. Secrets are named in api.json,
{"$env": "TOKEN"} or {"$file": "token.txt"}, and never given here.
)";

constexpr const char* verify_examples =
    R"(  catena verify api.json -o items.db
  catena verify api.json -o items.jsonl --ask --report audit.html

Reads what a run has left, changes nothing, and asks nobody but, with --ask, the server for its
total. Give --name, --from and --to as the run had them.
)";

constexpr const char* plan_examples =
    R"(  catena plan api.json --records 1000000 --rtt 50 --server-time 250 --ranges 8 --deadline 15m
)";

constexpr const char* probe_examples =
    R"(  catena probe 'https://api.example.com/items?limit=10' --out api.json
  catena probe https://api.example.com/items \
      --header 'Authorization: {"$env": "TOKEN", "prefix": "Bearer "}' > api.json

Sends at most 4 requests. What was found is told with its evidence; look at it before you run it.
)";

constexpr const char* exit_codes =
    R"(Exit codes: 0 complete and verified, 1 internal, 2 usage or connector, 3 stopped early (run again),
4 refused by the API, 5 network or server, 6 fetched but not proven complete, 7 the API differs from
its description, 8 store or disk, 130 interrupted (saved), 141 the reader of the output has gone.)";

/// Help that begins with what one would type.
class examples_first final : public CLI::Formatter {
public:
    explicit examples_first(const char* examples) : examples_(examples) {}

    std::string make_help(const CLI::App* app, std::string name,
                          CLI::AppFormatMode mode) const override
    {
        if (mode == CLI::AppFormatMode::Sub) return Formatter::make_help(app, name, mode);
        return examples_ + Formatter::make_help(app, std::move(name), mode);
    }

private:
    std::string examples_;
};

void add_run(CLI::App& to, run_words& w)
{
    to.formatter(std::make_shared<examples_first>(run_examples));
    to.add_option("connector", w.connector, "File that describes the API")->required();
    to.add_option(
        "-o,--output", w.output,
        "FILE.jsonl, .json, .csv, each with .gz too, .db, FOLDER/ for pages, or - (default)");
    to.add_option("--format", w.format,
                  "jsonl, json (one array), csv, pages or singer; default: by the ending")
        ->check(CLI::IsMember({"jsonl", "json", "csv", "pages", "singer"}));
    to.add_option("--columns", w.columns, "Of CSV: a,b,c; default: the first record's members")
        ->delimiter(',');
    to.add_flag("--rare-columns", w.rare_columns, "The first page need not have all --columns");
    to.add_option("--state", w.state, "File of the checkpoints; default: OUTPUT.state");
    to.add_option("--report", w.report, "Write the audit to FILE.html, FILE.json or FILE.txt");
    to.add_flag("--ui{0}", w.ui, "Live page on 127.0.0.1 while it runs; --ui=PORT picks the port");
    to.add_option("--ui-report", w.ui_report, "Write that page, as it ended, to FILE.html");
    to.add_option("--name", w.name, "Of the job in its store; default: the connector's name");
    to.add_option("--workers", w.workers, "Chains at once where there is a range; default: 16")
        ->check(CLI::Range(1, 100'000));
    to.add_option("--from", w.from, "Lower border of the connector's range");
    to.add_option("--to", w.to, "Upper border, exclusive");
    to.add_option("--max-pages", w.max_pages, "Stop after so many pages; the same command goes on")
        ->check(CLI::Range(1, 1'000'000'000));
    to.add_option("--max-wait", w.max_wait,
                  "Longest pause that the server may ask for: 90s, 15m, 4h; default: 1h");
    to.add_flag("--one-page", w.one_page, "Print the first page and keep nothing");
    to.add_flag("--dry-run", w.dry_run, "Print the first request, secrets struck out");
    to.add_flag("--allow-unverified", w.lenient, "Exit with 0 where completeness is not proven");
    to.add_flag("-q,--quiet", w.quiet, "Tell failures only");
}

void add_verify(CLI::App& to, run_words& w)
{
    to.formatter(std::make_shared<examples_first>(verify_examples));
    to.add_option("connector", w.connector, "File that describes the API")->required();
    to.add_option("-o,--output", w.output, "What a run has written")->required();
    to.add_option("--state", w.state, "File of the checkpoints; default: OUTPUT.state");
    to.add_option("--report", w.report, "Write the audit to FILE.html, FILE.json or FILE.txt");
    to.add_option("--name", w.name, "Of the job in its store; default: the connector's name");
    to.add_option("--from", w.from, "Lower border, as the run had it");
    to.add_option("--to", w.to, "Upper border, as the run had it");
    to.add_flag("--ask", w.asks, "Ask the server for its total, where it has one");
    to.add_flag("--allow-unverified", w.lenient, "Exit with 0 where completeness is not proven");
    to.add_flag("-q,--quiet", w.quiet, "Say it by the exit code alone");
}

void add_plan(CLI::App& to, plan_words& w)
{
    to.formatter(std::make_shared<examples_first>(plan_examples));
    to.add_option("connector", w.connector, "File that describes the API")->required();
    to.add_option("--records", w.records, "How many there are");
    to.add_option("--page-records", w.page_records, "On a page, if not as the connector says");
    to.add_option("--rtt", w.rtt, "Round trip in milliseconds");
    to.add_option("--server-time", w.server_time, "What the server takes for a page, in ms");
    to.add_option("--octets", w.octets, "Of one record");
    to.add_option("--failure", w.failure, "Share of requests that fail, 0 to 1")
        ->check(CLI::Range(0.0, 1.0));
    to.add_option("--ranges", w.ranges, "Chains at once");
    to.add_option("--deadline", w.deadline, "Wanted: 90s, 15m, 2h, 1d");
}

void add_probe(CLI::App& to, probe_words& w)
{
    to.formatter(std::make_shared<examples_first>(probe_examples));
    to.add_option("url", w.url, "Of the first page, as the API's documentation has it")->required();
    to.add_option("--header", w.headers, "'Name: text', or 'Name: {\"$env\": \"TOKEN\"}'")
        ->allow_extra_args(false);
    to.add_option("--query", w.query, "A secret parameter, 'name: {\"$env\": \"KEY\"}'")
        ->allow_extra_args(false);
    to.add_option("--records", w.records, "JSON Pointer of the array of records");
    to.add_option("--key", w.key, "JSON Pointer of a field that identifies a record")
        ->allow_extra_args(false);
    to.add_option("--parameter", w.parameter, "Query parameter that takes the token");
    to.add_option("--out", w.out, "Write the connector file there; default: standard output");
    to.add_flag("-q,--quiet", w.quiet, "Do not tell what was found");
}

std::vector<spelled_command> spelled(const CLI::App& all)
{
    std::vector<spelled_command> out;
    for (const CLI::App* sub : all.get_subcommands(nullptr)) {
        spelled_command c{sub->get_name(), sub->get_description(), {}};
        for (const CLI::Option* o : sub->get_options()) {
            for (const std::string& name : o->get_lnames())
                c.options.push_back("--" + name);
            for (const std::string& name : o->get_snames())
                c.options.push_back('-' + name);
        }
        out.push_back(std::move(c));
    }
    return out;
}

/// What CLI11 says, and the word that was probably meant.
std::string usage_error(const CLI::App& all, const CLI::ParseError& e)
{
    std::string text = std::string("catena: ") + e.what();
    std::vector<std::string> known;
    const CLI::App* asked = &all;
    for (const CLI::App* sub : all.get_subcommands(nullptr)) {
        known.push_back(sub->get_name());
        if (sub->parsed()) asked = sub;
    }
    for (const CLI::Option* o : asked->get_options())
        for (const std::string& name : o->get_lnames())
            known.push_back("--" + name);
    for (const std::string& word : all.remaining(true)) {
        const std::string meant = nearest(word.substr(0, word.find('=')), known);
        if (!meant.empty()) text += "\n'" + word + "' is unknown; did you mean '" + meant + "'?";
    }
    return text + "\nSee catena --help";
}

exit_code carry_out(const std::vector<std::string>& given)
{
    CLI::App all(about, "catena");
    all.set_version_flag("--version", CATENA_VERSION);
    all.footer(exit_codes);
    all.require_subcommand(1);
    run_words running, verifying;
    plan_words planning;
    probe_words probing;
    CLI::App& run_app = *all.add_subcommand("run", "Fetch what a connector file describes");
    CLI::App& verify_app =
        *all.add_subcommand("verify", "Judge what a run has left, without asking the server");
    CLI::App& probe_app =
        *all.add_subcommand("probe", "Propose a connector file for an API, from its answers");
    CLI::App& plan_app =
        *all.add_subcommand("plan", "Reckon what a run will take, before anything is asked");
    CLI::App& schema_app =
        *all.add_subcommand("schema", "Print the JSON Schema of connector files, for editors");
    CLI::App& demo_app = *all.add_subcommand(
        "demo", "Fetch from troubled local APIs, be killed, go on, and count what was lost");
    CLI::App& completion_app =
        *all.add_subcommand("completion", "Print what makes a shell complete these words");
    std::string shell;
    completion_app.add_option("shell", shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    add_run(run_app, running);
    add_verify(verify_app, verifying);
    add_plan(plan_app, planning);
    add_probe(probe_app, probing);
    for (CLI::App* each : all.get_subcommands(nullptr))
        each->footer(exit_codes);

    try {
        std::vector<std::string> backwards(given.rbegin(), given.rend());
        all.parse(std::move(backwards));
    } catch (const CLI::Success& e) {
        all.exit(e);
        return done;
    } catch (const CLI::ParseError& e) {
        std::cerr << usage_error(all, e) << '\n';
        return usage;
    }

    const bool records_here = run_app.parsed() && running.output == "-";
    terminal talk(running.quiet || verifying.quiet || probing.quiet, records_here);
    std::vector<std::string> again{"catena"};
    again.insert(again.end(), given.begin(), given.end());
    running.again = quoted(again);
    try {
        if (run_app.parsed()) return run(running, talk);
        if (verify_app.parsed()) return verify(verifying, talk);
        if (plan_app.parsed()) return plan(planning, talk);
        if (probe_app.parsed()) return probe_api(probing, talk);
        if (demo_app.parsed()) return demo();
        if (completion_app.parsed()) {
            std::cout << completion_for(shell, spelled(all)).value_or("");
            return done;
        }
        return schema_app.parsed() ? schema() : usage;
    } catch (const catena::failure& f) {
        catena::diagnostics why = f.why();
        if (verify_app.parsed() && why.code == catena::errc::job_changed)
            why.mend = "give the connector file, --from and --to that it was fetched with";
        talk.say(story_of(why, prospect::begins_anew));
        return code_of(f.code());
    } catch (const disk_failure& e) {
        talk.say(std::string("catena: ") + e.what());
        return disk;
    } catch (const std::invalid_argument& e) {
        talk.say(std::string("catena: ") + e.what());
        return usage;
    }
}

// A file that is opened later would take the place of one that is closed, and get its text.
void keep_standard_streams()
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
        if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF)
            // Of the output the wrong way: what is written there is lost, and must fail.
            (void)::open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY);
}

}  // namespace

int main(int argc, char* argv[])
try {
    keep_standard_streams();
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a limit on files is told as a full disk is
    const exit_code code = carry_out(std::vector<std::string>(argv + 1, argv + argc));
    errno = 0;
    if (code != done || std::cout.flush()) return code;
    if (errno == EPIPE) return pipe_closed;
    std::cerr << "catena: cannot write the output: " << std::strerror(errno) << '\n';
    return disk;
} catch (const std::exception& e) {
    std::cerr << "catena: " << e.what() << '\n';
    return command::internal;
}
