# Compile a program with nothing but pkg-config's answers, and run it.
set(ENV{PKG_CONFIG_PATH} ${LIBDIR}/pkgconfig)
foreach(kind cflags libs)
    execute_process(
        COMMAND ${PKG_CONFIG} --${kind} ${MODULE}
        OUTPUT_VARIABLE ${kind} OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(${kind} UNIX_COMMAND "${${kind}}")
endforeach()
execute_process(COMMAND ${COMPILER} ${FLAGS} ${cflags} ${SOURCE} -o ${PROGRAM} ${libs}
                        COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${PROGRAM} COMMAND_ERROR_IS_FATAL ANY)
