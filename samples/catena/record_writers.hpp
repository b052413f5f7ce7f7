#pragma once

#include <catena/store/jsonl_sink.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace command {

/// A record that cannot be written in the form that was asked for: other words are needed.
class unfit_record : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/** CSV by RFC 4180, with LF: a line of names, then a line for each record.

    The columns are those given, else those of the file's first line, else the members of the first
    record. Numbers keep their digits; what is nested is JSON; null and what a record lacks are
    empty.

    @param columns Empty: see above; then a record with another member is an error, as leaving it
                   out would lose it.
    @param header  The first line of the file that a run goes on with; empty: a new one.
    @throws unfit_record from the function, for a record that is no object or has another
            member.
*/
[[nodiscard]] catena::record_writer csv_writer(std::vector<std::string> columns,
                                               const std::string& header);

/// A record a line, line ends inside of it made blanks: in the strings of JSON they cannot stand.
[[nodiscard]] catena::record_writer line_writer();

/// One JSON array. Its end is not among what is written: see end_of_array.
[[nodiscard]] catena::record_writer array_writer();

/// What follows the records of a whole array.
inline constexpr const char* end_of_array = "\n]\n";
/// The whole array where there are none.
inline constexpr const char* empty_array = "[]\n";

/// The fields of a line of CSV. @pre It is one of csv_writer()'s.
[[nodiscard]] std::vector<std::string> csv_fields(const std::string& line);

}  // namespace command
