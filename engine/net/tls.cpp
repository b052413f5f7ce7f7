#include "net/tls.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <boost/asio/ssl/verify_mode.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace catena::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

struct free_bio {
    void operator()(BIO* b) const noexcept { BIO_free(b); }
};
using text_sink = std::unique_ptr<BIO, free_bio>;

std::string text_of(BIO* sink)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(sink, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string describe(X509_STORE_CTX* store)
{
    const int error = X509_STORE_CTX_get_error(store);
    std::string text = X509_verify_cert_error_string(error);
    X509* shown = X509_STORE_CTX_get_current_cert(store);
    if (shown == nullptr) shown = X509_STORE_CTX_get0_cert(store);
    const text_sink sink(BIO_new(BIO_s_mem()));
    if (shown == nullptr || !sink) return text;

    BIO_puts(sink.get(), "; subject \"");
    X509_NAME_print_ex(sink.get(), X509_get_subject_name(shown), 0, XN_FLAG_RFC2253);
    BIO_puts(sink.get(), "\", valid from ");
    ASN1_TIME_print(sink.get(), X509_get0_notBefore(shown));
    BIO_puts(sink.get(), " to ");
    ASN1_TIME_print(sink.get(), X509_get0_notAfter(shown));
    return text + text_of(sink.get());
}

bool is_version_trouble(int reason) noexcept
{
    return reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
           reason == SSL_R_NO_PROTOCOLS_AVAILABLE;
}

}  // namespace

tls_setup::tls_setup(const trust& t)
    : context_(ssl::context::tls_client),
      roots_(t.roots_file.empty() ? "the system's roots" : "trust::roots_file " + t.roots_file)
{
    error_code ec;
    if (t.roots_file.empty()) {
        // Without roots nothing is trusted, and the first handshake says so.
        context_.set_default_verify_paths(ec);
    } else if (context_.load_verify_file(t.roots_file, ec); ec) {
        throw std::invalid_argument("trust::roots_file cannot be read: " + t.roots_file);
    }
    context_.set_verify_mode(ssl::verify_peer, ec);

    SSL_CTX* const native = context_.native_handle();
    static constexpr unsigned char protocols[] = "\x08http/1.1";
    if (ec || SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_alpn_protos(native, protocols, sizeof(protocols) - 1) != 0)
        throw std::runtime_error("OpenSSL refuses a safe configuration");
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    keep_sessions(native);
    if (!t.certificate_file.empty()) identity_.emplace(t);
}

error_code tls_setup::prepare(tls_stream& stream, const tls_peer& peer,
                              std::string& objection) const
{
    const std::string& host = peer.to.host;
    SSL* const native = stream.native_handle();
    error_code not_literal;
    asio::ip::make_address(host, not_literal);

    bool set = true;
    if (!not_literal) {
        set = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(native), host.c_str()) == 1;
    } else {
        SSL_set_hostflags(native, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        set = SSL_set1_host(native, host.c_str()) == 1 &&
              SSL_set_tlsext_host_name(native, host.c_str()) == 1;
    }
    if (peer.certified && identity_) set = set && identity_->offer(native);
    if (!set) return errc::tls_failed;
    follow(native, peer, sessions_);

    error_code ec;
    objection.clear();
    stream.set_verify_callback(
        [&objection](bool good, ssl::verify_context& context) {
            if (!good && objection.empty()) objection = describe(context.native_handle());
            return good;
        },
        ec);
    return ec;
}

error_code tls_setup::explain(error_code ec, const std::string& host, const std::string& objection,
                              std::string& detail) const
{
    if (!objection.empty()) {
        detail = "the certificate is not trusted for the host " + host + ": " + objection +
                 "; trusted are " + roots_;
        return errc::tls_untrusted;
    }
    if (ec == asio::error::eof || ec == ssl::error::stream_truncated) {
        detail = "the server ended the connection during the TLS handshake";
        return errc::tls_failed;
    }
    if (ec.category() != asio::error::get_ssl_category()) return ec;

    const int reason = ERR_GET_REASON(static_cast<unsigned long>(ec.value()));
    if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST) {
        detail = "the server does not speak TLS on this port (it may be plain HTTP)";
        return errc::not_tls;
    }
    detail = "the TLS handshake failed: " + in_words(ec);
    if (is_version_trouble(reason)) detail += "; TLS 1.2 is the least version";
    return errc::tls_failed;
}

std::string tls_setup::in_words(error_code ec)
{
    if (ec.category() != asio::error::get_ssl_category()) return ec.message();
    switch (ERR_GET_REASON(static_cast<unsigned long>(ec.value()))) {
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            return ec.message() + "; see trust::certificate_file";
        // What a server says to a client without a certificate, or with one that it does not know.
        case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
            return ec.message() +
                   "; if the server knows its clients by certificate, see "
                   "trust::certificate_file";
        default: return ec.message();
    }
}

bool has_unread(tls_stream& stream) noexcept
{
    SSL* const native = stream.native_handle();
    return SSL_pending(native) > 0 || BIO_pending(SSL_get_rbio(native)) > 0;
}

}  // namespace catena::net
