#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace catena::testing {

/** A headless Chromium with one page, told what to do over a pipe (the DevTools protocol).

    It resolves no name and so reaches nothing but addresses of this machine. Its process group goes
    with this object. Each call has half a minute, else it throws std::runtime_error.
*/
class browser {
public:
    /// The program in PATH; empty if there is none.
    static std::string program();

    browser();
    ~browser();
    browser(const browser&) = delete;
    browser& operator=(const browser&) = delete;

    /// Look at `url` in a window of that size. Forgets what was heard before.
    void open(const std::string& url, int width = 1280, int height = 800);
    /// The value of a JavaScript expression; a promise is waited for.
    boost::json::value evaluate(const std::string& expression);
    /// Evaluate until it is true, for half a minute at most. @return Whether it was.
    bool wait_for(const std::string& expression);

    /// What the page wrote to its console: messages, exceptions and the browser's complaints.
    [[nodiscard]] const std::vector<std::string>& console() const { return console_; }
    /// The URLs that the page asked for, whoever began it.
    [[nodiscard]] const std::vector<std::string>& requests() const { return requests_; }

private:
    boost::json::object call(const std::string& method, boost::json::object params);
    boost::json::object next_message();
    void hear(const boost::json::object& event);

    std::string folder_, session_, unread_;
    int to_ = -1, from_ = -1, id_ = -1;
    int calls_ = 0;
    std::vector<std::string> console_, requests_;
};

}  // namespace catena::testing
