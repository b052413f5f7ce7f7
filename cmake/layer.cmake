# Warnings that our own code must be free of.
function(catena_warnings target)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                             $<$<BOOL:${CATENA_WERROR}>:-Werror>)
    # False alarms of g++ 12: the operator delete of Asio's coroutine frames, once inlined under a
    # sanitizer, std::string's operator+ when optimised (GCC bug 105651), and an empty
    # std::optional<std::string> that is moved (GCC bug 80635).
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(${target} PRIVATE -Wno-mismatched-new-delete -Wno-restrict
                                                 -Wno-maybe-uninitialized)
    endif()
endfunction()

# One target per layer: what a layer does not link, it cannot call. What it may include, tests/lint
# says.
#
#   catena_layer(name SOURCES ... USES targets of catena and public dependencies
#                     PRIVATE targets nobody else needs to know)
function(catena_layer name)
    cmake_parse_arguments(arg "" "" "SOURCES;USES;PRIVATE" ${ARGN})
    add_library(catena_${name} STATIC ${arg_SOURCES})
    add_library(catena::${name} ALIAS catena_${name})
    set_target_properties(catena_${name} PROPERTIES EXPORT_NAME ${name} CXX_EXTENSIONS OFF
                                                    POSITION_INDEPENDENT_CODE ON)
    target_compile_features(catena_${name} PUBLIC cxx_std_20)
    catena_warnings(catena_${name})
    target_include_directories(
        catena_${name}
        PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
               $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
               $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
        PRIVATE ${PROJECT_SOURCE_DIR}/engine)
    target_link_libraries(catena_${name} PUBLIC Boost::headers ${arg_USES} PRIVATE ${arg_PRIVATE})
endfunction()
