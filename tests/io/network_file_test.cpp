#include "rootzone/io/network_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netcdf.h>

#include <cmath>
#include <fstream>
#include <functional>

#include "output_folder.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using sptf::HydraulicModel;
using sptf::Network;
using testing::bytes_of;
using testing::OutputFolder;

Network small_network() {
  Network network;
  network.model = HydraulicModel::fredlund_xing;
  network.readout.aggregation = sptf::Aggregation::last;
  network.inputs = sptf::published_inputs();
  std::swap(network.inputs[1], network.inputs[7]);  // constants among the daily inputs
  network.inputs[0].offset = 0.2;
  network.inputs[0].scale = 0.12;
  network.outputs = sptf::published_outputs(network.model);
  network.weights = sptf::random_lstm_weights({5, 4, 3, 6}, 7);
  network.title = "A network of three units";
  network.training = "not trained";
  network.data = "none";
  network.scores = {{"validation_nse", 0.5}, {"validation_rmse", 0.1}};
  return network;
}

void expect_equal(const Network& a, const Network& b) {
  EXPECT_EQ(a.model, b.model);
  EXPECT_EQ(a.weights.shape, b.weights.shape);
  EXPECT_EQ(a.weights.values, b.weights.values);
  EXPECT_EQ(a.readout.aggregation, b.readout.aggregation);
  EXPECT_EQ(a.title, b.title);
  EXPECT_EQ(a.training, b.training);
  EXPECT_EQ(a.data, b.data);
  EXPECT_EQ(a.scores, b.scores);
  ASSERT_EQ(a.inputs.size(), b.inputs.size());
  for (std::size_t i = 0; i < a.inputs.size(); ++i) {
    EXPECT_EQ(a.inputs[i].name, b.inputs[i].name);
    EXPECT_EQ(a.inputs[i].units, b.inputs[i].units);
    EXPECT_EQ(a.inputs[i].constant, b.inputs[i].constant);
    EXPECT_EQ(a.inputs[i].offset, b.inputs[i].offset);
    EXPECT_EQ(a.inputs[i].scale, b.inputs[i].scale);
  }
  ASSERT_EQ(a.outputs.size(), b.outputs.size());
  for (std::size_t i = 0; i < a.outputs.size(); ++i) {
    EXPECT_EQ(a.outputs[i].name, b.outputs[i].name);
    EXPECT_EQ(a.outputs[i].scale, b.outputs[i].scale);
    EXPECT_EQ(a.outputs[i].at_zero, b.outputs[i].at_zero);
    EXPECT_EQ(a.outputs[i].at_one, b.outputs[i].at_one);
    EXPECT_EQ(a.outputs[i].raised_by_observations, b.outputs[i].raised_by_observations);
  }
}

void expect_data_error(const std::function<void()>& work, const std::vector<std::string>& words) {
  try {
    work();
    ADD_FAILURE() << "accepted";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::data) << error.what();
    for (const std::string& word : words) EXPECT_THAT(error.what(), ::testing::HasSubstr(word));
  }
}

TEST(SptfWeights, ReadBackWhatWasWritten) {
  const OutputFolder folder;
  write_network(folder.path() / "w.nc", small_network());
  expect_equal(read_network(folder.path() / "w.nc"), small_network());
  Network other = small_network();
  other.model = HydraulicModel::van_genuchten;
  other.outputs = sptf::published_outputs(other.model);
  other.readout.aggregation = sptf::Aggregation::mean;
  other.scores.clear();
  write_network(folder.path() / "w.nc", other);
  expect_equal(read_network(folder.path() / "w.nc"), other);
}

TEST(SptfWeights, BytesDependOnTheNetworkAlone) {
  const OutputFolder folder;
  write_network(folder.path() / "a.nc", small_network());
  write_network(folder.path() / "b.nc", small_network());
  EXPECT_EQ(bytes_of(folder.path() / "a.nc"), bytes_of(folder.path() / "b.nc"));
}

TEST(SptfWeights, AnInvalidNetworkIsNotWritten) {
  const OutputFolder folder;
  Network broken = small_network();
  broken.weights.values[0] = NAN;
  expect_data_error([&] { write_network(folder.path() / "w.nc", broken); }, {"finite"});
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

/// A netCDF file with matrices of given shapes, all values 0.01.
class PlainFile {
 public:
  explicit PlainFile(const std::filesystem::path& path) { nc_create(path.c_str(), NC_NETCDF4, &m_id); }
  ~PlainFile() { nc_close(m_id); }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;
  PlainFile& add(const char* name, std::size_t rows, std::size_t cols = 0) {
    int dims[2] = {0, 0}, variable = 0;
    const std::string base = name;
    nc_def_dim(m_id, (base + "_rows").c_str(), rows, &dims[0]);
    if (cols > 0) nc_def_dim(m_id, (base + "_cols").c_str(), cols, &dims[1]);
    nc_def_var(m_id, name, NC_DOUBLE, cols > 0 ? 2 : 1, dims, &variable);
    const std::vector<double> values(rows * std::max<std::size_t>(cols, 1), 0.01);
    nc_put_var_double(m_id, variable, values.data());
    return *this;
  }

 private:
  int m_id = 0;
};

TEST(SptfWeights, NamesWhatIsWrongInAFile) {
  const OutputFolder folder;
  const auto file = folder.path() / "x.nc";
  expect_data_error([&] { read_network(folder.path() / "absent.nc"); }, {"absent.nc", "no such file"});
  { PlainFile(file).add("input_weights", 12, 9); }
  expect_data_error([&] { read_network(file); }, {"x.nc", "attribute 'product' is missing"});
  write_network(file, small_network());
  int id = 0, variable = 0;
  nc_open(file.c_str(), NC_WRITE, &id);
  nc_inq_varid(id, "gate_bias", &variable);
  nc_rename_var(id, variable, "gate_bais");
  nc_close(id);
  expect_data_error([&] { read_network(file); }, {"'gate_bias' is missing", "Did you mean \"gate_bais\""});
  write_network(file, small_network());
  nc_open(file.c_str(), NC_WRITE, &id);
  nc_put_att_text(id, NC_GLOBAL, "aggregation", 6, "median");
  nc_close(id);
  expect_data_error([&] { read_network(file); }, {"aggregation", "median", "mean or last"});
}

TEST(SptfWeights, ImportsPlainMatrices) {
  const OutputFolder folder;
  const auto file = folder.path() / "plain.nc";
  {
    PlainFile(file)
        .add("input_weights", 12, 9)
        .add("recurrent_weights", 12, 3)
        .add("input_bias", 12)
        .add("recurrent_bias", 12)
        .add("output_weights", 6, 3)
        .add("output_bias", 6);
  }
  NetworkImport settings;
  settings.title = "plain";
  const Network network = import_network(file, settings);
  EXPECT_EQ(network.weights.shape, (sptf::LstmShape{5, 4, 3, 6}));
  EXPECT_FLOAT_EQ(network.weights.gate_bias()[5], 0.02F);
  EXPECT_FLOAT_EQ(network.weights.constant()[7], 0.01F);
  settings.gates = "ifog";
  EXPECT_NO_THROW(import_network(file, settings));
  settings.gates = "ifgg";
  EXPECT_THROW(import_network(file, settings), core::Error);
}

TEST(SptfWeights, ImportNamesTheMatrixThatDoesNotFit) {
  const OutputFolder folder;
  const auto file = folder.path() / "plain.nc";
  const auto make = [&](std::size_t inputs, std::size_t outputs) {
    std::filesystem::remove(file);
    PlainFile(file)
        .add("input_weights", 12, inputs)
        .add("recurrent_weights", 12, 3)
        .add("gate_bias", 12)
        .add("output_weights", outputs, 3)
        .add("output_bias", outputs);
  };
  make(7, 6);
  expect_data_error([&] { import_network(file, {}); }, {"input_weights", "expected 12 × 9", "found 12 × 7"});
  make(9, 5);
  expect_data_error([&] { import_network(file, {}); }, {"output_weights", "expected 6 × 3", "found 5 × 3"});
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

// One hidden unit: gate rows are single numbers, so that their places can be seen.
TEST(SptfWeights, ImportsCsvInAnyGateOrderAndWithTablesOfItsOwn) {
  const OutputFolder folder;
  const auto dir = folder.path();
  write(dir / "input_weights.csv", "1,10\n2,20\n3,30\n4,40\n");  // i, o, f, g
  write(dir / "recurrent_weights.csv", "0.1\n0.2\n0.3\n0.4\n");
  write(dir / "gate_bias.csv", "-1 -2 -3 -4\n");
  write(dir / "output_weights.csv", "1\n2\n3\n4\n5\n6\n");
  write(dir / "output_bias.csv", "1\n2\n3\n4\n5\n6\n");
  write(dir / "inputs.csv",
        "name,units,kind,offset,scale\nclay,1,constant,0.2,0.1\nsurface_soil_moisture,m3 m-3,daily,0,1\n");
  NetworkImport settings;
  settings.gates = "iofg";
  settings.inputs = dir / "inputs.csv";
  const Network network = import_network(dir, settings);
  EXPECT_THAT(network.weights.constant(), ::testing::ElementsAre(1.0F, 3.0F, 4.0F, 2.0F));
  EXPECT_THAT(network.weights.step(),
              ::testing::ElementsAre(0.1F, 10.0F, 0.3F, 30.0F, 0.4F, 40.0F, 0.2F, 20.0F));
  EXPECT_THAT(network.weights.gate_bias(), ::testing::ElementsAre(-1.0F, -3.0F, -4.0F, -2.0F));
  EXPECT_EQ(network.inputs[0].offset, 0.2);
  write(dir / "gate_bias.csv", "-1 -2 -3 b\n");
  expect_data_error([&] { import_network(dir, settings); }, {"gate_bias.csv, line 1", "'b'"});
  std::filesystem::remove(dir / "output_bias.csv");
  write(dir / "gate_bias.csv", "-1 -2 -3 -4\n");
  expect_data_error([&] { import_network(dir, settings); }, {"output_bias.csv is missing"});
}

}  // namespace
}  // namespace rootzone::io
