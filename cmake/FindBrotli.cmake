# Brotli, which few systems describe to CMake: Brotli::Decoder and, for tests, Brotli::Encoder.
find_path(Brotli_INCLUDE_DIR brotli/decode.h)
find_library(Brotli_DECODER_LIBRARY NAMES brotlidec brotlidec-static)
find_library(Brotli_ENCODER_LIBRARY NAMES brotlienc brotlienc-static)
find_library(Brotli_COMMON_LIBRARY NAMES brotlicommon brotlicommon-static)
mark_as_advanced(Brotli_INCLUDE_DIR Brotli_DECODER_LIBRARY Brotli_ENCODER_LIBRARY
                 Brotli_COMMON_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Brotli REQUIRED_VARS Brotli_DECODER_LIBRARY Brotli_COMMON_LIBRARY
                                                       Brotli_INCLUDE_DIR)

foreach(part Decoder Encoder)
    string(TOUPPER ${part} upper)
    if(Brotli_FOUND AND Brotli_${upper}_LIBRARY AND NOT TARGET Brotli::${part})
        add_library(Brotli::${part} UNKNOWN IMPORTED)
        set_target_properties(
            Brotli::${part}
            PROPERTIES IMPORTED_LOCATION "${Brotli_${upper}_LIBRARY}"
                       INTERFACE_INCLUDE_DIRECTORIES "${Brotli_INCLUDE_DIR}"
                       INTERFACE_LINK_LIBRARIES "${Brotli_COMMON_LIBRARY}")
    endif()
endforeach()
