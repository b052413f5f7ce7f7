# Every file looks as the formatter leaves it.
#
#   cmake -D FORMATTER=clang-format-14 -D ROOT=... -P format.cmake
foreach(folder include engine samples bench tests)
    file(GLOB_RECURSE more ${ROOT}/${folder}/*.cpp ${ROOT}/${folder}/*.hpp)
    list(APPEND files ${more})
endforeach()
execute_process(
    COMMAND ${FORMATTER} --dry-run ${files}
    OUTPUT_QUIET
    ERROR_VARIABLE complaints COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]*: warning: code should be clang-formatted" lines "${complaints}")
if(lines)
    list(TRANSFORM lines REPLACE ":[0-9]+:[0-9]+: .*" "")
    list(REMOVE_DUPLICATES lines)
    list(JOIN lines "\n  " text)
    message(FATAL_ERROR "not as clang-format leaves them:\n  ${text}")
endif()
