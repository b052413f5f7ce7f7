#include "lint/co_await.hpp"

#include <cstddef>
#include <set>
#include <string>

namespace catena::lint {

namespace {

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool opens(char c) { return c == '(' || c == '[' || c == '{'; }
bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

// The last position before `at` that is not blank; npos if none.
std::size_t back(std::string_view code, std::size_t at)
{
    return at == 0 ? code.npos : code.find_last_not_of(" \t\n", at - 1);
}

std::string_view word_before(std::string_view code, std::size_t at)
{
    const std::size_t last = back(code, at);
    if (last == code.npos || !is_word(code[last])) return {};
    std::size_t first = last;
    while (first > 0 && is_word(code[first - 1]))
        --first;
    return code.substr(first, last - first + 1);
}

bool is_condition(std::string_view code, std::size_t paren)
{
    static const std::set<std::string_view> keywords = {"if",     "while",     "for",
                                                        "switch", "constexpr", "catch"};
    return keywords.contains(word_before(code, paren));
}

// Whether the brace at `at` opens a block and not a value.
bool opens_block(std::string_view code, std::size_t at)
{
    static const std::set<std::string_view> before = {"else",     "do",       "try",    "const",
                                                      "noexcept", "override", "mutable"};
    const std::size_t last = back(code, at);
    if (last == code.npos) return true;
    if (std::string_view(");{}]:").find(code[last]) != std::string_view::npos) return true;
    if (before.contains(word_before(code, at))) return true;
    const std::size_t start = code.find_last_of(";{}", last);
    const std::string_view head = code.substr(start == code.npos ? 0 : start, at - start);
    return head.find("->") != head.npos || head.find("namespace") != head.npos ||
           head.find("class ") != head.npos || head.find("struct ") != head.npos;
}

// Whether the brace at `at` closes something inside an expression that goes on.
bool goes_on(std::string_view code, std::size_t at)
{
    const std::size_t next = code.find_first_not_of(" \t\n", at + 1);
    return next != code.npos && std::string_view(",).]?:|&+<").find(code[next]) != code.npos;
}

std::size_t first_of_statement(std::string_view code, std::size_t at)
{
    std::size_t depth = 0;
    for (std::size_t i = at; i-- > 0;) {
        const char c = code[i];
        if (closes(c)) {
            if (c == '}' && depth == 0 && !goes_on(code, i)) return i + 1;
            ++depth;
        } else if (opens(c) && depth > 0) {
            --depth;
        } else if (opens(c)) {
            if (c == '(' && is_condition(code, i)) return i + 1;
            if (c == '{' && opens_block(code, i)) return i + 1;
        } else if (c == ';' && depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

std::size_t end_of_statement(std::string_view code, std::size_t first)
{
    std::size_t depth = 0;
    for (std::size_t i = first; i < code.size(); ++i) {
        if (opens(code[i])) {
            ++depth;
        } else if (closes(code[i])) {
            if (depth == 0) return i;
            --depth;
        } else if (code[i] == ';' && depth == 0) {
            return i;
        }
    }
    return code.size();
}

// Whether what stands at `at` is evaluated only if something before it is so.
bool depends(std::string_view code, std::size_t first, std::size_t at)
{
    std::size_t depth = 0;
    for (std::size_t i = at; i-- > first;) {
        if (closes(code[i])) ++depth;
        if (opens(code[i]) && depth > 0) --depth;
        const std::string_view here = code.substr(i, 4);
        if (depth == 0 && (here.starts_with("||") || here == " && ")) return true;
    }
    return false;
}

}  // namespace

std::vector<finding> check_co_await(const std::string& path, std::string_view code)
{
    std::vector<finding> found;
    const std::string text = blank_out(code);
    const std::string_view view = text;
    const std::string_view keyword = "co_await";

    for (std::size_t at = text.find(keyword); at != text.npos; at = text.find(keyword, at + 1)) {
        const std::size_t after = at + keyword.size();
        if ((at > 0 && is_word(view[at - 1])) || (after < view.size() && is_word(view[after])))
            continue;
        const std::size_t first = first_of_statement(view, at);
        const std::size_t end = end_of_statement(view, first);
        if (depends(view, first, at))
            found.push_back({path, line_of(view, at),
                             "co_await behind && or ||: it is awaited in any case, or worse"});
        for (std::size_t i = first; i < end; ++i) {
            const char* what = nullptr;
            if (view[i] == '{') what = "braces or a lambda";
            if (view[i] == '?') what = "?:";
            if (what == nullptr) continue;
            found.push_back({path, line_of(view, i),
                             std::string(what) + " in a co_await statement: name it before"});
            break;
        }
    }
    return found;
}

}  // namespace catena::lint
