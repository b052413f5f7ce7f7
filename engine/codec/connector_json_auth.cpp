// The section `auth` of a connector file.
#include "codec/connector_json_reading.hpp"

#include <string>
#include <utility>

namespace catena::codec {
namespace {

void read_secret(reading& in, const node& n, setting& out)
{
    if (!n) return;
    read(in, n, out);
    if (out.is_secret() || in.flawed(n.pointer)) return;
    in.flaw(n, "a credential must not stand in a connector as text",
            "refer to it: {\"$env\": \"NAME\"} or {\"$file\": \"/path\"}");
}

void read_basic(reading& in, const node& n, auth_rule& out)
{
    if (!in.object(n, basic_members)) return;
    const node user = reading::member(n, "user");
    const node password = reading::member(n, "password");
    read(in, user, out.user);
    read_secret(in, password, out.password);
    if ((!user || !password) && !in.flawed(n.pointer))
        in.flaw(n, "basic needs a user and a password",
                "write {\"user\": \"me\", \"password\": {\"$env\": \"NAME\"}}; an empty one is "
                "\"user\": \"\"");
}

void read_oauth2(reading& in, const node& n, auth_rule& out)
{
    if (!in.object(n, oauth2_members)) return;
    in.text(reading::member(n, "token_url"), out.token_url);
    in.one_word(reading::member(n, "grant"), grant_words, out.granted_by);
    read(in, reading::member(n, "client_id"), out.client_id);
    read_secret(in, reading::member(n, "client_secret"), out.client_secret);
    read_secret(in, reading::member(n, "refresh_token"), out.refresh_token);
    in.one_word(reading::member(n, "client_in"), client_words, out.client_in);
    in.text(reading::member(n, "scope"), out.scope);
    const node more = reading::member(n, "parameters");
    if (!more || !in.expect(more, json_kind::object, "an object")) return;
    for (const located::member& m : more.is->members) {
        const node at{&m.is, below(more.pointer, m.name)};
        setting s;
        if (names_credential(m.name))
            read_secret(in, at, s);
        else
            read(in, at, s);
        out.parameters.emplace_back(m.name, std::move(s));
    }
}

}  // namespace

void read(reading& in, const node& n, auth_rule& out)
{
    if (!n || !in.object(n, auth_members)) return;
    in.boolean(reading::member(n, "allow_plain_http"), out.allow_plain_http);
    const node at = in.one_of(n, auth_methods);
    if (!at) return;
    using method = auth_rule::method;
    if (at.is == n.is->find("basic")) {
        out.by = method::basic;
        read_basic(in, at, out);
    } else if (at.is == n.is->find("bearer")) {
        out.by = method::bearer;
        read_secret(in, at, out.token);
    } else if (at.is == n.is->find("oauth2")) {
        out.by = method::oauth2;
        read_oauth2(in, at, out);
    } else {
        out.by = method::provider;
        in.text(at, out.name);
    }
}

}  // namespace catena::codec
