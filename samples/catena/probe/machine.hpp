#pragma once

#include "finding.hpp"
#include "page.hpp"
#include "size.hpp"
#include "way.hpp"
#include <catena/core/request_rule.hpp>
#include <catena/core/time.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace probe {

/// What came where an offset or page number lies behind the last page.
enum class after_end { not_looked, empty, absent, status, records, last_page };

/// So many records are asked for where the largest page is looked for.
inline constexpr std::uint32_t large_page = 1000;

/// What the user says of the API. Goes to constructors only.
struct wish {
    wish() {}

    catena::request_rule request;        ///< GET; secrets are references.
    std::optional<std::string> records;  ///< JSON Pointer; else they are looked for.
    std::vector<std::string> key;        ///< JSON Pointers; empty: looked for.
    std::string parameter;  ///< That takes the token; empty: the likely ones are tried.
    unsigned most_requests = 4;
};

/** Learns how an API is paginated from a few of its answers, without a socket or a clock.

    Answers in, requests out, a proposal at the end. A way to the next page is proposed only where
    it has led there: page 2 has other records, at the same place, and for offsets the record that
    must come again did. The proposal reads both pages with the reader that a run uses.

    No text that comes out holds a value of the server but small numbers: tokens, cursors and
    secrets stay in here.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class machine {
public:
    /// @throws std::invalid_argument if the request could not stand in a connector file.
    explicit machine(wish w);
    ~machine();
    machine(const machine&) = delete;
    machine& operator=(const machine&) = delete;

    /// What to send next; nothing once @ref result is complete. The same until it is answered.
    [[nodiscard]] const std::optional<ask>& next() const noexcept { return next_; }
    /// How long to wait before it is sent: the server said so.
    [[nodiscard]] catena::duration pause() const noexcept { return pause_; }

    /// @param a Content codings are undone, and `Content-Encoding` is not among its headers.
    /// @param received For dates in `Retry-After`.
    void on_answer(answer a, catena::wall_time received);
    /// No answer came; `detail` says why.
    void on_failure(const std::string& detail);

    [[nodiscard]] const proposal& result() const noexcept { return out_; }

private:
    enum class stage { first, smaller, trying, base, behind, farther, larger, third, done };

    void send(stage s, ask a);
    void refuse(const std::string& why);
    void refuse_words(const std::string& why);
    [[nodiscard]] bool may_ask() const noexcept { return out_.requests < wish_.most_requests; }
    bool put_off(const answer& a, catena::wall_time received);
    bool follow_redirect(const answer& a);
    void refuse_status(const answer& a);

    void on_first(answer a);
    bool choose_records();
    bool take_key();
    void after_first();
    void on_smaller(answer a);
    void try_way();
    void on_second(answer a);
    [[nodiscard]] std::string flaw_of(page& second);
    void accept(std::unique_ptr<page> second);
    void look_further();
    bool look_behind();
    [[nodiscard]] std::optional<ask> ask_behind(std::uint64_t farther) const;
    bool look_for_more_a_page();
    bool look_at_third();
    void finish();
    void put_key(catena::connector& c);
    void put_next(catena::connector& c);
    void tell_lost_parameters(const way& w);
    void put_token_end(catena::connector& c);
    [[nodiscard]] finding absence_end(catena::connector& c);
    [[nodiscard]] bool put_flag(catena::connector& c);
    void put_counter_end(catena::connector& c);
    void put_size(catena::connector& c);
    void put_limits();
    void prove(catena::connector c);
    void on_base(answer a);
    void on_behind(answer a);
    void on_farther(answer a);
    void on_larger(answer a);
    void on_third(answer a);
    [[nodiscard]] std::unique_ptr<page> read(answer a, std::string& why) const;

    wish wish_;
    catena::request_rule first_;  // of page 1, after redirects
    stage stage_ = stage::first;
    std::optional<ask> next_;
    catena::duration pause_{};
    bool put_off_ = false;

    std::unique_ptr<page> one_, two_;
    std::unique_ptr<page> far_;    // one behind the last, with records all the same
    std::unique_ptr<page> large_;  // one that was asked for with many records
    std::unique_ptr<page> last_;   // one that came besides, and has no next
    std::vector<way> ways_;
    std::size_t way_ = 0;
    std::vector<std::string> failed_;  // ways that led nowhere, and why
    std::string records_at_;
    std::optional<std::uint32_t> users_size_;  // where page 1 was asked for with a smaller one
    bool inclusive_ = false;
    std::size_t again_ = 0;  // records at the begin of two_ that end one_

    // What the further requests showed.
    bool behind_asked_ = false, farther_asked_ = false, larger_asked_ = false, third_asked_ = false;
    after_end behind_ = after_end::not_looked;
    int behind_status_ = 0;
    std::optional<total_place> total_;
    std::optional<std::uint32_t> larger_size_;
    std::size_t large_came_ = 0;
    bool capped_ = false;
    bool empty_keeps_token_ = false;

    proposal out_;
};

}  // namespace probe
