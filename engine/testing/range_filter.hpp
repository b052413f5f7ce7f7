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
    /// Index behind the first `count` records from `begin` on that it takes.
    [[nodiscard]] std::size_t after(std::size_t begin, std::size_t count) const;
    /// Those that it takes from `begin` to `end`.
    [[nodiscard]] std::vector<std::size_t> among(std::size_t begin, std::size_t end) const;
    [[nodiscard]] std::size_t count(std::size_t begin, std::size_t end) const;

private:
    struct test {
        enum class kind { at_least, above, at_most, below, equals } what;
        bool numbers;
        std::string at, border;
        std::size_t field;  // of the key; beyond it if `at` is no part of the key
    };

    [[nodiscard]] static bool passes(const row& r, const test& t);
    /// Whether `border` can be read.
    [[nodiscard]] bool add(const connector& c, const range_rule& by, test::kind k,
                           const std::optional<value>& border);
    /// Those of `rows` that may pass a test of the first field of sorted keys.
    static void narrow(const shelf& rows, const test& t, std::size_t& from, std::size_t& to);
    void look_through(const shelf& rows);

    std::vector<test> tests_;
    std::vector<std::size_t> taken_;  // ascending; unused without tests
    std::size_t all_ = 0;

    friend std::optional<range_filter> read_filter(const connector&, const shelf&,
                                                   behaviour::filter_kind, const border_lookup&);
};

/// What a request asks for of a server that has these records now and reads its filters so; nothing
/// if a border is none.
[[nodiscard]] std::optional<range_filter> read_filter(const connector& c, const shelf& rows,
                                                      behaviour::filter_kind manner,
                                                      const border_lookup& sent);

/// Every place in a request where a rebuilt query's bound, or a border or value of a range, goes.
[[nodiscard]] std::vector<token_target> bound_targets(const connector& c);

}  // namespace catena::testing
