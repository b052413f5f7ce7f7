#pragma once

#include "testing/json_tree.hpp"
#include "testing/request_reader.hpp"
#include "testing/shelf.hpp"
#include "testing/stamp.hpp"
#include <catena/connector.hpp>
#include <catena/core/http.hpp>
#include <catena/testing/behaviour.hpp>
#include <catena/testing/scripted_answer.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena::testing {

/// One page as it is to be written.
struct page_plan {
    std::size_t begin = 0, end = 0;  ///< The span of the dataset that it answers for ...
    std::vector<std::size_t> rows;   ///< ... and its records, as indices.
    bool more = false;               ///< Records follow.
    bool last = false;               ///< The page that shows the declared end.
    bool give_token = false;
    stamp next;  ///< What the token says, if one of the model's own is given.
    std::uint64_t page = 0;
    std::uint64_t total = 0;
    std::uint64_t size = 1;

    // What is wrong with it
    bool swapped = false, without_records = false, renamed = false, twice = false, lying = false;
};

/// Writes answers as the connector says they look.
class page_writer {
public:
    page_writer(const connector& c, const behaviour& b, const shelf& rows, const stamp_codec& codec)
        : contract_(c), manner_(b), rows_(rows), codec_(codec)
    {
    }

    [[nodiscard]] scripted_answer page(const page_plan& p, const http_request& ask) const;
    /// The answer for which `s` holds; `fallback` is its status where the sign has none.
    [[nodiscard]] scripted_answer with_sign(const sign& s, int fallback) const;
    /// The answer to a dead token, with a fresh one in it where the contract promises that.
    [[nodiscard]] scripted_answer expired(const stamp& fresh) const;

private:
    void records(const page_plan& p, json_tree& tree) const;
    [[nodiscard]] std::string lines_of(const page_plan& p) const;
    void signals(const page_plan& p, json_tree& tree, scripted_answer& out) const;
    void token(std::size_t i, const page_plan& p, const http_request& ask, json_tree& tree,
               scripted_answer& out, std::string& links) const;
    void body_token(const token_source& from, const std::optional<std::string>& raw,
                    const page_plan& p, json_tree& tree) const;
    [[nodiscard]] std::string next_url(const stamp& next, std::size_t i,
                                       const http_request& ask) const;
    void apply(const sign& s, json_tree& tree, scripted_answer& out) const;

    const connector& contract_;
    const behaviour& manner_;
    const shelf& rows_;
    const stamp_codec& codec_;
};

/// An API's error object: {"error":{"code":...,"message":...}}.
[[nodiscard]] scripted_answer error_answer(int status, std::string_view message);

}  // namespace catena::testing
