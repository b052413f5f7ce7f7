#pragma once

#include <catena/core/time.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace command {

/** Where the command talks to people: the error output, never the data's.

    A progress line is drawn over itself on a terminal, ten times a second at most; elsewhere a new
    one is written every ten seconds.
*/
class terminal {
public:
    /// @param quiet No progress and no story of success; failures are told all the same.
    /// @param records_here Records go to the standard output.
    terminal(bool quiet, bool records_here);
    ~terminal();
    terminal(const terminal&) = delete;
    terminal& operator=(const terminal&) = delete;

    /// A text of whole lines.
    void say(const std::string& text);
    /// The same, but not where quiet.
    void tell(const std::string& text);

    /// Whether a progress line is due: making one may cost something.
    [[nodiscard]] bool due(catena::time_point now) const;
    void draw(const std::string& line, catena::time_point now);
    [[nodiscard]] std::size_t width() const;
    [[nodiscard]] bool is_quiet() const noexcept { return quiet_; }

private:
    void erase();

    bool quiet_;
    bool live_;  // a terminal that can draw over a line
    bool drawn_ = false;
    std::optional<catena::time_point> last_;
};

}  // namespace command
