#pragma once

#include <catena/core/time.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace catena::net {

using addresses = std::vector<boost::asio::ip::address>;

/** The order in which the addresses of one name are tried: RFC 8305, section 4.

    The resolver's own order (RFC 6724), but with the families taking turns, and what worked last
    in front: that address, or else its family. No more than 32 of them, so that no answer makes a
    connection cost hundreds of sockets.
*/
[[nodiscard]] addresses in_order_of_trial(
    addresses found, const std::optional<boost::asio::ip::address>& worked_last);

/** What is known of names: their addresses for a while, and which of those worked last.

    Holds 1,000 names; past that, the one not used for the longest is forgotten.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class name_book {
public:
    explicit name_book(duration kept) : kept_(kept) {}

    /// The addresses of a name, in the order to try them. Null: ask the resolver.
    [[nodiscard]] const addresses* find(const std::string& host, time_point now);

    /// The resolver's answer. Valid for as long as the book was told, from `now` on.
    const addresses& learn(const std::string& host, addresses found, time_point now);

    void worked(const std::string& host, const boost::asio::ip::address& address);

    /// None of its addresses could be reached: it may have moved, so the resolver is asked again.
    void distrust(const std::string& host);

private:
    struct entry {
        addresses found;
        time_point good_until = time_point::min();
        time_point used = time_point::min();
        std::optional<boost::asio::ip::address> worked;
    };

    void make_room();

    duration kept_;
    std::map<std::string, entry> entries_;
};

}  // namespace catena::net
