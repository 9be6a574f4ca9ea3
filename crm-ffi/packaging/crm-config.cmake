# find_package(crm): crm::crm is the shared library, crm::static the static one.
get_filename_component(_crm_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET crm::crm)
  add_library(crm::crm SHARED IMPORTED)
  set_target_properties(crm::crm PROPERTIES
    IMPORTED_LOCATION "${_crm_prefix}/lib/libcrm.so"
    IMPORTED_SONAME "libcrm.so.@ABI@"
    INTERFACE_INCLUDE_DIRECTORIES "${_crm_prefix}/include")
endif()

if(NOT TARGET crm::static AND EXISTS "${_crm_prefix}/lib/libcrm.a")
  add_library(crm::static STATIC IMPORTED)
  set_target_properties(crm::static PROPERTIES
    IMPORTED_LOCATION "${_crm_prefix}/lib/libcrm.a"
    INTERFACE_INCLUDE_DIRECTORIES "${_crm_prefix}/include"
    INTERFACE_LINK_LIBRARIES "pthread;dl;m")
endif()

unset(_crm_prefix)
