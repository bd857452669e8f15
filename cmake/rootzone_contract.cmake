# The numeric contract every target keeps: IEEE arithmetic, no fused multiply-add behind our back,
# so that the same input gives the same bytes whatever the compiler finds profitable.
add_library(rootzone_numeric_contract INTERFACE)
target_compile_features(rootzone_numeric_contract INTERFACE cxx_std_20)
target_compile_options(rootzone_numeric_contract INTERFACE -ffp-contract=off -fno-fast-math)
set_target_properties(rootzone_numeric_contract PROPERTIES EXPORT_NAME numeric_contract)

# Warnings are for those who build the project, never for those who link it.
add_library(rootzone_developer_warnings INTERFACE)
target_compile_options(rootzone_developer_warnings INTERFACE
  $<BUILD_INTERFACE:-Wall -Wextra -Wconversion -Wshadow -Werror>)
