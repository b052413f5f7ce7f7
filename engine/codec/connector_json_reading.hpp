#pragma once

#include "codec/connector_json_names.hpp"
#include "codec/located_json.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena::codec {

/// A value of the file and its JSON Pointer; without `is`, a member that is not there.
struct node {
    const located* is = nullptr;
    std::string pointer;

    explicit operator bool() const noexcept { return is != nullptr; }
};

/** Reads values of a connector file and collects every flaw.

    A reader whose node is not there leaves its result as it is: the default holds.
*/
class reading {
public:
    explicit reading(std::string_view text) : text_(text) {}

    void flaw(const node& at, std::string what, std::string mend);
    void flaw_at(std::size_t offset, std::string pointer, std::string what, std::string mend);

    /// Add what validate() found, but for consequences of flaws that are known already.
    void add(const std::vector<connector_flaw>& found, const located& root);

    /// Whether the value at `n` has the right kind; a flaw if not.
    bool expect(const node& n, json_kind kind, std::string_view expected);

    /// Whether `n` is an object; its members that are not among `known` are flaws.
    bool object(const node& n, std::span<const names> known);

    [[nodiscard]] static node member(const node& of, std::string_view name);

    /// The one member among `places` that `of` has; a flaw if there is none, or more than one.
    node one_of(const node& of, std::span<const names> places);

    bool text(const node& n, std::string& out);
    void boolean(const node& n, bool& out);
    bool integer(const node& n, std::int64_t least, std::int64_t most, std::int64_t& out,
                 std::string_view mend = {});
    void time_span(const node& n, duration& out);

    template <class Meaning, std::size_t Count>
    void one_word(const node& n, const word<Meaning> (&words)[Count], Meaning& out)
    {
        std::string written;
        if (!n || !text(n, written)) return;
        std::vector<names> known;
        for (const word<Meaning>& w : words) {
            known.push_back(w.text);
            if (w.text != written) continue;
            out = w.means;
            return;
        }
        unknown_word(n, written, known);
    }

    /// Call `take` for each element of an array, or once for what is no array.
    template <class Take>
    void each(const node& n, Take take)
    {
        if (!n) return;
        if (n.is->kind != json_kind::array) return take(n);
        for (std::size_t i = 0; i < n.is->items.size(); ++i)
            take(node{&n.is->items[i], below(n.pointer, std::to_string(i))});
    }

    void texts(const node& n, std::vector<std::string>& out);

    /// Whether a flaw was found at `pointer` or in it.
    [[nodiscard]] bool flawed(const std::string& pointer) const;

    /// All flaws, in the order of the file.
    [[nodiscard]] std::vector<connector_file_flaw> flaws() const;

private:
    struct located_flaw {
        std::size_t offset;
        std::string pointer, what, mend;
    };

    void unknown_word(const node& n, const std::string& written, std::span<const names> known);
    [[nodiscard]] bool explained(const std::string& pointer) const;

    std::string_view text_;
    std::vector<located_flaw> flaws_;
    std::vector<std::string> meant_;  // members that a misspelt name was probably meant for
};

/// The one of `known` that `name` was probably meant for, or "".
[[nodiscard]] std::string_view nearest(std::string_view name, std::span<const names> known);

/// Whether a header or query parameter of this name carries a credential.
[[nodiscard]] bool names_credential(std::string_view name);

// Readers of the parts that stand in several places.
void read(reading& in, const node& n, setting& out);
void read(reading& in, const node& n, token_target& out);
void read(reading& in, const node& n, token_source& out);
void read(reading& in, const node& n, sign& out);
void read(reading& in, const node& n, end_rule& out);
void read(reading& in, const node& n, auth_rule& out);
void read(reading& in, const node& n, signals_rule& out);
void read(reading& in, const node& n, range_rule& out);

}  // namespace catena::codec
