#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena::testing {

/** A JSON document put together from raw values at JSON Pointers, octet for octet.

    Members keep the order in which they came. Where every name is an array index below 1000 the
    members are the elements of an array, and elements that nobody set are null.
*/
class json_tree {
public:
    /// Put `raw` at `pointer`, in place of what stands there.
    void set(std::string_view pointer, std::string raw);
    /// The same, but beside what stands there: a duplicate member. @pre `pointer` is not empty.
    void duplicate(std::string_view pointer, std::string raw);

    [[nodiscard]] std::string text() const;

private:
    struct member {
        std::string name;
        std::vector<member> members;
        std::string raw;  // empty: an object of `members`
    };

    static member* descend(member& from, std::string_view& pointer);
    static void write(const member& m, std::string& out);
    static bool write_array(const std::vector<member>& elements, std::string& out);

    member root_;
};

/** The octets of the value at `pointer` in `json`; a string with its quotes.

    @pre `json` is valid.
*/
[[nodiscard]] std::optional<std::string_view> raw_at(std::string_view json,
                                                     std::string_view pointer);

/// The first segment of a JSON Pointer, its escapes undone; `pointer` keeps what follows.
[[nodiscard]] std::string take_segment(std::string_view& pointer);

}  // namespace catena::testing
