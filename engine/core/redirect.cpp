#include <catena/core/redirect.hpp>

#include <algorithm>

namespace catena {
namespace {

constexpr std::size_t most_places = 64;

std::string_view place_of(std::string_view url) { return url.substr(0, url.find('?')); }

}  // namespace

redirect_trail::verdict redirect_trail::decide(std::string_view method, const redirect& r,
                                               std::uint32_t most)
{
    const bool keeps_method = r.status == 307 || r.status == 308;
    if (!keeps_method && method != "GET" && method != "HEAD") return verdict::other_query;

    if (asked_.empty()) asked_.push_back(r.from);
    if (std::find(asked_.begin(), asked_.end(), r.to) != asked_.end()) return verdict::loop;
    if (asked_.size() > most) return verdict::too_many;
    asked_.push_back(r.to);
    passing_ = passing_ || !r.permanent();
    return verdict::follow;
}

const std::string& redirect_trail::to() const noexcept
{
    static const std::string nowhere;
    return asked_.size() < 2 ? nowhere : asked_.back();
}

void redirect_memory::note(const redirect& r)
{
    const std::string_view from = place_of(r.from);
    const std::string_view to = place_of(r.to);
    const bool same_query = r.from.substr(from.size()) == r.to.substr(to.size());
    if (!r.permanent() || !same_query || from == to) return;
    if (places_.size() >= most_places && !places_.contains(from)) return;
    places_.insert_or_assign(std::string(from), std::string(to));
}

std::string redirect_memory::moved(std::string_view url) const
{
    const std::string_view first = place_of(url);
    std::string_view at = first;
    // What was moved may have been moved again. In a circle nothing is known.
    for (std::size_t steps = 0; steps <= places_.size(); ++steps) {
        const auto next = places_.find(at);
        if (next == places_.end())
            return at == first ? std::string() : std::string(at).append(url.substr(first.size()));
        at = next->second;
    }
    return {};
}

}  // namespace catena
