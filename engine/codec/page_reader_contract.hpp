#pragma once

#include <catena/codec/page_reader.hpp>
#include <catena/core/http.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/// Whether the JSON Pointer `to` is `place` or leads into it.
[[nodiscard]] bool leads_to(std::string_view place, std::string_view to);

/// Where the plans keep what the connector names. Slot numbers of `pages` unless said otherwise.
struct page_contract::impl {
    impl(std::shared_ptr<const connector> c, const page_limits& l);

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    /// A sign, and the slot of its body place; the same slot in both plans.
    struct compiled_sign {
        const sign* rule;
        std::size_t slot = none;
    };

    /// One of next.from.
    struct token {
        const token_source* source;
        const token_target* target;               // nullptr without one
        std::size_t slot = none;                  // of a body place, unless elements repeat there
        std::size_t field = none;                 // of a last_record place
        std::unique_ptr<const scan_plan> choice;  // fields 0 and 1: where_at and value_at
    };

    /// A place in the body that shows a number of a quota; the same slot in both plans.
    struct signal {
        std::string place;
        std::size_t slot;
    };

    /// Slots of the plan `failures` only.
    struct failure_slots {
        std::vector<std::size_t> said;        // where servers put their words
        std::vector<std::size_t> complaints;  // members that are no good sign unless null or empty
        std::vector<std::size_t> success;     // members that are no good sign when false
        std::size_t fresh_token = none;
    };

    /// A root member that reports trouble on a good status, where the connector has no other use
    /// for it.
    struct complaint {
        std::string place;
        std::size_t slot;
        bool is_verdict;               // trouble if false; else trouble if anything is in it
        std::size_t code_slot = none;  // an attribute that is trouble even if nothing is in it
    };

    std::shared_ptr<const connector> contract;
    page_limits limits;
    std::vector<origin> origins;

    std::vector<compiled_sign> errors;  // as connector.errors
    std::vector<compiled_sign> ends;    // end rules of kind sign
    std::vector<compiled_sign> expiry;
    std::vector<signal> signals;
    std::vector<token> tokens;
    std::vector<std::size_t> key_fields;
    const end_rule* flag = nullptr;
    std::size_t flag_slot = none;
    std::size_t total_slot = none;
    std::size_t self_slot = none;
    std::size_t errors_slot = none;  // "/errors", where nobody declared it
    std::vector<complaint> complaints;
    failure_slots failed;

    std::optional<const scan_plan> pages;
    std::optional<const scan_plan> failures;

private:
    void want_complaints();
    void want_xml_complaints();
    void want_failures();
    std::size_t want(std::string pointer);

    scan_request page_request_, failure_request_;
};

}  // namespace catena
