#include "commands.hpp"
#include <catena/chain.hpp>
#include <catena/engine.hpp>
#include <catena/net/system_time.hpp>
#include <catena/net/transport.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <iostream>
#include <optional>
#include <utility>

namespace command {

namespace {

/// Looks at what is to be sent, and sends nothing.
class onlooker final : public catena::transport {
public:
    explicit onlooker(boost::asio::any_io_executor ex) : executor_(std::move(ex)) {}

    void async_exchange(const catena::http_request& ask, catena::response_receiver&,
                        handler done) override
    {
        if (!seen) seen = ask;
        const catena::error_code unsent = boost::asio::error::operation_aborted;
        boost::asio::post(executor_,
                          boost::asio::append(std::move(done), unsent, catena::exchange_report()));
    }

    std::optional<catena::http_request> seen;

private:
    boost::asio::any_io_executor executor_;
};

std::string without(std::string text, const std::vector<std::string>& hidden)
{
    for (const std::string& each : hidden)
        for (std::size_t at = text.find(each); !each.empty() && at != std::string::npos;
             at = text.find(each, at + 3))
            text.replace(at, each.size(), "***");
    return text;
}

// A secret too short to be told from other text is struck out by its place.
std::string shown_value(const catena::header_field& field, const catena::http_request& first,
                        const catena::connector& c)
{
    std::string text = without(field.value, first.hidden);
    const auto is_secret = [&](const auto& each) {
        return each.second.is_secret() && catena::equal_ignoring_case(each.first, field.name);
    };
    const bool names_secret =
        std::any_of(c.request.headers.begin(), c.request.headers.end(), is_secret) ||
        catena::equal_ignoring_case(field.name, "Authorization");
    return names_secret && text == field.value ? "***" : text;
}

}  // namespace

exit_code dry_run(const catena::connector& c, terminal& talk)
{
    boost::asio::io_context context(1);
    catena::system_time clock(context.get_executor());
    onlooker wire(context.get_executor());
    catena::engine on(context.get_executor(), wire, clock);
    catena::chain way(on, c);
    way.next_page([](catena::error_code, std::optional<catena::page>) {});
    while (!wire.seen && context.run_one() != 0) {
    }
    if (!wire.seen) {
        talk.say(way.why().text());
        return code_of(way.why().code);
    }
    const catena::http_request& first = *wire.seen;
    std::cout << first.method << ' ' << to_text(first.to) << first.shown_target << '\n';
    for (const catena::header_field& each : first.headers)
        std::cout << each.name << ": " << shown_value(each, first, c) << '\n';
    if (!first.body.empty()) std::cout << '\n' << without(first.body, first.hidden) << '\n';
    return done;
}

}  // namespace command
