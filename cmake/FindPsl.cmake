# libpsl, the list of public suffixes: Psl::Psl. pkg-config says where it is, if it is there.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
    pkg_check_modules(PC_Psl QUIET libpsl)
endif()
find_path(Psl_INCLUDE_DIR libpsl.h HINTS ${PC_Psl_INCLUDE_DIRS})
find_library(Psl_LIBRARY NAMES psl HINTS ${PC_Psl_LIBRARY_DIRS})
mark_as_advanced(Psl_INCLUDE_DIR Psl_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Psl REQUIRED_VARS Psl_LIBRARY Psl_INCLUDE_DIR)

if(Psl_FOUND AND NOT TARGET Psl::Psl)
    add_library(Psl::Psl UNKNOWN IMPORTED)
    set_target_properties(Psl::Psl PROPERTIES IMPORTED_LOCATION "${Psl_LIBRARY}"
                                              INTERFACE_INCLUDE_DIRECTORIES "${Psl_INCLUDE_DIR}")
endif()
