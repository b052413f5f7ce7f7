// layer: run
#pragma once

#include <catena/codec/extent.hpp>
#include <catena/core/checkpoint.hpp>
#include <catena/core/http.hpp>
#include <catena/core/position.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena {

/** One page: its records as the server sent them, and where the walk stands after it.

    Records are views into the page's own buffer, the server's octets unchanged: numbers keep their
    digits, members their order. <catena/json.hpp> turns one into a Boost.JSON value or a type of
    your own.

    Movable, not copyable; moving keeps the views valid.

    @par Thread safety
    Distinct objects: safe. Shared objects: safe for reading.
*/
class page {
public:
    /// How a page was asked for.
    enum class way {
        start,    ///< As the connector's first request: at the beginning, or in a rescan.
        cursor,   ///< By what the page before it gave.
        rebuilt,  ///< By a query made anew for what follows the last key.
    };

    /// A range of std::string_view, one for each record, in the server's order.
    class record_range;

    page() = default;
    page(page&&) noexcept = default;
    page& operator=(page&&) noexcept = default;
    page(const page&) = delete;
    page& operator=(const page&) = delete;

    /// Views live as long as this page or the page it is moved to. May be empty.
    [[nodiscard]] record_range records() const noexcept;

    /** A record's key: one value for each field of the connector's `key`, escapes undone. Empty
        where the connector names none. @pre `record` < records().size()
    */
    [[nodiscard]] std::vector<value> key(std::size_t record) const;

    /// Number of the page in its chain, from 0. Pages are counted as delivered.
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

    /// No further page follows.
    [[nodiscard]] bool last() const noexcept { return last_; }

    /// How many records the server sent that had been delivered before, and are left out here.
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

    /// The connector's `total` as this page says it; nothing where it does not.
    [[nodiscard]] std::optional<std::uint64_t> total() const noexcept { return total_; }
    [[nodiscard]] int status() const noexcept { return status_; }

    /// The answer's header fields, in order, as they came.
    [[nodiscard]] const std::vector<header_field>& headers() const noexcept { return headers_; }

    /// The value of the first header field of that name (any case), or nothing.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

    /// The whole body as it came, content coding undone.
    [[nodiscard]] std::string_view body() const noexcept
    {
        return body_ ? std::string_view(*body_) : std::string_view();
    }

    [[nodiscard]] way asked_by() const noexcept { return asked_by_; }

    /// What was asked for to get this page: method and target, secrets and cursors struck out.
    [[nodiscard]] const std::string& request() const noexcept { return request_; }

    /** Where the chain stands once this page is safe: give it to chain's constructor to go on.

        Store it together with the records, in one transaction, and a crash loses nothing and
        doubles nothing.
    */
    [[nodiscard]] const checkpoint& after() const noexcept;

private:
    friend class chain;

    std::shared_ptr<const std::string> body_;  // given back to the engine's buffers at the end
    std::vector<extent> records_;
    std::string key_octets_;
    std::vector<key_extent> keys_;  // as many for each record
    std::vector<header_field> headers_;
    std::string request_;
    std::shared_ptr<const checkpoint> after_;  // the chain has it too
    std::uint64_t number_ = 0;
    std::uint64_t dropped_ = 0;
    std::optional<std::uint64_t> total_;
    int status_ = 0;
    bool last_ = false;
    way asked_by_ = way::start;
};

class page::record_range {
public:
    class iterator {
    public:
        using value_type = std::string_view;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::forward_iterator_tag;

        iterator() = default;
        iterator(const char* body, const extent* at) noexcept : body_(body), at_(at) {}
        std::string_view operator*() const noexcept
        {
            return {body_ + at_->begin, at_->end - at_->begin};
        }
        iterator& operator++() noexcept
        {
            ++at_;
            return *this;
        }
        iterator operator++(int) noexcept
        {
            iterator old = *this;
            ++at_;
            return old;
        }
        friend bool operator==(const iterator&, const iterator&) = default;

    private:
        const char* body_ = nullptr;
        const extent* at_ = nullptr;
    };

    record_range(const char* body, const std::vector<extent>& at) noexcept
        : body_(body), first_(at.data()), last_(at.data() + at.size())
    {
    }

    [[nodiscard]] iterator begin() const noexcept { return {body_, first_}; }
    [[nodiscard]] iterator end() const noexcept { return {body_, last_}; }
    [[nodiscard]] std::size_t size() const noexcept
    {
        return static_cast<std::size_t>(last_ - first_);
    }
    [[nodiscard]] bool empty() const noexcept { return first_ == last_; }
    [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept
    {
        return {body_ + first_[i].begin, first_[i].end - first_[i].begin};
    }

private:
    const char* body_;
    const extent* first_;
    const extent* last_;
};

inline page::record_range page::records() const noexcept { return {body().data(), records_}; }

}  // namespace catena
