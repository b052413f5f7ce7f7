#pragma once

#include "testing/shelf.hpp"
#include <catena/connector.hpp>
#include <catena/testing/behaviour.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace catena::testing {

/// What a request carries at a place of borders.
using border_lookup = std::function<std::optional<value>(const token_target&)>;

/** What of the dataset one request asks for, by the borders that it carries.

    Compares in ways of its own: numbers by value, all else by octets, so that moments must be
    written alike. What a client computes with is under test.
*/
class range_filter {
public:
    [[nodiscard]] bool takes(const row& r) const;
    /// Index behind the first `count` records from `begin` on that it takes.
    [[nodiscard]] std::size_t after(const shelf& rows, std::size_t begin, std::size_t count) const;
    /// Those that it takes from `begin` to `end`, and how many they are.
    [[nodiscard]] std::vector<std::size_t> among(const shelf& rows, std::size_t begin,
                                                 std::size_t end) const;
    [[nodiscard]] std::size_t count(const shelf& rows, std::size_t begin, std::size_t end) const;

private:
    struct test {
        enum class kind { at_least, above, at_most, below, equals } what;
        bool numbers;
        std::string at, border;
        std::size_t field;  // of the key; beyond it if `at` is no part of the key
    };

    [[nodiscard]] static std::optional<std::string> text_of(const row& r, const test& t);

    /// Whether `border` can be read.
    [[nodiscard]] bool add(const connector& c, const range_rule& by, test::kind k,
                           const std::optional<value>& border);

    std::vector<test> tests_;

    friend std::optional<range_filter> read_filter(const connector&, behaviour::filter_kind,
                                                   const border_lookup&);
};

/// What a request asks for of a server that reads its filters so; nothing if a border is none.
[[nodiscard]] std::optional<range_filter> read_filter(const connector& c,
                                                      behaviour::filter_kind manner,
                                                      const border_lookup& sent);

/// Every place in a request where a rebuilt query's bound, or a border or value of a range, goes.
[[nodiscard]] std::vector<token_target> bound_targets(const connector& c);

}  // namespace catena::testing
