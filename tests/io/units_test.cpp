#include "rootzone/io/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal(const std::string& from, const std::string& to) {
  try {
    make_converter(from, to);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::data);
    return error.what();
  }
  ADD_FAILURE() << from << " → " << to << " was accepted";
  return {};
}

TEST(Units, ConvertLinearly) {
  EXPECT_DOUBLE_EQ(make_converter("m", "mm")(0.5), 500.0);
  EXPECT_DOUBLE_EQ(make_converter("K", "degC")(273.15), 0.0);
  EXPECT_DOUBLE_EQ(make_converter("degC", "K")(0.0), 273.15);
  EXPECT_EQ(make_converter("degC", "K").scale, 1.0);
  EXPECT_NEAR(make_converter("degF", "degC")(212.0), 100.0, 1e-10);
  EXPECT_DOUBLE_EQ(make_converter("%", "m3 m-3")(25.0), 0.25);
  EXPECT_DOUBLE_EQ(make_converter("cm d-1", "mm d-1")(1.0), 10.0);
  EXPECT_NEAR(make_converter("mm h-1", "mm d-1")(1.0), 24.0, 1e-12);
  EXPECT_NEAR(make_converter("m s-1", "mm/day")(1e-8), 0.864, 1e-12);
  EXPECT_DOUBLE_EQ(make_converter("g cm-3", "kg m-3")(1.5), 1500.0);
}

TEST(Units, KnowTheSpellingsOfTheField) {
  for (const char* same :
       {"m3/m3", "m³ m⁻³", "m3 m-3", "m**3 m**-3", "m^3/m^3", "m3m-3", "cm3/cm3", "cm3 cm-3", "1", "-", "[-]",
        "m³/m³", "(m3/m3)", "dimensionless", "kg/kg", " m3 m-3 ", "m^3 m^-3"})
    EXPECT_TRUE(make_converter(same, "m3 m-3").is_identity()) << same;
  for (const char* day : {"mm/day", "mm d-1", "mm/d", "mm day-1", "mm.d-1", "mm day**-1", "mm d⁻¹", "MM/day",
                          "mm·d⁻¹", "mm/Day"})
    EXPECT_DOUBLE_EQ(make_converter(day, "mm d-1")(3.0), 3.0) << day;
  for (const char* celsius :
       {"degC", "celsius", "Celsius", "deg C", "°C", "C", "degrees C", "degree_Celsius", "deg_C"})
    EXPECT_TRUE(make_converter(celsius, "degC").is_identity()) << celsius;
  EXPECT_DOUBLE_EQ(make_converter("Meter", "m")(2.0), 2.0);
  EXPECT_DOUBLE_EQ(make_converter("vol%", "1")(30.0), 0.3);
  EXPECT_DOUBLE_EQ(make_converter("Kelvin", "K")(280.0), 280.0);
  EXPECT_DOUBLE_EQ(make_converter("Mg m-3", "kg m-3")(1.3), 1300.0) << "mega, not milli";
}

TEST(Units, WaterDensityIsOneRule) {
  const UnitConverter amount = make_converter("kg m-2", "mm");
  EXPECT_TRUE(amount.used_water_density);
  EXPECT_DOUBLE_EQ(amount(12.5), 12.5);
  EXPECT_NEAR(make_converter("kg m-2 s-1", "mm d-1")(1e-5), 0.864, 1e-12);
  EXPECT_NEAR(make_converter("kg m**-2 s**-1", "mm/day")(1e-5), 0.864, 1e-12);
  EXPECT_NEAR(make_converter("mm d-1", "kg m-2 s-1")(86.4), 1e-3, 1e-15);
  EXPECT_FALSE(make_converter("m", "mm").used_water_density);
}

TEST(Units, AskForUnitsThatAreUnknown) {
  for (const char* unknown : {"", "undefined", "unknown", "None", "n/a", "  "}) {
    EXPECT_TRUE(is_unknown_unit(unknown));
    EXPECT_THAT(refusal(unknown, "mm d-1"), AllOf(HasSubstr("mm d-1"), HasSubstr("set `units")));
  }
  EXPECT_TRUE(make_converter("undefined", "").is_identity()) << "without target units nothing is converted";
}

TEST(Units, RefuseWhatMeasuresAnotherThing) {
  EXPECT_THAT(refusal("mm", "m3 m-3"),
              AllOf(HasSubstr("\"mm\""), HasSubstr("\"m3 m-3\""), HasSubstr("set `units")));
  EXPECT_THAT(refusal("mm", "mm d-1"), HasSubstr("different things"));
  EXPECT_THAT(refusal("furlongs-ish", "mm"), HasSubstr("does not know \"furlongs-ish\""));
  EXPECT_THAT(refusal("kg", "mm"), HasSubstr("different things"));
}

TEST(Units, LeaveMonthsToTheCalendar) {
  EXPECT_THAT(refusal("mm month-1", "mm d-1"), AllOf(HasSubstr("no fixed length"), HasSubstr("cadence")));
  EXPECT_DOUBLE_EQ(make_converter("cm month-1", "mm month-1")(2.0), 20.0);
  for (const char* rate :
       {"mm month-1", "mm/month", "mm mon-1", "mm per month", "mm month^-1", "mm months**-1"}) {
    const auto split = per_period(rate);
    ASSERT_TRUE(split.has_value()) << rate;
    EXPECT_EQ(split->amount, "mm") << rate;
    EXPECT_EQ(split->period, UnitPeriod::month) << rate;
  }
  EXPECT_EQ(per_period("mm.month-1")->amount, "mm");
  EXPECT_EQ(per_period("mm*month-1")->amount, "mm");
  EXPECT_EQ(per_period("kg/m2 month-1")->amount, "kg/m2");  // the slash is not the month's
  EXPECT_EQ(per_period("m3/m2/yr")->amount, "m3/m2");
  EXPECT_EQ(per_period("kg m-2 yr-1")->amount, "kg m-2");
  EXPECT_EQ(per_period("kg m-2 yr-1")->period, UnitPeriod::year);
  for (const char* other :
       {"mm", "mm d-1", "m", "m a", "mm/month-1", "kg/m2 month", "kg m-2 s-1", "month", "1/month"})
    EXPECT_FALSE(per_period(other) && other != std::string("1/month")) << other;
}

TEST(Units, TellAmountsOfWaterFromRates) {
  for (const char* amount : {"mm", "m", "kg m-2", "cm", "Meter", "kg/m2"})
    EXPECT_TRUE(is_water_amount(amount)) << amount;
  for (const char* other : {"mm d-1", "kg m-2 s-1", "1", "", "K", "undefined", "kg"})
    EXPECT_FALSE(is_water_amount(other)) << other;
}

TEST(Units, ApplyLeavesMissingValuesMissing) {
  std::vector<float> values{1.0F, std::nanf(""), -2.0F};
  make_converter("m", "mm").apply(values);
  EXPECT_EQ(values[0], 1000.0F);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], -2000.0F);
}

TEST(Units, ConvertFromManyThreads) {
  std::vector<std::jthread> threads;
  std::vector<double> results(8, 0.0);
  for (std::size_t t = 0; t < results.size(); ++t)
    threads.emplace_back([&results, t] {
      for (int i = 0; i < 50; ++i) results[t] += make_converter("kg m-2 s-1", "mm d-1")(1.0);
    });
  threads.clear();
  for (const double result : results) EXPECT_NEAR(result, 50 * 86400.0, 1e-6);
}

}  // namespace
}  // namespace rootzone::io
