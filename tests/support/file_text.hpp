#pragma once

#include <zlib.h>

#include <fstream>
#include <iterator>
#include <string>

namespace catena::testing {

inline std::string plain_text(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// All members of a gzip file; "damaged" at the end of one that is cut or damaged.
inline std::string gzip_text(const std::string& path)
{
    std::string text;
    char room[4096];
    const gzFile in = gzopen(path.c_str(), "rb");
    int got = 0;
    while ((got = gzread(in, room, sizeof room)) > 0)
        text.append(room, static_cast<std::size_t>(got));
    int code = Z_OK;
    gzerror(in, &code);
    gzclose(in);
    return code == Z_OK ? text : text + "damaged";
}

}  // namespace catena::testing
