#include "core/json_lexer.hpp"
#include <catena/codec/structured_fields.hpp>

#include <algorithm>
#include <numeric>

namespace catena {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
constexpr bool is_alpha(char c) noexcept { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
constexpr bool is_printable(char c) noexcept { return c >= ' ' && c <= '~'; }

constexpr bool is_in_key(char c) noexcept
{
    return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '*';
}

constexpr bool is_in_token(char c) noexcept
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~:/";
    return is_alpha(c) || is_digit(c) || others.find(c) != std::string_view::npos;
}

constexpr int base64_value(char c) noexcept
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (is_lower(c)) return c - 'a' + 26;
    if (is_digit(c)) return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

constexpr int hex_value(char c) noexcept
{
    if (is_digit(c)) return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;  // capitals are not allowed here
}

/* Leaves of each key its first place and its last value. Sorting and not a hash: no choice of keys
   makes it slow. */
template <class T>
void merge_repeated(std::vector<std::pair<std::string, T>>& all)
{
    if (all.size() < 2) return;
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const int c = all[a].first.compare(all[b].first);
        return c != 0 ? c < 0 : a < b;
    });

    std::vector<bool> again(all.size(), false);
    for (std::size_t i = 0; i < order.size();) {
        const std::size_t first = order[i];
        std::size_t last = first;
        for (++i; i < order.size() && all[order[i]].first == all[first].first; ++i)
            again[last = order[i]] = true;
        if (last != first) all[first].second = std::move(all[last].second);
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (again[i]) continue;
        if (kept != i) all[kept] = std::move(all[i]);
        ++kept;
    }
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(kept), all.end());
}

/* One field, read from left to right as RFC 9651, section 4.2, says step by step. Every step
   answers whether it could read; after a no, at() is the octet that could not be read. */
class field_text {
public:
    explicit field_text(std::string_view text) : text_(text) { skip_spaces(); }

    bool read(sf_list& to)
    {
        bool good = true;
        while (good && more(to.empty(), good))
            good = read_member(to.emplace_back());
        return good;
    }

    bool read(sf_dictionary& to)
    {
        bool good = true;
        while (good && more(to.empty(), good)) {
            auto& [key, member] = to.emplace_back();
            good = read_key(key);
            if (!good) break;
            if (take('=')) {
                good = read_member(member);
            } else {
                sf_item yes{true, {}};
                good = read_parameters(yes.parameters);
                member = std::move(yes);
            }
        }
        merge_repeated(to);
        return good;
    }

    bool read(sf_item& to)
    {
        if (!read_item(to)) return false;
        skip_spaces();
        return done();
    }

    [[nodiscard]] std::size_t at() const { return at_; }

private:
    [[nodiscard]] bool done() const { return at_ == text_.size(); }
    [[nodiscard]] char next() const { return done() ? '\0' : text_[at_]; }

    bool take(char c)
    {
        if (done() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    bool fail_at(std::size_t at)
    {
        at_ = at;
        return false;
    }

    void skip_spaces()
    {
        while (take(' ')) {
        }
    }

    void skip_blanks()
    {
        while (take(' ') || take('\t')) {
        }
    }

    // Whether another member follows: the first, or one after a comma. A comma binds.
    bool more(bool first, bool& good)
    {
        if (first) return !done();
        skip_blanks();
        if (done()) return false;
        good = take(',');
        skip_blanks();
        return good;  // a comma at the end has no member behind it, and that is read as a flaw
    }

    bool read_member(sf_member& to)
    {
        if (next() == '(') return read_inner_list(to.emplace<sf_inner_list>());
        return read_item(to.emplace<sf_item>());
    }

    bool read_inner_list(sf_inner_list& to)
    {
        take('(');
        for (;;) {
            skip_spaces();
            if (take(')')) return read_parameters(to.parameters);
            if (!read_item(to.items.emplace_back())) return false;
            if (next() != ' ' && next() != ')') return false;
        }
    }

    bool read_item(sf_item& to) { return read_bare(to.value) && read_parameters(to.parameters); }

    bool read_parameters(sf_parameters& to)
    {
        while (take(';')) {
            skip_spaces();
            auto& [key, value] = to.emplace_back();
            value = true;
            if (!read_key(key)) return false;
            if (take('=') && !read_bare(value)) return false;
        }
        merge_repeated(to);
        return true;
    }

    bool read_key(std::string& to)
    {
        if (!is_lower(next()) && next() != '*') return false;
        const std::size_t begin = at_;
        while (is_in_key(next()))
            ++at_;
        to = text_.substr(begin, at_ - begin);
        return true;
    }

    bool read_bare(sf_bare_item& to)
    {
        const char c = next();
        if (c == '-' || is_digit(c)) return read_number(to);
        if (c == '"') return read_string(to.emplace<std::string>());
        if (c == '*' || is_alpha(c)) return read_token(to.emplace<sf_token>());
        if (c == ':') return read_binary(to.emplace<sf_binary>());
        if (c == '?') return read_boolean(to.emplace<bool>());
        if (c == '@') return read_date(to.emplace<sf_date>());
        if (c == '%') return read_display_string(to.emplace<sf_display_string>());
        return false;
    }

    // Digits into `n`, at most `most` of them. @return How many; 0 where that is broken.
    std::size_t read_digits(std::int64_t& n, std::size_t most)
    {
        const std::size_t begin = at_;
        for (; is_digit(next()); ++at_) {
            if (at_ - begin == most) return 0;
            n = n * 10 + (next() - '0');
        }
        return at_ - begin;
    }

    bool read_number(sf_bare_item& to)
    {
        const std::int64_t sign = take('-') ? -1 : 1;
        std::int64_t n = 0;
        const std::size_t digits = read_digits(n, 15);
        if (digits == 0) return false;
        if (next() != '.') {
            to = sign * n;
            return true;
        }
        if (digits > 12) return false;
        take('.');
        const std::size_t places = read_digits(n, 3);
        if (places == 0) return false;
        for (std::size_t i = places; i < 3; ++i)
            n *= 10;
        to = sf_decimal{sign * n};
        return true;
    }

    bool read_string(std::string& to)
    {
        take('"');
        for (;; ++at_) {
            if (take('"')) return true;
            if (take('\\') && next() != '"' && next() != '\\') return false;
            if (!is_printable(next())) return false;
            to += next();
        }
    }

    bool read_token(sf_token& to)
    {
        const std::size_t begin = at_;
        while (is_in_token(next()))
            ++at_;
        to.text = text_.substr(begin, at_ - begin);
        return true;
    }

    bool read_binary(sf_binary& to)
    {
        take(':');
        std::uint32_t bits = 0;
        std::size_t letters = 0;
        for (; base64_value(next()) >= 0; ++at_) {
            bits = (bits << 6 | static_cast<std::uint32_t>(base64_value(next()))) & 0xffffff;
            ++letters;
            const std::size_t part = letters % 4;
            if (part == 2) to.octets += static_cast<char>(bits >> 4 & 0xff);
            if (part == 3) to.octets += static_cast<char>(bits >> 2 & 0xff);
            if (part == 0) to.octets += static_cast<char>(bits & 0xff);
        }
        if (letters % 4 == 1) return false;
        if (letters % 4 == 2 && take('=') && !take('=')) return false;
        if (letters % 4 == 3) take('=');
        return take(':');
    }

    bool read_boolean(bool& to)
    {
        take('?');
        to = next() == '1';
        return take('0') || take('1');
    }

    bool read_date(sf_date& to)
    {
        take('@');
        sf_bare_item n;
        const std::size_t begin = at_;
        if (!read_number(n)) return false;
        const auto* const whole = std::get_if<std::int64_t>(&n);
        if (whole == nullptr) return fail_at(begin);
        to.seconds = *whole;
        return true;
    }

    bool read_display_string(sf_display_string& to)
    {
        take('%');
        const std::size_t begin = at_;
        if (!take('"')) return false;
        while (!take('"')) {
            if (!is_printable(next())) return false;
            char c = text_[at_++];
            if (c == '%') {
                const int high = hex_value(next());
                if (high < 0) return false;
                ++at_;
                const int low = hex_value(next());
                if (low < 0) return false;
                ++at_;
                c = static_cast<char>(high << 4 | low);
            }
            to.text += c;
        }
        for (std::string_view rest = to.text; !rest.empty();) {
            const std::size_t length = core::utf8_length(rest);
            if (length == 0) return fail_at(begin);
            rest.remove_prefix(length);
        }
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

template <class T>
std::optional<T> read_field(std::span<const std::string_view> lines, std::size_t* where)
{
    std::string joined;
    for (std::size_t i = 0; lines.size() > 1 && i < lines.size(); ++i)
        joined.append(i == 0 ? "" : ", ").append(lines[i]);
    field_text text(lines.size() == 1 ? lines.front() : std::string_view(joined));

    std::optional<T> to(std::in_place);
    if (text.read(*to)) return to;
    if (where != nullptr) *where = text.at();
    return std::nullopt;
}

}  // namespace

std::optional<sf_list> read_sf_list(std::span<const std::string_view> lines, std::size_t* where)
{
    return read_field<sf_list>(lines, where);
}

std::optional<sf_dictionary> read_sf_dictionary(std::span<const std::string_view> lines,
                                                std::size_t* where)
{
    return read_field<sf_dictionary>(lines, where);
}

std::optional<sf_item> read_sf_item(std::span<const std::string_view> lines, std::size_t* where)
{
    return read_field<sf_item>(lines, where);
}

const sf_bare_item* find_parameter(const sf_parameters& all, std::string_view key) noexcept
{
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.first == key; });
    return found == all.end() ? nullptr : &found->second;
}

}  // namespace catena
