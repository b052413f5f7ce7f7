// A process that is killed.
//
//   store_child commit PATH        opens PATH, walks job "j" of 8 chains and prints each page that
//                                  it was told to be committed, until it is ended
//   store_child jsonl|gzip PATH    likewise, with the records in PATH.records
//   store_child hold PATH          opens PATH, says so and waits
//   store_child fill PATH OCTETS   as commit, with files of so many octets at most
#include "support/store_caller.hpp"
#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sqlite_store.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace catena {

namespace {

// One write, so that a line is whole or not there.
void say(const std::string& line)
{
    const std::string whole = line + "\n";
    if (::write(1, whole.data(), whole.size()) < 0) std::abort();
}

// Each chain has one page on its way.
void walk(store& s, std::uint64_t job, chain_row c)
{
    page_commit p = testing::next_page_of(job, c, 1 + c.pages % 5);
    c.last_key = p.last_key;
    s.commit(std::move(p), [&s, job, c](const diagnostics& why, commit_outcome o) {
        if (why.code || o != commit_outcome::committed) return say("failed: " + why.text());
        say("page " + std::to_string(c.id) + " " + std::to_string(c.pages));
        chain_row next = c;
        ++next.pages;
        walk(s, job, next);
    });
}

void limit_files(const char* octets)
{
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit most{};
    most.rlim_cur = most.rlim_max = std::strtoull(octets, nullptr, 10);
    setrlimit(RLIMIT_FSIZE, &most);
}

void run(const std::string& what, const std::string& path)
{
    sqlite_options o;
    o.on_trouble = [](const diagnostics& d) { say("trouble: " + d.text()); };
    jsonl_options file;
    if (what == "gzip") file.as = jsonl_options::coding::gzip;
    if (what == "gzip" || what == "jsonl")
        o.records = std::make_shared<jsonl_sink>(path + ".records", file);
    sqlite_store s(path, o);
    say("open");
    if (what != "hold") {
        testing::store_caller call(s);
        const job_row j = call.open("j").value;
        if (!j.planned) call.plan(j.id, std::vector<std::string>(8, "range"));
        for (const chain_row& c : call.claim(j.id, 8).value)
            walk(s, j.id, c);
    }
    for (;;)
        ::pause();
}

}  // namespace

}  // namespace catena

int main(int argc, char* argv[])
try {
    if (argc < 3) return 2;
    if (argc > 3) catena::limit_files(argv[3]);
    catena::run(argv[1], argv[2]);
} catch (const std::exception& e) {
    std::printf("%s\n", e.what());
    return 1;
}
