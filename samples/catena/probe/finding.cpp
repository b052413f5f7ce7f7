#include "finding.hpp"

#include <algorithm>
#include <cstddef>

namespace probe {

namespace {

const char* word_for(confidence c)
{
    switch (c) {
        case confidence::certain: return "certain";
        case confidence::likely: return "likely";
        case confidence::guess: break;
    }
    return "guess";
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

}  // namespace

std::string to_text(const proposal& p)
{
    std::size_t parts = 0;
    std::size_t values = 0;
    constexpr std::size_t widest = 40;
    for (const finding& f : p.findings) {
        parts = std::max(parts, f.part.size());
        values = std::max(values, std::min(f.value.size(), widest));
    }
    std::string out;
    for (const finding& f : p.findings)
        out += padded(f.part, parts) + "  " + padded(f.value, values) + "  " +
               padded(word_for(f.sure), 7) + "  " + f.evidence + '\n';
    if (!p.unknown.empty()) out += "Could not be known:\n";
    for (const question& q : p.unknown)
        out += "  " + q.what + ": " + q.look_up + '\n';
    if (!p.refusal.empty()) out += "No connector is proposed: " + p.refusal + '\n';
    return out;
}

}  // namespace probe
