# A pure layer asks nobody for the time, touches no descriptor, starts no thread and draws no chance.
#
#   cmake -D NM=nm -D ARCHIVE=libcatena_core.a [-D EXPECT_IMPURE=1] -P pure.cmake
set(words
    accept bind clock clock_getres clock_gettime close connect epoll_create1 epoll_ctl epoll_wait
    fdatasync fopen fopen64 fork fread fsync ftime fwrite getaddrinfo getenv getrandom getentropy
    gettimeofday gmtime localtime mktime mmap nanosleep clock_nanosleep open open64 openat poll
    pthread_create printf puts rand rand_r random read recv recvfrom recvmsg secure_getenv select
    send sendmsg sendto sleep socket srand stat system time usleep write)
list(JOIN words "|" words)
set(methods "random_device|steady_clock3now|system_clock3now|St6thread|basic_[io]?fstream|St4cout")

execute_process(
    COMMAND ${NM} --undefined-only -A ${ARCHIVE}
    OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]* U ((${words})(@[^\n]*)?\n|[^\n]*(${methods})[^\n]*)" found "${symbols}")

if(EXPECT_IMPURE AND found)
    message(STATUS "found, as planted: ${found}")
elseif(EXPECT_IMPURE)
    message(FATAL_ERROR "${ARCHIVE} asks the world for something, and this check did not see it")
elseif(found)
    list(JOIN found "" text)
    message(FATAL_ERROR "${ARCHIVE} is not pure:\n${text}")
endif()
