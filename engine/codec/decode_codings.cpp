#include "codec/decode_layer.hpp"
#include "core/printable.hpp"
#include <catena/codec/decode.hpp>
#include <catena/core/http.hpp>

#include <algorithm>
#include <cassert>
#include <iterator>

namespace catena {
namespace {

struct known {
    content_coding coding;
    const char* name;
    const char* package;
    bool built_in;
};

// CMake says what is there.
constexpr known codings[] = {
    {content_coding::gzip, "gzip", "zlib", true},
    {content_coding::deflate, "deflate", "zlib", true},
    {content_coding::br, "br", "brotli", CATENA_HAS_BROTLI},
    {content_coding::zstd, "zstd", "zstd", CATENA_HAS_ZSTD},
};

const known* find_coding(std::string_view name)
{
    if (equal_ignoring_case(name, "x-gzip")) name = "gzip";
    const auto* const found =
        std::find_if(std::begin(codings), std::end(codings),
                     [&](const known& k) { return equal_ignoring_case(name, k.name); });
    return found == std::end(codings) ? nullptr : found;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls `take` with each element of a list that is not empty (RFC 9110, section 5.6.1.2).
template <class Take>
void for_each_element(std::span<const std::string_view> lines, Take take)
{
    for (const std::string_view line : lines) {
        for (std::size_t at = 0; at <= line.size();) {
            const std::size_t end = std::min(line.find(',', at), line.size());
            const std::string_view element = trimmed(line.substr(at, end - at));
            if (!element.empty()) take(element);
            at = end + 1;
        }
    }
}

}  // namespace

content_codings read_content_codings(std::span<const std::string_view> lines, std::size_t most)
{
    content_codings out;
    std::size_t count = 0;
    const auto refuse = [&](std::string why) {
        if (out.trouble) return;
        out.trouble = make_error_code(errc::wrong_encoding);
        out.flaw = std::move(why);
    };
    for_each_element(lines, [&](std::string_view name) {
        if (equal_ignoring_case(name, "identity")) return;
        const known* const k = find_coding(name);
        if (k == nullptr)
            refuse("unknown content coding '" + printable(name, 40) + "'");
        else if (!k->built_in)
            refuse(std::string(k->name) + ": this build lacks the package " + k->package);
        else if (++count <= most)
            out.undo.push_back(k->coding);
    });
    if (count > most)
        refuse(std::to_string(count) + " content codings on top of one another; the limit is " +
               std::to_string(most));
    if (out.trouble) out.undo.clear();
    std::reverse(out.undo.begin(), out.undo.end());
    return out;
}

std::string_view accept_encoding()
{
    static const std::string all = [] {
        std::string names;
        for (const known& k : codings)
            if (k.built_in) names.append(names.empty() ? "" : ", ").append(k.name);
        return names;
    }();
    return all;
}

namespace codec {

const char* to_text(content_coding c) noexcept { return codings[static_cast<std::size_t>(c)].name; }

std::unique_ptr<coding_layer> make_layer(content_coding c)
{
    assert(codings[static_cast<std::size_t>(c)].built_in);
    switch (c) {
        case content_coding::gzip: return make_gzip_layer();
        case content_coding::deflate: return make_deflate_layer();
        case content_coding::br:
            if constexpr (CATENA_HAS_BROTLI) return make_br_layer();
            break;
        case content_coding::zstd:
            if constexpr (CATENA_HAS_ZSTD) return make_zstd_layer();
            break;
    }
    return nullptr;
}

}  // namespace codec
}  // namespace catena
