#include "terminal.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace command {

namespace {

bool can_draw(bool records_here)
{
    const char* kind = std::getenv("TERM");
    // Records on the same screen would be drawn over.
    return isatty(STDERR_FILENO) != 0 && !(records_here && isatty(STDOUT_FILENO) != 0) &&
           kind != nullptr && std::string_view(kind) != "dumb";
}

void write_out(const std::string& text)
{
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

}  // namespace

terminal::terminal(bool quiet, bool records_here) : quiet_(quiet), live_(can_draw(records_here)) {}

terminal::~terminal() { erase(); }

void terminal::say(const std::string& text)
{
    erase();
    write_out(text.ends_with('\n') ? text : text + '\n');
}

void terminal::tell(const std::string& text)
{
    if (!quiet_) say(text);
}

bool terminal::due(catena::time_point now) const
{
    using namespace std::chrono_literals;
    if (quiet_) return false;
    return !last_ || now - *last_ >= (live_ ? catena::duration(100ms) : catena::duration(10s));
}

void terminal::draw(const std::string& line, catena::time_point now)
{
    // Elsewhere than on a terminal the first line comes after ten seconds: short runs say nothing.
    const bool first = !last_;
    last_ = now;
    if (!live_ && first) return;
    erase();
    write_out(live_ ? line : line + '\n');
    drawn_ = live_;
}

std::size_t terminal::width() const
{
    winsize size{};
    if (!live_ || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return 79;
    return size.ws_col - 1u;  // the last column makes some terminals begin a new line
}

void terminal::erase()
{
    if (drawn_) write_out("\r\x1b[K");
    drawn_ = false;
}

}  // namespace command
