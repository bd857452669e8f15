#include "rootzone/io/csv.hpp"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

std::string message_of(const auto& action) {
  try {
    action();
  } catch (const core::Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Csv, NumbersAreTheShortestThatReadBackTheSame) {
  EXPECT_EQ(shortest_number(0.1), "0.1");
  EXPECT_EQ(shortest_number(0.1F), "0.1");
  EXPECT_EQ(shortest_number(1e-9), "1e-09");
  EXPECT_EQ(shortest_number(std::numeric_limits<double>::quiet_NaN()), "");
  for (const double value : {1.0 / 3.0, 5e-324, 1.7976931348623157e308, -0.0, 123456789.123456789})
    EXPECT_EQ(*parse_number(shortest_number(value)), value);
}

TEST(Csv, ParsesNumbersWholeOrNotAtAll) {
  EXPECT_EQ(*parse_number(" 1.5 "), 1.5);
  EXPECT_EQ(*parse_number("+2e3"), 2000.0);
  EXPECT_TRUE(std::isnan(*parse_number("  ")));
  EXPECT_TRUE(std::isnan(*parse_number("nan")));
  EXPECT_FALSE(parse_number("1,5"));
  EXPECT_FALSE(parse_number("1.5mm"));
  EXPECT_FALSE(parse_number("+-1"));
}

TEST(Csv, IsTheSameUnderACommaLocale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr)
    GTEST_SKIP() << "the locale de_DE.UTF-8 is not installed";
  EXPECT_EQ(shortest_number(0.5), "0.5");
  EXPECT_EQ(*parse_number("0.5"), 0.5);
  std::setlocale(LC_ALL, before.c_str());
}

TEST(Csv, WhatIsWrittenReadsBackQuotesAndAll) {
  const std::vector<std::string> header{"station", "note, long", "value"};
  CsvWriter writer(header);
  writer.field("Ávila \"A\"").field("two\nlines").field(0.25).end_row();
  writer.field(" blank ").field("").field(std::numeric_limits<double>::quiet_NaN()).end_row();
  EXPECT_EQ(writer.text(),
            "station,\"note, long\",value\n\"Ávila \"\"A\"\"\",\"two\nlines\",0.25\n\" blank \",,\n");
  const CsvTable table = CsvTable::parse(writer.text(), "t.csv");
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.header(), header);
  EXPECT_EQ(table.text(0, 0), "Ávila \"A\"");
  EXPECT_EQ(table.text(0, 1), "two\nlines");
  EXPECT_EQ(table.number(0, 2), 0.25);
  EXPECT_EQ(table.text(1, 0), " blank ");
  EXPECT_TRUE(std::isnan(table.number(1, 2)));
  EXPECT_EQ(table.line(1), 4U);
}

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  const CsvTable table = CsvTable::parse(
      "\xEF\xBB\xBF"
      "date ; value\r\n\r\n2016-01-01; 1.5\r\n\"2016-01-02\" ;2",
      "t.csv", ';');
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table.header()[0], "date");
  EXPECT_EQ(table.number(0, table.column("value")), 1.5);
  EXPECT_EQ(table.text(1, 0), "2016-01-02");
  EXPECT_EQ(table.number(1, 1), 2.0);
}

TEST(Csv, ErrorsNameFileLineAndWhatWasFound) {
  EXPECT_EQ(message_of([] { CsvTable::parse("a,b\n1,2\n3\n", "t.csv"); }),
            "t.csv, line 3: expected 2 fields as in the header, found 1");
  EXPECT_EQ(message_of([] { CsvTable::parse("a\n\"x\n", "t.csv"); }),
            "t.csv, line 2: a quoted field is not closed");
  EXPECT_EQ(message_of([] { CsvTable::parse("a,b,a\n", "t.csv"); }),
            "t.csv, line 1: the column \"a\" is there twice");
  EXPECT_EQ(message_of([] { CsvTable::parse("\n\n", "t.csv"); }),
            "t.csv: expected a header line, found none");
  EXPECT_EQ(message_of([] { CsvTable::parse("a\n1 mm\n", "t.csv").number(0, 0); }),
            "t.csv, line 2: column \"a\": expected a number, found \"1 mm\"");
  EXPECT_EQ(message_of([] { CsvTable::parse("a,b\n", "t.csv").column("c"); }),
            "t.csv: expected a column \"c\", found a, b");
  const std::vector<std::string> header{"a", "b"};
  EXPECT_EQ(message_of([&] { CsvWriter(header).field("1").end_row(); }),
            "a CSV row has 1 fields, its header 2");
}

}  // namespace
}  // namespace rootzone::io
