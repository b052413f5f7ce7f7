#include "output_words.hpp"

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

namespace command {

namespace {

bool has_ending(std::string_view path, std::initializer_list<std::string_view> endings)
{
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view e) { return path.ends_with(e); });
}

std::string named_by(const std::string& to)
{
    if (to.ends_with('/')) return "pages";
    if (to == "-" || has_ending(to, {".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"}))
        return "jsonl";
    if (has_ending(to, {".json", ".json.gz"})) return "json";
    if (has_ending(to, {".csv", ".csv.gz"})) return "csv";
    return is_database(to) ? "sqlite" : "";
}

void require_fitting(const std::string& format, const run_words& words)
{
    std::string text;
    if (!words.columns.empty() && format != "csv") text = "--columns is for CSV";
    if (words.rare_columns && words.columns.empty()) text = "--rare-columns goes with --columns";
    if (format == "sqlite" && !words.format.empty())
        text = "--format is for text; " + words.output + " is a database";
    if (format != "sqlite" && !words.name.empty())
        text = "--name is for databases: a text holds one dataset";
    if (format == "sqlite" && !words.state.empty())
        text = "--state: a database keeps the checkpoints with its rows; leave it out";
    if (format == "pages" && words.output == "-")
        text = "--format pages needs a folder: name it with --output";
    if (format == "singer" && words.output != "-")
        text = "--format singer goes to the standard output, for a target to read";
    if (format != "pages" && words.output.ends_with('/'))
        text = words.output + " is a folder, for --format pages";
    if (!text.empty()) throw std::invalid_argument(text);
}

}  // namespace

bool is_database(const std::string& path)
{
    return has_ending(path, {".db", ".sqlite", ".sqlite3"});
}

std::string format_of(const run_words& words)
{
    const std::string& to = words.output;
    std::string format = named_by(to);
    if (!words.format.empty() && format != "sqlite") format = words.format;
    if (format.empty())
        throw std::invalid_argument("--output " + to +
                                    ": its ending says what it becomes: .jsonl, .json, .csv, each "
                                    "with .gz too, .db, / for a folder of pages, or - for the "
                                    "standard output; or give --format");
    require_fitting(format, words);
    return format;
}

std::string form_of(const std::string& format, const run_words& words)
{
    std::string form = format;
    for (const std::string& column : words.columns)
        form += (form == format ? " --columns " : ",") + column;
    return form;
}

std::string state_of(const std::string& format, const run_words& words)
{
    if (format == "sqlite") return words.output;
    if (!words.state.empty() || words.output == "-") return words.state;
    std::string state = words.output;
    while (state.size() > 1 && state.ends_with('/'))
        state.pop_back();
    return state + ".state";
}

}  // namespace command
