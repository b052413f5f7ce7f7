# uPlot for the live page, from npm by the lock file. Sets CATENA_UI_NO_PLOTS to the reason where it
# cannot be had, else CATENA_UI_PLOT to the folder of the package. Never takes more than a minute,
# and asks npm only once for a lock file.
set(CATENA_UI AUTO CACHE STRING "Plots of the command's live page, by npm: AUTO, ON or OFF")
set_property(CACHE CATENA_UI PROPERTY STRINGS AUTO ON OFF)
find_program(CATENA_NPM npm)
mark_as_advanced(CATENA_NPM)

set(CATENA_UI_NO_PLOTS "")
set(CATENA_UI_PLOT "")
set(folder ${CMAKE_CURRENT_BINARY_DIR}/npm)
file(SHA256 ${CMAKE_CURRENT_SOURCE_DIR}/web/package-lock.json wanted)
set(had "")
if(EXISTS ${folder}/had)
    file(READ ${folder}/had had)
endif()
if(CATENA_UI STREQUAL "OFF")
    set(CATENA_UI_NO_PLOTS "built without plots: CATENA_UI is OFF")
elseif(NOT CATENA_NPM)
    set(CATENA_UI_NO_PLOTS "built without plots: npm was not found")
elseif(NOT had STREQUAL wanted)
    file(COPY ${CMAKE_CURRENT_SOURCE_DIR}/web/package.json
              ${CMAKE_CURRENT_SOURCE_DIR}/web/package-lock.json DESTINATION ${folder})
    execute_process(
        COMMAND ${CATENA_NPM} ci --ignore-scripts --no-audit --no-fund --fetch-retries=0
                --fetch-timeout=20000
        WORKING_DIRECTORY ${folder}
        TIMEOUT 60
        RESULT_VARIABLE failed
        OUTPUT_QUIET ERROR_QUIET)
    if(failed STREQUAL "0" AND EXISTS ${folder}/node_modules/uplot/dist/uPlot.iife.min.js)
        file(WRITE ${folder}/had ${wanted})
    else()
        set(CATENA_UI_NO_PLOTS "built without plots: npm could not fetch uPlot")
    endif()
endif()

if(NOT CATENA_UI_NO_PLOTS)
    set(CATENA_UI_PLOT ${folder}/node_modules/uplot)
elseif(CATENA_UI STREQUAL "ON")
    message(FATAL_ERROR "catena: CATENA_UI is ON, and the live page is ${CATENA_UI_NO_PLOTS}")
else()
    message(STATUS "catena: the command's live page is ${CATENA_UI_NO_PLOTS}")
endif()
