// The corpus raw-responses, as far as it concerns content codings: what a body holds, once the wire
// has done its part.
#include "support/catch.hpp"
#include "support/corpora.hpp"
#include "support/json_corpus.hpp"
#include "unit/codec/decode_support.hpp"
#include <catena/codec/decode.hpp>
#include <catena/codec/page_limits.hpp>
#include <catena/core/http.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
using namespace catena::testing;
namespace json = boost::json;

namespace {

// Cases whose other try is judged otherwise, and why.
const std::map<std::string, std::string> other_retry = {
    {"br-unasked", "where br is built in it is asked for; what is no br then counts as damage"},
};

std::string octets_of_case(const json::object& c)
{
    std::string all;
    if (const json::value* coded = c.if_contains("segments_b64")) {
        for (const json::value& one : coded->as_array())
            all += from_base64(one.as_string());
    } else {
        for (const json::value& one : c.at("segments").as_array())
            if (one.is_string()) all += octets_of(one.as_string());
    }
    return all;
}

std::vector<std::string_view> codings_of(std::string_view head)
{
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at < head.size();) {
        const std::size_t end = std::min(head.find("\r\n", at), head.size());
        const std::string_view line = head.substr(at, end - at);
        const std::size_t colon = line.find(':');
        if (equal_ignoring_case(line.substr(0, colon), "content-encoding"))
            lines.push_back(line.substr(colon + 1));
        at = end + 2;
    }
    return lines;
}

decoded judge(const std::vector<std::string_view>& lines, std::string_view body)
{
    const content_codings c = read_content_codings(lines);
    if (c.trouble) return {c.trouble, {}, c.flaw};
    return undo(c.undo, body, page_limits().page_octets);
}

bool agrees(const std::string& id, const json::object& expect, const decoded& got)
{
    if (const json::value* either = expect.if_contains("either")) {
        for (const json::value& one : either->as_array())
            if (agrees(id, one.as_object(), got)) return true;
        return false;
    }
    if (expect.at("outcome") == "page")
        return !got.ec && got.body == octets_of(expect.at("body").as_string());
    const bool limit = got.ec == errc::limit_exceeded;
    const bool decode = got.ec == errc::wrong_encoding || got.ec == errc::damaged_coding;
    const bool again = got.ec == condition::try_again;
    return (expect.at("kind") == "limit" ? limit : decode) &&
           (again == expect.at("retry").as_bool() || other_retry.count(id) != 0);
}

}  // namespace

TEST_CASE("coded bodies of the corpus are undone or refused as they deserve",
          "[decode][C4][corpus]")
{
    std::size_t good = 0, total = 0;
    for (const json::value& one : json_corpus("raw-responses/raw.json")) {
        const json::object& c = one.as_object();
        const std::string id = json::value_to<std::string>(c.at("id"));
        const std::string all = octets_of_case(c);
        const std::string_view head = std::string_view(all).substr(0, all.find("\r\n\r\n"));
        const std::vector<std::string_view> lines = codings_of(head);
        if (lines.empty()) continue;
        ++total;
        const decoded got = judge(lines, std::string_view(all).substr(head.size() + 4));
        CAPTURE(id, got.ec, got.flaw);
        const bool right = agrees(id, c.at("expect").as_object(), got);
        good += right ? 1 : 0;
        CHECK(right);
        if (other_retry.count(id) != 0)
            std::cout << "raw-responses, " << id << ": " << other_retry.at(id) << '\n';
    }
    std::cout << "raw-responses, content codings: " << good << " of " << total << '\n';
}
