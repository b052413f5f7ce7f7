#pragma once

#include "support/corpora.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <string>

namespace catena::testing {

/// The cases of a corpus that is one JSON array; none, said plainly, where it is absent.
inline boost::json::array json_corpus(const std::string& path)
{
    const auto text = corpus(path);
    return text ? boost::json::parse(*text).as_array() : boost::json::array();
}

}  // namespace catena::testing
