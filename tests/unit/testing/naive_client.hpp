#pragma once

#include <catena/connector.hpp>
#include <catena/core/http.hpp>
#include <catena/testing/scripted_answer.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace catena::testing {

/// What a walk by the book has brought.
struct walked {
    std::vector<boost::json::value> records;
    std::size_t pages = 0;
    bool complete = false;
    scripted_answer last;
};

/** Walks a contract as a program written for that one API would: no retries, no recovery.

    Shares no code with the library's own client, so that the model is measured by another
   yardstick.
*/
class naive_client {
public:
    using exchange = std::function<scripted_answer(const http_request&)>;

    naive_client(connector c, exchange e) : contract_(std::move(c)), exchange_(std::move(e)) {}

    walked walk(std::size_t most_pages = 1000);

    /// The next request, for tests that change it before they send it.
    [[nodiscard]] http_request request() const;
    /// Read an answer. @return Whether the walk goes on.
    bool take(const scripted_answer& a, walked& into);

private:
    [[nodiscard]] std::string token_in(const token_source& s, const scripted_answer& a,
                                       const boost::json::array& records) const;
    [[nodiscard]] bool ends(const scripted_answer& a, std::size_t got) const;
    void place(const token_target& to, const std::string& raw, http_request& r, std::string& query,
               std::vector<std::string>& body) const;

    connector contract_;
    exchange exchange_;
    std::vector<std::string> tokens_;  // JSON octets, "" for none
    std::vector<std::string> sent_;
    std::size_t count_ = 0, pages_ = 0;
};

/// "%XX" for all but unreserved characters.
std::string encoded(const std::string& text);

}  // namespace catena::testing
