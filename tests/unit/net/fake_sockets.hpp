#pragma once

#include <cstddef>

namespace catena::testing {

/** A machine on which sockets are short, while this object lives.

    Speaks for the sockets that this program asks for by socket(), not for those that a listener
    accepts; one that is closed frees its place.
*/
class short_machine {
public:
    enum class lack {
        files,         ///< socket() fails with EMFILE,
        system_files,  ///< with ENFILE;
        ports,         ///< connect() of a stream fails with EADDRNOTAVAIL,
        addresses,     ///< also of a datagram socket: there is no address to connect from.
    };

    /// @param most Stream sockets that there may be besides those that there are now.
    short_machine(lack what, std::size_t most);
    ~short_machine();
    short_machine(const short_machine&) = delete;
    short_machine& operator=(const short_machine&) = delete;

    void allow(std::size_t most);

    /// How often something was refused.
    [[nodiscard]] int refusals() const;
};

/// While it lives, connections to the IPv4 address `from` go to 127.0.0.1 instead.
class detour {
public:
    explicit detour(const char* from);
    ~detour();
    detour(const detour&) = delete;
    detour& operator=(const detour&) = delete;

    /// How often a stream was to be connected, to wherever.
    [[nodiscard]] int connects() const;
    /// And how often to `from`.
    [[nodiscard]] int taken() const;
};

}  // namespace catena::testing
