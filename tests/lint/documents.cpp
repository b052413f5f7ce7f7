#include "lint/documents.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string_view>

namespace catena::lint {

namespace {

std::string without_common_indent(const std::vector<std::string>& lines)
{
    std::size_t common = std::string::npos;
    for (const std::string& line : lines)
        if (!line.empty()) common = std::min(common, line.find_first_not_of(' '));
    std::string text;
    for (const std::string& line : lines)
        text += (line.empty() ? line : line.substr(common)) + "\n";
    return text;
}

std::optional<std::string> region(const std::string& sample, const std::string& name)
{
    std::vector<std::string> inside;
    bool open = false;
    for (const std::string& line : lines_of(sample)) {
        if (open && line.find("// [/snippet]") != line.npos) return without_common_indent(inside);
        if (open) inside.push_back(line);
        if (line.find("// [snippet: " + name + "]") != line.npos) open = true;
    }
    return std::nullopt;
}

// The code block that follows line `at`.
std::string block_after(const std::vector<std::string>& lines, std::size_t at)
{
    std::string text;
    while (at < lines.size() && !lines[at].starts_with("```"))
        ++at;
    for (++at; at < lines.size() && !lines[at].starts_with("```"); ++at)
        text += lines[at] + "\n";
    return text;
}

struct dependency {
    const char* title;  // in README.md
    const char* cmake;  // find_package's name
    std::vector<std::string> vcpkg, conan, apt;
};

const std::vector<dependency>& dependencies()
{
    static const std::vector<dependency> all = {
        {"Boost",
         "Boost",
         {"boost-asio", "boost-beast", "boost-json", "boost-system", "boost-url"},
         {"boost"},
         {"libboost1.81-dev", "libboost-json1.81-dev", "libboost-url1.81-dev"}},
        {"OpenSSL", "OpenSSL", {"openssl"}, {"openssl"}, {"libssl-dev"}},
        {"Expat", "EXPAT", {"expat"}, {"expat"}, {"libexpat1-dev"}},
        {"Threads", "Threads", {}, {}, {}},
        {"zlib", "ZLIB", {"zlib"}, {"zlib"}, {"zlib1g-dev"}},
        {"Brotli", "Brotli", {"brotli"}, {"brotli"}, {"libbrotli-dev"}},
        {"zstd", "Zstd", {"zstd"}, {"zstd"}, {"libzstd-dev"}},
        {"libpsl", "Psl", {"libpsl"}, {"libpsl"}, {"libpsl-dev"}},
        {"SQLite", "SQLite3", {"sqlite3"}, {"sqlite3"}, {"libsqlite3-dev"}},
        {"CLI11", "CLI11", {"cli11"}, {"cli11"}, {"libcli11-dev"}},
        {"spdlog", "spdlog", {}, {}, {"libspdlog-dev"}},
        {"Catch2", "Catch2", {"catch2"}, {"catch2"}, {"catch2"}},
        {"Google Benchmark", "benchmark", {"benchmark"}, {"benchmark"}, {"libbenchmark-dev"}},
    };
    return all;
}

std::set<std::string> all_matches(const std::string& text, const std::regex& pattern)
{
    std::set<std::string> found;
    for (std::sregex_iterator i(text.begin(), text.end(), pattern), end; i != end; ++i)
        found.insert((*i)[1].str());
    return found;
}

// The strings of every array that is called "dependencies".
std::set<std::string> names_in_arrays(const std::string& json)
{
    std::set<std::string> names;
    for (const std::string& array :
         all_matches(json, std::regex("\"dependencies\": \\[([^\\]]*)\\]")))
        names.merge(all_matches(array, std::regex("\"([^\"]+)\"")));
    return names;
}

void compare(const char* path, const std::set<std::string>& listed,
             const std::set<std::string>& wanted, std::vector<finding>& found)
{
    for (const std::string& name : wanted)
        if (!listed.contains(name)) found.push_back({path, 1, "does not list " + name});
    for (const std::string& name : listed)
        if (!wanted.contains(name)) found.push_back({path, 1, "lists " + name + ", unknown here"});
}

}  // namespace

std::vector<finding> check_quotes(const std::string& path, const std::string& page,
                                  const tree& samples, std::size_t& quotes)
{
    static const std::regex mark("<!-- snippet: ([^ ]+) ([^ ]+) -->");
    std::vector<finding> found;
    const std::vector<std::string> lines = lines_of(page);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::smatch m;
        if (!std::regex_match(lines[i], m, mark)) continue;
        ++quotes;
        const auto sample = samples.find(m[1].str());
        const auto wanted =
            sample == samples.end() ? std::nullopt : region(sample->second, m[2].str());
        if (!wanted)
            found.push_back({path, i + 1, "no region " + m[2].str() + " in " + m[1].str()});
        else if (block_after(lines, i) != *wanted)
            found.push_back({path, i + 1, "is not what " + m[1].str() + " says:\n" + *wanted});
    }
    return found;
}

std::vector<finding> check_proofs(const std::string& path, const std::string& page,
                                  const tree& tests, std::size_t& proofs)
{
    static const std::regex proof(".*\\| `(tests/[^`]+)`: (.*[^ ]) *\\|");
    static const std::regex seam("\"\\s*\"");
    std::vector<finding> found;
    const std::vector<std::string> lines = lines_of(page);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::smatch m;
        if (!std::regex_match(lines[i], m, proof)) continue;
        ++proofs;
        const auto file = tests.find(m[1].str());
        const std::string test = "TEST_CASE(\"" + m[2].str() + "\"";
        if (file == tests.end())
            found.push_back({path, i + 1, "no file " + m[1].str()});
        else if (std::regex_replace(file->second, seam, "").find(test) == std::string::npos)
            found.push_back({path, i + 1, "no test '" + m[2].str() + "' in " + m[1].str()});
    }
    return found;
}

std::vector<finding> check_dependencies(const dependency_lists& lists)
{
    std::set<std::string> cmake, vcpkg, conan, apt;
    std::vector<finding> found;
    for (const dependency& d : dependencies()) {
        cmake.insert(d.cmake);
        vcpkg.insert(d.vcpkg.begin(), d.vcpkg.end());
        conan.insert(d.conan.begin(), d.conan.end());
        apt.insert(d.apt.begin(), d.apt.end());
        if (lists.readme.find(d.title) == std::string::npos)
            found.push_back({"README.md", 1, std::string("does not name ") + d.title});
    }
    compare("CMakeLists.txt", all_matches(lists.cmake, std::regex("find_package\\((\\w+)")), cmake,
            found);
    compare("vcpkg.json", names_in_arrays(lists.vcpkg), vcpkg, found);
    compare("conanfile.py", all_matches(lists.conan, std::regex("requires\\(\"([a-z0-9]+)/")),
            conan, found);
    for (const std::string& name : apt)
        if (lists.set_up.find(name) == std::string::npos)
            found.push_back({"run", 1, "does not install " + name});
    return found;
}

std::size_t wanted_lines(const std::string& path)
{
    return path.starts_with("include/") ? 250 : 400;
}

std::vector<finding> check_sizes(const tree& files)
{
    const std::size_t most = 450;
    std::vector<finding> found;
    for (const auto& [path, text] : files) {
        const std::size_t lines = lines_of(text).size();
        if (lines > most)
            found.push_back({path, lines, "is longer than " + std::to_string(most) + " lines"});
    }
    return found;
}

}  // namespace catena::lint
