#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace catena::codec {

/// One query parameter, ready to be sent.
struct parameter {
    std::string name;   ///< Decoded, to compare with.
    std::string text;   ///< "name=value" as it goes on the wire.
    std::string shown;  ///< The same for messages.
};

/// Percent-encoded: all but RFC 3986's unreserved characters.
void append_encoded(std::string& to, std::string_view text);

/// A parameter of our own, encoded once. It shows as it is.
parameter make_parameter(std::string_view name, std::string_view value);

/// The same for a cursor or a secret, whose value shows as `mark`.
parameter make_hidden_parameter(std::string_view name, std::string_view value,
                                std::string_view mark);

/// As servers read a form: '+' is a blank, what is no escape stands for itself.
std::string form_decoded(std::string_view text);

/// The parameters of a raw query, octet for octet; joined with '&' they give it back.
std::vector<parameter> split_query(std::string_view raw);

/// The first parameter of `wanted` that `raw` lacks, or has with another value; null if none.
const parameter* lost_parameter(const std::vector<parameter>& wanted, std::string_view raw);

/** Whether a header or parameter of that name commonly holds a credential ("api_key",
    "X-Auth-Token"). People write those into URLs as plain text; they are struck out all the same.
*/
bool is_telling_name(std::string_view name);

/// What stands for a hidden text in messages.
inline constexpr std::string_view ellipsis = "\xe2\x80\xa6";

/// The same for a cursor: with four hexadecimal digits, so that two cursors can be told apart.
std::string struck_cursor(std::string_view text);

}  // namespace catena::codec
