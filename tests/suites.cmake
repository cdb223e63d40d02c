# Runs when ctest starts: asks the test program for its suites and declares one test for each, so
# that a failure has the name of a component. Needs: test_program. The environment variable
# ARCHSIM_SANITIZED_TESTS names a second build of the program, whose tests are called asan/SUITE.
function(declare_suites program prefix)
  if(NOT EXISTS "${program}")
    add_test(${prefix}archsim_tests_is_not_built "${program}")
    return()
  endif()
  execute_process(COMMAND "${program}" --list-test-suites --no-intro --no-version
                  OUTPUT_VARIABLE listing RESULT_VARIABLE failed)
  if(failed)
    add_test(${prefix}archsim_tests_cannot_list_its_suites "${program}" --list-test-suites)
    return()
  endif()
  string(REPLACE "\n" ";" suites "${listing}")
  foreach(suite IN LISTS suites)
    if(NOT suite STREQUAL "" AND NOT suite MATCHES "^(\\[doctest\\]|====)")
      string(REPLACE "," "\\," filter "${suite}")
      add_test("${prefix}${suite}" "${program}" "--test-suite=${filter}" --no-intro --no-version)
    endif()
  endforeach()
  add_test(${prefix}cases_outside_any_suite "${program}" "--test-suite-exclude=?*" --no-intro
           --no-version)
endfunction()

declare_suites("${test_program}" "")
if(DEFINED ENV{ARCHSIM_SANITIZED_TESTS})
  declare_suites("$ENV{ARCHSIM_SANITIZED_TESTS}" asan/)
endif()
