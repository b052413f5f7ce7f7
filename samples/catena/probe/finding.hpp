#pragma once

#include <catena/connector.hpp>

#include <optional>
#include <string>
#include <vector>

namespace probe {

enum class confidence { certain, likely, guess };

/// One thing that was found out. No text holds a token, a cursor or a credential.
struct finding {
    std::string part;      ///< The connector's member, "next.from".
    std::string value;     ///< What it became.
    std::string evidence;  ///< In words.
    confidence sure = confidence::guess;
};

/// What the pages could not show, and what to look up.
struct question {
    std::string what, look_up;
};

/// What probing came to.
struct proposal {
    std::optional<catena::connector> is;  ///< Passes validate() and load_connector().
    std::string refusal;                  ///< Why there is none, and what to do.
    bool refused_by_server = false;       ///< By its status; else by what was not understood.
    bool wrong_words = false;             ///< What the user says of the records is not so.
    std::vector<finding> findings;
    std::vector<question> unknown;
    unsigned requests = 0;
};

/// The findings as a table, the questions below it.
[[nodiscard]] std::string to_text(const proposal& p);

}  // namespace probe
