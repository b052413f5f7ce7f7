#pragma once

#include "codec/request_builder_query.hpp"
#include <catena/connector.hpp>
#include <catena/core/http.hpp>
#include <catena/core/position.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena::codec {

/** A request while values are put into it.

    @par Lifetime
    Parameters given by reference must outlive the draft.
*/
class request_draft {
public:
    /// Start with a path, parameters and a body of our own.
    request_draft(std::string_view path, std::span<const parameter> query, std::string body);

    /** Start with a path and query of the server's, kept octet for octet.

        @param own_path May be shown in messages; the rest is a cursor.
    */
    request_draft(std::string_view target, std::string_view own_path, std::string body);

    /// How a value shows in messages.
    enum class show { struck, plain };

    /** Put one value where `to` says. @pre `to` is no next URL.

        @return What is in the way, or nullptr.
    */
    [[nodiscard]] const char* place(const token_target& to, const value& v, show as = show::struck);

    /// Leave out every parameter of that name.
    void drop(std::string_view name);

    /// Append a parameter unless there is one of its name.
    void add_if_missing(const parameter& p);

    [[nodiscard]] std::string target() const;
    [[nodiscard]] std::string shown() const;
    [[nodiscard]] std::vector<parameter> query() const;

    std::string body;
    std::vector<header_field> headers;

private:
    struct slot {
        const parameter* fixed = nullptr;
        parameter own;
        [[nodiscard]] const parameter& get() const { return fixed ? *fixed : own; }
    };

    void split();
    void set(parameter&& p);
    [[nodiscard]] bool is_secret(std::string_view name) const;
    const char* spread(const value& v);
    const char* place_header(const std::string& name, std::string_view text);
    const char* place_path(const std::string& before, std::string_view text);

    std::string path_, shown_path_;
    std::string_view whole_;  // the server's target, until a part of it is touched
    std::string mark_;        // what stands for the server's query in messages
    std::vector<slot> query_;
};

/// Whether `text` can be a header's value and come back as it is: no control, no blank at an end.
[[nodiscard]] bool fits_header(std::string_view text) noexcept;

}  // namespace catena::codec
