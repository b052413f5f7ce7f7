// The first page as it is, without a store: to look at.
#include "commands.hpp"
#include "progress.hpp"
#include "whole_file.hpp"
#include <catena/chain.hpp>
#include <catena/engine.hpp>
#include <catena/observer.hpp>

#include <boost/asio/io_context.hpp>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

namespace command {

namespace {

/// Tells what is waited for: else a server that is not there would look like a slow one.
class teller final : public catena::observer {
public:
    explicit teller(terminal& talk) : talk_(talk) {}

    void on_notice(catena::chain_id, std::uint64_t, const catena::notice& n) override
    {
        if (n.what == catena::notice::kind::retry) talk_.tell(n.text + "; asking again");
    }

    void on_hold(const budget_held& h) override
    {
        talk_.tell("the server asks to wait " + in_words(h.span));
    }

private:
    terminal& talk_;
};

}  // namespace

exit_code show_one_page(const catena::connector& c, const catena::chain_limits& patience,
                        terminal& talk)
{
    teller watch(talk);
    boost::asio::io_context context(1);
    catena::engine_options options;
    options.watch = &watch;
    catena::engine on(context.get_executor(), options);
    catena::chain way(on, c, patience);
    catena::error_code failed;
    std::optional<catena::page> first;
    bool over = false;
    way.next_page([&](catena::error_code ec, std::optional<catena::page> p) {
        failed = ec;
        first = std::move(p);
        over = true;
    });
    while (!over && context.run_one() != 0) {
    }
    if (failed) throw catena::failure(way.why());
    if (!first) {
        talk.tell("no records");
        return done;
    }
    errno = 0;
    for (const std::string_view record : first->records())
        std::cout << record << '\n';
    if (!std::cout.flush()) {
        if (errno == EPIPE) return pipe_closed;
        throw disk_failure(std::string("cannot write the output: ") + std::strerror(errno));
    }
    talk.tell(in_groups(first->records().size()) + " records on the first page; " +
              (first->last() ? "it is the only one" : "more follow"));
    return done;
}

}  // namespace command
