#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ui {

/// What is answered to a request.
struct web_answer {
    int status = 200;
    std::string type;
    std::string body;
    std::string allow;  ///< Of a 405.
};

/** The paths of the live page, without a socket.

    Answers only who calls it by an address of this machine: a name that an attacker has pointed at
    127.0.0.1 (DNS rebinding) gets nothing.
*/
class site {
public:
    using text = std::function<std::string()>;

    /// @param metrics For Prometheus. @param data For the page, JSON.
    site(text metrics, text data);

    /// @param host The Host field. @param port Of the server.
    [[nodiscard]] web_answer answer(std::string_view method, std::string_view target,
                                    std::string_view host, std::uint16_t port) const;

    /// The path that the page asks for once a second.
    static constexpr std::string_view data_path = "/data.json";

private:
    text metrics_, data_;
};

/// Whether a Host field means this machine and `port`.
[[nodiscard]] bool is_local_host(std::string_view host, std::uint16_t port);

/// The Content-Security-Policy of the live page: nothing from anywhere but its own origin.
extern const std::string_view live_policy;

}  // namespace ui
