# rootzone_room(NAME SOURCES ... KNOWS rooms ... [USES libraries ...] [EXPOSES libraries ...])
# One room = one static library rootzone::NAME. Its public headers are reachable only through its own
# include root (a link to include/rootzone/NAME), so an include against the arrows does not compile.
# KNOWS: the rooms it may include. USES: private libraries. EXPOSES: libraries seen in its headers.
function(rootzone_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;KNOWS;USES;EXPOSES" ${ARGN})
  set(header_root "${PROJECT_BINARY_DIR}/rooms/${name}")
  file(MAKE_DIRECTORY "${header_root}/rootzone")
  if(EXISTS "${PROJECT_SOURCE_DIR}/include/rootzone/${name}")
    file(CREATE_LINK "${PROJECT_SOURCE_DIR}/include/rootzone/${name}" "${header_root}/rootzone/${name}" SYMBOLIC)
  endif()
  add_library(rootzone_${name} STATIC ${ROOM_SOURCES})
  add_library(rootzone::${name} ALIAS rootzone_${name})
  set_target_properties(rootzone_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_include_directories(rootzone_${name}
    PUBLIC $<BUILD_INTERFACE:${header_root}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE "${PROJECT_SOURCE_DIR}/src/${name}")
  list(TRANSFORM ROOM_KNOWS PREPEND rootzone_ OUTPUT_VARIABLE known)
  target_link_libraries(rootzone_${name}
    PUBLIC rootzone_numeric_contract ${known} ${ROOM_EXPOSES}
    PRIVATE rootzone_developer_warnings ${ROOM_USES})
  set_property(GLOBAL APPEND PROPERTY ROOTZONE_ROOMS ${name})
endfunction()

# rootzone_room_tests(NAME SOURCES ... [USES libraries ...] [LABELS labels ...])
# One test program per room; every GoogleTest case is a ctest test of its own.
function(rootzone_room_tests name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LABELS" ${ARGN})
  add_executable(rootzone_${name}_tests ${ROOM_SOURCES})
  target_link_libraries(rootzone_${name}_tests PRIVATE
    rootzone_${name} rootzone_developer_warnings GTest::gtest GTest::gmock GTest::gtest_main ${ROOM_USES})
  target_include_directories(rootzone_${name}_tests PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_compile_definitions(rootzone_${name}_tests PRIVATE
    ROOTZONE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(rootzone_${name}_tests DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${name};${ROOM_LABELS}" TIMEOUT 300)
endfunction()
