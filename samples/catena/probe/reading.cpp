#include "reading.hpp"

#include "words.hpp"
#include <catena/codec/page_reader.hpp>

#include <algorithm>
#include <memory>
#include <vector>

namespace probe {

using catena::page_facts;

std::string flaw_in_reading(const catena::connector& c, const page& p, bool leads_on)
{
    const auto description = std::make_shared<const catena::connector>(c);
    catena::page_reader reader(std::make_shared<const catena::page_contract>(description));
    std::vector<catena::header_view> views;
    for (const catena::header_field& h : p.raw.headers)
        views.push_back({h.name, h.value});
    catena::response_head head;
    head.status = p.raw.status;
    head.headers = views;
    catena::error_code ec = reader.begin(p.url, head, catena::wall_time());
    if (!ec) ec = reader.on_body(p.raw.body);
    const page_facts facts = reader.finish();
    if (facts.is != page_facts::answer::page)
        return "catena cannot read the page (" + facts.code.message() +
               (facts.pointer.empty() ? "" : ", " + shown(facts.pointer)) + ")";
    if (facts.records != p.size())
        return "catena finds " + counted(facts.records, "record") + ", not " +
               std::to_string(p.size());
    if (!leads_on) return {};
    const bool given =
        std::any_of(facts.tokens.begin(), facts.tokens.end(), [](const catena::token_fact& t) {
            return t.is == catena::presence::given && !t.same_request;
        });
    const bool counts =
        std::any_of(c.next.from.begin(), c.next.from.end(), [](const catena::token_source& s) {
            return s.from == catena::token_source::place::counter;
        });
    if (!given && !counts) return "catena finds no token on page 1";
    if (facts.end_sign || facts.flag == catena::flag_fact::end) return "page 1 would end the walk";
    return {};
}

}  // namespace probe
