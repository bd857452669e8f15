#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "netcdf_fetch.hpp"
#include "rootzone/io/native_stack.hpp"

namespace rootzone::io {

/// `netcdf` never takes chunks as they lie on disk: for comparison with the fast path.
enum class ReadPath { automatic, netcdf };

/// NetCDF files of one variable and grid as one stack of records, sorted by time.
class NetcdfStack final : public NativeStack {
 public:
  explicit NetcdfStack(const InputSpec& spec, ReadPath path = ReadPath::automatic);

  const NativeDescription& description() const override { return m_description; }
  std::unique_ptr<NativeFetch> fetch(const NativeWindow& window) override;

  /// Chunks inflated so far by all fetches of this stack (the fast path only).
  std::int64_t chunks_decoded() const { return m_chunk_counter->load(); }

 private:
  struct Record {
    std::size_t member = 0;
    std::int64_t in_file = 0;
  };
  struct Mask {
    std::unique_ptr<NetcdfStack> stack;
    MaskRule rule;
    bool wide = false;
    std::vector<std::int64_t> records;  ///< the mask's record for each of ours; empty: one serves all
  };

  void merge(const InputSpec& spec);
  void merge_times(const InputSpec& spec);
  void describe_chunks();
  double stored_bytes_per_cell() const;
  void open_masks(const InputSpec& spec, ReadPath path);
  void check(const NativeWindow& window) const;
  std::unique_ptr<NetcdfFetch> fetch_records(std::span<const std::int64_t> records, NativeWindow window);
  void fetch_member(std::size_t member, const NativeWindow& window, std::span<const WantedRecord> records,
                    NetcdfFetch& fetch);

  NativeDescription m_description;
  std::vector<std::shared_ptr<NetcdfMember>> m_members;
  std::vector<Record> m_records;
  std::vector<Mask> m_masks;
  HandlePool<NetcdfFile> m_netcdf_files;
  HandlePool<Hdf5Variable> m_hdf5_variables;
  std::shared_ptr<std::atomic<std::int64_t>> m_chunk_counter = std::make_shared<std::atomic<std::int64_t>>(0);
};

}  // namespace rootzone::io
