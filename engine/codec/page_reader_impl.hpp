#pragma once

#include "codec/format_scanner.hpp"
#include "codec/page_reader_contract.hpp"
#include <catena/codec/decode.hpp>
#include <catena/codec/next_url.hpp>
#include <catena/codec/page_reader.hpp>
#include <catena/core/http.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena {

struct page_reader::impl {
    using plan = page_contract::impl;

    explicit impl(std::shared_ptr<const page_contract> c);

    /// How the answer's body is taken.
    enum class intake : unsigned char {
        page,     ///< A 2xx that should be a page: scanned as it comes.
        failure,  ///< Kept for its words, up to a limit.
        none,     ///< Cannot be read: counted and dropped.
    };

    /// What the header block says about one of next.from.
    struct head_token {
        presence is = presence::missing;
        std::string text;
        error_code trouble;
    };

    // page_reader_head.cpp
    error_code begin(std::string_view asked, const response_head& head, wall_time received,
                     std::span<const std::string> not_to_show);
    void read_head_tokens(const response_head& head);
    [[nodiscard]] bool some_head_token_is_missing() const;

    // page_reader_redirect.cpp
    void read_locations(const response_head& head);
    void judge_redirect(page_facts& out) const;
    [[nodiscard]] std::string refused_url(std::string_view reference, url_refusal rule) const;

    // page_reader.cpp
    error_code on_body(std::string_view octets);
    page_facts finish();
    error_code take_octets(std::string_view more);
    error_code on_page_octets(std::string_view more);
    [[nodiscard]] bool coding_cannot_be_undone();
    void read_page(page_facts& out);
    void judge_complaints(page_facts& out);
    void judge_lines(page_facts& out);
    void judge_no_lines(page_facts& out);
    [[nodiscard]] bool ends_by_sign_in(std::string_view place) const;
    void copy_keys();
    void read_records(page_facts& out);
    void judge_no_records(page_facts& out);
    void read_flag(page_facts& out) const;
    void read_total(page_facts& out) const;
    void find_lookalikes(page_facts& out) const;

    // page_reader_tokens.cpp
    void read_tokens(page_facts& out);
    [[nodiscard]] token_fact read_token(const plan::token& t, std::size_t n, page_facts& out);
    [[nodiscard]] const scanned& seen() const { return page_scan.so_far(); }
    [[nodiscard]] std::pair<found, std::string> chosen(const plan::token& t, page_facts& out) const;
    [[nodiscard]] token_fact as_token(const found& what, std::string_view raw,
                                      const token_target* target, const std::string& place,
                                      page_facts& out) const;
    [[nodiscard]] token_fact as_url(std::string reference, const std::string& place,
                                    page_facts& out) const;

    // page_reader_self.cpp
    error_code find_self(std::span<const header_view> headers);
    error_code find_self_in_body();
    error_code compare_self(std::string_view self);
    void judge_self(page_facts& out) const;

    // page_reader_signals.cpp
    void read_head_signals(const response_head& head, wall_time received);
    void read_signals(const scanned& s);

    // page_reader_failure.cpp
    void judge_failure(page_facts& out);
    [[nodiscard]] bool judge_good_status(page_facts& out, error_code scanned);
    void judge_content(page_facts& out, error_code ec);
    [[nodiscard]] bool is_foreign() const;
    void judge_records_place(page_facts& out);
    void judge_status(page_facts& out) const;
    void scan_failure();
    [[nodiscard]] std::string words() const;
    [[nodiscard]] std::string fit_for_messages(std::string_view text) const;
    [[nodiscard]] bool complains() const;
    [[nodiscard]] bool quota_gone() const noexcept;
    [[nodiscard]] bool any_holds(const std::vector<plan::compiled_sign>& signs,
                                 const std::vector<bool>& heads, const scanned& s) const;
    [[nodiscard]] bool holds(const plan::compiled_sign& c, bool head, const scanned& s) const;
    void apply_rules(page_facts& out, const scanned& s, bool& decided);
    void expire(page_facts& out);

    std::shared_ptr<const page_contract> contract;
    const plan& api;
    codec::format_scanner page_scan;
    std::optional<codec::format_scanner> failure_scan;

    // The answer
    std::string url;
    std::vector<std::string> hidden;  // secrets and cursors of the request
    int status = 0;
    intake as = intake::none;
    std::optional<duration> retry_after;
    std::vector<quota_signal> quotas;
    std::vector<other_limit> other_limits;
    std::vector<header_field> kept_head;  // where quotas stand in the body too
    wall_time received_at{};
    bool coded = false;          // the body has content codings, which `undo` undoes
    error_code coding_trouble;   // they cannot be undone ...
    std::string coding_flaw;     // ... because of what the header says
    bool self_seen = false;      // the answer has said to which request it is
    bool ends_by_close = false;  // nothing but the connection's end says that the body is whole
    std::string content_type;
    std::string total_header;
    std::string location;       // of a redirect ...
    std::size_t locations = 0;  // ... which must have one
    std::vector<head_token> head_tokens;
    std::vector<bool> errors_head, ends_head, expiry_head;  // header parts of signs hold
    std::vector<std::string> head_lookalikes;

    decoder undo;
    std::string body;
    error_code refused;                   // of the intake; final
    std::size_t octets = 0;               // that came, kept or not
    std::size_t last_size = 0;            // of the last page, a guess at the next
    std::size_t last_records = 0;         // likewise
    std::vector<key_extent> copied_keys;  // of all complete records so far
    std::string key_octets;
    std::vector<key_view> keys;
};

/// Octets kept of a body that is no page, for signs and words.
constexpr std::size_t failure_octets = 64 * 1024;

/// Make `out` a failed answer.
void fail(page_facts& out, error_class is, error_code code, std::string pointer = {});

/// Whether an answer with that status says only that the page is elsewhere (RFC 9110, 15.4).
[[nodiscard]] constexpr bool is_redirect(int status) noexcept
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// The host of a URL as it was written, for messages; without user info, path and query.
[[nodiscard]] std::string host_in(std::string_view url);

/// "a string", "nothing": for messages.
[[nodiscard]] const char* describe(const found& what) noexcept;

}  // namespace catena
