// The corpus cookie-dates: what user agents make of the Expires attributes that servers write.
#include "codec/set_cookie.hpp"
#include "support/catch.hpp"
#include "support/corpora.hpp"
#include <catena/codec/retry_after.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <string>
#include <string_view>

using namespace catena;
namespace json = boost::json;

namespace {

// The file begins with its licence, in lines of comment.
std::string without_comments(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        if (!line.starts_with("//")) out.append(line).append("\n");
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return out;
}

// Dates of HTTP in the form that they should have: another reader of ours, tested by itself.
std::optional<duration> since(wall_time begin, std::string_view date)
{
    const std::string_view values[] = {date};
    return read_retry_after(values, {}, begin);
}

}  // namespace

TEST_CASE("the corpus of cookie dates is read as it says", "[cookie_jar][corpus]")
{
    const auto text = testing::corpus("cookie-dates/bsd-examples.json");
    if (!text) return;
    const json::array cases = json::parse(without_comments(*text)).as_array();
    const wall_time begin = std::chrono::sys_days(std::chrono::year(1900) / 1 / 1);
    std::size_t good = 0;
    for (const json::value& one : cases) {
        const auto date = json::value_to<std::string>(one.at("test"));
        const auto read = codec::read_cookie_date(date);
        CAPTURE(date);
        bool right = !read;
        if (!one.at("expected").is_null()) {
            const auto wanted = json::value_to<std::string>(one.at("expected"));
            CAPTURE(wanted);
            const auto span = since(begin, wanted);
            REQUIRE(span);
            right = read && *read - begin == *span;
        }
        good += right ? 1 : 0;
        CHECK(right);
    }
    std::cout << "cookie-dates: " << good << " of " << cases.size() << '\n';
}
