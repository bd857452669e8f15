#include "rootzone/study/sptf_inverse.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

double mean_square(const MoistureLoss& loss) {
  return loss.days > 0 ? loss.sum / static_cast<double>(loss.days) : std::numeric_limits<double>::infinity();
}

MoistureJob first_year(const SptfSite& site, std::size_t spin_up_days) {
  MoistureJob job;
  job.site = &site;
  job.ceiling = saturation_ceiling(std::span(site.surface_soil_moisture).first(sptf_year_days));
  job.first_day = spin_up_days;
  job.days = sptf_year_days - spin_up_days;
  job.spin_up_days = spin_up_days;
  return job;
}

/// Sites whose searches go on together: their columns fill the vector lanes that one search leaves empty.
constexpr std::size_t sites_at_once = 6;

/// The jobs of all points that searches wait for, search after search.
std::vector<MoistureJob> jobs_of(std::span<const stats::SceUaSearch> searches,
                                 std::span<const MoistureJob> sites) {
  std::vector<MoistureJob> jobs;
  for (std::size_t s = 0; s < searches.size(); ++s) {
    const std::span<const double> points = searches[s].points();
    for (std::size_t i = 0; i < searches[s].count(); ++i) {
      jobs.push_back(sites[s]);
      std::copy_n(points.begin() + static_cast<std::ptrdiff_t>(i * sptf_parameter_count),
                  sptf_parameter_count, jobs.back().unit.begin());
    }
  }
  return jobs;
}

std::vector<double> mean_squares(const MoisturePhysics& physics, std::span<const MoistureJob> jobs) {
  std::vector<std::vector<float>> moisture(jobs.size());
  physics.simulate(jobs, moisture, core::serial_for);
  std::vector<double> values;
  for (std::size_t i = 0; i < jobs.size(); ++i)
    values.push_back(mean_square(moisture_loss(jobs[i], moisture[i])));
  return values;
}

void search_together(std::span<stats::SceUaSearch> searches, std::span<const MoistureJob> sites,
                     const MoisturePhysics& physics) {
  while (true) {
    const std::vector<MoistureJob> jobs = jobs_of(searches, sites);
    if (jobs.empty()) return;
    const std::vector<double> values = mean_squares(physics, jobs);
    std::size_t at = 0;
    for (stats::SceUaSearch& search : searches) {
      const std::size_t count = search.count();
      search.tell(std::span(values).subspan(at, count));
      at += count;
    }
  }
}

MoistureJob second_year_of(const MoistureJob& first, const SptfParameters& unit) {
  MoistureJob job = first;
  job.unit = unit;
  job.first_day = sptf_year_days;
  job.days = sptf_year_days;
  job.spin_up_days = sptf_year_days;
  return job;
}

InverseResult result_of(const stats::SceUaResult& found, const MoistureJob& job) {
  InverseResult result;
  std::copy(found.best.begin(), found.best.end(), result.unit.begin());
  result.ceiling = job.ceiling;
  result.first_year_rmse = std::sqrt(found.value);
  result.evaluations = found.evaluations;
  result.stop = found.stop;
  return result;
}

}  // namespace

void InverseSettings::validate() const {
  try {
    search.validate();
  } catch (const std::invalid_argument& problem) {
    throw core::Error(core::ErrorKind::usage, problem.what());
  }
  if (spin_up_days < 0 || spin_up_days > 300)
    throw core::Error(core::ErrorKind::usage,
                      "inverse: the spin-up must be 0 to 300 days of the first year, found " +
                          std::to_string(spin_up_days));
}

std::vector<InverseResult> invert_sites(std::span<const SptfSite> sites, std::span<const std::size_t> which,
                                        const MoisturePhysics& physics, const InverseSettings& settings,
                                        const core::ParallelFor& parallel_for,
                                        const std::function<void()>& done) {
  settings.validate();
  const SptfParameters lower{};
  SptfParameters upper{};
  upper.fill(1.0);
  std::vector<InverseResult> results(which.size());
  const std::size_t groups = (which.size() + sites_at_once - 1) / sites_at_once;
  parallel_for(static_cast<std::int64_t>(groups), [&](std::int64_t group) {
    const std::size_t first = static_cast<std::size_t>(group) * sites_at_once;
    const std::size_t count = std::min(sites_at_once, which.size() - first);
    std::vector<stats::SceUaSearch> searches;
    std::vector<MoistureJob> jobs;
    for (std::size_t i = first; i < first + count; ++i) {
      stats::SceUaOptions own = settings.search;
      own.seed += which[i];
      searches.emplace_back(lower, upper, own);
      jobs.push_back(first_year(sites[which[i]], static_cast<std::size_t>(settings.spin_up_days)));
    }
    search_together(searches, jobs, physics);
    for (std::size_t i = 0; i < count; ++i) {
      results[first + i] = result_of(searches[i].result(), jobs[i]);
      jobs[i] = second_year_of(jobs[i], results[first + i].unit);
    }
    const std::vector<double> second = mean_squares(physics, jobs);
    for (std::size_t i = 0; i < count; ++i) {
      results[first + i].second_year_rmse = std::sqrt(second[i]);
      done();
    }
  });
  return results;
}

}  // namespace rootzone::study
