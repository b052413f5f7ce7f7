// layer: net
#pragma once

#include <string>

namespace catena {

/** Through which proxies connections go. For an origin that is one proxy, or none.

    A proxy's URL is `[user:password@]host[:port]` behind one of three schemes: `http://` (port 80),
    `socks5://` (port 1080; names are resolved here) or `socks5h://` (1080; the proxy resolves
    them). Octets of user and password that mean something in a URL are percent-encoded. What goes
    to https origins is encrypted for them on its way through any proxy; what goes to http origins
    any proxy can read. Nothing is ever sent past a proxy that fails.
*/
struct proxy_rules {
    /** Where `url` is empty: go by this process's environment, as it is when the transport is made.

        `https_proxy` or `HTTPS_PROXY` is for https origins, `http_proxy` for http ones (in small
        letters only: a web server lets its visitors set the other), `all_proxy` or `ALL_PROXY` for
        those without; a URL without a scheme means `http://`. `no_proxy` or `NO_PROXY` is a list
        as below; what cannot be read in it stands for no host. Hosts on the loopback (localhost,
        127.0.0.0/8, ::1) are never reached through these proxies.

        A proxy's URL that cannot be read is errc::proxy_refused for each request that needs it.
    */
    bool from_environment = true;

    /// For all origins. Holds the proxy's password, if it has one: keep it like one.
    std::string url;

    /** What is reached directly, whatever names the proxy: a list with commas or blanks between.

        `*`; a host, with all names that end in it, with or without a dot in front; an address; a
        block such as 10.0.0.0/8 or fd00::/8. A host or an address may have a `:port` (an IPv6
        address then has brackets).
    */
    std::string no_proxy;
};

}  // namespace catena
