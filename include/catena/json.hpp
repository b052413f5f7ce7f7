// layer: run
#pragma once

#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <string_view>

namespace catena {

/* Opt-in: records as values of Boost.JSON. catena itself hands out octets and needs none of this;
   a program that includes this header links Boost.JSON. */

/** A record as a Boost.JSON value.

    Integers that need more than 64 bits become doubles and lose digits; read such a field from the
    record's octets. Of members that stand twice the last one counts.

    @par Errors
    Boost.JSON's own; boost::json::error::too_deep below 64 levels.
*/
[[nodiscard]] inline boost::json::value to_json_value(std::string_view record,
                                                      boost::system::error_code& ec)
{
    boost::json::parse_options options;
    options.max_depth = 64;
    return boost::json::parse({record.data(), record.size()}, ec, {}, options);
}

/// The same. @throws boost::system::system_error when `record` is no JSON text.
[[nodiscard]] inline boost::json::value to_json_value(std::string_view record)
{
    boost::system::error_code ec;
    boost::json::value v = to_json_value(record, ec);
    if (ec) throw boost::system::system_error(ec, "a record is no JSON text");
    return v;
}

/** A record as a `T`, through boost::json::value_to.

    @throws boost::system::system_error when `record` is no JSON text; what value_to throws when it
    is no `T`.
*/
template <class T>
[[nodiscard]] T as(std::string_view record)
{
    return boost::json::value_to<T>(to_json_value(record));
}

}  // namespace catena
