#pragma once

#include "codec/request_builder_draft.hpp"
#include "codec/request_builder_query.hpp"
#include <catena/codec/request_builder.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/* What never changes from page to page, made once, and the steps of making it and of building a
   request from it. */
struct request_builder::impl {
    std::shared_ptr<const connector> c;
    origin own;
    bool own_is_local = false;               // an address that is not public, or "localhost"
    std::string path;                        // of the first page
    std::vector<codec::parameter> first;     // the query of a page without a token
    std::vector<codec::parameter> later;     // what of it a page with a token keeps
    std::vector<codec::parameter> secrets;   // parameters that a next URL on our origin must have
    std::vector<header_field> headers;       // for our origin
    std::vector<header_field> open_headers;  // the same without credentials, for other origins
    std::string body;
    std::vector<origin> origins;
    std::string key;
    std::string credentials;          // while looking up; hashed into `key`
    std::uint64_t identity = 0;       // of the credentials, 0 without any
    std::vector<std::string> hidden;  // credentials, not to be shown
    bool states_content = false;

    error_code refuse(diagnostics& why, errc code, std::string pointer, std::string what,
                      std::string mend) const;
    error_code look_up(const setting& s, const secret_lookup& ask, const std::string& pointer,
                       std::string& text, diagnostics& why);
    error_code read_urls(diagnostics& why);
    error_code read_query(const secret_lookup& ask, diagnostics& why);
    error_code read_headers(const secret_lookup& ask, diagnostics& why);
    error_code read_auth(const secret_lookup& ask, diagnostics& why);
    void add_header(const header_field& h);
    error_code read_page_size(diagnostics& why);
    void finish();

    void hide_tokens(std::vector<std::string>& texts, const position& at,
                     std::string_view target) const;
    bool dropped(const std::string& name) const;
    const value* url_token(const position& at) const;
    error_code check_tokens(const position& at, diagnostics& why) const;
    error_code check_query(const position& at, const std::string& url, bool at_home,
                           diagnostics& why) const;
    bool is_secret(std::string_view name) const;
    error_code place(codec::request_draft& d, const token_target& to, const value& v,
                     const std::string& pointer, diagnostics& why) const;
    /// Where values may go: a URL that the server gave is not touched.
    enum class room { whole_request, beside_url };
    error_code place_tokens(codec::request_draft& d, const position& at, room where,
                            diagnostics& why) const;
    error_code place_size(codec::request_draft& d, const position& at, room where,
                          diagnostics& why) const;
    error_code place_bound(codec::request_draft& d, const position& at, room where,
                           diagnostics& why) const;
    enum class whose { ours, another };
    boost::system::result<http_request> sent(codec::request_draft&& d, origin to, whose it,
                                             const position& at, diagnostics& why) const;
    boost::system::result<http_request> build_url(const std::string& url, const position& at,
                                                  room where, const credential* proof,
                                                  diagnostics& why) const;
    static void add_proof(http_request& r, const credential& proof);
};

}  // namespace catena
