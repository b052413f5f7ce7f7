#pragma once

#include "probe/machine.hpp"
#include <catena/core/http.hpp>
#include <catena/testing/scripted_answer.hpp>

#include <string>
#include <vector>

namespace catena::testing {

/// What came of probing a server.
struct probed {
    probe::proposal is;
    std::vector<std::string> asked;  ///< Targets, in order.
    std::string text;                ///< All that a user would see, the connector file last.
};

/// Probe a server that is a function; every secret is "canary-secret".
probed probe_with(const server& s, probe::wish w);

/// One answer after another; those after the last are 404.
probed probe_answers(const std::string& url, std::vector<scripted_answer> answers,
                     probe::wish w = {});

/// A good answer with that body and header fields.
scripted_answer json_answer(std::string body, std::vector<header_field> headers = {});

/// {"id":FROM} and those that follow, with commas between them.
std::string records(std::size_t from, std::size_t n);

}  // namespace catena::testing
