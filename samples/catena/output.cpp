#include "output.hpp"

#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sqlite_store.hpp>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <unistd.h>

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

bool is_database(std::string_view path)
{
    return path.ends_with(".db") || path.ends_with(".sqlite") || path.ends_with(".sqlite3");
}

bool is_lines(std::string_view path)
{
    return path.ends_with(".jsonl") || path.ends_with(".ndjson") || path.ends_with(".jsonl.gz") ||
           path.ends_with(".ndjson.gz");
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
    if (words.output == "-") {
        out.where = "the standard output";
        out.stream = std::make_shared<stream_sink>(STDOUT_FILENO);
        o.records = out.stream;
        out.resumable = !state.empty();
        if (state.empty()) {
            out.scratch = std::make_unique<scratch_folder>();
            state = (out.scratch->path() / "state.db").string();
        }
    } else if (is_database(words.output)) {
        if (!state.empty())
            throw std::invalid_argument(
                "--state: a database keeps the checkpoints with its rows; "
                "leave it out");
        state = out.where = words.output;
    } else if (is_lines(words.output)) {
        out.where = words.output;
        if (state.empty()) state = words.output + ".state";
        catena::jsonl_options lines;
        if (words.output.ends_with(".gz")) lines.as = catena::jsonl_options::coding::gzip;
        o.records = std::make_shared<catena::jsonl_sink>(words.output, lines);
    } else {
        throw std::invalid_argument("--output " + words.output +
                                    ": the ending says what it becomes: .jsonl, .jsonl.gz, .db, "
                                    "or - for the standard output");
    }
    out.data = std::make_unique<catena::sqlite_store>(state, o);
    return out;
}

}  // namespace command
