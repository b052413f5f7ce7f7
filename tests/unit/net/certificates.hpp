#pragma once

#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace catena::testing {

/// What a test certificate says. Times are seconds from now.
struct certificate_facts {
    std::string subject = "catena test";
    std::string names = "DNS:localhost,IP:127.0.0.1";  ///< As in an OpenSSL configuration file.
    long valid_from = -3600;
    long valid_to = 3600;
    bool self_signed = false;
};

/** A certificate authority that lives as long as one test, and keeps its root in a file.

    Keys are made anew each time, so no private key is ever part of the sources.
*/
class authority {
public:
    authority();
    ~authority();
    authority(const authority&) = delete;
    authority& operator=(const authority&) = delete;

    [[nodiscard]] std::string roots_file() const { return file_.string(); }

    struct client {
        std::string certificate_file, key_file;
    };
    /// Files of a new client certificate of this authority; they live as long as it does.
    /// @param password Encrypts the key, where it is not empty.
    [[nodiscard]] client issue_client(const std::string& password = "");

    /// Make `context` a server with a new certificate of this authority.
    void equip(boost::asio::ssl::context& context, const certificate_facts& facts = {}) const;

private:
    struct keys;
    std::unique_ptr<keys> own_;
    std::filesystem::path file_;
    std::vector<std::filesystem::path> client_files_;
};

}  // namespace catena::testing
