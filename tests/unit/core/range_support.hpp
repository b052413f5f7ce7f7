#pragma once

#include <catena/core/range_math.hpp>

#include <random>
#include <string>

namespace catena::testing {

inline range_rule rule_of(range_type t, moment_form f = moment_form::rfc3339,
                          duration step = std::chrono::seconds(1))
{
    range_rule by;
    by.by = "/k";
    by.type = t;
    by.time = f;
    by.resolution = step;
    return by;
}

/// Keys of one type, drawn at random: mostly near each other, some far away.
class key_source {
public:
    key_source(const range_rule& by, std::mt19937& draw) : by_(by), draw_(draw) {}

    [[nodiscard]] std::string next()
    {
        switch (by_.type) {
            case range_type::integer: return integer();
            case range_type::decimal: return decimal();
            case range_type::text: return text();
            case range_type::time: return time();
            case range_type::values: break;
        }
        return by_.values.at(draw_() % by_.values.size());
    }

private:
    [[nodiscard]] std::string digits(std::size_t count)
    {
        std::string out(1, static_cast<char>('1' + draw_() % 9));
        while (out.size() < count)
            out += static_cast<char>('0' + draw_() % 10);
        return out;
    }
    [[nodiscard]] std::string integer()
    {
        const std::size_t longest[] = {1, 2, 3, 19, 20, 40};
        const std::string sign = draw_() % 3 == 0 ? "-" : "";
        return draw_() % 10 == 0 ? "0" : sign + digits(1 + draw_() % longest[draw_() % 6]);
    }
    [[nodiscard]] std::string decimal()
    {
        std::string out = integer();
        if (draw_() % 3 != 0) out += '.' + digits(1 + draw_() % 4);
        if (draw_() % 5 == 0)
            out += (draw_() % 2 == 0 ? "e-" : "E+") + std::to_string(draw_() % 30);
        return out;
    }
    [[nodiscard]] std::string text()
    {
        static const char* const signs[] = {"a",
                                            "b",
                                            "z",
                                            "0",
                                            "!",
                                            "~",
                                            " ",
                                            "\n",
                                            "\xc3\xa9",
                                            "\xd0\x96",
                                            "\xe4\xb8\x80",
                                            "\xf0\x9f\x8d\xb0"};
        const std::size_t kinds = draw_() % 2 == 0 ? 6 : 12;
        std::string out;
        for (std::size_t n = draw_() % 6; n > 0; --n)
            out += signs[draw_() % kinds];
        return out;
    }
    [[nodiscard]] std::string two(std::size_t below, std::size_t from = 0)
    {
        const std::size_t n = from + draw_() % below;
        return (n < 10 ? "0" : "") + std::to_string(n);
    }
    [[nodiscard]] std::string time()
    {
        if (by_.time != moment_form::rfc3339 && draw_() % 4 != 0) {
            std::string out = (draw_() % 6 == 0 ? "-" : "") +
                              digits(by_.time == moment_form::seconds ? 9 + draw_() % 2 : 13);
            return draw_() % 3 == 0 ? out + '.' + digits(1 + draw_() % 6) : out;
        }
        static const char* const zones[] = {"Z", "z", "+02:00", "-11:30", "+0530", "-00:00"};
        const char* const year[] = {"1969", "1970", "2024", "2026", "2026", "2026"};
        std::string out = std::string(year[draw_() % 6]) + '-' + two(12, 1) + '-' + two(28, 1) +
                          (draw_() % 5 == 0 ? "t" : "T") + two(24) + ':' + two(60) + ':' + two(60);
        if (draw_() % 3 == 0) out += '.' + digits(1 + draw_() % 12);
        return out + zones[draw_() % 6];
    }

    const range_rule& by_;
    std::mt19937& draw_;
};

inline bool precedes(const range_rule& by, std::string_view a, std::string_view b)
{
    return compare_in(by, a, b) == std::strong_ordering::less;
}

inline field_view field_of(const range_rule& by, const std::string& key)
{
    const bool number = by.type == range_type::integer || by.type == range_type::decimal;
    return {number ? json_kind::number : json_kind::string, key};
}

}  // namespace catena::testing
