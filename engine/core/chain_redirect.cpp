// What a chain makes of redirects: one page may be asked for at several places, one after another.
#include <catena/core/chain_machine.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace catena {
namespace {

// Scheme, host and port: a path may hold a cursor.
std::string_view origin_in(std::string_view url)
{
    const std::size_t host = url.find("//");
    return host == url.npos ? std::string_view() : url.substr(0, url.find_first_of("/?", host + 2));
}

}  // namespace

/* Nothing was answered but the place, so no attempt is counted and a single-use token is not spent.
   The trail ends with any other answer; what is tried again begins where the page belongs. */
void chain_machine::on_moved(const page_facts& facts, page_verdict& out)
{
    using verdict = redirect_trail::verdict;
    const redirect& r = facts.redirected;
    const std::string answered = "the server answered " + std::to_string(facts.status);
    const std::string there(origin_in(r.to));
    diagnostics why;
    why.code = errc::unexpected_redirect;
    why.status = facts.status;
    why.pointer = "Location";
    why.next = at_.pages > 0 ? advice::resume : advice::none;
    why.mend = "set request.url to where the server redirects";
    redirect_trail trail = trail_ ? *trail_ : redirect_trail();
    switch (trail.decide(contract_->request.method, r, limits_->redirects)) {
        case verdict::follow:
            trail_ = std::make_shared<const redirect_trail>(std::move(trail));
            out.notices.push_back({notice::kind::redirected, answered + ": it is at " + there});
            out.followed = r;
            state_ = state::ready;
            return;
        case verdict::other_query:
            why.what = answered + " to a " + contract_->request.method +
                       " request: followed, it would be a GET without its body, another query";
            break;
        case verdict::loop:
            why.what = answered + " and redirects in a circle, to a URL at " + there +
                       " that was asked already";
            break;
        case verdict::too_many:
            why.code = errc::limit_exceeded;
            why.what = answered + ", and " + std::to_string(limits_->redirects) +
                       " redirects were followed for this page: that is the limit";
            why.mend = "raise chain_limits::redirects, or " + why.mend;
            break;
    }
    end(std::move(why));
}

}  // namespace catena
