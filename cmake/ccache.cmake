# Compilers run through ccache where it is installed and nobody chose another launcher. One word: a
# launcher with arguments is a list, which those who hand it on take for several options.
find_program(CATENA_CCACHE ccache)
mark_as_advanced(CATENA_CCACHE)
if(CATENA_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CATENA_CCACHE})
endif()
