#include "page.hpp"

#include "words.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/stream_parser.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace probe {

namespace json = boost::json;

namespace {

constexpr std::size_t most_members = 2000;
constexpr int deepest = 5;

json::parse_options options()
{
    json::parse_options o;
    o.max_depth = 64;
    return o;
}

void gather(page& p, const json::value& in, const std::string& at, const std::string& holder,
            int depth)
{
    if (!in.is_object() || depth > deepest) return;
    for (const auto& [key, value] : in.get_object()) {
        const std::string_view name(key.data(), key.size());
        if (!is_usable(name) || p.beside.size() == most_members) continue;
        const std::string here = pointer_to(at, name);
        if (here == p.records_at) continue;
        // Without a prefix, as in "hydra:next".
        const std::string word = plain(name.substr(name.rfind(':') + 1));
        p.beside.push_back({here, word, holder, std::string(name), &value});
        gather(p, value, here, word, depth + 1);
    }
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

// The root element's name, without its prefix.
std::string root_element(std::string_view text)
{
    for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
        text.remove_prefix(at + 1);
        at = 0;
        if (text.empty() || text[0] == '?' || text[0] == '!') continue;
        const std::string_view name = text.substr(0, text.find_first_of(" \t\r\n/>"));
        return std::string(
            name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1));
    }
    return {};
}

std::string about_markup(std::string_view text)
{
    const std::string root = root_element(text);
    const std::string form =
        "; probe reads JSON only, but a connector with \"format\": \"xml\" can "
        "describe it: begin with samples/connectors/";
    if (plain(root) == "html")
        return "the answer is an HTML page, not data: often a login page or a wrong path; check "
               "the "
               "URL, and whether it needs --header";
    if (root == "ListBucketResult")
        return "the answer is XML, a bucket listing of S3" + form + "s3_list_objects_v2.json";
    if (root == "EnumerationResults")
        return "the answer is XML, a listing of Azure blobs" + form + "azure_blob.json";
    if (root == "OAI-PMH") return "the answer is XML, of OAI-PMH" + form + "oai_pmh.json";
    if (root == "feed") return "the answer is XML, an Atom feed" + form + "atom.json";
    return "the answer is XML, its root element is '" + shown(root) + "'" + form +
           "atom.json and docs/connectors.md, format";
}

// A document a line.
std::optional<json::value> lines_of(std::string_view text)
{
    json::array all;
    while (!text.empty()) {
        const std::string_view line = trimmed(text.substr(0, text.find('\n')));
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
        if (line.empty()) continue;
        boost::system::error_code bad;
        json::value one =
            json::parse(json::string_view(line.data(), line.size()), bad, {}, options());
        if (bad) return std::nullopt;
        all.push_back(std::move(one));
    }
    return json::value(std::move(all));
}

}  // namespace

std::vector<std::string_view> page::header(std::string_view name) const
{
    std::vector<std::string_view> out;
    for (const catena::header_field& h : raw.headers)
        if (catena::equal_ignoring_case(h.name, name)) out.emplace_back(h.value);
    return out;
}

std::unique_ptr<page> read_page(answer a, std::string url, bool lines, std::string& why)
{
    auto p = std::make_unique<page>();
    p->url = std::move(url);
    p->raw = std::move(a);
    std::string_view text = trimmed(p->raw.body);
    if (text.starts_with("\xef\xbb\xbf")) text = trimmed(text.substr(3));
    if (text.empty() && !lines) {
        why = "the answer has no body";
        return nullptr;
    }
    if (text.starts_with('<')) {
        why = about_markup(text);
        return nullptr;
    }
    boost::system::error_code bad;
    p->root = json::parse(json::string_view(text.data(), text.size()), bad, {}, options());
    const std::vector<std::string_view> types = p->header("Content-Type");
    lines = lines || (!types.empty() && (plain(types[0]).find("ndjson") != std::string::npos ||
                                         plain(types[0]).find("jsonl") != std::string::npos));
    if (!bad && !lines) return p;
    if (auto all = lines_of(text)) {
        p->root = std::move(*all);
        p->format = catena::page_format::json_lines;
        return p;
    }
    why = "the answer is no JSON: " + bad.message();
    return nullptr;
}

void settle(page& p, const std::string& records_at)
{
    p.records_at = records_at;
    const json::value* place = find(p.root, records_at);
    p.records = place != nullptr ? place->if_array() : nullptr;
    p.beside.clear();
    gather(p, p.root, "", "", 0);
}

const json::value* find(const json::value& in, std::string_view at)
{
    boost::system::error_code bad;
    return in.find_pointer(json::string_view(at.data(), at.size()), bad);
}

std::optional<std::int64_t> whole(const json::value& v)
{
    if (const std::int64_t* n = v.if_int64()) return *n;
    const json::string* text = v.if_string();
    if (text == nullptr || text->empty() || text->size() > 18) return std::nullopt;
    std::int64_t n = 0;
    const char* end = text->data() + text->size();
    const auto [stop, bad] = std::from_chars(text->data(), end, n);
    if (bad != std::errc{} || stop != end) return std::nullopt;
    return n;
}

bool is_usable(std::string_view name)
{
    return !name.empty() && name.size() <= 80 && std::all_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    });
}

}  // namespace probe
