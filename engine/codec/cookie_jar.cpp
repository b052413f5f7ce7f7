#include "codec/set_cookie.hpp"
#include <catena/codec/cookie_jar.hpp>

#include <algorithm>
#include <utility>

namespace catena {
namespace {

bool is_address(std::string_view host)
{
    if (host.find(':') != host.npos) return true;
    const std::string_view last = host.substr(host.rfind('.') + 1);
    return !last.empty() && last.find_first_not_of("0123456789") == last.npos;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string default_path(std::string_view target)
{
    const std::string_view path = path_of(target);
    const std::size_t last = path.rfind('/');
    return last == path.npos || last == 0 ? "/" : std::string(path.substr(0, last));
}

bool has_prefix(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() &&
           equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// What a name promises to those who check nothing but the name.
bool keeps_its_promise(const codec::set_cookie& c, bool host_only)
{
    const std::string& told = c.name.empty() ? c.value : c.name;
    const bool secure = has_prefix(told, "__Secure-");
    const bool host = has_prefix(told, "__Host-");
    if (c.name.empty()) return !secure && !host;
    if ((secure || host) && !c.secure) return false;
    return !host || (host_only && c.path == "/");
}

}  // namespace

bool cookie_jar::take(const origin& from, std::string_view target, std::string_view field,
                      wall_time now)
{
    std::optional<codec::set_cookie> c = codec::read_set_cookie(field, now);
    const auto ignore = [this] {
        ++ignored_;
        return false;
    };
    if (!c || c->name.size() + c->value.size() > limits_.octets) return ignore();

    const bool own = c->domain == from.host;
    if (!c->domain.empty() && (is_address(from.host) || codec::is_public_suffix(c->domain))) {
        if (!own) return ignore();
        c->domain.clear();
    }
    const bool host_only = c->domain.empty();
    if (!host_only && !codec::domain_matches(from.host, c->domain)) return ignore();
    if ((c->secure && !from.tls) || !keeps_its_promise(*c, host_only)) return ignore();

    cookie made;
    made.name = std::move(c->name);
    made.value = std::move(c->value);
    made.domain = host_only ? from.host : std::move(c->domain);
    made.path = c->path ? std::move(*c->path) : default_path(target);
    made.until = c->until;
    made.host_only = host_only;
    made.secure = c->secure;
    return keep(std::move(made), now, from.tls) || ignore();
}

bool cookie_jar::keep(cookie c, wall_time now, bool tls)
{
    if (!tls && hides_secure(c)) return false;
    std::erase_if(kept_, [now](const cookie& k) { return k.until <= now; });
    const auto old = std::find_if(kept_.begin(), kept_.end(), [&](const cookie& k) {
        return k.name == c.name && k.domain == c.domain && k.host_only == c.host_only &&
               k.path == c.path;
    });
    if (c.until <= now) {
        if (old != kept_.end()) kept_.erase(old);
        return true;
    }
    if (old != kept_.end()) {
        c.number = old->number;
        *old = std::move(c);
        return true;
    }
    if (kept_.size() >= limits_.cookies) return false;
    c.number = ++created_;
    kept_.push_back(std::move(c));
    return true;
}

// Who listens on the wire could otherwise set another session under a Secure cookie's name.
bool cookie_jar::hides_secure(const cookie& c) const
{
    return std::any_of(kept_.begin(), kept_.end(), [&](const cookie& k) {
        return k.secure && k.name == c.name &&
               (codec::domain_matches(k.domain, c.domain) ||
                codec::domain_matches(c.domain, k.domain)) &&
               codec::path_matches(c.path, k.path);
    });
}

std::string cookie_jar::header(const origin& to, std::string_view target, wall_time now) const
{
    std::vector<const cookie*> sent;
    for (const cookie& c : kept_) {
        const bool for_host =
            c.host_only ? to.host == c.domain : codec::domain_matches(to.host, c.domain);
        if (for_host && c.until > now && (!c.secure || to.tls) &&
            codec::path_matches(path_of(target), c.path))
            sent.push_back(&c);
    }
    std::sort(sent.begin(), sent.end(), [](const cookie* a, const cookie* b) {
        if (a->path.size() != b->path.size()) return a->path.size() > b->path.size();
        return a->number < b->number;
    });
    std::string out;
    for (const cookie* c : sent) {
        if (!out.empty()) out += "; ";
        if (!c->name.empty()) out += c->name + '=';
        out += c->value;
    }
    return out;
}

std::vector<std::string> cookie_jar::values() const
{
    std::vector<std::string> all;
    for (const cookie& c : kept_)
        all.push_back(c.value);
    return all;
}

}  // namespace catena
