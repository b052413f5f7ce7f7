#include "support/catch.hpp"
#include "support/contracts.hpp"
#include "world.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;

namespace {

// Tells of a shortage with its third exchange.
class short_transport final : public transport {
public:
    explicit short_transport(transport& inner) : inner_(inner) {}

    void async_exchange(const http_request& ask, response_receiver& to, handler done) override
    {
        auto slot = asio::get_associated_cancellation_slot(done);
        auto add = [this, done = std::move(done)](error_code ec, exchange_report r) mutable {
            if (++count_ == 3) r.shortage = "this process may have no more files open than 20";
            std::move(done)(ec, std::move(r));
        };
        inner_.async_exchange(ask, to, asio::bind_cancellation_slot(slot, std::move(add)));
    }

private:
    transport& inner_;
    int count_ = 0;
};

}  // namespace

TEST_CASE("a shortage of sockets is told once, with its limit, and harms nothing",
          "[observer][T16]")
{
    world w(1, contract("token"));
    short_transport wire(w.wire);
    struct listener : observer {
        void on_notice(chain_id, std::uint64_t page, const notice& n) override
        {
            if (n.what != notice::kind::short_of_sockets) return;
            heard.push_back(n.text);
            pages.push_back(page);
        }
        std::vector<std::string> heard;
        std::vector<std::uint64_t> pages;
    } watch;
    engine_options o;
    o.seed = 1;
    o.watch = &watch;
    engine on(w.time.get_executor(), wire, w.time, o);
    chain way(on, w.contract);
    const harvest h = walk(w, way);

    CHECK(h.records == w.model.records());
    CHECK(watch.heard ==
          std::vector<std::string>{"this process may have no more files open than 20"});
    CHECK(watch.pages == std::vector<std::uint64_t>{2});
}
