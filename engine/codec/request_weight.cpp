#include "codec/request_weight.hpp"

#include "core/next_step.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace catena::codec {
namespace {

/// The largest of some parts of a request, by the connector's member that made it.
struct part {
    std::size_t octets = 0;
    std::string pointer;

    void weigh(std::size_t size, std::string from)
    {
        if (size <= octets) return;
        octets = size;
        pointer = std::move(from);
    }
};

void weigh_values(part& heaviest, const std::vector<token_target>& to,
                  const std::vector<value>& values,
                  std::initializer_list<token_target::place> where, const std::string& pointer)
{
    for (std::size_t i = 0; i < std::min(to.size(), values.size()); ++i)
        if (std::find(where.begin(), where.end(), to[i].to) != where.end())
            heaviest.weigh(values[i].text.size(), pointer + '/' + std::to_string(i));
}

void weigh_settings(part& heaviest, const named_settings& all, const std::string& pointer)
{
    for (const auto& [name, s] : all)
        heaviest.weigh(name.size() + s.prefix.size() + s.value.size(), pointer + '/' + name);
}

part heaviest_value(const connector& c, const position& at,
                    std::initializer_list<token_target::place> where)
{
    part out;
    weigh_values(out, c.next.to, at.tokens, where, "/next/to");
    weigh_values(out, c.expiry.recover.to, at.bound, where, "/expiry/recover/rebuild/to");
    return out;
}

std::size_t header_octets(const http_request& sent)
{
    std::size_t sum = 0;
    for (const header_field& h : sent.headers)
        sum += h.name.size() + h.value.size() + 4;  // ": " and the line's end
    return sum;
}

std::string octets(std::size_t n) { return std::to_string(n) + " octets"; }

}  // namespace

void blame_size(page_facts& facts, const http_request& sent, const connector& c, const position& at)
{
    using place = token_target::place;
    if (facts.is != page_facts::answer::failed) return;
    part most;
    std::string size, mend = "shorten what it holds";
    switch (facts.status) {
        case 413:
            size = "a body of " + octets(sent.body.size());
            most = heaviest_value(c, at, {place::body});
            if (most.octets < sent.body.size() / 2) most = {1, "/request/body"};
            if (const std::uint32_t asked = page_size_at(c, at); asked != 0) {
                size += ", and asks for " + std::to_string(asked) + " records";
                most.pointer = "/page_size/value";
                mend = c.page_size.shrinks() ? "lower it" : "lower it, or add page_size.shrink_on";
            } else if (sent.body.empty()) {
                most.pointer = "/page_size";
                mend = "ask for fewer records at once";
            }
            break;
        case 414:
            size = "a target of " + octets(sent.target.size());
            most = heaviest_value(c, at, {place::query, place::path, place::url});
            weigh_settings(most, c.request.query, "/request/query");
            most.weigh(c.request.url.size(), "/request/url");
            break;
        case 431:
            size = "headers of " + octets(header_octets(sent));
            most = heaviest_value(c, at, {place::header});
            weigh_settings(most, c.request.headers, "/request/headers");
            break;
        default: return;
    }
    facts.said += (facts.said.empty() ? "the request has " : "; the request has ") + size;
    facts.pointer = most.pointer;
    const bool token = most.pointer.starts_with("/next/to");
    if (token) mend = "the cursor is the server's; it may take it elsewhere than there";
    if (most.pointer.empty()) mend = "look for what adds to the headers on the way";
    facts.mend = most.pointer + (most.pointer.empty() ? "" : ": ") + mend;
}

}  // namespace catena::codec
