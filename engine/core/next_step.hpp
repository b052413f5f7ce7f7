#pragma once

#include <catena/core/chain_machine.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace catena {

/// Whether the token i says what comes next: kept values travel along, and a counter only counts
/// where there is no token from the server.
[[nodiscard]] bool decides(const connector& c, std::size_t i) noexcept;

/// Identity of those of `tokens` that say what comes next.
[[nodiscard]] identity identity_of_tokens(const connector& c, const std::vector<value>& tokens);

/// How many records a request for the page at `p` asks for; 0: left to the server.
[[nodiscard]] inline std::uint32_t page_size_at(const connector& c, const position& p) noexcept
{
    return p.size != 0 ? p.size : c.page_size.value;
}

/// Whether the page in front of `facts` was the same, as far as their prints tell.
[[nodiscard]] bool equals_the_last(const page_facts& facts, const checkpoint& before) noexcept;

/// What is to be said of a page that equals the one before it.
[[nodiscard]] diagnostics repeated_page(const connector& c, const page_facts& facts);

/** Reads from one page what follows it: another page, or a declared end, or neither.

    Precedence: the declared flag; then the ends sign, total, empty_page, short_page, same_token;
    then the token's absence, if that absence is declared. Whatever is neither a token nor a
    declared end is an error, and so is a page that says two things at once.
*/
class next_step {
public:
    /// `counted` of the page's records are new to the query: all but the overlap of two pages.
    next_step(const connector& c, const chain_limits& l, const checkpoint& before,
              const page_facts& facts, std::uint64_t counted);

    /// @return Whether it is known what follows; if not, `why` says so.
    [[nodiscard]] bool decide(std::vector<notice>& notices);

    [[nodiscard]] bool last() const noexcept { return last_; }
    [[nodiscard]] position next() const { return next_; }
    [[nodiscard]] identity token_identity() const { return identity_of_tokens(c_, next_.tokens); }

    diagnostics why;

private:
    [[nodiscard]] bool declared(end_rule::kind k) const noexcept;
    [[nodiscard]] bool ended_by_page() const;
    [[nodiscard]] bool total_reached() const;
    [[nodiscard]] bool ended_by_absence() const;
    [[nodiscard]] bool any_token() const;
    [[nodiscard]] bool is_counter(std::size_t i) const noexcept;
    [[nodiscard]] bool decides(std::size_t i) const noexcept { return catena::decides(c_, i); }
    [[nodiscard]] bool compose();
    [[nodiscard]] bool check_given(std::size_t i);
    [[nodiscard]] value count_on(std::size_t i) const;
    [[nodiscard]] bool leads_back() const;
    [[nodiscard]] bool same_as_sent() const;
    [[nodiscard]] bool ended_by_same_token(std::vector<notice>& notices);
    [[nodiscard]] std::string places_of_tokens() const;
    [[nodiscard]] bool no_token();
    [[nodiscard]] bool end_here(std::vector<notice>& notices);
    [[nodiscard]] bool fail(errc e, std::string what, std::string mend, std::string pointer = {});
    [[nodiscard]] bool drift(std::size_t i);
    [[nodiscard]] bool unusable(std::size_t i);
    [[nodiscard]] std::string or_changed(std::string mend) const;
    void tell(std::vector<notice>& notices) const;

    const connector& c_;
    const chain_limits& limits_;
    const checkpoint& before_;
    const page_facts& facts_;
    std::uint64_t came_;   // records of the query so far, this page's among them
    std::uint32_t asked_;  // records, for this page; 0: left to the server
    position next_;
    bool last_ = false;
};

}  // namespace catena
