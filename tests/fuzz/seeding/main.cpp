// Makes seeds for the fuzz targets out of the test corpora: seeding FOLDER fills FOLDER/TARGET.
#include "support/corpora.hpp"

#include <boost/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using catena::testing::corpus;
using catena::testing::octets_of;

std::string text(const json::value& v) { return std::string(v.as_string()); }

/// Writes one file a seed.
class seeder {
public:
    explicit seeder(fs::path root) : root_(std::move(root)) {}

    void add(const std::string& target, std::string_view octets)
    {
        const fs::path folder = root_ / target;
        fs::create_directories(folder);
        std::ofstream file(folder / std::to_string(count_[target]++), std::ios::binary);
        file.write(octets.data(), static_cast<std::streamsize>(octets.size()));
        if (!file.flush()) throw std::runtime_error("cannot write to " + folder.string());
    }
    [[nodiscard]] const std::map<std::string, std::size_t>& count() const { return count_; }

private:
    fs::path root_;
    std::map<std::string, std::size_t> count_;
};

template <class Take>
void each_case(const std::string& path, Take take)
{
    const auto file = corpus(path);
    if (!file) return;
    json::stream_parser p;
    p.write(json::string_view(file->data(), file->size()));
    p.finish();
    const json::value all = p.release();
    for (const json::value& one : all.as_array())
        take(one.as_object());
}

template <class Take>
void each_file(const std::string& folder, Take take)
{
    const char* named = std::getenv("CATENA_CORPORA");
    const fs::path root = fs::path(named ? named : CATENA_DEFAULT_CORPORA) / folder;
    if (!fs::is_directory(root)) {
        std::cout << "SKIPPED: the corpus " << folder << " is absent; set CATENA_CORPORA\n";
        return;
    }
    for (const auto& entry : fs::directory_iterator(root)) {
        std::ifstream in(entry.path(), std::ios::binary);
        take(std::string(std::istreambuf_iterator<char>(in), {}));
    }
}

std::string whole(const json::object& answer)
{
    std::string out;
    if (const json::value* coded = answer.if_contains("segments_b64")) {
        for (const json::value& s : coded->as_array())
            out += catena::testing::from_base64(text(s));
        return out;
    }
    for (const json::value& s : answer.at("segments").as_array()) {
        const bool repeated = s.is_array();
        const std::string octets = octets_of(text(repeated ? s.at(0) : s));
        const auto times = repeated ? s.at(1).as_int64() : 1;
        for (std::int64_t i = 0; i < times && out.size() < 8192; ++i)
            out += octets;
    }
    return out;
}

// The decoder's target: a label's number, then the body.
void add_coded(seeder& to, const std::string& answer)
{
    constexpr std::array<std::string_view, 4> labels{": gzip", ": deflate", ": br", ": zstd"};
    const std::size_t body = answer.find("\r\n\r\n");
    if (body == std::string::npos) return;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (answer.substr(0, body).find(labels[i]) != std::string::npos)
            to.add("decode", static_cast<char>(i) + answer.substr(body + 4));
}

void seed(seeder& to)
{
    each_case("link-header/link.json", [&](const json::object& c) {
        std::string lines;
        for (const json::value& h : c.at("headers").as_array())
            lines += (lines.empty() ? "" : "\n") + text(h);
        to.add("link_header", lines);
    });
    each_case("next-url-policy/next.json",
              [&](const json::object& c) { to.add("next_url", text(c.at("next"))); });
    each_case("retry-after/retry.json", [&](const json::object& c) {
        std::string lines, wait, date;
        for (const json::value& h : c.at("headers").as_array()) {
            lines += (lines.empty() ? "" : "\n") + text(h.at(0)) + ": " + text(h.at(1));
            if (h.at(0) == "Retry-After") wait = text(h.at(1));
            if (h.at(0) == "Date") date = '\n' + text(h.at(1));
        }
        to.add("retry_after", wait + date);
        to.add("rate_limit_fields", lines);
    });
    each_case("raw-responses/raw.json", [&](const json::object& c) {
        const std::string answer = whole(c);
        to.add("response_reader", answer);
        add_coded(to, answer);
    });
    each_case("llhttp-responses/responses.json", [&](const json::object& c) {
        to.add("response_reader", octets_of(text(c.at("raw"))));
    });
    for (const char* file : {"binary", "dictionary", "examples", "item", "list", "listlist",
                             "number", "param-dict", "param-list", "string", "token"})
        each_case(std::string("structured-fields/") + file + ".json", [&](const json::object& c) {
            std::string lines;
            for (const json::value& line : c.at("raw").as_array())
                lines += (lines.empty() ? "" : "\n") + text(line);
            to.add("structured_fields", lines);
        });
    for (const char* folder : {"json-test-suite/test_parsing", "json-crash-seeds"})
        each_file(folder, [&](const std::string& octets) { to.add("scan", octets); });
    for (const auto& entry : fs::directory_iterator(CATENA_SOURCE_DIR "/samples/connectors")) {
        std::ifstream in(entry.path(), std::ios::binary);
        to.add("connector", std::string(std::istreambuf_iterator<char>(in), {}));
    }
}

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc != 2) throw std::runtime_error("usage: seeding FOLDER");
    seeder to(argv[1]);
    seed(to);
    for (const auto& [target, count] : to.count())
        std::cout << target << ": " << count << " seeds\n";
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
