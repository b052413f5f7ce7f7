#include "run_needs.hpp"

#include "whole_file.hpp"
#include <catena/codec/audit_text.hpp>
#include <catena/core/range_math.hpp>

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace command {

catena::range wanted_part(const catena::connector& c, const run_words& words)
{
    if (words.from.empty() && words.to.empty()) return {};
    if (c.range.empty())
        throw std::invalid_argument("--from and --to need a range; " + words.connector +
                                    " has none (docs/connectors.md, range)");
    const catena::range_rule& by = c.range.front();
    for (const std::string& each : {words.from, words.to})
        if (!each.empty() && !is_border(by, each))
            throw std::invalid_argument("'" + each + "' is no border of the range by " + by.by);
    if (!words.from.empty() && !words.to.empty() && compare_in(by, words.from, words.to) >= 0)
        throw std::invalid_argument("--from " + words.from + " is not below --to " + words.to);
    catena::interval bounds;
    if (!words.from.empty()) bounds.lower = words.from;
    if (!words.to.empty()) bounds.upper = words.to;
    return catena::range({bounds});
}

catena::chain_limits patience_of(const run_words& words)
{
    catena::chain_limits limits;
    if (!words.max_wait.empty()) limits.longest_hold = span_of("--max-wait", words.max_wait);
    return limits;
}

void require_report(const std::string& path)
{
    if (path.empty()) return;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder))
        throw std::invalid_argument("--report " + path + ": there is no folder " + folder.string());
    const std::string ending = std::filesystem::path(path).extension().string();
    if (ending != ".html" && ending != ".json" && ending != ".txt")
        throw std::invalid_argument("--report " + path + ": its ending is .html, .json or .txt");
}

void write_report(const std::string& path, const catena::audit_report& r)
{
    const std::string_view ending = path;
    std::string text;
    if (ending.ends_with(".html"))
        text = to_html(r);
    else if (ending.ends_with(".json"))
        text = to_json(r);
    else
        text = to_text(r);
    write_whole(path, text);
}

}  // namespace command
