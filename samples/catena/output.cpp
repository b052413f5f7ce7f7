#include "output.hpp"

#include "record_writers.hpp"
#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sqlite_store.hpp>

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <future>
#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace command {

namespace {

using warning = std::function<void(const std::string&)>;

catena::sqlite_options store_options(const warning& warn)
{
    catena::sqlite_options o;
    o.on_warning = warn;
    o.on_trouble = [warn](const catena::diagnostics& trouble) {
        warn(trouble.code ? trouble.text() : "the store's trouble is over; going on");
    };
    return o;
}

bool has_ending(std::string_view path, std::initializer_list<std::string_view> endings)
{
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view e) { return path.ends_with(e); });
}

/// "jsonl", "json", "csv" or "sqlite".
std::string format_of(const run_words& words)
{
    const std::string& to = words.output;
    std::string by_name;
    if (to == "-" || has_ending(to, {".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"}))
        by_name = "jsonl";
    else if (has_ending(to, {".json", ".json.gz"}))
        by_name = "json";
    else if (has_ending(to, {".csv", ".csv.gz"}))
        by_name = "csv";
    else if (has_ending(to, {".db", ".sqlite", ".sqlite3"}))
        by_name = "sqlite";
    if (!words.format.empty() && by_name != "sqlite") return words.format;
    if (by_name.empty())
        throw std::invalid_argument("--output " + to +
                                    ": its ending says what it becomes: .jsonl, .json, .csv, each "
                                    "with .gz too, .db, or - for the standard output; or give "
                                    "--format");
    return by_name;
}

/// The first line of a file that an earlier run began; empty if there is none.
std::string first_line(const std::string& path)
{
    std::string line;
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(path.c_str(), "rb"), gzclose);
    if (!in) return line;  // a file that is not packed is read as it is
    for (int c = gzgetc(in.get()); c != -1 && c != '\n'; c = gzgetc(in.get()))
        line += static_cast<char>(c);
    return line;
}

catena::record_writer writer_of(const std::string& format, const run_words& words)
{
    const std::string begun = words.output == "-" ? std::string() : words.output;
    if (format == "csv")
        return csv_writer(words.columns, begun.empty() ? begun : first_line(begun));
    if (format == "json") return array_writer();
    return line_writer();
}

/// What the text is made of, as its store keeps it: the other words may change from run to run.
void keep_to_form(output& into, const std::string& form)
{
    std::promise<std::pair<catena::diagnostics, catena::job_row>> told;
    into.data->open("form of the output", form,
                    [&told](const catena::diagnostics& why, catena::job_row row) {
                        told.set_value({why, std::move(row)});
                    });
    const auto [why, row] = told.get_future().get();
    if (why.code) throw catena::failure(why);
    if (row.description == form) return;
    throw std::invalid_argument(into.where + " was begun as " + row.description + ", not as " +
                                form + ": give the same words, or another --output");
}

std::string form_of(const std::string& format, const run_words& words)
{
    std::string form = format;
    for (const std::string& column : words.columns)
        form += (form == format ? " --columns " : ",") + column;
    return form;
}

}  // namespace

scratch_folder::scratch_folder()
{
    std::string name = (std::filesystem::temp_directory_path() / "catena-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "cannot make " + name);
    path_ = name;
}

scratch_folder::~scratch_folder()
{
    std::error_code ignored;  // what stays in the folder for the temporary harms nobody
    std::filesystem::remove_all(path_, ignored);
}

output open_output(const run_words& words, const warning& warn)
{
    output out;
    catena::sqlite_options o = store_options(warn);
    std::string state = words.state;
    const std::string format = format_of(words);
    if (!words.columns.empty() && format != "csv")
        throw std::invalid_argument("--columns is for CSV");
    if (format == "sqlite" && !words.format.empty())
        throw std::invalid_argument("--format is for text; " + words.output + " is a database");
    if (format != "sqlite" && !words.name.empty())
        throw std::invalid_argument("--name is for databases: a text holds one dataset");
    out.is_array = format == "json";
    out.is_text = format != "sqlite";
    out.where = words.output;
    if (words.output == "-") {
        out.where = "the standard output";
        out.stream = std::make_shared<stream_sink>(STDOUT_FILENO, writer_of(format, words));
        o.records = out.stream;
        out.resumable = !state.empty();
        if (state.empty()) {
            out.scratch = std::make_unique<scratch_folder>();
            state = (out.scratch->path() / "state.db").string();
        }
    } else if (format == "sqlite") {
        if (!state.empty())
            throw std::invalid_argument(
                "--state: a database keeps the checkpoints with its rows; "
                "leave it out");
        state = words.output;
    } else {
        out.path = words.output;
        if (state.empty()) state = words.output + ".state";
        catena::jsonl_options text;
        text.write = writer_of(format, words);
        text.on_warning = warn;
        if (words.output.ends_with(".gz")) text.as = catena::jsonl_options::coding::gzip;
        o.records = std::make_shared<catena::jsonl_sink>(words.output, text);
    }
    out.state = state;
    out.data = std::make_unique<catena::sqlite_store>(state, o);
    if (out.is_text) keep_to_form(out, form_of(format, words));
    return out;
}

// Behind what was committed: the next run cuts it off and writes it anew.
void output::finish(bool any)
{
    data.reset();
    if (!is_array) return;
    const char* const end = any ? end_of_array : empty_array;
    if (stream) return stream->end(end);
    const bool packed = path.ends_with(".gz");
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> to(gzopen(path.c_str(), packed ? "ab" : "abT"),
                                                        gzclose);
    if (!to || gzputs(to.get(), end) < 0 || gzflush(to.get(), Z_FINISH) != Z_OK)
        throw std::runtime_error("cannot write the end of " + path);
}

}  // namespace command
