#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <unistd.h>

namespace catena::testing {
namespace {

struct freer {
    void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
    void operator()(X509* p) const noexcept { X509_free(p); }
    void operator()(X509_EXTENSION* p) const noexcept { X509_EXTENSION_free(p); }
    void operator()(BIO* p) const noexcept { BIO_free(p); }
};
using key = std::unique_ptr<EVP_PKEY, freer>;
using certificate = std::unique_ptr<X509, freer>;

void require(bool good)
{
    if (!good) throw std::runtime_error("OpenSSL refuses to make a test certificate");
}

void extend(X509* c, int what, const std::string& value)
{
    const std::unique_ptr<X509_EXTENSION, freer> e(
        X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()));
    require(e && X509_add_ext(c, e.get(), -1) == 1);
}

certificate issue(const certificate_facts& facts, EVP_PKEY* subject, const X509* issuer,
                  EVP_PKEY* signer, bool is_authority)
{
    static std::atomic<long> serial{1};
    certificate c(X509_new());
    require(c && X509_set_version(c.get(), 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(c.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(c.get()), facts.valid_from);
    X509_gmtime_adj(X509_getm_notAfter(c.get()), facts.valid_to);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(facts.subject.c_str()), -1,
                               -1, 0);
    require(X509_set_issuer_name(c.get(), X509_get_subject_name(issuer ? issuer : c.get())) == 1);
    require(X509_set_pubkey(c.get(), subject) == 1);
    extend(c.get(), NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!facts.names.empty()) extend(c.get(), NID_subject_alt_name, facts.names);
    require(X509_sign(c.get(), signer, EVP_sha256()) > 0);
    return c;
}

}  // namespace

struct authority::keys {
    key secret;
    certificate root;
};

authority::authority() : own_(std::make_unique<keys>())
{
    certificate_facts facts;
    facts.subject = "catena test root";
    facts.names.clear();
    own_->secret.reset(EVP_EC_gen("P-256"));
    own_->root = issue(facts, own_->secret.get(), nullptr, own_->secret.get(), true);

    static std::atomic<int> count{0};
    file_ = std::filesystem::temp_directory_path() /
            ("catena-root-" + std::to_string(::getpid()) + '-' + std::to_string(count++) + ".pem");
    const std::unique_ptr<BIO, freer> text(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(text.get(), own_->root.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(text.get(), &data);
    std::ofstream(file_, std::ios::binary).write(data, size);
}

authority::client authority::issue_client(const std::string& password)
{
    const key secret(EVP_EC_gen("P-256"));
    certificate_facts facts;
    facts.subject = "catena test client";
    facts.names.clear();
    const certificate c = issue(facts, secret.get(), own_->root.get(), own_->secret.get(), false);

    const auto save = [&](const char* what, const auto& write) {
        std::filesystem::path path = file_;
        path += "." + std::to_string(client_files_.size()) + what;
        client_files_.push_back(path);
        const std::unique_ptr<BIO, freer> to(BIO_new_file(path.c_str(), "w"));
        require(to && write(to.get()) == 1);
        std::filesystem::permissions(
            path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        return path.string();
    };
    client files;
    files.certificate_file = save("cert", [&](BIO* to) { return PEM_write_bio_X509(to, c.get()); });
    files.key_file = save("key", [&](BIO* to) {
        const EVP_CIPHER* const how = password.empty() ? nullptr : EVP_aes_128_cbc();
        return PEM_write_bio_PKCS8PrivateKey(to, secret.get(), how, password.data(),
                                             static_cast<int>(password.size()), nullptr, nullptr);
    });
    return files;
}

authority::~authority()
{
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
    for (const std::filesystem::path& p : client_files_)
        std::filesystem::remove(p, ignored);
}

void authority::equip(boost::asio::ssl::context& context, const certificate_facts& facts) const
{
    const key secret(EVP_EC_gen("P-256"));
    const X509* issuer = facts.self_signed ? nullptr : own_->root.get();
    EVP_PKEY* signer = facts.self_signed ? secret.get() : own_->secret.get();
    const certificate c = issue(facts, secret.get(), issuer, signer, false);
    require(SSL_CTX_use_certificate(context.native_handle(), c.get()) == 1);
    require(SSL_CTX_use_PrivateKey(context.native_handle(), secret.get()) == 1);
}

}  // namespace catena::testing
