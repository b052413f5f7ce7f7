#include "output.hpp"

#include "output_words.hpp"
#include "page_folder.hpp"
#include "record_writers.hpp"
#include "store_answer.hpp"
#include "whole_file.hpp"
#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sqlite_store.hpp>

#include <zlib.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
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
        if (!trouble.code) return warn("the store's trouble is over; going on");
        warn("waiting: " + trouble.what + ". What came before is safe. " +
             (trouble.mend.empty() ? std::string() : "To mend it, " + trouble.mend + "; ") +
             "the run goes on by itself then, or Ctrl-C stops it");
    };
    return o;
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

const char* ending_of(catena::page_format pages)
{
    if (pages == catena::page_format::xml) return ".xml";
    return pages == catena::page_format::json ? ".json" : ".jsonl";
}

void keep_to_form(output& into, const std::string& form)
{
    const auto row = answer_of<catena::job_row>(
        [&](const auto& done) { into.data->open(name_of_form, form, done); });
    if (row.description == form) return;
    throw std::invalid_argument(into.where + " was begun as " + row.description + ", not as " +
                                form + ": give the same words, or another --output");
}

/// What a target has told last; nothing where there is no file yet.
singer_state kept_state(const std::string& path, const warning& warn)
{
    if (path.empty()) return {};
    std::error_code absent;
    const bool is_there =
        std::filesystem::status(path, absent).type() != std::filesystem::file_type::not_found;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream read;
    if (in.is_open() && in.peek() != in.eof()) read << in.rdbuf();
    // Taken for none, a state that cannot be read would have all records sent again.
    if (is_there && (!in.is_open() || in.bad() || std::filesystem::is_directory(path, absent)))
        throw disk_failure("cannot read the state " + path +
                           "; give this user the right to read it, or name another file");
    const std::string text = read.str();
    if (text.find_first_not_of(" \t\r\n") != text.npos) return singer_state::from(text, path);
    warn("there is no state in " + path + " yet: it begins with the first record");
    return {};
}

output open_singer(const run_words& words, const catena::connector& c, const warning& warn)
{
    output out;
    out.made = std::make_unique<fresh_files>();
    auto messages = std::make_unique<singer_store>(STDOUT_FILENO, c, kept_state(words.state, warn));
    out.singer = messages.get();
    out.data = std::move(messages);
    out.where = "the standard output";
    out.state = words.state;
    return out;
}

void require_folder(const std::string& path)
{
    const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
    if (!std::filesystem::is_directory(folder))
        throw disk_failure(path + ": there is no folder " + folder.string() + "; make it first");
}

// What the store hands records to.
std::shared_ptr<catena::sink> records_of(output& out, const std::string& format,
                                         const std::string& state, const run_words& words,
                                         const catena::connector& c, const warning& warn)
{
    if (format == "pages") return std::make_shared<page_folder>(out.path, ending_of(c.format));
    const bool begun =
        out.path.empty() ? std::filesystem::exists(state) : !first_line(out.path).empty();
    std::shared_ptr<catena::sink> into;
    if (out.path.empty()) {
        out.stream = std::make_shared<stream_sink>(STDOUT_FILENO, writer_of(format, words));
        into = out.stream;
    } else {
        catena::jsonl_options text;
        text.write = writer_of(format, words);
        text.on_warning = warn;
        if (out.path.ends_with(".gz")) text.as = catena::jsonl_options::coding::gzip;
        into = std::make_shared<catena::jsonl_sink>(out.path, text);
    }
    if (format != "csv") return into;
    std::vector<std::string> wanted;
    if (!begun && !words.rare_columns) wanted = words.columns;
    out.columns = std::make_shared<column_check>(std::move(into), std::move(wanted));
    return out.columns;
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

output open_output(const run_words& words, const catena::connector& c, const warning& warn)
{
    output out;
    catena::sqlite_options o = store_options(warn);
    const std::string format = format_of(words);
    if (format == "singer") return open_singer(words, c, warn);
    out.made = std::make_unique<fresh_files>();
    std::string state = state_of(format, words);
    out.is_array = format == "json";
    out.is_folder = format == "pages";
    out.is_text = format != "sqlite";
    out.where = words.output;
    const bool to_file = words.output != "-" && out.is_text;
    if (words.output == "-") out.where = "the standard output";
    out.resumable = !state.empty();
    if (state.empty()) {
        out.scratch = std::make_unique<scratch_folder>();
        state = (out.scratch->path() / "state.db").string();
    }
    if (to_file) out.path = words.output;
    require_folder(state);
    if (to_file && format != "pages") require_folder(words.output);
    out.made->expect(state, out.path);
    if (out.is_text) o.records = records_of(out, format, state, words, c, warn);
    out.state = state;
    out.data = std::make_unique<catena::sqlite_store>(state, o);
    if (out.is_text) keep_to_form(out, form_of(format, words));
    return out;
}

bool output::reader_gone() const
{
    return (stream && stream->closed()) || (singer != nullptr && singer->closed());
}

bool output::holds_nothing() const
{
    if (!is_text) return false;
    const auto row =
        answer_of<catena::job_row>([&](const auto& done) { data->known(name_of_dataset, done); });
    return row.id != 0 && row.pages == 0;
}

void output::settle()
{
    if (singer != nullptr) singer->close();
}

// Behind what was committed: the next run cuts it off and writes it anew.
void output::finish(bool any)
{
    settle();
    singer = nullptr;
    data.reset();
    if (!is_array) return;
    const char* const end = any ? end_of_array : empty_array;
    if (stream) return stream->end(end);
    const bool packed = path.ends_with(".gz");
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> to(gzopen(path.c_str(), packed ? "ab" : "abT"),
                                                        gzclose);
    if (!to || gzputs(to.get(), end) < 0 || gzflush(to.get(), Z_FINISH) != Z_OK)
        throw disk_failure("cannot write the end of " + path);
}

}  // namespace command
