// layer: core
#pragma once

#include <catena/core/audit_facts.hpp>
#include <catena/core/identity.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/** What is different between the previous run's records and this one's.

    Reads both as streams, ascending by the octets of the key, and keeps one record of each: the
    shell loops, feeding the stream that wants() names until it names none. A key that only the
    previous run has is counted as deleted, and that is all: whether to delete it is not decided
    here.

    @code
    for (auto side = d.wants(); side != run_difference::stream::none; side = d.wants()) {
        const auto record = rows_of(side).next();
        record ? d.feed(side, record->key, identity_of(record->body)) : d.end(side);
    }
    @endcode

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class run_difference {
public:
    enum class stream { before, now, none };

    /// @param samples Keys to keep of each kind of difference: the first ones.
    explicit run_difference(std::size_t samples = 100);

    /// Which stream to feed or to end next; `none` when all is compared.
    [[nodiscard]] stream wants() const noexcept;

    /** The next record of a stream.
        @throws std::invalid_argument if its key is not behind the one before it: nothing that was
        counted would be true.
        @pre `of` is what wants() says; so for end().
    */
    void feed(stream of, std::string_view key, const identity& body);
    /// A stream has no more records.
    void end(stream of);

    /// Keys of one kind of difference, and how many there are.
    struct difference {
        std::uint64_t count = 0;
        std::vector<std::string> samples;
    };
    [[nodiscard]] const difference& added() const noexcept { return added_; }
    [[nodiscard]] const difference& changed() const noexcept { return changed_; }
    [[nodiscard]] const difference& deleted() const noexcept { return deleted_; }
    [[nodiscard]] std::uint64_t same() const noexcept { return same_; }

    /// Records of the previous run, and of this one, so far.
    [[nodiscard]] std::uint64_t records_before() const noexcept { return before_.count; }
    [[nodiscard]] std::uint64_t records_now() const noexcept { return now_.count; }

    /// For an audit.
    [[nodiscard]] previous_run facts() const;

    /// "12 added, 3 changed, 1 deleted, 1,000 the same; 1,015 records, 1.1 % more than before".
    [[nodiscard]] std::string text() const;

private:
    struct side {
        bool waiting = false;  // holds a record that is not compared yet
        bool ended = false;
        std::uint64_t count = 0;
        std::string key;
        identity body;
    };

    void compare();
    void note(difference& d, const std::string& key) const;

    std::size_t samples_;
    side before_, now_;
    difference added_, changed_, deleted_;
    std::uint64_t same_ = 0;
};

/// How a number of records grew: "1,015 records, 1.1 % more than before". Nothing is rounded to
/// "as many" that is not.
[[nodiscard]] std::string growth_in_words(std::uint64_t before, std::uint64_t now);

}  // namespace catena
