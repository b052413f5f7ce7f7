#include "lint/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace catena::lint {

namespace fs = std::filesystem;

namespace {

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void blank(std::string& text, std::size_t from, std::size_t to)
{
    for (std::size_t i = from; i < std::min(to, text.size()); ++i)
        if (text[i] != '\n') text[i] = ' ';
}

// The position after the literal that opens at `at`, whose closing mark is not escaped.
std::size_t after_literal(std::string_view code, std::size_t at)
{
    const char mark = code[at];
    for (++at; at < code.size() && code[at] != mark && code[at] != '\n'; ++at)
        if (code[at] == '\\') ++at;
    return at + 1;
}

std::size_t after_raw_literal(std::string_view code, std::size_t quote)
{
    const std::size_t open = code.find('(', quote);
    if (open == code.npos) return code.size();
    const std::string close = ")" + std::string(code.substr(quote + 1, open - quote - 1)) + "\"";
    const std::size_t end = code.find(close, open);
    return end == code.npos ? code.size() : end + close.size();
}

}  // namespace

std::string to_text(const std::vector<finding>& found)
{
    std::ostringstream out;
    for (const finding& f : found)
        out << f.path << ':' << f.line << ": " << f.what << '\n';
    return out.str();
}

std::string read_file(const std::string& root, const std::string& path)
{
    std::ifstream file(fs::path(root) / path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

tree read_tree(const std::string& root)
{
    tree files;
    for (const char* folder : {"include", "engine", "samples", "bench", "tests"}) {
        if (!fs::exists(fs::path(root) / folder)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(root) / folder)) {
            const std::string kind = entry.path().extension().string();
            if (kind != ".cpp" && kind != ".hpp" && kind != ".in" && kind != ".sh") continue;
            const std::string path = fs::relative(entry.path(), root).generic_string();
            files[path] = read_file(root, path);
        }
    }
    return files;
}

std::string blank_out(std::string_view code)
{
    std::string out(code);
    for (std::size_t i = 0; i < code.size();) {
        std::size_t end = i + 1;
        if (code.substr(i, 2) == "//") {
            end = std::min(code.find('\n', i), code.size());
            blank(out, i, end);
        } else if (code.substr(i, 2) == "/*") {
            const std::size_t close = code.find("*/", i + 2);
            end = close == code.npos ? code.size() : close + 2;
            blank(out, i, end);
        } else if (code[i] == '"') {
            const bool raw = i > 0 && code[i - 1] == 'R';
            end = raw ? after_raw_literal(code, i) : after_literal(code, i);
            blank(out, i + 1, end - 1);
        } else if (code[i] == '\'' && (i == 0 || !is_word(code[i - 1]))) {
            // After a word it separates digits: 1'000.
            end = after_literal(code, i);
            blank(out, i + 1, end - 1);
        }
        i = end;
    }
    return out;
}

std::size_t line_of(std::string_view text, std::size_t at)
{
    const std::string_view before = text.substr(0, at);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    std::istringstream in{std::string(text)};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

}  // namespace catena::lint
