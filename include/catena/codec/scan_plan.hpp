// layer: codec
#pragma once

#include <catena/codec/extent.hpp>
#include <catena/connector.hpp>
#include <catena/core/position.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena {
namespace codec {
class lines_scanner;
class xml_scanner;
}  // namespace codec

/// A value that a scan plan asked for, as it stands in the body.
struct found {
    bool present = false;
    json_kind kind = json_kind::null;
    bool escaped = false;  ///< A string with JSON escapes in it.
    bool decoded = false;  ///< `at` stands in scanned::texts(), not in the body.
    extent at;             ///< A string without its quotes; else the whole value.
};

/** What is wanted out of a document. Goes to constructors only; all places are JSON Pointers.

    In an XML document "/a/b" is the element b in the root element a, by local names, and "/a/b/@c"
    its attribute c. `records` then is an element that may stand there any number of times.
*/
struct scan_request {
    std::vector<std::string> slots;      ///< Single values.
    std::optional<std::string> records;  ///< A container whose values are listed.
    records_rule::shape shape = records_rule::shape::array;
    std::vector<std::string> fields;  ///< Wanted in each record, relative to it.
};

/** Places wanted out of documents of one kind, compiled once.

    @par Thread safety
    Distinct objects: safe. Shared objects: safe for reading.
*/
class scan_plan {
public:
    /// @throws std::invalid_argument if a text is no JSON Pointer (RFC 6901).
    explicit scan_plan(const scan_request& r);

    [[nodiscard]] std::size_t slots() const noexcept { return slot_of_.size(); }
    [[nodiscard]] std::size_t fields() const noexcept { return field_of_.size(); }

private:
    friend class scanned;
    friend class scanner;
    friend class codec::lines_scanner;
    friend class codec::xml_scanner;

    struct edge {
        std::string name;
        std::size_t index;  // as an array index; none if it cannot be one
        int to;
    };
    struct node {
        int parent = -1;
        int slot = -1;
        int field = -1;
        bool records = false;       // the values in it are records
        bool indexed = false;       // an edge may be an array index
        std::uint64_t lengths = 0;  // bit n: an edge's name has n octets; the last for all longer
        std::string name;
        std::vector<edge> edges;
    };

    int walk(int from, std::string_view pointer);
    int child(int from, const std::string& name);
    void graft(int from, int onto);
    [[nodiscard]] std::string pointer_to(int node) const;

    static constexpr std::size_t no_index = static_cast<std::size_t>(-1);
    static constexpr int record_root = 1;  // node 0 is the document

    std::vector<node> nodes_;
    std::vector<int> slot_of_, field_of_;  // request's number -> place that holds the value
    int slot_places_ = 0, field_places_ = 0;
    records_rule::shape shape_;
};

/** What a scan has found so far, whichever scanner looked.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class scanned {
public:
    /// @pre `plan` outlives this object.
    explicit scanned(const scan_plan& plan)
        : plan_(&plan), slots_(static_cast<std::size_t>(plan.slot_places_))
    {
    }

    /// The value of the request's n-th slot. Present as soon as its last octet has been fed.
    [[nodiscard]] const found& slot(std::size_t n) const noexcept
    {
        return slots_[static_cast<std::size_t>(plan_->slot_of_[n])];
    }

    /// What stands where the records should; present once it has passed.
    [[nodiscard]] const found& records_place() const noexcept { return place_; }

    /// The records so far, in order; of one that is still open the end is 0. Strings have quotes.
    [[nodiscard]] const std::vector<extent>& records() const noexcept { return records_; }
    [[nodiscard]] std::vector<extent> take_records() noexcept { return std::move(records_); }

    /// The request's n-th field of a record.
    [[nodiscard]] const found& field(std::size_t record, std::size_t n) const noexcept
    {
        return fields_[record * static_cast<std::size_t>(plan_->field_places_) +
                       static_cast<std::size_t>(plan_->field_of_[n])];
    }

    /// Values that do not stand in the body as they are meant.
    [[nodiscard]] const std::string& texts() const noexcept { return texts_; }

    /// The octets of a value out of this scan of `body`.
    [[nodiscard]] std::string_view octets(const found& what, std::string_view body) const
    {
        return what.at.in(what.decoded ? std::string_view(texts_) : body);
    }

private:
    friend class scanner;
    friend class codec::lines_scanner;
    friend class codec::xml_scanner;

    void reset(std::size_t records);
    void begin_record(std::size_t at);
    // Here, since it is on every wanted value's way.
    void keep(const scan_plan::node& n, const found& what, bool in_record)
    {
        if (n.slot >= 0) slots_[static_cast<std::size_t>(n.slot)] = what;
        if (n.records) place_ = what;
        if (n.field < 0 || !in_record) return;
        const auto stride = static_cast<std::size_t>(plan_->field_places_);
        fields_[(records_.size() - 1) * stride + static_cast<std::size_t>(n.field)] = what;
    }

    const scan_plan* plan_;
    std::vector<found> slots_, fields_;
    std::vector<extent> records_;
    found place_;
    std::string texts_;
};

}  // namespace catena
