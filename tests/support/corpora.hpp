#pragma once

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace catena::testing {

/** The text of a file of the test corpora, or nothing, said plainly, where they are absent.

    The corpora stand in $CATENA_CORPORA, or beside the checkout. Those that belong to this project
    are found in tests/data even then.
*/
inline std::optional<std::string> corpus(const std::string& path)
{
    const char* named = std::getenv("CATENA_CORPORA");
    for (const std::string& root :
         {std::string(named ? named : CATENA_DEFAULT_CORPORA), std::string(CATENA_TEST_DATA)}) {
        std::ifstream file(std::filesystem::path(root) / path, std::ios::binary);
        if (!file) continue;
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    std::cout << "SKIPPED: the corpus " << path << " is absent; set CATENA_CORPORA\n";
    return std::nullopt;
}

/// Octets that JSON holds as code points below 256.
inline std::string octets_of(std::string_view utf8)
{
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        if (lead < 0x80) {
            out += utf8[i];
        } else {
            const auto next = static_cast<unsigned char>(utf8.at(++i));
            out += static_cast<char>((lead & 3) << 6 | (next & 0x3f));
        }
    }
    return out;
}

/// The octets that a text in base64 (RFC 4648, section 4) stands for.
inline std::string from_base64(std::string_view text)
{
    const std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0;
    int have = 0;
    for (const char c : text) {
        const std::size_t digit = digits.find(c);
        if (digit == std::string_view::npos) break;
        bits = bits << 6 | static_cast<unsigned>(digit);
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out += static_cast<char>(bits >> have & 0xff);
    }
    return out;
}

}  // namespace catena::testing
