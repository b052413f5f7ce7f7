#pragma once

#include <catena/connector.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena::core {

/// Collects the flaws of one connector.
class connector_check {
public:
    explicit connector_check(const connector& c) : c_(c) {}

    [[nodiscard]] std::vector<connector_flaw> run();

private:
    void flaw(std::string pointer, std::string what, std::string mend);

    // What many members are made of.
    void plain_text(const std::string& text, const std::string& pointer);
    void json_pointer(const std::string& text, const std::string& pointer);
    void member_pointer(const std::string& text, const std::string& pointer);
    void header_name(const std::string& name, const std::string& pointer);
    void request_header(const std::string& name, const std::string& pointer);
    void value(const setting& s, const std::string& pointer);
    void test(const sign& s, const std::string& pointer);
    void url(const std::string& text, const std::string& pointer);
    void source(const token_source& s, const std::string& pointer);
    void target(const token_target& t, const std::string& pointer);

    // The members of a connector.
    void request();
    void keys();
    void next();
    void tokens_and_targets();
    void parameters();
    void ends();
    void can_end();
    void one_end(const end_rule& e, std::size_t index, std::string& flag_seen);
    void self();
    void sizes();
    void page_size();
    void shrinking();
    void pages_of_lines();
    void pages_of_xml();
    void xml_record(const std::string& pointer, const std::string& where);
    void xml_value(const std::string& pointer, const std::string& where, bool in_pages);
    void xml_test(const sign& s, const std::string& where);
    void expiry();
    void rebuild();
    void apart();
    void limits();
    void auth();
    void oauth2();
    void session();
    void signals();
    void signal(const std::optional<signal_place>& p, const std::string& pointer);
    void origins();
    void ranges();
    void range_field(const range_rule& r, const std::string& where);
    void range_edges(const range_rule& r, const std::string& where);
    void range_values(const range_rule& r, const std::string& where);
    void range_time(const range_rule& r, const std::string& where);
    void range_target(const token_target& t, const std::string& where);
    void range_places();
    void discovery();
    void discovery_target(const token_target& t, const std::string& where);
    void discovery_tokens();
    void discovery_ends();
    void window();

    const connector& c_;
    std::vector<connector_flaw> flaws_;
};

/// A URL of a connector, cut as far as the checks need it.
struct url_parts {
    std::string_view scheme, authority, rest;  // rest: path, query and fragment
};
[[nodiscard]] url_parts split_url(std::string_view url) noexcept;

/// Whether the next page is asked for by a whole URL of the server's.
[[nodiscard]] bool goes_to_url(const next_rule& n);

/// Whether both write to one place of a request, or one into the other.
[[nodiscard]] bool overlap(const token_target& a, const token_target& b);

/// JSON member names of places, "query" or "last_record".
[[nodiscard]] std::string name_of(token_target::place p);
[[nodiscard]] std::string name_of(token_source::place p);

/// "/next/to/0" of "/next/to" and 0.
[[nodiscard]] std::string item(const std::string& pointer, std::size_t index);

/// A member name as one token of a JSON Pointer (RFC 6901).
[[nodiscard]] std::string pointer_token(std::string_view name);

}  // namespace catena::core
