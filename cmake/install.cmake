# What an installed catena consists of: headers, one archive a layer, CMake's and pkg-config's files.
include(CMakePackageConfigHelpers)

set(catena_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/catena)

install(
    TARGETS catena_core catena_codec catena_net catena_store catena_run catena_testing catena_catena
    EXPORT catena-targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(
    DIRECTORY include/catena ${PROJECT_BINARY_DIR}/include/catena
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING
    PATTERN "*.hpp")

# What a static library leaves to its users to link.
set(catena_optional_packages "")
set(catena_optional_modules "")
if(Brotli_FOUND)
    string(APPEND catena_optional_packages " Brotli")
    string(APPEND catena_optional_modules " libbrotlidec")
endif()
if(Zstd_FOUND)
    string(APPEND catena_optional_packages " Zstd")
    string(APPEND catena_optional_modules " libzstd")
endif()
if(Psl_FOUND)
    string(APPEND catena_optional_packages " Psl")
    string(APPEND catena_optional_modules " libpsl")
endif()
if(SQLite3_FOUND)
    string(APPEND catena_optional_modules " sqlite3")
endif()
install(FILES cmake/FindBrotli.cmake cmake/FindPsl.cmake cmake/FindZstd.cmake DESTINATION ${catena_cmake_dir})

install(
    EXPORT catena-targets
    NAMESPACE catena::
    DESTINATION ${catena_cmake_dir})
configure_package_config_file(cmake/catena-config.cmake.in
                              ${PROJECT_BINARY_DIR}/cmake/catena-config.cmake
                              INSTALL_DESTINATION ${catena_cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/catena-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cmake/catena-config.cmake
              ${PROJECT_BINARY_DIR}/cmake/catena-config-version.cmake
        DESTINATION ${catena_cmake_dir})

# Found from where they stand, so that an installation may be moved.
file(RELATIVE_PATH catena_up_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(catena_pc_xml)
if(EXPAT_FOUND)
    set(catena_pc_xml " expat")
endif()
foreach(pc catena catena-core)
    configure_file(cmake/${pc}.pc.in ${PROJECT_BINARY_DIR}/cmake/${pc}.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/cmake/${pc}.pc
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
