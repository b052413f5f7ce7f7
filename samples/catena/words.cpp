#include "words.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <stdexcept>

namespace command {

namespace {

bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./:=,+@%").find(c) != std::string_view::npos;
}

/// Levenshtein's distance.
std::size_t distance(const std::string& a, const std::string& b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t(0));
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({exchanged, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string quoted(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty()) text += ' ';
        if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) {
            text += word;
            continue;
        }
        text += '\'';
        for (const char c : word)
            text += c == '\'' ? std::string("'\\''") : std::string(1, c);
        text += '\'';
    }
    return text;
}

catena::duration span_of(const std::string& option, const std::string& text)
{
    namespace chrono = std::chrono;
    char* unit = nullptr;
    const double n = std::strtod(text.c_str(), &unit);
    const std::string of = unit;
    const double seconds = of == "s"   ? 1
                           : of == "m" ? 60
                           : of == "h" ? 3600
                           : of == "d" ? 86400
                                       : 0;
    if (unit == text.c_str() || seconds == 0 || !(n > 0) || n * seconds > 1e9)
        throw std::invalid_argument(option + ' ' + text + ": write 90s, 15m, 2h or 1d");
    return chrono::duration_cast<catena::duration>(chrono::duration<double>(n * seconds));
}

std::string nearest(const std::string& word, const std::vector<std::string>& known)
{
    std::string best;
    std::size_t least = std::max<std::size_t>(word.size() / 3, 1) + 1;
    for (const std::string& each : known) {
        const std::size_t d = distance(word, each);
        if (d >= least) continue;
        least = d;
        best = each;
    }
    return best;
}

}  // namespace command
