#include "rootzone/sptf/network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "rootzone/core/error.hpp"

namespace rootzone::sptf {
namespace {

Network published(HydraulicModel model) {
  Network network;
  network.model = model;
  network.inputs = published_inputs();
  network.outputs = published_outputs(model);
  network.weights = random_lstm_weights({5, 4, 8, 6}, 1);
  return network;
}

void expect_refused(const Network& network, const std::string& words) {
  try {
    network.validate();
    ADD_FAILURE() << "accepted; expected: " << words;
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::data);
    EXPECT_THAT(error.what(), testing::HasSubstr(words));
  }
}

TEST(Sptf, PublishedNetworksAreValid) {
  for (const auto model : {HydraulicModel::van_genuchten, HydraulicModel::fredlund_xing}) {
    EXPECT_NO_THROW(published(model).validate());
    EXPECT_EQ(hydraulic_model(name_of(model)), model);
  }
  EXPECT_EQ(published_inputs().size(), 9U);
}

// Table 1 of Qi et al. 2026; the middle of a logarithmic range is the geometric mean of its ends.
TEST(Sptf, ParametersSpanTheirRanges) {
  const auto outputs = published_outputs(HydraulicModel::fredlund_xing);
  EXPECT_DOUBLE_EQ(parameter_value(outputs[0], 1.0, NAN), 0.41);
  EXPECT_DOUBLE_EQ(parameter_value(outputs[0], 1.0, 0.35), 0.41);
  EXPECT_DOUBLE_EQ(parameter_value(outputs[0], 1.0, 0.55), 0.55);
  EXPECT_NEAR(parameter_value(outputs[0], 0.5, 0.55), 0.435, 1e-12);
  EXPECT_NEAR(parameter_value(outputs[1], 0.0, NAN), 0.2, 1e-12);
  EXPECT_NEAR(parameter_value(outputs[1], 1.0, NAN), 0.0015, 1e-12);
  EXPECT_NEAR(parameter_value(outputs[3], 0.5, NAN), std::sqrt(0.5 * 8000.0), 1e-9);
  EXPECT_NEAR(parameter_value(outputs[4], 0.25, NAN), 0.55, 1e-12);
  EXPECT_NEAR(parameter_value(outputs[5], 0.5, NAN), -std::sqrt(50.0 * 2000.0), 1e-9);
}

TEST(Sptf, RefusesWhatANetworkCannotMean) {
  Network network = published(HydraulicModel::van_genuchten);
  network.inputs[1].name = "precipitatoin";
  expect_refused(network, "Did you mean \"precipitation\"");
  network = published(HydraulicModel::van_genuchten);
  network.inputs[1].units = "m s-1";
  expect_refused(network, "expected the units 'mm d-1', found 'm s-1'");
  network = published(HydraulicModel::van_genuchten);
  network.inputs[8].constant = false;
  expect_refused(network, "'bulk_density' is constant");
  network = published(HydraulicModel::van_genuchten);
  network.inputs[3] = network.inputs[4];
  expect_refused(network, "'leaf_area_index' stands twice");
  network = published(HydraulicModel::van_genuchten);
  network.inputs[2].scale = 0.0;
  expect_refused(network, "a scale above 0");
  network = published(HydraulicModel::van_genuchten);
  network.model = HydraulicModel::fredlund_xing;
  expect_refused(network, "'residual_water_content' is no parameter of the model 'fredlund_xing'");
  network = published(HydraulicModel::van_genuchten);
  network.outputs[5].at_zero = 50.0;
  expect_refused(network, "of one sign");
  network = published(HydraulicModel::van_genuchten);
  network.outputs[2].at_zero = 0.9;
  expect_refused(network, "leave what the hydraulic model bears");
  network = published(HydraulicModel::van_genuchten);
  network.outputs.pop_back();
  expect_refused(network, "'half_uptake_pressure_head' is missing");
  network = published(HydraulicModel::van_genuchten);
  network.weights = random_lstm_weights({4, 4, 8, 6}, 1);
  expect_refused(network, "expected weights for 5 daily inputs, found 4");
  network = published(HydraulicModel::van_genuchten);
  network.weights.values[10] = NAN;
  expect_refused(network, "not a finite number");
  network = published(HydraulicModel::van_genuchten);
  network.readout.aggregation = Aggregation::every_step;
  expect_refused(network, "mean or last");
}

}  // namespace
}  // namespace rootzone::sptf
