#include "codec/located_json.hpp"

#include "core/connector_checks.hpp"
#include "core/json_lexer.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace catena::codec {
namespace {

class reader {
public:
    reader(std::string_view text, const located_limits& l, json_fault& why)
        : in_(text), room_(l.depth), why_(why)
    {
    }

    bool document(located& out)
    {
        if (!value(out)) return false;
        in_.peek();
        return in_.done() || refuse(in_.at(), "something follows the JSON document",
                                    "remove what stands behind its last bracket");
    }

private:
    bool refuse(std::size_t offset, std::string what, std::string mend)
    {
        why_ = json_fault{offset, pointer_, std::move(what), std::move(mend)};
        return false;
    }
    bool refuse_word() { return refuse(in_.at(), in_.fault(), "correct the JSON here"); }

    bool value(located& out)
    {
        const char next = in_.peek();
        out.offset = in_.at();
        if (in_.done())
            return refuse(in_.at(), "the text ends where a value is expected", "complete the JSON");
        if (!of_kind(next, out)) return false;
        out.octets = in_.since(out.offset);
        return true;
    }

    bool of_kind(char next, located& out)
    {
        switch (next) {
            case '{': out.kind = json_kind::object; return object(out);
            case '[': out.kind = json_kind::array; return array(out);
            case '"': out.kind = json_kind::string; return in_.string(out.text) || refuse_word();
            case 't': out.kind = json_kind::boolean; return in_.literal("true") || refuse_word();
            case 'f': out.kind = json_kind::boolean; return in_.literal("false") || refuse_word();
            case 'n': out.kind = json_kind::null; return in_.literal("null") || refuse_word();
            default: out.kind = json_kind::number; return in_.number() || refuse_word();
        }
    }

    bool enter()
    {
        if (room_ == 0)
            return refuse(in_.at(), "the JSON is nested too deeply", "use fewer levels");
        --room_;
        return true;
    }

    bool close(char bracket)
    {
        ++room_;
        if (in_.take(bracket)) return true;
        return refuse(in_.at(), std::string("a comma or ") + bracket + " is expected here",
                      "JSON has no comments and no comma behind the last element");
    }

    bool array(located& out)
    {
        if (!enter()) return false;
        in_.take('[');
        if (in_.peek() == ']') return close(']');
        const std::size_t length = pointer_.size();
        do {
            pointer_ += '/' + std::to_string(out.items.size());
            if (!value(out.items.emplace_back())) return false;
            pointer_.resize(length);
        } while (in_.take(','));
        return close(']');
    }

    bool object(located& out)
    {
        if (!enter()) return false;
        in_.take('{');
        if (in_.peek() == '}') return close('}');
        std::unordered_set<std::string> names;
        const std::size_t length = pointer_.size();
        do {
            located::member& m = out.members.emplace_back();
            if (!name(m)) return false;
            pointer_ = below(pointer_, m.name);
            if (!names.insert(m.name).second)
                return refuse(m.offset, "this member stands twice in its object", "keep one");
            if (!value(m.is)) return false;
            pointer_.resize(length);
        } while (in_.take(','));
        return close('}');
    }

    bool name(located::member& m)
    {
        const char next = in_.peek();
        m.offset = in_.at();
        if (next != '"')
            return refuse(m.offset, "a member's name in double quotes is expected here",
                          "JSON has no comments and no comma behind the last member");
        if (!in_.string(m.name)) return refuse_word();
        return in_.take(':') ||
               refuse(in_.at(), "a colon is expected here", "write \"name\": value");
    }

    core::json_lexer in_;
    std::size_t room_;
    json_fault& why_;
    std::string pointer_;
};

}  // namespace

const located* located::find(std::string_view name) const noexcept
{
    const auto m = std::find_if(members.begin(), members.end(),
                                [&](const member& each) { return each.name == name; });
    return m == members.end() ? nullptr : &m->is;
}

std::optional<located> read_located(std::string_view text, const located_limits& l, json_fault& why)
{
    if (text.size() > l.octets) {
        why = json_fault{l.octets,
                         {},
                         "the text is longer than " + std::to_string(l.octets) + " octets",
                         "this is no connector"};
        return std::nullopt;
    }
    located out;
    if (!reader(text, l, why).document(out)) return std::nullopt;
    return out;
}

std::string below(const std::string& pointer, std::string_view name)
{
    return pointer + '/' + core::pointer_token(name);
}

text_place place_of(std::string_view text, std::size_t offset) noexcept
{
    const std::string_view before = text.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t last = before.rfind('\n');
    text_place p;
    p.line += static_cast<std::size_t>(lines);
    p.column += last == std::string_view::npos ? before.size() : before.size() - last - 1;
    return p;
}

}  // namespace catena::codec
