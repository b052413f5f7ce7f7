# Compilers run through ccache where it is installed and nobody chose another launcher. What was
# compiled in one clone serves another one too.
find_program(CATENA_CCACHE ccache)
mark_as_advanced(CATENA_CCACHE)
if(CATENA_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
                                    CCACHE_NOHASHDIR=1 ${CATENA_CCACHE})
endif()
