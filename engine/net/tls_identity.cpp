#include "net/tls_identity.hpp"

#include <openssl/err.h>

#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace catena::net {

namespace {

struct password_wish {
    const secret* password;
    bool asked = false;
};

int give_password(char* into, int room, int, void* data)
{
    auto* const wish = static_cast<password_wish*>(data);
    wish->asked = true;
    const std::string_view text = wish->password->reveal();
    if (text.empty() || text.size() > static_cast<std::size_t>(room)) return -1;
    std::memcpy(into, text.data(), text.size());
    return static_cast<int>(text.size());
}

[[noreturn]] void refuse(const std::string& what)
{
    ERR_clear_error();
    throw std::invalid_argument(what);
}

// Who can write the key can make us somebody else.
void check_rights(const std::string& shown, const std::string& path)
{
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) refuse(shown + " cannot be read");
    const unsigned mode = facts.st_mode & 0777u;
    if ((mode & 022u) == 0) return;
    std::string octal = "0";
    for (const unsigned shift : {6u, 3u, 0u})
        octal += static_cast<char>('0' + (mode >> shift & 7u));
    refuse(shown + " can be written by others than its owner (mode " + octal +
           "): take that right away");
}

}  // namespace

tls_identity::tls_identity(const trust& t) : keeper_(SSL_CTX_new(TLS_client_method()))
{
    if (!keeper_) throw std::bad_alloc();
    const bool one_file = t.key_file.empty();
    const std::string& key = one_file ? t.certificate_file : t.key_file;
    const std::string shown_certificate = "trust::certificate_file " + t.certificate_file;
    const std::string shown_key = one_file ? shown_certificate : "trust::key_file " + key;
    check_rights(shown_key, key);

    SSL_CTX* const native = keeper_.get();
    password_wish wish{&t.key_password};
    SSL_CTX_set_default_passwd_cb(native, give_password);
    SSL_CTX_set_default_passwd_cb_userdata(native, &wish);
    // The key first: after it OpenSSL cannot say whether the file or the pair is at fault.
    if (SSL_CTX_use_PrivateKey_file(native, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        if (!wish.asked) refuse(shown_key + " cannot be read as a private key in PEM");
        refuse(shown_key + (t.key_password.empty() ? " is encrypted: set trust::key_password"
                                                   : " is not opened by trust::key_password"));
    }
    if (SSL_CTX_use_certificate_chain_file(native, t.certificate_file.c_str()) != 1)
        refuse(shown_certificate + " cannot be read as certificates in PEM");
    if (SSL_CTX_check_private_key(native) != 1)
        refuse("the key of " + shown_key + " does not belong to the certificate of " +
               shown_certificate);
    SSL_CTX_set_default_passwd_cb_userdata(native, nullptr);
    SSL_CTX_set_default_passwd_cb(native, nullptr);
    ERR_clear_error();
}

bool tls_identity::offer(SSL* native) const noexcept
{
    SSL_CTX* const from = keeper_.get();
    STACK_OF(X509)* chain = nullptr;
    SSL_CTX_get0_chain_certs(from, &chain);
    return SSL_use_cert_and_key(native, SSL_CTX_get0_certificate(from),
                                SSL_CTX_get0_privatekey(from), chain, 1) == 1;
}

}  // namespace catena::net
