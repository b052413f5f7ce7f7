// layer: core
#pragma once

#include <catena/core/request_rule.hpp>
#include <catena/core/time.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena {

/// What the values of a range are, and so how they compare and divide.
enum class range_type {
    integer,
    decimal,
    text,    ///< Ordered by octets.
    time,    ///< RFC 3339 date-times, or numbers since 1970: see range_rule::time.
    values,  ///< One of a list: the query asks for each by itself.
};

/// How a server writes moments.
enum class moment_form { rfc3339, seconds, milliseconds };

/// Where one side of a filter goes.
struct range_edge {
    range_edge() {}
    range_edge(token_target target, bool takes) : to(std::move(target)), inclusive(takes) {}

    token_target to;
    bool inclusive = true;  ///< The server answers records that equal the value, too.

    friend bool operator==(const range_edge&, const range_edge&) = default;
};

/// How a query can be restricted to a part of the dataset.
struct range_rule {
    range_rule() {}

    std::string by;  ///< JSON Pointer in a record: one of the connector's key fields, but for
                     ///< `values`, where it may be empty.
    range_type type = range_type::integer;
    std::optional<range_edge> lower, upper;  ///< At least one, but for `values`.
    moment_form time = moment_form::rfc3339;
    duration resolution =
        std::chrono::seconds(1);  ///< Time: the finest step that the server keeps.
    token_target to;              ///< Values: where each one goes.
    std::vector<std::string> values;

    friend bool operator==(const range_rule&, const range_rule&) = default;
};

}  // namespace catena
