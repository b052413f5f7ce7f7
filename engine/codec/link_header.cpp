#include <catena/codec/link_header.hpp>
#include <catena/codec/next_url.hpp>
#include <catena/core/http.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace catena {
namespace {

constexpr std::string_view blanks = " \t";

/* One Link line, read from left to right (RFC 8288, section 3 and appendix B.2). Every step
   answers whether it could read; a line that cannot be read is never skipped, since the link that
   goes on may stand in it. */
class link_line {
public:
    explicit link_line(std::string_view text) : rest_(text) {}

    struct link {
        std::string_view target;
        std::string rel, anchor;
        bool has_rel = false, has_rev = false, has_anchor = false;
    };

    /// Skip what may stand between links. @return Whether there is another one.
    bool more()
    {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(", \t"), rest_.size()));
        return !rest_.empty();
    }

    bool read(link& to)
    {
        if (!take('<')) return false;
        const std::size_t close = rest_.find('>');
        if (close == std::string_view::npos) return false;
        to.target = rest_.substr(0, close);
        rest_.remove_prefix(close + 1);
        if (to.target.find_first_of("<\"") != std::string_view::npos) return false;

        for (;;) {
            skip_blanks();
            if (rest_.empty() || rest_[0] == ',') return true;
            if (!take(';')) return false;
            skip_blanks();
            if (rest_.empty() || rest_[0] == ',' || rest_[0] == ';') continue;
            if (!read_parameter(to)) return false;
        }
    }

private:
    void skip_blanks()
    {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
    }

    bool take(char c)
    {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    bool read_parameter(link& to)
    {
        const std::string_view name = rest_.substr(0, rest_.find_first_of(" \t=;,<>\""));
        if (name.empty()) return false;
        rest_.remove_prefix(name.size());
        skip_blanks();
        std::string value;
        if (take('=')) {
            skip_blanks();
            if (!read_value(value)) return false;
        }
        // Only the first of each counts (RFC 8288, sections 3.2 and 3.3).
        if (equal_ignoring_case(name, "rel")) {
            if (!to.has_rel) to.rel = std::move(value);
            to.has_rel = true;
        } else if (equal_ignoring_case(name, "anchor")) {
            if (!to.has_anchor) to.anchor = std::move(value);
            to.has_anchor = true;
        } else if (equal_ignoring_case(name, "rev")) {
            to.has_rev = true;
        }
        return true;
    }

    bool read_value(std::string& to)
    {
        if (!take('"')) {
            const std::string_view token = rest_.substr(0, rest_.find_first_of(" \t;,<>\""));
            to = token;
            rest_.remove_prefix(token.size());
            return !token.empty();
        }
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            if (rest_[i] == '"') {
                rest_.remove_prefix(i + 1);
                return true;
            }
            if (rest_[i] == '\\' && ++i == rest_.size()) return false;
            to += rest_[i];
        }
        return false;
    }

    std::string_view rest_;
};

// Takes the next relation from a list of them; empty when there is none.
std::string_view pass_relation(std::string_view& list)
{
    list.remove_prefix(std::min(list.find_first_not_of(blanks), list.size()));
    const std::string_view one = list.substr(0, list.find_first_of(blanks));
    list.remove_prefix(one.size());
    return one;
}

// Whether one of the relations in `list` is `rel`; `any` tells whether there is one at all.
bool has_relation(std::string_view list, std::string_view rel, bool& any)
{
    any = false;
    for (;;) {
        const std::string_view one = pass_relation(list);
        if (one.empty()) return false;
        any = true;
        if (equal_ignoring_case(one, rel)) return true;
    }
}

bool is_about(std::string_view base, const link_line::link& l)
{
    if (!l.has_anchor || l.anchor.empty()) return true;
    url_refusal why{};
    const auto anchor = resolve_next(base, l.anchor, {}, why);
    return anchor.has_value() && anchor.value().same_page;
}

}  // namespace

boost::system::result<std::optional<std::string>> find_link(std::span<const std::string_view> lines,
                                                            std::string_view rel,
                                                            std::string_view base)
{
    std::optional<std::string> found;
    for (const std::string_view text : lines) {
        link_line line(text);
        while (line.more()) {
            link_line::link l;
            bool related = false;
            if (!line.read(l)) return make_error_code(errc::malformed_link);
            const bool wanted = has_relation(l.rel, rel, related);
            if (!related && !l.has_rev) return make_error_code(errc::malformed_link);
            if (!wanted || !is_about(base, l)) continue;
            if (found && *found != l.target) return make_error_code(errc::malformed_link);
            found = std::string(l.target);
        }
    }
    return found;
}

std::vector<std::string> link_relations(std::span<const std::string_view> lines,
                                        std::string_view base)
{
    std::vector<std::string> out;
    for (const std::string_view text : lines) {
        link_line line(text);
        while (line.more()) {
            link_line::link l;
            if (!line.read(l)) return out;
            if (!is_about(base, l)) continue;
            std::string_view list = l.rel;
            for (auto one = pass_relation(list); !one.empty(); one = pass_relation(list))
                out.emplace_back(one);
        }
    }
    return out;
}

}  // namespace catena
