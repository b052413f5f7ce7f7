#include "net/tls_sessions.hpp"

#include "net/steady.hpp"

#include <openssl/err.h>

#include <new>
#include <stdexcept>
#include <utility>

namespace catena::net {
namespace {

// What hangs on an SSL object, and goes with it.
struct follower {
    tls_peer peer;
    time_point since;  // when the certificate was looked at
    std::shared_ptr<tls_sessions> sessions;
};

void free_follower(void*, void* it, CRYPTO_EX_DATA*, int, long, void*)
{
    delete static_cast<follower*>(it);
}

int place_of_followers()
{
    static const int place = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, free_follower);
    return place;
}

// A copy: OpenSSL spoils the session of a connection that ends without a farewell.
int on_session(SSL* native, SSL_SESSION* made)
{
    auto* const f = static_cast<follower*>(SSL_get_ex_data(native, place_of_followers()));
    if (f == nullptr) return 0;
    try {
        // What a resumed session leads to is as old as the handshake that it all began with.
        const time_point since = SSL_session_reused(native) == 1 ? f->since : steady_now();
        f->sessions->keep(f->peer, tls_session(SSL_SESSION_dup(made)), since);
    } catch (const std::bad_alloc&) {
        return 0;  // the next handshake is a full one
    }
    return 0;
}

}  // namespace

void tls_sessions::keep(const tls_peer& peer, tls_session s, time_point since)
{
    if (!s || SSL_SESSION_is_resumable(s.get()) != 1) return;
    const auto of_peer = places_.try_emplace(peer).first;
    try {
        const auto at = kept_.insert(kept_.end(), entry{std::move(s), since, of_peer});
        try {
            of_peer->second.push_back(at);
        } catch (...) {
            kept_.erase(at);
            throw;
        }
    } catch (...) {
        if (of_peer->second.empty()) places_.erase(of_peer);
        throw;
    }
    if (of_peer->second.size() > most_of_a_peer) drop(of_peer->second.front());
    if (kept_.size() > most_) drop(kept_.begin());
}

tls_session tls_sessions::take(const tls_peer& peer, time_point now, time_point* since)
{
    for (;;) {
        const auto of_peer = places_.find(peer);
        if (of_peer == places_.end()) return nullptr;
        const auto at = of_peer->second.back();
        if (now - at->since >= longest_life) {
            drop(at);
            continue;
        }
        if (since != nullptr) *since = at->since;
        if (SSL_SESSION_get_protocol_version(at->session.get()) < TLS1_3_VERSION)
            return tls_session(SSL_SESSION_dup(at->session.get()));
        tls_session once = std::move(at->session);
        drop(at);
        return once;
    }
}

void tls_sessions::forget(const tls_peer& peer) noexcept
{
    for (auto at = places_.find(peer); at != places_.end(); at = places_.find(peer))
        drop(at->second.front());
}

void tls_sessions::drop(entries::iterator at) noexcept
{
    const auto of_peer = at->peer;
    of_peer->second.remove(at);
    if (of_peer->second.empty()) places_.erase(of_peer);
    kept_.erase(at);
}

void keep_sessions(SSL_CTX* context)
{
    if (place_of_followers() < 0) throw std::runtime_error("OpenSSL has no room for sessions");
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, on_session);
}

void follow(SSL* native, const tls_peer& peer, const std::shared_ptr<tls_sessions>& sessions)
{
    time_point since = steady_now();
    const tls_session known = sessions->take(peer, since, &since);
    auto f = std::make_unique<follower>(follower{peer, since, sessions});
    if (SSL_set_ex_data(native, place_of_followers(), f.get()) == 1) f.release();
    // One that does not fit is no failure: the handshake is a full one then.
    if (known && SSL_set_session(native, known.get()) != 1) ERR_clear_error();
}

}  // namespace catena::net
