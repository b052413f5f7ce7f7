#include "codec/located_json.hpp"
#include "core/json_lexer.hpp"
#include <catena/codec/checkpoint_text.hpp>
#include <catena/core/identity.hpp>
#include <catena/core/json_text.hpp>
#include <catena/core/page_print.hpp>
#include <catena/diagnostics.hpp>

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace catena {
namespace codec {
namespace {

/* {"catena-checkpoint":1,"checksum":"<32 digits>","state":{...}}

   The checksum is over the octets of the state. What stands before them is compared octet for
   octet, so there is only one way to write a checkpoint and no change goes unseen.
*/
constexpr std::string_view head = "{\"catena-checkpoint\":1,\"checksum\":\"";
constexpr std::string_view middle = "\",\"state\":";
constexpr std::size_t identity_digits = 32;

constexpr std::string_view kind_names[] = {"string", "number", "boolean",
                                           "null",   "array",  "object"};

void append_hex(std::string& out, std::uint64_t word, int octets)
{
    constexpr char digits[] = "0123456789abcdef";
    for (int shift = octets * 8 - 4; shift >= 0; shift -= 4)
        out += digits[word >> shift & 15];
}

std::string hex_of(identity id)
{
    std::string out;
    append_hex(out, id.high, 8);
    append_hex(out, id.low, 8);
    return out;
}

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const std::size_t length = core::utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

// Text as it is where JSON can hold it; other octets as {"hex": "..."}.
std::string write(std::string_view text)
{
    if (is_utf8(text)) return quote(text);
    std::string out = "{\"hex\":\"";
    for (const char c : text)
        append_hex(out, static_cast<unsigned char>(c), 1);
    return out + "\"}";
}

std::string write(const std::vector<value>& values)
{
    std::string out = "[";
    for (const value& v : values) {
        out += out.size() > 1 ? ",[\"" : "[\"";
        out += kind_names[static_cast<std::size_t>(v.kind)];
        out += "\"," + write(v.text) + ']';
    }
    return out + ']';
}

std::string write(const std::vector<identity>& all)
{
    std::string out = "\"";
    out.reserve(all.size() * identity_digits + 2);
    for (const identity& id : all)
        out += hex_of(id);
    return out + '"';
}

// Empty where there is no page to compare with.
std::vector<identity> words_of(const page_print& p)
{
    if (p == page_print()) return {};
    return {identity{p.records, p.octets}, p.first, p.last};
}

std::string state_of(const checkpoint& c)
{
    const auto count = [](std::uint64_t n) { return std::to_string(n); };
    const auto flag = [](bool b) { return std::string(b ? "true" : "false"); };
    return "{\"fingerprint\":" + write(c.fingerprint) + ",\"bound\":" + write(c.at.bound) +
           ",\"tokens\":" + write(c.at.tokens) +
           (c.at.size == 0 ? "" : ",\"size\":" + count(c.at.size)) + ",\"ended\":" + flag(c.ended) +
           ",\"pages\":" + count(c.pages) + ",\"records\":" + count(c.records) +
           ",\"query_pages\":" + count(c.query_pages) +
           ",\"query_records\":" + count(c.query_records) + ",\"rebuilds\":" + count(c.rebuilds) +
           ",\"full_page\":" + count(c.full_page) + ",\"last_key\":" + write(c.last_key) +
           ",\"previous_bound\":" + write(c.previous_bound) + ",\"ties\":" + write(c.ties) +
           ",\"known\":" + write(c.known) + ",\"last_page\":" + write(words_of(c.last_page)) +
           ",\"skipping\":" + flag(c.skipping) + '}';
}

bool from_hex(std::string_view digits, std::uint64_t& out) noexcept
{
    const auto [end, fault] =
        std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
    return fault == std::errc{} && end == digits.data() + digits.size();
}

/// Reads the state's members in their order; after one that is not as written, `good` is false.
class state_reader {
public:
    explicit state_reader(const located& state) : members_(state.members) {}

    [[nodiscard]] bool good() const noexcept { return good_ && next_ == members_.size(); }

    void take(std::string_view name, std::string& out)
    {
        const located* v = member(name);
        good_ = v && text(*v, out);
    }
    void take(std::string_view name, bool& out)
    {
        const located* v = member(name);
        good_ = v && v->kind == json_kind::boolean;
        if (good_) out = v->octets == "true";
    }
    void take(std::string_view name, std::uint64_t& out)
    {
        const located* v = member(name);
        if (!v) return;
        const char* const last = v->octets.data() + v->octets.size();
        const auto [end, fault] = std::from_chars(v->octets.data(), last, out);
        good_ = v->kind == json_kind::number && fault == std::errc{} && end == last;
    }
    /// A member that is written only where it is not 0.
    void may_take(std::string_view name, std::uint32_t& out)
    {
        if (!good_ || next_ == members_.size() || members_[next_].name != name) return;
        std::uint64_t wide = 0;
        take(name, wide);
        out = static_cast<std::uint32_t>(wide);
        good_ = good_ && wide == out && out != 0;
    }
    void take(std::string_view name, std::vector<value>& out)
    {
        const located* v = member(name);
        if (!v) return;
        good_ = v->kind == json_kind::array;
        for (const located& item : v->items)
            good_ = good_ && one(item, out.emplace_back());
    }
    void take(std::string_view name, page_print& out)
    {
        std::vector<identity> words;
        take(name, words);
        good_ = good_ && (words.empty() || words.size() == 3);
        if (good_ && !words.empty()) out = {words[0].high, words[0].low, words[1], words[2]};
    }
    void take(std::string_view name, std::vector<identity>& out)
    {
        std::string digits;
        take(name, digits);
        good_ = good_ && digits.size() % identity_digits == 0;
        for (std::size_t i = 0; good_ && i < digits.size(); i += identity_digits) {
            const std::string_view id = std::string_view(digits).substr(i, identity_digits);
            identity& to = out.emplace_back();
            good_ = from_hex(id.substr(0, 16), to.high) && from_hex(id.substr(16), to.low);
        }
    }

private:
    const located* member(std::string_view name)
    {
        good_ = good_ && next_ < members_.size() && members_[next_].name == name;
        return good_ ? &members_[next_++].is : nullptr;
    }

    static bool text(const located& v, std::string& out)
    {
        out = v.text;
        if (v.kind == json_kind::string) return true;
        const located* hex = v.find("hex");
        if (!hex || hex->kind != json_kind::string || hex->text.size() % 2 != 0) return false;
        for (std::size_t i = 0; i < hex->text.size(); i += 2) {
            std::uint64_t octet = 0;
            if (!from_hex(std::string_view(hex->text).substr(i, 2), octet)) return false;
            out += static_cast<char>(octet);
        }
        return true;
    }

    static bool one(const located& v, value& out)
    {
        if (v.items.size() != 2 || !text(v.items[1], out.text)) return false;
        for (std::size_t kind = 0; kind < std::size(kind_names); ++kind)
            if (v.items[0].text == kind_names[kind]) {
                out.kind = static_cast<json_kind>(kind);
                return true;
            }
        return false;
    }

    const std::vector<located::member>& members_;
    std::size_t next_ = 0;
    bool good_ = true;
};

std::optional<checkpoint> read_state(const located& state)
{
    checkpoint c;
    state_reader in(state);
    in.take("fingerprint", c.fingerprint);
    in.take("bound", c.at.bound);
    in.take("tokens", c.at.tokens);
    in.may_take("size", c.at.size);
    in.take("ended", c.ended);
    in.take("pages", c.pages);
    in.take("records", c.records);
    in.take("query_pages", c.query_pages);
    in.take("query_records", c.query_records);
    in.take("rebuilds", c.rebuilds);
    in.take("full_page", c.full_page);
    in.take("last_key", c.last_key);
    in.take("previous_bound", c.previous_bound);
    in.take("ties", c.ties);
    in.take("known", c.known);
    in.take("last_page", c.last_page);
    in.take("skipping", c.skipping);
    if (!in.good()) return std::nullopt;
    return c;
}

}  // namespace
}  // namespace codec

std::string to_text(const checkpoint& c)
{
    const std::string state = codec::state_of(c);
    std::string out(codec::head);
    out += codec::hex_of(identity_of(state));
    out += codec::middle;
    return out + state + '}';
}

std::optional<checkpoint> checkpoint_from_text(std::string_view text)
{
    using namespace codec;
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (!text.starts_with(head) || !text.ends_with('}')) return std::nullopt;
    text.remove_prefix(head.size());
    text.remove_suffix(1);

    const std::string_view sum = text.substr(0, identity_digits);
    text.remove_prefix(sum.size());
    if (!text.starts_with(middle)) return std::nullopt;
    text.remove_prefix(middle.size());
    if (hex_of(identity_of(text)) != sum) return std::nullopt;

    located_limits any_length;
    any_length.octets = std::numeric_limits<std::size_t>::max();
    json_fault ignored;
    const std::optional<located> state = read_located(text, any_length, ignored);
    std::optional<checkpoint> c;
    if (state) c = read_state(*state);
    return c;
}

checkpoint read_checkpoint(std::string_view text)
{
    std::optional<checkpoint> c = checkpoint_from_text(text);
    if (c) return std::move(*c);
    diagnostics why;
    why.code = errc::bad_checkpoint;
    why.what = "the checkpoint was cut or changed, or a newer version made it";
    why.mend = "use an older copy of it, or start from the beginning";
    throw failure(std::move(why));
}

}  // namespace catena
