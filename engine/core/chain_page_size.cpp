#include "core/next_step.hpp"
#include <catena/core/chain_machine.hpp>

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

namespace catena {
namespace {

constexpr std::uint16_t most_pages_before_growth = 1280;

// Of a page that begins with the last record again, one record is nothing new.
std::uint32_t least_size(const connector& c) noexcept { return c.next.inclusive ? 2 : 1; }

bool is_timeout(const error_code& ec) noexcept
{
    return ec == errc::timed_out_first_octet || ec == errc::timed_out_idle ||
           ec == errc::timed_out_request;
}

bool asks_too_much(const page_size_rule& size, const page_facts& facts) noexcept
{
    const bool good_status = facts.status >= 200 && facts.status < 300;
    if (facts.code == errc::limit_exceeded) return size.shrink_on_size && good_status;
    if (facts.status == 0) return size.shrink_on_timeout && is_timeout(facts.code);
    const bool about_size =
        facts.failed_as == error_class::retry || facts.failed_as == error_class::caller;
    return about_size && facts.code != errc::rate_limited &&
           std::find(size.shrink_on.begin(), size.shrink_on.end(), facts.status) !=
               size.shrink_on.end();
}

/* Whether a token may be the number of a page, which means other records under another size: a
   server that gives such numbers says so nowhere, but they count its pages. */
bool may_count_pages(const connector& c, const checkpoint& after) noexcept
{
    for (std::size_t i = 0; i < after.at.tokens.size(); ++i) {
        const token_source::place from = c.next.from[i].from;
        if (from == token_source::place::counter || from == token_source::place::last_record)
            continue;
        const std::string& t = after.at.tokens[i].text;
        std::uint64_t n = 0;
        const auto [end, ec] = std::from_chars(t.data(), t.data() + t.size(), n);
        const bool number = ec == std::errc() && end == t.data() + t.size();
        if (number && (n == after.query_pages || n == after.query_pages + 1)) return true;
    }
    return false;
}

}  // namespace

bool chain_machine::can_shrink(const page_facts& facts) const noexcept
{
    return contract_->page_size.value != 0 && asks_too_much(contract_->page_size, facts) &&
           !may_count_pages(*contract_, at_) &&
           page_size_at(*contract_, at_.at) > least_size(*contract_);
}

void chain_machine::shrink(page_verdict& out)
{
    ++shrinks_;
    // What had grown and fails again has met the server's bound: try it ever more seldom.
    if (grown_ && grow_after_ < most_pages_before_growth)
        grow_after_ = static_cast<std::uint16_t>(grow_after_ * 2);
    grown_ = false;
    good_run_ = 0;
    at_.at.size = std::max(page_size_at(*contract_, at_.at) / 2, least_size(*contract_));
    at_.full_page = 0;  // what was a full page says nothing of what is a short one now
    out.notices.push_back(
        {notice::kind::page_size_changed,
         "pages of " + std::to_string(at_.at.size) + " records are asked for from now on"});
}

void chain_machine::grow(page_verdict& out)
{
    if (at_.at.size == 0 || may_count_pages(*contract_, at_)) return;
    if (++good_run_ < grow_after_) return;
    good_run_ = 0;
    grown_ = true;
    const std::uint32_t whole = contract_->page_size.value;
    const std::uint32_t size = at_.at.size > whole / 2 ? whole : at_.at.size * 2;
    at_.at.size = size < whole ? size : 0;
    out.notices.push_back(
        {notice::kind::page_size_changed,
         "pages of " + std::to_string(size) + " records are asked for from now on"});
}

}  // namespace catena
