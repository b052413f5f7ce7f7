#pragma once

#include <catena/testing/scripted_answer.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace catena::testing {

/// What of the dataset an answer shows.
struct slice {
    std::size_t asked = 0;           ///< Where the request wants it to begin.
    std::size_t begin = 0, end = 0;  ///< Records, from 0.
    std::size_t total = 0, size = 0;
    std::string items;  ///< The records, with commas between them.
    std::string token;  ///< For what follows; empty at the end.
    std::string next;   ///< URL of the next page; empty at the end.
    std::string base;   ///< "http://host:port"

    [[nodiscard]] bool more() const { return end < total; }
    [[nodiscard]] std::string page(std::size_t first) const
    {
        return std::to_string(begin / size + first);
    }
};

/// A server of one family of APIs, written from its documentation and not from a connector.
struct toy_server {
    enum class place { token, page_from_0, page_from_1, offset, index_from_1, last_id };

    std::string name;
    std::string url;  ///< What a user would give, from the path on.
    place by = place::token;
    std::string parameter;  ///< That tells where a page begins ...
    std::string size_parameter;
    std::size_t size = 10, largest = 20;
    std::function<scripted_answer(const slice&)> body;
    std::vector<std::string> found;  ///< What the proposal must say.
    std::size_t total = 45;

    [[nodiscard]] scripted_answer answer(const std::string& base, const std::string& target) const;
};

/// Record `i` of every server, from 0.
std::string record(std::size_t i);
/// JSON of a text, null for an empty one.
std::string quoted_or_null(const std::string& text);
/// The records as an array, what follows in a Link header.
scripted_answer link_page(const slice& s);

/// Servers of many families: most of those whose tokens the server makes, and the others.
std::vector<toy_server> toy_servers_by_token();
std::vector<toy_server> toy_servers_by_counter();
std::vector<toy_server> toy_servers();

}  // namespace catena::testing
