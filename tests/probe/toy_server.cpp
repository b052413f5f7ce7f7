#include "toy_server.hpp"

#include "probe/words.hpp"
#include "probed.hpp"

#include <algorithm>

namespace catena::testing {

namespace {

using place = toy_server::place;

std::size_t number(const std::string& text) { return text.empty() ? 0 : std::stoul(text); }

}  // namespace

std::string record(std::size_t i)
{
    const std::string n = std::to_string(i + 1);
    return R"({"id":)" + n + R"(,"owner_id":)" + std::to_string(i % 3) + R"(,"title":"no )" + n +
           R"(","created_at":"2024-01-)" + std::to_string(10 + i % 7) + R"("})";
}

std::string quoted_or_null(const std::string& text)
{
    return text.empty() ? "null" : '"' + text + '"';
}

scripted_answer link_page(const slice& s)
{
    std::vector<header_field> h;
    if (s.more())
        h.push_back({"Link", "<" + s.next + ">; rel=\"next\", <" + s.base + ">; rel=\"x\""});
    return json_answer("[" + s.items + "]", h);
}

scripted_answer toy_server::answer(const std::string& base, const std::string& target) const
{
    if (probe::path_of(target) != probe::path_of(url)) return scripted_answer(404, "{}");
    const auto given = probe::parameter_of(target, parameter);
    const auto wanted = probe::parameter_of(target, size_parameter);
    slice s;
    s.base = base;
    s.total = total;
    s.size = std::min(wanted && !wanted->empty() ? std::max<std::size_t>(number(*wanted), 1) : size,
                      largest);
    std::size_t at = 0;
    if (given && by == place::token && given->rfind("tok-", 0) == 0) at = number(given->substr(4));
    if (given && by == place::page_from_0) at = number(*given) * s.size;
    if (given && by == place::page_from_1)
        at = (std::max<std::size_t>(number(*given), 1) - 1) * s.size;
    if (given && by == place::offset) at = number(*given);
    if (given && by == place::index_from_1) at = std::max<std::size_t>(number(*given), 1) - 1;
    if (given && by == place::last_id) at = number(*given);
    s.asked = at;
    s.begin = std::min(at, total);
    s.end = std::min(s.begin + s.size, total);
    for (std::size_t i = s.begin; i < s.end; ++i)
        s.items += (i > s.begin ? "," : "") + record(i);
    if (s.more()) {
        s.token = "tok-" + std::to_string(s.end);
        const std::string after = by == place::token         ? s.token
                                  : by == place::page_from_0 ? s.page(1)
                                  : by == place::page_from_1 ? s.page(2)
                                                             : std::to_string(s.end);
        s.next = base + probe::with_parameter(target, parameter, after);
    }
    return body(s);
}

std::vector<toy_server> toy_servers()
{
    std::vector<toy_server> all = toy_servers_by_token();
    for (toy_server& each : toy_servers_by_counter())
        all.push_back(std::move(each));
    return all;
}

}  // namespace catena::testing
