# `cmake --install` gives the program, the rooms as libraries, the shipped data and a package config:
# find_package(rootzone CONFIG) then rootzone::moisture, rootzone::storage, …
get_property(rooms GLOBAL PROPERTY ROOTZONE_ROOMS)
list(TRANSFORM rooms PREPEND rootzone_ OUTPUT_VARIABLE room_targets)
install(TARGETS ${room_targets} rootzone_numeric_contract rootzone_developer_warnings rootzone_udunits
  EXPORT rootzone_targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET rootzone)
  install(TARGETS rootzone RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY include/rootzone DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY data/ DESTINATION ${CMAKE_INSTALL_DATADIR}/rootzone PATTERN README.md EXCLUDE)
install(FILES pipelines/demo.toml DESTINATION ${CMAKE_INSTALL_DATADIR}/rootzone/pipelines)  # `rootzone demo` writes it
install(EXPORT rootzone_targets NAMESPACE rootzone:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/rootzone)
configure_package_config_file(cmake/rootzoneConfig.cmake.in rootzoneConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/rootzone)
write_basic_package_version_file(rootzoneConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/rootzoneConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/rootzoneConfigVersion.cmake"
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/rootzone)
