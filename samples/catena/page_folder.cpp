#include "page_folder.hpp"

#include <catena/diagnostics.hpp>
#include <catena/store/store.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace command {

namespace {

namespace fs = std::filesystem;

// One page at a time is written: its name until it is whole.
constexpr const char* unfinished = ".page";
constexpr std::size_t digits = 10;

[[noreturn]] void refuse(catena::errc code, std::string what, std::string mend)
{
    catena::diagnostics why;
    why.code = code;
    why.what = std::move(what);
    why.mend = std::move(mend);
    throw catena::failure(std::move(why));
}

std::string in_words(int number) { return std::generic_category().message(number); }

bool take_number(std::string_view& rest, std::uint64_t& out)
{
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
    if (failed != std::errc()) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
}

bool take_text(std::string_view& rest, std::string_view text)
{
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
}

/// The pages of a folder, by number.
std::vector<page_name> pages_in(const std::string& path)
{
    std::vector<page_name> all;
    std::error_code failed;
    for (fs::directory_iterator at(path, failed), end; !failed && at != end; at.increment(failed)) {
        page_name p;
        if (is_page(at->path().filename().string(), p)) all.push_back(std::move(p));
    }
    if (failed)
        refuse(catena::errc::store_refused, "cannot list " + path + ": " + failed.message(),
               "give this user the right to read it");
    std::sort(all.begin(), all.end(),
              [](const page_name& a, const page_name& b) { return a.number < b.number; });
    return all;
}

/// Whether anything is in a folder but what a kill leaves half written.
bool holds_others(const std::string& path)
{
    std::error_code failed;
    for (fs::directory_iterator at(path, failed), end; !failed && at != end; at.increment(failed))
        if (at->path().filename() != unfinished) return true;
    return bool(failed);
}

// Every number up to there once, or a page is lost.
void require_all(const std::string& path, const std::vector<page_name>& pages,
                 std::uint64_t committed)
{
    std::uint64_t next = 1;
    for (const page_name& p : pages)
        if (p.number == next) ++next;
    if (next > committed) return;
    refuse(catena::errc::store_damaged,
           path + " has no page number " + std::to_string(next) + ", and " +
               std::to_string(committed) + " were committed: pages are lost",
           "put all of them back, or begin anew with another output");
}

std::uint64_t count_from(std::string_view position)
{
    std::uint64_t n = 0;
    if (position.empty() || (take_number(position, n) && position.empty())) return n;
    refuse(catena::errc::store_damaged, "the store's position is no number of pages",
           "give the store the output that it began with");
}

}  // namespace

std::string page_name::text() const
{
    const std::string n = std::to_string(number);
    return std::string(digits - std::min(digits, n.size()), '0') + n + "-c" +
           std::to_string(chain) + "-p" + std::to_string(page) + ending;
}

bool is_page(std::string_view name, page_name& out)
{
    page_name p;
    std::string_view rest = name;
    const bool matches = take_number(rest, p.number) && take_text(rest, "-c") &&
                         take_number(rest, p.chain) && take_text(rest, "-p") &&
                         take_number(rest, p.page) && rest.starts_with(".");
    p.ending = rest;
    if (!matches || p.text() != name) return false;
    out = std::move(p);
    return true;
}

page_folder::page_folder(std::string path, std::string ending)
    : path_(std::move(path)), ending_(std::move(ending))
{
    while (path_.size() > 1 && path_.ends_with('/'))
        path_.pop_back();
    const bool made = ::mkdir(path_.c_str(), 0700) == 0;
    folder_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_ < 0)
        refuse(catena::errc::store_refused,
               "cannot open the folder " + path_ + ": " + in_words(errno),
               "make the folder above it, or give another path");
    if (::flock(folder_, LOCK_EX | LOCK_NB) != 0) {
        const int why = errno;
        ::close(folder_);
        refuse(why == EWOULDBLOCK ? catena::errc::store_locked : catena::errc::store_refused,
               why == EWOULDBLOCK ? "another process writes into " + path_
                                  : "cannot lock " + path_ + ": " + in_words(why),
               "end the process that writes it, or give another path");
    }
    if (!made) return;
    const int above = ::openat(folder_, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (above >= 0) ::fsync(above);
    if (above >= 0) ::close(above);
}

page_folder::~page_folder() { ::close(folder_); }

void page_folder::resume(std::string_view position)
{
    const std::uint64_t committed = count_from(position);
    const std::vector<page_name> pages = pages_in(path_);
    if (position.empty() && !pages.empty())
        refuse(catena::errc::store_refused,
               path_ + " holds " + std::to_string(pages.size()) +
                   " pages, and the store knows of none; nothing was removed",
               "give another path, or remove that folder");
    if (position.empty() && holds_others(path_))
        refuse(catena::errc::store_refused,
               path_ + " holds files already, and no pages; nothing was written",
               "give the path of a folder that is empty or not there");
    require_all(path_, pages, committed);
    for (const page_name& p : pages)
        if (p.number > committed && ::unlinkat(folder_, p.text().c_str(), 0) != 0)
            fail("page " + p.text() + " cannot be removed, " + in_words(errno));
    count_ = committed;
    sync_folder();
}

void page_folder::write(const catena::page_commit& page)
{
    if (page.body.empty()) return;
    page_name name;
    name.number = count_ + 1;
    name.chain = page.chain;
    name.page = page.page;
    name.ending = ending_;
    put(name.text(), page.body);
    ++count_;
    named_ = true;
}

std::string page_folder::flush()
{
    if (named_) sync_folder();
    return std::to_string(count_);
}

void page_folder::put(const std::string& name, std::string_view body)
{
    const int file =
        ::openat(folder_, unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) fail("a page cannot be written, " + in_words(errno));
    int trouble = 0;
    for (std::string_view rest = body; !rest.empty() && trouble == 0;) {
        const ssize_t n = ::write(file, rest.data(), rest.size());
        if (n >= 0)
            rest.remove_prefix(static_cast<std::size_t>(n));
        else if (errno != EINTR)
            trouble = errno;
    }
    if (trouble == 0 && ::fsync(file) != 0) trouble = errno;
    ::close(file);
    if (trouble == 0 && ::renameat(folder_, unfinished, folder_, name.c_str()) != 0)
        trouble = errno;
    if (trouble == ENOSPC || trouble == EDQUOT || trouble == EFBIG)
        refuse(catena::errc::store_full,
               "no space is left for " + path_ + '/' + name + ": " + std::to_string(body.size()) +
                   " octets wanted, " + in_words(trouble),
               "make room on that disk, or raise the quota or limit");
    if (trouble != 0) fail("page " + name + " cannot be written, " + in_words(trouble));
}

void page_folder::sync_folder()
{
    if (::fsync(folder_) != 0) fail("the folder cannot be synced, " + in_words(errno));
    named_ = false;
}

void page_folder::fail(const std::string& what)
{
    refuse(catena::errc::store_failed, path_ + ": " + what + "; what was committed before is safe",
           "look after the disk and the folder; then run it again");
}

kept_pages read_pages(const std::string& path, std::uint64_t committed, const page_reading& count)
{
    const std::vector<page_name> pages = pages_in(path);
    require_all(path, pages, committed);
    kept_pages out;
    for (const page_name& p : pages) {
        if (p.number > committed) {
            ++out.behind;
            continue;
        }
        const bool again = p.number <= out.pages;
        ++(again ? out.twice : out.pages);
        std::ifstream in(fs::path(path) / p.text(), std::ios::binary);
        const std::string body{std::istreambuf_iterator<char>(in), {}};
        const std::optional<std::uint64_t> records = count(body);
        if (!records && ++out.flaws == 1) out.first_flaw = p.text();
        out.records += again ? 0 : records.value_or(0);
    }
    return out;
}

}  // namespace command
