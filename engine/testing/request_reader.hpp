#pragma once

#include "testing/range_filter.hpp"
#include "testing/shelf.hpp"
#include "testing/stamp.hpp"
#include <catena/connector.hpp>
#include <catena/core/http.hpp>
#include <catena/testing/behaviour.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace catena::testing {

/// What a request asks for.
struct asked {
    std::optional<stamp> token;  ///< If the contract's tokens are the model's own.
    bool first_page = true;
    std::size_t query_begin = 0;  ///< Index of the query's first record.
    std::size_t begin = 0;        ///< Index of the page's first record.
    std::uint64_t page = 0;
    std::uint64_t size = 0;
    range_filter filter;  ///< Which of the records from `begin` on are meant.
};

/// A request that breaks the contract.
struct refused_request : std::runtime_error {
    refused_request(int s, const std::string& why) : std::runtime_error(why), status(s) {}
    int status;
};

/// How a token of the contract is made, by its place among next.from.
struct token_facts {
    json_kind kind;    ///< Of the model's own tokens.
    bool own;          ///< Neither a counter nor taken from a record.
    std::size_t mark;  ///< For a record's: its number among those.
};
[[nodiscard]] token_facts facts_of(const connector& c, const behaviour& b, std::size_t token);

/// Tokens marked `keep` are new on every third page, optional ones are given on even pages.
[[nodiscard]] bool given_with(const token_source& s, std::uint64_t page);
/// The stamp of a `keep` token that page `page` of a chain gives.
[[nodiscard]] stamp kept_stamp(std::uint64_t chain, std::uint64_t page);

/// The rest of a request target, without the parameter that carries the token.
[[nodiscard]] std::string beside(std::string_view target, std::string_view parameter);

/// Reads requests with the eyes of a strict server.
class request_reader {
public:
    request_reader(const connector& c, const behaviour& b, const shelf& rows,
                   const stamp_codec& codec)
        : contract_(c), manner_(b), rows_(rows), codec_(codec)
    {
    }

    /// @throws refused_request
    [[nodiscard]] asked read(const http_request& ask) const;

private:
    struct sent;

    [[nodiscard]] sent initial() const;
    void check_frame(const sent& s) const;
    void check_body(const sent& s) const;
    void check_parameters(const sent& s, bool first_page) const;
    [[nodiscard]] std::uint64_t read_size(const sent& s) const;
    [[nodiscard]] std::optional<std::size_t> read_bound(const sent& s) const;
    void read_token(const sent& s, std::size_t token, asked& out) const;
    void read_counter(const token_source& from, const value& text, asked& out) const;
    [[nodiscard]] stamp read_own(const value& text, std::size_t token) const;
    void check_agreement(const sent& s, const asked& out) const;
    [[nodiscard]] std::optional<value> fetch(const sent& s, const token_target& to) const;
    [[nodiscard]] std::optional<value> fetch_new(const sent& s, const token_target& to) const;

    const connector& contract_;
    const behaviour& manner_;
    const shelf& rows_;
    const stamp_codec& codec_;
};

}  // namespace catena::testing
