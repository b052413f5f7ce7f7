#include "certificates.hpp"
#include "exchange_probe.hpp"
#include "support/catch.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <openssl/ssl.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using Catch::Matchers::Contains;

namespace {

// A server that asks its clients for a certificate, or insists on one.
struct asking_server {
    enum class manner { asks, insists };

    asking_server(manner how, int version) : as_server(ssl::context::tls_server)
    {
        SSL_CTX_set_min_proto_version(as_server.native_handle(), version);
        SSL_CTX_set_max_proto_version(as_server.native_handle(), version);
        roots.equip(as_server);
        as_server.load_verify_file(roots.roots_file());
        as_server.set_verify_mode(ssl::verify_peer |
                                  (how == manner::insists ? ssl::verify_fail_if_no_peer_cert : 0));
        as_server.set_verify_callback([this](bool good, ssl::verify_context& c) {
            if (good && X509_STORE_CTX_get_error_depth(c.native_handle()) == 0) ++shown;
            return good;
        });
        SSL_CTX_set_session_cache_mode(as_server.native_handle(), SSL_SESS_CACHE_OFF);
        SSL_CTX_set_num_tickets(as_server.native_handle(), 0);
    }

    wire_options options(const std::string& password = "")
    {
        const authority::client files = roots.issue_client(password);
        wire_options o;
        o.tls.roots_file = roots.roots_file();
        o.tls.certificate_file = files.certificate_file;
        o.tls.key_file = files.key_file;
        o.tls.key_password = secret(password);
        return o;
    }

    asio::io_context context;
    authority roots;
    ssl::context as_server;
    int shown = 0;
};

void ask_securely(probe& p, bool own)
{
    p.ask.to.tls = true;
    p.ask.own_origin = own;
}

}  // namespace

TEST_CASE("a client certificate is shown to the connector's own origin", "[tls]")
{
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const std::string password = GENERATE("", "sesame");
    CAPTURE(version, password);
    asking_server s(asking_server::manner::insists, version);
    raw_server server(s.context, always(say(ok("x"))), &s.as_server);
    http_transport wire(s.context.get_executor(), s.options(password));
    probe own(server.port());
    ask_securely(own, true);
    own.run(s.context, wire);

    CHECK(own.ec == error_code());
    CHECK(own.body == "x");
    CHECK(s.shown == 1);
}

TEST_CASE("a server that insists on a certificate is told apart from one that is ill", "[tls]")
{
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    CAPTURE(version);
    asking_server s(asking_server::manner::insists, version);
    raw_server server(s.context, always(say(ok("x"))), &s.as_server);
    http_transport wire(s.context.get_executor(), s.options());
    probe other(server.port());
    ask_securely(other, false);
    other.run(s.context, wire);

    CHECK(other.ec == errc::tls_failed);
    CHECK_THAT(other.report.detail, Contains("see trust::certificate_file"));
    CHECK(s.shown == 0);
    CHECK(server.requests().empty());
}

TEST_CASE("connections that showed a certificate serve no request that must not", "[tls]")
{
    asking_server s(asking_server::manner::asks, TLS1_3_VERSION);
    std::vector<std::size_t> on;
    raw_server server(
        s.context,
        [&](const raw_server::asked& q) {
            on.push_back(q.connection);
            return say(ok("x"));
        },
        &s.as_server);
    http_transport wire(s.context.get_executor(), s.options());
    for (const bool own : {true, false, true, false}) {
        probe p(server.port());
        ask_securely(p, own);
        p.run(s.context, wire);
        CHECK(p.ec == error_code());
    }
    CHECK(on == std::vector<std::size_t>{0, 1, 0, 1});
    CHECK(s.shown == 1);
}

TEST_CASE("a client certificate that cannot be used is refused before any request",
          "[tls][A13][U17]")
{
    authority roots;
    const authority::client plain = roots.issue_client(), other = roots.issue_client();
    const authority::client locked = roots.issue_client("sesame");
    const authority::client open_to_all = roots.issue_client();
    std::filesystem::permissions(open_to_all.key_file, std::filesystem::perms(0620));
    const authority::client read_by_all = roots.issue_client();
    std::filesystem::permissions(read_by_all.key_file, std::filesystem::perms(0644));
    const authority::client both = roots.issue_client("sesame");
    std::ofstream(both.certificate_file, std::ios::app) << std::ifstream(both.key_file).rdbuf();
    struct row {
        const char* what;
        std::string certificate, key, password, says;  // says: empty where it is fine
    };
    const row rows[] = {
        {"fine", plain.certificate_file, plain.key_file, "", ""},
        {"a password that nobody asks for", plain.certificate_file, plain.key_file, "canary", ""},
        {"a key that others read", read_by_all.certificate_file, read_by_all.key_file, "", ""},
        {"both in one file", both.certificate_file, "", "sesame", ""},
        {"no certificate", "/nonexistent/cert", plain.key_file, "canary",
         "certificate_file /nonexistent/cert cannot be read"},
        {"no key", plain.certificate_file, "/nonexistent/key", "canary",
         "key_file /nonexistent/key cannot be read"},
        {"no certificate named", "", plain.key_file, "canary", "trust::certificate_file is not"},
        {"a certificate for a key", plain.certificate_file, plain.certificate_file, "canary",
         "cannot be read as a private key"},
        {"a key for a certificate", plain.key_file, plain.key_file, "canary",
         "cannot be read as certificates"},
        {"no key in one file", plain.certificate_file, "", "canary",
         "certificate_file " + plain.certificate_file + " cannot be read as a private key"},
        {"a wrong password", locked.certificate_file, locked.key_file, "canary",
         locked.key_file + " is not opened by trust::key_password"},
        {"no password", locked.certificate_file, locked.key_file, "",
         locked.key_file + " is encrypted: set trust::key_password"},
        {"a password without end", locked.certificate_file, locked.key_file,
         "canary" + std::string(5000, 'x'), "is not opened"},
        {"another key", plain.certificate_file, other.key_file, "canary", "does not belong to"},
        {"a key that others write", open_to_all.certificate_file, open_to_all.key_file, "canary",
         "written by others than its owner (mode 0620)"},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        asio::io_context context;
        wire_options o;
        o.tls.certificate_file = r.certificate;
        o.tls.key_file = r.key;
        o.tls.key_password = secret(r.password);
        std::string said;
        try {
            http_transport wire(context.get_executor(), o);
        } catch (const std::invalid_argument& e) {
            said = e.what();
        }
        CHECK(said.empty() == r.says.empty());
        CHECK_THAT(said, Contains(r.says) && !Contains("canary"));
    }
}
