#pragma once

#include <catena/codec/page_reader.hpp>
#include <catena/connector.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/// One answer as a test writes it down.
struct answer {
    answer(std::string text, int code = 200) : body(std::move(text)), status(code) {}  // NOLINT
    answer& with(std::string name, std::string value)
    {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }

    std::string body;
    int status;
    std::vector<std::pair<std::string, std::string>> headers;
    std::vector<std::string> hidden;
    std::string url = "https://api.example.com/items?cursor=current-cursor&limit=100";
};

/// What a page_reader said of it; the reader is kept because facts are views into it.
struct reading {
    page_facts facts;
    error_code early;  ///< What begin() or on_body() returned.
    std::unique_ptr<page_reader> reader;
};

/// Read an answer in pieces of `piece` octets; 0: whole.
inline reading read(const connector& c, const answer& a, std::size_t piece = 0,
                    const page_limits& l = {})
{
    auto contract = std::make_shared<const page_contract>(std::make_shared<const connector>(c), l);
    reading out;
    out.reader = std::make_unique<page_reader>(std::move(contract));
    {
        // Views of the head must not outlive begin(): this copy is gone after it.
        const std::vector<std::pair<std::string, std::string>> copy = a.headers;
        std::vector<header_view> views;
        for (const auto& [name, value] : copy)
            views.push_back({name, value});
        response_head head;
        head.status = a.status;
        head.headers = views;
        out.early = out.reader->begin(a.url, head, wall_time{}, a.hidden);
    }
    if (piece == 0) piece = a.body.size() + 1;
    for (std::size_t at = 0; at < a.body.size() && !out.early; at += piece)
        out.early = out.reader->on_body(std::string(a.body, at, piece));
    out.facts = out.reader->finish();
    return out;
}

/// All facts as text, so that two can be compared and printed.
inline std::string report(const page_facts& f)
{
    std::string t;
    if (f.is == page_facts::answer::failed) {
        t = "failed " + std::to_string(static_cast<int>(f.failed_as)) + " " + f.code.message() +
            " said '" + f.said + "' at '" + f.pointer + "'";
        if (f.octet) t += " octet " + std::to_string(*f.octet);
        if (f.fresh_token) t += " fresh " + f.fresh_token->text;
        return t;
    }
    if (f.is == page_facts::answer::end) return "end";
    for (const token_fact& k : f.tokens)
        t += "token " + std::to_string(static_cast<int>(k.is)) + " " +
             std::to_string(static_cast<int>(k.token.kind)) + " '" + k.token.text + "' ";
    t += "flag " + std::to_string(static_cast<int>(f.flag)) + f.flag_at;
    t += f.end_sign ? " sign" : "";
    t += f.total ? " total " + std::to_string(*f.total) : "";
    t += " records " + std::to_string(f.records) + " of " + std::to_string(f.print.octets);
    for (const key_view& k : f.keys)
        t += " key " + std::to_string(static_cast<int>(k.kind)) + (k.present ? "+" : "-") +
             (k.escaped ? "e" : "") + std::string(k.text);
    for (const std::string& like : f.lookalikes)
        t += " like " + like;
    return t;
}

/// A connector whose pages are {"items": [...], "next": ...}.
inline connector plain(token_source::place from = token_source::place::body,
                       std::string at = "/next",
                       token_target to = {token_target::place::query, "cursor"})
{
    connector c("test", "https://api.example.com/items");
    c.records = records_rule("/items");
    c.key = {key_field("/id")};
    c.next.from = {token_source(from, std::move(at))};
    c.next.to = {std::move(to)};
    c.end = {end_rule::kind::missing, end_rule::kind::null, end_rule::kind::empty_string};
    return c;
}

}  // namespace catena::testing
