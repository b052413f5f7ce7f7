#include "store/broken.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace catena::storage {

diagnostics story(errc code, std::string what, std::string mend)
{
    diagnostics d;
    d.code = code;
    d.what = std::move(what);
    d.mend = std::move(mend);
    d.next = advice::resume;
    return d;
}

void refuse(errc code, std::string what, std::string mend)
{
    throw failure(story(code, std::move(what), std::move(mend)));
}

std::string in_words(int error_number)
{
    return std::system_category().message(error_number) + " (errno " +
           std::to_string(error_number) + ")";
}

bool is_no_space(int error_number) noexcept
{
    return error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
}

}  // namespace catena::storage
