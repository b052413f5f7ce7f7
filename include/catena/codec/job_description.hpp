// layer: codec
#pragma once

#include <catena/connector.hpp>
#include <catena/core/range.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace catena {

/** What a job fetches, as a text to be kept beside it: which query, and an identity for each of its
    parts, from which nobody reads the part.
*/
[[nodiscard]] std::string describe_job(const connector& c, const range& whole);

/** What makes `now` another job than `before`: JSON Pointers into the connector, or "range". Empty:
    they fetch the same. What the walk does not depend on (limits, credentials) is no difference.
    A text that describe_job() did not write differs in "/".
*/
[[nodiscard]] std::vector<std::string> changed_parts(std::string_view before, std::string_view now);

}  // namespace catena
