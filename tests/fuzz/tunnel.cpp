// Whatever a proxy says, however it is cut, the talk ends alike; it asks no more than it may, and
// no text of it holds the credentials.
#include "net/tunnel.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace catena;
using namespace catena::net;
using step = tunnel::step;

namespace {

struct outcome {
    step end = step::send;
    error_code ec;
    std::size_t asked = 0;

    friend bool operator==(const outcome&, const outcome&) = default;
};

outcome play(const proxy& by, std::string_view said, std::size_t piece)
{
    intake_limits small;
    small.header_octets = 256;
    const auto talk = make_tunnel(by, {true, "api.test", 443}, small);
    outcome o;
    const auto send_all = [&] {
        while (talk->next() == step::send) {
            if (talk->out().empty() || ++o.asked > 3) std::abort();  // three questions at most
            talk->on_sent();
        }
    };
    // A bar is where the proxy waits for a question.
    while (!said.empty()) {
        send_all();
        const std::string_view turn = said.substr(0, said.find('|'));
        said.remove_prefix(std::min(turn.size() + 1, said.size()));
        for (std::size_t at = 0; at < turn.size(); at += piece)
            talk->on_octets(turn.substr(at, piece));
    }
    send_all();
    if (talk->next() == step::failed && !talk->error()) std::abort();  // a failure has a reason
    if (talk->detail().find("canary") != std::string::npos) std::abort();
    o.end = talk->next();
    o.ec = talk->error();
    talk->on_broken(error_code());
    const bool over = talk->next() == step::open || talk->next() == step::failed;
    if (!over) std::abort();  // the end decides
    return o;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view said(reinterpret_cast<const char*>(data), size);
    for (const char* url : {"http://u:canary@p", "socks5h://p", "socks5h://u:canary@p"}) {
        std::string flaw;
        const proxy by = parse_proxy(url, flaw).value();
        const outcome whole = play(by, said, size + 1);
        for (const std::size_t piece : {1u, 2u, 5u, 64u})
            if (!(play(by, said, piece) == whole)) std::abort();
    }
    // A URL that is no proxy's is no reason to fall, and is not repeated.
    std::string flaw;
    if (!parse_proxy(said, flaw) && flaw.empty()) std::abort();
    bypass_list list;
    (void)list.add(said);
    (void)list.covers({true, std::string(said.substr(0, 40)), 443});
    return 0;
}
