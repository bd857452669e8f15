#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "heartbeat.hpp"
#include "manifest.hpp"
#include "metrics_file.hpp"
#include "nightly_rules.hpp"
#include "production.hpp"
#include "publication.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/folder_lock.hpp"
#include "rootzone/io/scratch_dir.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "stage_state.hpp"
#include "state_folder.hpp"
#include "state_header.hpp"
#include "update_ledger.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

/// Days computed in one go. What it makes appears at once.
struct Leg {
  core::Date first;
  core::Date last;
  bool keeps_state = false;  ///< the evening of its last day is one to begin anew from
  bool has_layers = true;    ///< false: results of the whole record are left to the leg that follows
};

core::Date day_after(const core::Date& date, core::Calendar calendar) {
  return core::date_of(core::day_number(date, calendar) + 1, calendar);
}

core::Date day_before(const core::Date& date, core::Calendar calendar) {
  return core::date_of(core::day_number(date, calendar) - 1, calendar);
}

/// The state an update begins with.
struct Beginning {
  std::unique_ptr<io::StateFile> file;
  nlohmann::json header;
};

class Update {
 public:
  Update(const UpdateRequest& request, Configuration configuration, std::filesystem::path out,
         JobMetrics& metrics)
      : m_request(request),
        m_metrics(metrics),
        m_configuration(std::move(configuration)),
        m_boundaries(m_configuration),
        m_out(std::move(out)),
        m_states(m_out, m_configuration.name) {}

  void run();

 private:
  core::Calendar calendar() const { return m_configuration.time.calendar(); }
  void roll_back();
  void refuse_what_lies_ahead() const;
  bool nothing_to_do() const;
  std::vector<Leg> legs() const;
  bool learns_after(const core::Date& day) const;
  void run_leg(const Leg& leg);
  std::unique_ptr<Preparation> prepare_leg(const Leg& leg) const;
  Beginning open_beginning(const Preparation& job, const Leg& leg) const;
  void refuse_open_surveys(const Preparation& job) const;
  void refuse_late_input(const Preparation& job) const;
  void refuse_lost_products(const RunRecord& record) const;
  void make(Preparation& job, const Leg& leg, RunRecord& record, const std::filesystem::path& scratch);
  void publish_leg(const Preparation& job, const Leg& leg, bool keeps_state, RunRecord& record,
                   const std::filesystem::path& scratch);
  std::filesystem::path scratch_state(const std::filesystem::path& scratch) const {
    return scratch / "next.rzstate";
  }

  const UpdateRequest& m_request;
  JobMetrics& m_metrics;
  Configuration m_configuration;
  Boundaries m_boundaries;
  std::filesystem::path m_out;
  StateFolder m_states;
  UpdateLedger m_ledger;
};

// What an update left that did not end: its state, if it got so far, is of products that are not all there.
void Update::roll_back() {
  if (!m_ledger.pending) return;
  if (m_ledger.state)
    m_states.remove_from(day_after(*m_ledger.state, calendar()));
  else
    m_states.remove_from(m_configuration.time.first());
}

void Update::refuse_what_lies_ahead() const {
  const core::Date& through = m_request.through;
  const auto newest = m_states.newest();
  const auto rewind_hint = [&] {
    return "; give a later --through, or go back first: rootzone rewind FILE --before " +
           core::iso_date(day_after(through, calendar()));
  };
  if (newest && newest->date > through)
    throw Error(ErrorKind::state, "the state file " + newest->path.string() + " stands for " +
                                      core::iso_date(newest->date) + ", after --through " +
                                      core::iso_date(through) + rewind_hint());
  for (const auto& reached : {m_ledger.through, m_ledger.pending})
    if (reached && *reached > through)
      throw Error(ErrorKind::state, m_out.string() + ": the products reach " + core::iso_date(*reached) +
                                        ", after --through " + core::iso_date(through) + "; give " +
                                        core::iso_date(*reached) + " or later");
  if (!m_ledger.pending && m_ledger.state && (!newest || newest->date != *m_ledger.state))
    throw Error(ErrorKind::state,
                "the state file " + m_states.path_of(*m_ledger.state).string() +
                    " is gone; restore it from a backup, or go back to the one before: rootzone rewind FILE "
                    "--before " +
                    core::iso_date(*m_ledger.state));
}

bool is_whole(const std::filesystem::path& out, const nlohmann::json& product) {
  std::error_code absent;
  const auto size = std::filesystem::file_size(out / product.at("path").get<std::string>(), absent);
  return !absent && product.value("bytes", std::uintmax_t{0}) == size;
}

bool Update::nothing_to_do() const {
  return !m_ledger.pending && m_ledger.through == m_request.through &&
         std::all_of(m_ledger.products.begin(), m_ledger.products.end(),
                     [&](const nlohmann::json& product) { return is_whole(m_out, product); });
}

// Whether a stage's reference period ends after this day: a record that ends with it would lack its days.
bool Update::learns_after(const core::Date& day) const {
  return std::any_of(m_configuration.stages.begin(), m_configuration.stages.end(), [&](const auto& stage) {
    const auto end = core::parse_iso_date(stage.value("reference_end", ""));
    return end && *end > day;
  });
}

std::vector<Leg> Update::legs() const {
  const auto newest = m_states.newest();
  const core::Date first = newest ? day_after(newest->date, calendar()) : m_configuration.time.first();
  const core::Date& last = m_request.through;
  if (first > last) return {};
  const core::Date boundary = m_boundaries.last_in(core::TimeAxis(first, last, calendar()));
  if (boundary == first) return {{first, last, false, true}};
  if (boundary > last) return {{first, last, true, true}};
  const core::Date eve = day_before(boundary, calendar());
  if (!newest && learns_after(eve)) return {{first, last, false, true}};
  return {{first, eve, true, false}, {boundary, last, false, true}};
}

std::unique_ptr<Preparation> Update::prepare_leg(const Leg& leg) const {
  Configuration configuration = m_configuration;
  configuration.time = core::TimeAxis(m_configuration.time.first(), leg.last, calendar());
  configuration.resolved["time"]["end"] = core::iso_date(leg.last);
  auto job = prepare_configuration(configuration, {leg.first, io::Split::month, true});
  if (job->segments.size() != 1)
    throw Error(ErrorKind::usage,
                "there is nothing to compute; `update` needs an [[output]] that a stage makes");
  return job;
}

void Update::refuse_open_surveys(const Preparation& job) const {
  for (const auto& stage : job.segments.front()->chain.stages)
    if (!stage->gathered().empty() && !stage->name().starts_with("statistics of "))
      throw Error(ErrorKind::usage,
                  "[[stage]] " + stage->name() +
                      " looks at the whole record at once and cannot go on night by night; make its "
                      "results with `run`, and give them to the nightly pipeline as an input");
  for (const auto& [stage, until] : job.segments.front()->surveys)
    if (!until)
      throw Error(ErrorKind::usage, "[[stage]] " + stage->name() +
                                        " learns from the whole record before its first day (mean PET, "
                                        "closing the balance, the wettest "
                                        "month), so that each night would change all nights before; state "
                                        "the period with reference_end "
                                        "= YYYY-MM-DD in that stage");
}

void Update::refuse_late_input(const Preparation& job) const {
  if (m_request.accept_gaps) return;
  const Segment& segment = *job.segments.front();
  for (const auto& [name, source] : segment.chain.sources) {
    const io::InputReport* report = segment.catalog->report(name);
    if (report && report->last_day_missing)
      throw Error(ErrorKind::data, "[inputs." + name + "] has no record for " +
                                       core::iso_date(segment.chain.time.last()) +
                                       " (its records: " + report->first_date + " … " + report->last_date +
                                       "); wait for it, or take the day as a gap with --accept-gaps");
  }
}

Beginning Update::open_beginning(const Preparation& job, const Leg& leg) const {
  Beginning beginning;
  const auto newest = m_states.newest();
  if (!newest) return beginning;
  beginning.file = std::make_unique<io::StateFile>(newest->path);
  beginning.header = read_state_header(*beginning.file);
  refuse_foreign_state(*beginning.file, beginning.header, state_header(job, newest->date));
  if (day_after(last_date_of(beginning.header, *beginning.file), calendar()) != leg.first)
    throw Error(ErrorKind::state, "the state file " + newest->path.string() + " stands for " +
                                      beginning.header.at("last_date").get<std::string>() +
                                      ", not for the date in its name; restore it from a backup");
  return beginning;
}

void Update::refuse_lost_products(const RunRecord& record) const {
  const std::set<std::filesystem::path> made = final_names(record);
  for (const nlohmann::json& product : record.earlier_products) {
    const std::string path = product.at("path").get<std::string>();
    if (!made.contains(path) && !is_whole(m_out, product))
      throw Error(ErrorKind::data,
                  (m_out / path).string() +
                      " is gone or has another size than the manifest says, and is not among the "
                      "days that are made now; restore it from a backup, or go back before it with "
                      "`rootzone rewind`");
  }
}

// Results of the whole record that the next leg replaces at once are not made.
void drop_layers(Preparation& job, RunRecord& record) {
  std::erase_if(record.products, [&](const Product& product) {
    const bool in_time = product.spec.axis.kind == io::StepAxis::Kind::days ||
                         product.spec.axis.kind == io::StepAxis::Kind::periods;
    if (!in_time) job.segments.front()->chain.sinks.erase(product.spec.variable);
    return !in_time;
  });
}

void Update::make(Preparation& job, const Leg& leg, RunRecord& record, const std::filesystem::path& scratch) {
  const PipelineRequest& request = m_request.pipeline;
  Segment& segment = *job.segments.front();
  const Beginning beginning = open_beginning(job, leg);
  std::optional<io::StateFileWriter> next;
  if (leg.keeps_state) next.emplace(scratch_state(scratch), state_header(job, leg.last).dump());
  StageState state(segment.chain.stages, job.grid.cols(), beginning.file.get(), beginning.header,
                   next ? &*next : nullptr);
  open_products(job, request, scratch, record);
  if (!leg.has_layers) drop_layers(job, record);
  for (const Product& product : record.products)
    if (product.kept && product.spec.split == io::Split::all &&
        (product.spec.axis.kind == io::StepAxis::Kind::days ||
         product.spec.axis.kind == io::StepAxis::Kind::periods))
      throw Error(ErrorKind::usage, "[[output]] " + product.spec.variable +
                                        ": split = \"all\" would write the whole record anew each night; use "
                                        "year, month or day");
  compute(job, request, scratch, record, {&state, {}});
  if (next) next->commit();
  stop_if_asked(request);
  refuse_empty_products(job, record);
  finish_products(job);
  write_derived_files(job, request, record, m_ledger.through ? m_out : std::filesystem::path());
}

void Update::publish_leg(const Preparation& job, const Leg& leg, bool keeps_state, RunRecord& record,
                         const std::filesystem::path& scratch) {
  const auto earlier = products_of_manifest(m_out);
  UpdateLedger next = m_ledger;
  next.through = leg.last;
  if (keeps_state) next.state = leg.last;
  if (m_ledger.pending && *m_ledger.pending <= leg.last) next.pending.reset();
  record.update = next.to_json();
  write_catalogue(job, record);
  refuse_lost_products(record);
  const std::string manifest = manifest_text(job, record);
  next.products = nlohmann::json::parse(manifest).at("products");
  // From here on things change: first the word that they do, last the manifest of what they are.
  UpdateLedger begun = m_ledger;
  begun.pending = m_ledger.pending ? std::max(*m_ledger.pending, leg.last) : leg.last;
  write_update_ledger(m_out, begun);
  place_files(record, m_out);
  if (keeps_state) m_states.take(scratch_state(scratch), leg.last);
  std::set<std::filesystem::path> kept;
  for (const nlohmann::json& product : next.products) kept.insert(product.at("path").get<std::string>());
  remove_stale(m_out, earlier, kept);
  io::write_file_atomically(m_out / "manifest.json", manifest);
  m_ledger = next;
}

void Update::run_leg(const Leg& asked) {
  const auto start = std::chrono::steady_clock::now();
  const PipelineRequest& request = m_request.pipeline;
  stop_if_asked(request);
  auto job = prepare_leg(asked);
  refuse_open_surveys(*job);
  Leg leg = asked;
  // A state before the end of what is surveyed would freeze what was seen by then.
  std::optional<core::Date> surveyed_until;
  for (const auto& [stage, until] : job->segments.front()->surveys)
    surveyed_until = std::max(surveyed_until, until);
  if (surveyed_until && leg.last < *surveyed_until) {
    if (leg.last < m_request.through) return run_leg({leg.first, m_request.through, false, true});
    leg.keeps_state = false;
  }
  if (leg.last == m_request.through) refuse_late_input(*job);
  check_memory(*job, request);
  const io::ScratchDir scratch(m_out, "run");
  RunRecord record;
  record.out = scratch.path() / "products";
  record.command_line = request.command_line;
  if (m_ledger.through) record.earlier_products = m_ledger.products;
  io::make_folder(record.out);
  make(*job, leg, record, scratch.path());
  record.notes = job->notes();
  for (const std::string& note : summary_notes(record)) record.notes.push_back(note);
  for (const std::string& warning : job->warnings()) record.warnings.push_back(warning);
  stop_if_asked(request);
  record.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  record.update = m_ledger.to_json();
  hash_everything(*job, record);
  publish_leg(*job, leg, leg.keeps_state, record, scratch.path());
  m_metrics.take(record);
  spdlog::info("{}: {} … {} in {} ({:.1f} s)", m_configuration.name, core::iso_date(leg.first),
               core::iso_date(leg.last), m_out.string(), record.wall_seconds);
}

void Update::run() {
  if (const auto found = read_update_ledger(m_out))
    m_ledger = *found;
  else if (const auto newest = m_states.newest())
    throw Error(ErrorKind::state,
                "the state file " + newest->path.string() +
                    " has lost its manifest.json, which says what products go with it; restore it "
                    "from a backup, or begin anew by removing the folder state/");
  { const io::ScratchDir tidied(m_out, "run"); }  // what a killed update left there goes
  m_metrics.through = m_ledger.through;
  roll_back();
  refuse_what_lies_ahead();
  m_states.prune(static_cast<std::size_t>(m_configuration.state_generations));
  if (nothing_to_do()) {
    spdlog::info("{}: products and state are at {} already; nothing to do", m_configuration.name,
                 core::iso_date(m_request.through));
    return;
  }
  const std::vector<Leg> all = legs();
  if (all.empty() && m_ledger.pending && m_ledger.through == m_request.through) {
    m_ledger.pending.reset();  // the update after this day never began to change anything
    write_update_ledger(m_out, m_ledger);
    return run();
  }
  if (all.empty())
    throw Error(ErrorKind::data, m_out.string() +
                                     ": products are gone or have another size than the manifest "
                                     "says, from before the last state; restore them from a backup, or "
                                     "go back before them with `rootzone rewind`");
  for (const Leg& leg : all)
    if (m_ledger.through != m_request.through || m_ledger.pending || &leg == &all.front()) run_leg(leg);
  m_metrics.through = m_ledger.through;
  m_states.prune(static_cast<std::size_t>(m_configuration.state_generations));
}

Configuration nightly_configuration(const UpdateRequest& request) {
  std::vector<std::string> overrides = request.pipeline.overrides;
  overrides.push_back("time.end=" + core::iso_date(request.through));
  const nlohmann::json resolved = resolve_pipeline_file(request.pipeline.file, overrides);
  const std::string start = resolved.at("time").at("start");
  if (request.through < core::parse_iso_date(start))
    throw Error(ErrorKind::usage, "--through " + core::iso_date(request.through) + " lies before " + start +
                                      ", the [time] start of " + request.pipeline.file.string() +
                                      "; if a script made it of today's date, look at the clock");
  Configuration configuration = read_configuration(resolved);
  if (configuration.outputs.empty())
    throw Error(ErrorKind::usage,
                request.pipeline.file.string() + ": has no [[output]]; say which products to write");
  if (configuration.grid.stations)
    throw Error(ErrorKind::usage, "[grid] stations = true is not for `update`; use `run`");
  configuration.validation.reset();  // scores are of a record, not of a night: `rootzone validate`
  return configuration;
}

}  // namespace

std::filesystem::path update_pipeline(const UpdateRequest& request) {
  const engine::ThreadLimit threads(request.pipeline.jobs);
  Configuration configuration = nightly_configuration(request);
  const std::filesystem::path out = output_folder(request.pipeline, configuration);
  io::make_folder(out);
  const io::FolderLock lock(out, io::FolderLock::Kind::exclusive, request.pipeline.command_line);
  Heartbeat heartbeat(heartbeat_file(out), request.pipeline.command_line, request.pipeline.progress);
  UpdateRequest watched = request;
  watched.pipeline.progress = &heartbeat;
  JobMetrics metrics{configuration.name, "update", std::chrono::steady_clock::now(), {}, {}, 0};
  try {
    Update(watched, std::move(configuration), out, metrics).run();
  } catch (const Error& error) {
    write_metrics(out, metrics, error.exit_code());
    throw;
  }
  write_metrics(out, metrics, 0);
  return out;
}

std::optional<core::Date> rewind_pipeline(const PipelineRequest& request, const core::Date& before) {
  const Configuration configuration =
      read_configuration(resolve_pipeline_file(request.file, request.overrides));
  const std::filesystem::path out = output_folder(request, configuration);
  const Error nothing(ErrorKind::state, out.string() + ": holds nothing that `rootzone update` has made");
  if (!std::filesystem::is_directory(out)) throw nothing;  // before the lock makes the folder
  const io::FolderLock lock(out, io::FolderLock::Kind::exclusive, request.command_line);
  std::optional<UpdateLedger> ledger = read_update_ledger(out);
  if (!ledger) throw nothing;
  const StateFolder states(out, configuration.name);
  if (ledger->through)
    ledger->pending = ledger->pending ? std::max(*ledger->pending, *ledger->through) : *ledger->through;
  std::optional<core::Date> left;
  for (const StateGeneration& one : states.generations())
    if (one.date < before) left = one.date;
  ledger->state = left;
  ledger->through = left;
  write_update_ledger(out, *ledger);  // first: what is pending is rolled back to this state
  states.remove_from(before);
  return left;
}

}  // namespace rootzone::pipeline
