#pragma once

#include <catena/connector.hpp>
#include <catena/testing/dataset.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace catena::testing {

/** The records of a server in its order, which may come and go.

    Every record has a serial for ever; 0 stands before the first. An index counts the records that
    are there now.
*/
class shelf {
public:
    shelf(const connector& c, std::vector<row> rows);

    [[nodiscard]] std::size_t size() const noexcept { return live_.size(); }
    [[nodiscard]] const row& at(std::size_t index) const { return items_[live_[index]].data; }
    /// Serial of the record before `index`.
    [[nodiscard]] std::uint64_t serial_before(std::size_t index) const;
    /// Index of the first record after the one with that serial, which may be gone.
    [[nodiscard]] std::size_t index_after(std::uint64_t serial) const;
    /// Whether a record had that serial.
    [[nodiscard]] bool knows(std::uint64_t serial) const;

    /// Serial of the record whose `mark`th token place holds `text`.
    [[nodiscard]] std::optional<std::uint64_t> find_mark(std::size_t mark,
                                                         std::string_view text) const;
    /// How the first field of the keys goes from record to record, read as numbers or as octets.
    enum class trend { none, up, down };
    [[nodiscard]] trend first_field(bool numbers) const noexcept;
    /// Index of the first record at or after the key `bound` in the server's order.
    [[nodiscard]] std::size_t index_of(std::span<const value> bound,
                                       recovery_rule::bound includes) const;

    void insert(row r);
    bool erase(std::string_view json);

private:
    struct item {
        row data;
        std::uint64_t serial;
        bool gone;
    };

    [[nodiscard]] bool precedes(const row& r, std::span<const value> bound, bool or_equals) const;
    void index_all();
    [[nodiscard]] trend trend_of_first(bool numbers) const;

    std::vector<key_field> key_;
    order sorted_;
    std::vector<item> items_;
    std::vector<std::size_t> live_;  // places in items_
    std::unordered_map<std::uint64_t, std::size_t> place_;
    std::vector<std::unordered_map<std::string, std::uint64_t>> marks_;
    trend as_numbers_ = trend::none, as_octets_ = trend::none;
    std::uint64_t last_serial_ = 0;
};

}  // namespace catena::testing
