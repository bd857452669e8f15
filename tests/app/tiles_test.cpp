#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "nightly.hpp"
#include "rootzone/io/folder_lock.hpp"
#include "rootzone/io/scratch_dir.hpp"

// Workers on one folder: any number, in any order, again and again, give what one run gives.
namespace rootzone::app::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Tiles : public ::testing::Test {
 protected:
  void expect_same_as_run() const {
    ASSERT_EQ(basin.command("run", {"--out", (basin / "batch").string()}).exit_code, 0);
    EXPECT_THAT(differences(products_below(basin.out()), products_below(basin / "batch")), IsEmpty());
    EXPECT_FALSE(std::filesystem::exists(basin.out() / ".work"));
  }
  const TallBasin basin;
};

TEST_F(Tiles, AssembleToTheBytesOfARun) {
  const Outcome plan = basin.command("plan");
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_EQ(plan.out, "tile first_row rows\n0 0 128\n1 128 128\n2 256 44\n");
  const Outcome early = basin.command("assemble");
  EXPECT_EQ(early.exit_code, 4);
  EXPECT_THAT(early.err, HasSubstr("tiles 0, 1, 2 of 3"));
  for (const std::string share : {"1/2", "0/2"}) {
    const Outcome tile = basin.command("tile", {share});
    EXPECT_EQ(tile.exit_code, 0) << tile.err;
  }
  for (const std::string& name : files_below(basin.out()))
    EXPECT_FALSE(name.ends_with(".nc") || name.ends_with(".tif")) << name;
  const Outcome assembled = basin.command("assemble");
  EXPECT_EQ(assembled.exit_code, 0) << assembled.err;
  EXPECT_EQ(assembled.out, basin.out().string() + "\n");
  expect_same_as_run();
  EXPECT_EQ(basin.command("assemble").exit_code, 0) << "an assembly may be run twice";
}

TEST_F(Tiles, AreMadeOnceAndNotAgain) {
  ASSERT_EQ(basin.command("plan", {"--tiles", "2"}).out, "tile first_row rows\n0 0 128\n1 128 172\n");
  ASSERT_EQ(basin.command("tile", {"0/1"}).exit_code, 0);
  const auto marker = basin.out() / ".work/tiles/tile_0001.done";
  const auto made = std::filesystem::last_write_time(marker);
  const Outcome again = basin.command("tile", {"0/1"});
  EXPECT_THAT(again.err, AllOf(HasSubstr("tile_0000: done already"), HasSubstr("tile_0001: done already")));
  EXPECT_EQ(basin.command("plan", {"--tiles", "2"}).exit_code, 0) << "an equal plan keeps what is done";
  EXPECT_EQ(std::filesystem::last_write_time(marker), made);
  ASSERT_EQ(basin.command("assemble").exit_code, 0);
  expect_same_as_run();
}

TEST_F(Tiles, TakeTheirShareFromKubernetesAndSlurm) {
  ASSERT_EQ(basin.command("plan").exit_code, 0);
  const std::string file = (basin / "tiny.toml").string();
  ASSERT_EQ(rootzone_in_shell("export JOB_COMPLETION_INDEX=1; \"$@\"", {"tile", file}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(basin.out() / ".work/tiles/tile_0001.done"));
  EXPECT_FALSE(std::filesystem::exists(basin.out() / ".work/tiles/tile_0000.done"));
  const std::string slurm =
      "export SLURM_ARRAY_TASK_ID=11 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_COUNT=2; \"$@\"";
  ASSERT_EQ(rootzone_in_shell(slurm, {"tile", file}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(basin.out() / ".work/tiles/tile_0000.done"));
  ASSERT_EQ(rootzone_in_shell(
                "export SLURM_ARRAY_TASK_ID=10 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_COUNT=2; \"$@\"",
                {"tile", file})
                .exit_code,
            0);
  ASSERT_EQ(basin.command("assemble").exit_code, 0);
  expect_same_as_run();
}

TEST_F(Tiles, TakeTheirShareFromSlurmArraysWithAStep) {
  ASSERT_EQ(basin.command("plan").exit_code, 0);
  const auto task = [&](const std::string& id, const std::string& rest) {
    return rootzone_in_shell("export SLURM_ARRAY_TASK_ID=" + id + " " + rest + "; \"$@\"",
                             {"tile", (basin / "tiny.toml").string()});
  };
  const std::string steps =
      "SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_MAX=12 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=2";
  ASSERT_EQ(task("12", steps).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(basin.out() / ".work/tiles/tile_0001.done"));
  EXPECT_FALSE(std::filesystem::exists(basin.out() / ".work/tiles/tile_0002.done"));
  const Outcome list = task(
      "7", "SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=1 SLURM_ARRAY_TASK_COUNT=3");
  EXPECT_EQ(list.exit_code, 2);
  EXPECT_THAT(list.err, AllOf(HasSubstr("SLURM_ARRAY_TASK_COUNT"), HasSubstr("expected the 7 tasks"),
                              HasSubstr("found 3"), HasSubstr("I/N")));
}

TEST_F(Tiles, OfAnotherJobAreNotAssembled) {
  ASSERT_EQ(basin.command("plan").exit_code, 0);
  ASSERT_EQ(basin.command("tile", {"0/1"}).exit_code, 0);
  const Outcome other = basin.command("assemble", {"--set", "stage.0.b=0.4"});
  EXPECT_EQ(other.exit_code, 6);
  EXPECT_THAT(other.err, AllOf(HasSubstr("stage.0.b"), HasSubstr("rootzone plan")));
  EXPECT_EQ(basin.command("tile", {"0/1", "--set", "time.end=2020-01-03"}).exit_code, 6);
  EXPECT_EQ(basin.command("plan", {"--set", "stage.0.b=0.4"}).exit_code, 0);
  EXPECT_EQ(basin.command("assemble", {"--set", "stage.0.b=0.4"}).exit_code, 4) << "a new plan begins anew";
}

TEST_F(Tiles, ThatAreDamagedAreMadeAgain) {
  ASSERT_EQ(basin.command("plan").exit_code, 0);
  ASSERT_EQ(basin.command("tile", {"0/1"}).exit_code, 0);
  const auto piece = basin.out() / ".work/tiles/tile_0001/soil_water_index.rzpiece";
  std::string bytes = bytes_of(piece);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_text(piece, bytes);
  const Outcome damaged = basin.command("assemble");
  EXPECT_EQ(damaged.exit_code, 3);
  EXPECT_THAT(damaged.err, HasSubstr(piece.string()));
  EXPECT_EQ(basin.command("assemble").exit_code, 4);
  ASSERT_EQ(basin.command("tile", {"0/1"}).exit_code, 0);
  ASSERT_EQ(basin.command("assemble").exit_code, 0);
  expect_same_as_run();
}

TEST_F(Tiles, ThatTheJoiningStumblesOverAreMadeAgainToo) {
  ASSERT_EQ(basin.command("plan").exit_code, 0);
  ASSERT_EQ(basin.command("tile", {"0/1"}).exit_code, 0);
  const auto piece = basin.out() / ".work/tiles/tile_0001/soil_water_index.rzpiece";
  std::string bytes = bytes_of(piece);
  bytes[8 + 16 + 6] = 0x7f;  // the first chunk's length, in its seventh byte: 35 million GB
  write_text(piece, bytes);
  const Outcome damaged = basin.command("assemble");
  EXPECT_EQ(damaged.exit_code, 3);
  EXPECT_THAT(damaged.err, AllOf(HasSubstr(piece.string()), HasSubstr("not what its marker says")));
  EXPECT_FALSE(std::filesystem::exists(basin.out() / "soil_water_index.nc"));
  EXPECT_EQ(basin.command("assemble").exit_code, 4);
  ASSERT_EQ(basin.command("tile", {"0/1"}).exit_code, 0);
  ASSERT_EQ(basin.command("assemble").exit_code, 0);
  expect_same_as_run();
}

TEST_F(Tiles, AreHeldByTheirWorker) {
  ASSERT_EQ(basin.command("plan").exit_code, 0);
  {
    const io::ScratchDir held(basin.out(), "tile_0001");
    const Outcome refused = basin.command("tile", {"1/3"});
    EXPECT_EQ(refused.exit_code, 4);
    EXPECT_THAT(refused.err, HasSubstr("another rootzone process"));
    EXPECT_EQ(basin.command("tile", {"0/3"}).exit_code, 0) << "others go on";
  }
  EXPECT_EQ(basin.command("tile", {"1/3"}).exit_code, 0);
}

TEST_F(Tiles, OfAFolderThatIsBeingPlannedWait) {
  ASSERT_EQ(basin.command("plan").exit_code, 0);
  const io::FolderLock planning(basin.out(), io::FolderLock::Kind::exclusive, "rootzone plan other.toml");
  const Outcome tile = basin.command("tile", {"0/1", "--set", "stage.0.b=0.4"});
  EXPECT_EQ(tile.exit_code, 4) << tile.err;
}

TEST_F(Tiles, SayWhatTheyExpect) {
  EXPECT_EQ(basin.command("tile", {"0/1"}).exit_code, 2) << "no plan";
  EXPECT_FALSE(std::filesystem::exists(basin.out()));
  EXPECT_EQ(basin.command("assemble").exit_code, 2) << "no plan";
  for (const std::string share : {"3/3", "1", "a/b", "-1/3"}) {
    const Outcome wrong = basin.command("tile", {share});
    EXPECT_EQ(wrong.exit_code, 2) << share;
  }
  EXPECT_THAT(basin.command("tile", {"3/3"}).err, HasSubstr("counted from 0"));
  EXPECT_THAT(basin.command("tile").err, AllOf(HasSubstr("JOB_COMPLETION_INDEX"), HasSubstr("I/N")));
}

}  // namespace
}  // namespace rootzone::app::test
