# cmake -D SOURCE_DIR=... -D HEADER=... -P rootzone_revision.cmake
# Writes ROOTZONE_REVISION: the commit, with "+changes" where tracked files differ from it. Sources without git (an
# archive, an image's build stage) have that of the environment's ROOTZONE_REVISION, or none.
cmake_policy(VERSION 3.25)
set(revision "unknown revision")
execute_process(COMMAND git -c safe.directory=* -C "${SOURCE_DIR}" rev-parse --short=10 HEAD
  RESULT_VARIABLE failed OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(failed EQUAL 0)
  set(revision "${commit}")
  execute_process(COMMAND git -c safe.directory=* -C "${SOURCE_DIR}" diff --quiet HEAD --
    RESULT_VARIABLE changed OUTPUT_QUIET ERROR_QUIET)
  if(NOT changed EQUAL 0)
    string(APPEND revision "+changes")
  endif()
elseif(NOT "$ENV{ROOTZONE_REVISION}" STREQUAL "" AND NOT "$ENV{ROOTZONE_REVISION}" STREQUAL "unknown")
  set(revision "$ENV{ROOTZONE_REVISION}")
endif()
file(CONFIGURE OUTPUT "${HEADER}" CONTENT "#pragma once\n#define ROOTZONE_REVISION \"${revision}\"\n")
