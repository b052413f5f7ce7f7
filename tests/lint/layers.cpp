#include "lint/layers.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace catena::lint {

namespace {

using names = std::vector<std::string>;

struct layer {
    names beneath;    // layers it may include, besides itself
    names libraries;  // path prefixes, in sources and private headers
    names in_public;  // path prefixes, in public headers
    bool pure;        // asks the world for nothing
};

const names asio_and_system = {"boost/asio/", "boost/system/"};
const names posix = {"arpa/", "fcntl.h", "netdb.h", "netinet/", "poll.h", "sys/", "unistd.h"};

names operator+(names a, const names& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

const std::map<std::string, layer>& layers()
{
    static const std::map<std::string, layer> all = {
        {"core", {{}, {"boost/system/"}, {"boost/system/"}, true}},
        {"codec",
         {{"core"},
          {"boost/system/", "boost/json/", "boost/url/", "expat.h", "libpsl.h", "zlib.h", "zstd.h",
           "zstd_errors.h", "brotli/", "emmintrin.h"},
          {"boost/system/"},
          true}},
        {"store",
         {{"core"},
          names{"sqlite3.h", "zlib.h", "boost/system/"} + posix,
          {"boost/system/"},
          false}},
        {"net",
         {{"core"},
          asio_and_system + names{"boost/beast/", "openssl/"} + posix,
          asio_and_system,
          false}},
        {"run", {{"core", "codec", "net", "store"}, asio_and_system, asio_and_system, false}},
        {"testing",
         {{"core", "net", "store"},
          asio_and_system + names{"boost/beast/", "boost/json/"},
          asio_and_system,
          false}},
    };
    return all;
}

// What a pure layer would need to ask the world for something.
const std::set<std::string> impure = {
    "condition_variable", "cstdio", "ctime",  "filesystem", "fstream", "future",
    "iostream",           "mutex",  "random", "semaphore",  "thread",
};

// Headers that a program includes on purpose, to get a library's own types.
const std::map<std::string, std::string> opted_in = {{"include/catena/json.hpp", "boost/json/"}};

// A test double stands in for these and needs nothing else of the wire or the disk.
const std::set<std::string> interfaces = {
    "include/catena/net/timekeeper.hpp", "include/catena/net/transport.hpp",
    "include/catena/store/sink.hpp", "include/catena/store/store.hpp"};

struct include {
    std::string target;
    bool quoted = false;
    std::size_t line = 0;
};

bool starts_with_any(const std::string& text, const names& prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const std::string& p) { return text.starts_with(p); });
}

std::vector<include> includes_of(const std::string& code)
{
    std::vector<include> found;
    std::size_t number = 0;
    for (const std::string& line : lines_of(code)) {
        ++number;
        if (!line.starts_with("#include")) continue;
        const std::size_t open = line.find_first_of("<\"");
        if (open == line.npos) continue;
        const bool quoted = line[open] == '"';
        const std::size_t close = line.find(quoted ? '"' : '>', open + 1);
        if (close == line.npos) continue;
        found.push_back({line.substr(open + 1, close - open - 1), quoted, number});
    }
    return found;
}

bool is_public(const std::string& path) { return path.starts_with("include/catena/"); }

std::string folder_after(const std::string& path, std::string_view top)
{
    const std::size_t slash = path.find('/', top.size());
    return slash == path.npos ? "" : path.substr(top.size(), slash - top.size());
}

// Empty for what stands above all layers: samples, tests, benchmarks.
std::string layer_of(const std::string& path, const std::string& text)
{
    if (path.starts_with("engine/")) return folder_after(path, "engine/");
    if (!is_public(path)) return "";
    const std::string first = text.substr(0, text.find('\n'));
    const std::string mark = "// layer: ";
    return first.starts_with(mark) ? first.substr(mark.size()) : "none";
}

// The house's file behind an include, or nothing for other people's.
std::optional<std::string> resolve(const tree& files, const include& i)
{
    if (i.quoted) {
        for (const char* root : {"engine/", "tests/", "bench/"})
            if (files.contains(root + i.target)) return root + i.target;
        return std::nullopt;
    }
    const std::string path = "include/" + i.target;
    if (files.contains(path)) return path;
    if (files.contains(path + ".in")) return path + ".in";
    return std::nullopt;
}

class checker {
public:
    explicit checker(const tree& files) : files_(files) {}

    std::vector<finding> run()
    {
        for (const auto& [path, text] : files_)
            check_file(path, text);
        for (const auto& [path, text] : files_)
            look_for_circle(path);
        return std::move(found_);
    }

private:
    void report(const std::string& path, std::size_t line, std::string what)
    {
        found_.push_back({path, line, std::move(what)});
    }

    void check_file(const std::string& path, const std::string& text)
    {
        const std::string name = layer_of(path, text);
        if (!name.empty() && !layers().contains(name))
            return report(path, 1, "no known layer: '" + name + "'");

        const std::string folder = is_public(path) ? folder_after(path, "include/catena/") : "";
        if (!folder.empty() && folder != "detail" && folder != name)
            report(path, 1, "says layer " + name + " and stands in folder " + folder);

        for (const include& i : includes_of(text)) {
            const std::optional<std::string> ours = resolve(files_, i);
            if (ours) {
                circle_[path].push_back(*ours);
                check_ours(path, name, i, *ours);
            } else if (!name.empty()) {
                check_library(path, name, i);
            }
        }
    }

    void check_ours(const std::string& path, const std::string& name, const include& i,
                    const std::string& target)
    {
        if (!is_public(target) && (is_public(path) || path.starts_with("samples/")))
            report(path, i.line, "includes the private " + i.target);
        if (name.empty()) return;

        const std::string other = layer_of(target, files_.at(target));
        if (other == name) return;
        const names& beneath = layers().at(name).beneath;
        if (std::find(beneath.begin(), beneath.end(), other) == beneath.end())
            report(path, i.line, name + " may not include " + i.target + " of " + other);
        else if (name == "testing" && other != "core" && !interfaces.contains(target))
            report(path, i.line, "testing may include interfaces only, not " + i.target);
    }

    void check_library(const std::string& path, const std::string& name, const include& i)
    {
        const layer& mine = layers().at(name);
        const bool standard =
            !i.quoted && i.target.find('/') == i.target.npos && !i.target.ends_with(".h");
        if (standard) {
            if (mine.pure && impure.contains(i.target))
                report(path, i.line,
                       name + " asks the world for nothing, not even <" + i.target + ">");
            return;
        }
        const auto exception = opted_in.find(path);
        if (exception != opted_in.end() && i.target.starts_with(exception->second)) return;
        if (!starts_with_any(i.target, is_public(path) ? mine.in_public : mine.libraries))
            report(path, i.line,
                   std::string(is_public(path) ? "a public header of " : "") + name +
                       " may not include " + i.target);
    }

    void look_for_circle(const std::string& path)
    {
        if (settled_.contains(path)) return;
        if (!open_.insert(path).second) return report(path, 1, "includes itself in a circle");
        for (const std::string& next : circle_[path])
            look_for_circle(next);
        open_.erase(path);
        settled_.insert(path);
    }

    const tree& files_;
    std::map<std::string, names> circle_;
    std::set<std::string> open_, settled_;
    std::vector<finding> found_;
};

}  // namespace

std::vector<finding> check_layers(const tree& files) { return checker(files).run(); }

}  // namespace catena::lint
