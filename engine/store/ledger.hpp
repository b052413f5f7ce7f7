#pragma once

#include "store/database.hpp"
#include <catena/store/sink.hpp>
#include <catena/store/store.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena::storage {

/// Write the tables of a new store. `mode`: what record_mode() says.
void make_tables(database& in, std::string_view mode);

/// @throws broken if the file is not ours, or is not as we made it.
void check_tables(database& in);

/** What a store keeps, over one connection: its rules, row by row.

    Every function reads what it needs, decides, and then writes, all inside a transaction of its
    caller's; one that throws broken with remedy::call has written nothing. Not one of them writes
    a row whose old checksum did not agree: that would hide the damage.
*/
class ledger {
public:
    /// @param to Where records go; null: into their table.
    ledger(database& in, std::shared_ptr<sink> to);

    /// "rows" or "sink": what a store began with it keeps.
    [[nodiscard]] static std::string_view record_mode(bool has_sink);

    [[nodiscard]] job_row open(const std::string& name, const std::string& description);
    [[nodiscard]] job_row known(const std::string& name);
    [[nodiscard]] job_row plan(std::uint64_t job, const first_chains& what);
    [[nodiscard]] std::vector<chain_row> claim(std::uint64_t job, std::size_t most);
    [[nodiscard]] commit_outcome commit(const page_commit& page);
    [[nodiscard]] chain_row split(const chain_split& what);
    [[nodiscard]] commit_outcome release(std::uint64_t chain, std::uint64_t epoch,
                                         chain_row::state is, const std::string& trouble);
    [[nodiscard]] commit_outcome note(std::uint64_t job, const std::string& name,
                                      const std::string& text);
    [[nodiscard]] std::vector<chain_row> chains(std::uint64_t job, std::uint64_t from,
                                                std::size_t most);
    [[nodiscard]] commit_outcome extend(std::uint64_t job, std::uint64_t chains,
                                        const std::vector<std::string>& ranges);
    [[nodiscard]] std::vector<kept_record> read(const record_query& what);
    [[nodiscard]] std::vector<bool> find(std::uint64_t job, const std::vector<std::string>& keys);

    /// Before anything else: what the store says of itself agrees, and the sink goes on from there.
    void begin(bool only_reads);
    /// Make durable what the sink was given, and keep its position. Before each COMMIT.
    void flush_sink();
    /// The transaction was undone: the sink has to go back too.
    void undone() noexcept
    {
        sink_stands_ = sink_written_ = false;
        seen_.reset();  // its table may be gone again
        keeps_.clear();
    }

private:
    /// Of the store's own: the job's keys are in the table `seen`.
    static constexpr const char* keys_note = "catena.keys";

    struct job_entry {
        std::uint64_t id = 0;
        std::string name, description;
        bool planned = false;
        std::uint64_t chains = 0, notes = 0;
    };
    struct chain_entry {
        std::uint64_t job = 0;
        chain_row row;
    };
    struct whole {
        std::string records, position;
        std::uint64_t jobs = 0;
    };

    [[nodiscard]] whole load_whole();
    [[nodiscard]] whole whole_for_sink();
    void save(const whole& w);
    [[nodiscard]] std::vector<job_entry> load_jobs();
    [[nodiscard]] job_entry load_job(std::uint64_t id);
    void save(const job_entry& j);
    [[nodiscard]] std::optional<chain_entry> load_chain(std::uint64_t id, std::uint64_t job);
    void insert(const chain_entry& c);
    void insert_chains(std::uint64_t job, const std::vector<std::string>& ranges);
    /// Fenced: by the epoch and the pages that the row had. @return Whether it was.
    [[nodiscard]] bool save(const chain_entry& c, std::uint64_t epoch, std::uint64_t pages);
    /// Write what a claim changes, and no more, for it may be of a million chains.
    void save_claimed(std::uint64_t job, const std::vector<chain_row>& taken);
    /// For SQL: the new checksum of the chain with that id, the next of `claimed_`.
    static void next_claimed_sum(sqlite3_context* to, int count, sqlite3_value** values);
    [[nodiscard]] static database& with_sums(database& in, ledger* self);

    [[nodiscard]] job_row described(const job_entry& j);
    void count_chains(const job_entry& j, job_row& into, std::vector<std::uint64_t>& not_at_rest,
                      std::uint64_t& ready);
    [[nodiscard]] std::uint64_t count_of_ready(std::uint64_t job);
    [[nodiscard]] std::uint64_t last_chain();
    void add_chains(job_entry& to, const std::vector<chain_seed>& seeds);
    void put_records(const page_commit& page);
    void require_rows(std::uint64_t job);

    // ledger_keys.cpp: the keys of records that a sink has
    struct seen_keys {
        explicit seen_keys(database& in);
        statement put, read, find;
    };
    void begin_keys(job_entry& of);
    [[nodiscard]] bool keeps_keys(std::uint64_t job);
    static void put_keys(const page_commit& page, seen_keys& into);
    [[nodiscard]] std::vector<kept_record> read_digests(const record_query& what);
    [[nodiscard]] std::vector<bool> find_digests(std::uint64_t job,
                                                 const std::vector<std::string>& keys);
    [[nodiscard]] seen_keys& seen();
    void put_note(job_entry& of, const std::string& name, const std::string& text);
    void write_to_sink(const page_commit& page);
    void check_lengths(const page_commit& page) const;

    void read_chain(const statement& s, chain_entry& into) const;
    [[nodiscard]] job_entry read_job(const statement& s) const;
    [[noreturn]] void damaged(const std::string& what) const;

    database& db_;
    std::shared_ptr<sink> to_;
    bool sink_stands_ = true, sink_written_ = false;
    std::span<const chain_row> claimed_;  // that have yet to be written
    std::uint64_t claimed_job_ = 0;

    statement load_whole_, save_whole_;
    statement load_jobs_, load_job_, insert_job_, save_job_;
    statement load_chain_, insert_chain_, save_chain_, save_claimed_, save_row_of_claims_,
        ready_chains_, count_ready_, all_chains_;
    statement load_notes_, find_note_, put_note_;
    statement put_record_, read_records_, read_keys_, find_record_;
    std::optional<seen_keys> seen_;        // once a job wants it
    std::map<std::uint64_t, bool> keeps_;  // by job, as far as it was asked
};

}  // namespace catena::storage
