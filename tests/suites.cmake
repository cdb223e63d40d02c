# Runs when ctest starts: asks the test program for its suites and declares one test for each, so
# that a failure has the name of a component. Needs: test_program. The environment variable
# ARCHSIM_SANITIZED_TESTS names a second build of the program, whose tests are called asan/SUITE.
function(declare_suites program prefix left_out)
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
    list(FIND left_out "${suite}" position)
    if(position EQUAL -1 AND NOT suite STREQUAL "" AND NOT suite MATCHES "^(\\[doctest\\]|====)")
      string(REPLACE "," "\\," filter "${suite}")
      add_test("${prefix}${suite}" "${program}" "--test-suite=${filter}" --no-intro --no-version)
    endif()
  endforeach()
  add_test(${prefix}cases_outside_any_suite "${program}" "--test-suite-exclude=?*" --no-intro
           --no-version)
endfunction()

# Long runs that are held to theory take the roads that others take in a tenth of the time, and the
# project rules read only text: the second build leaves these out. `tools/test --asan` has all.
set(long_or_textual queues "two servers" "theory column in runs" "cache miss counts"
    "consistency closed forms" theory "theory: truth" tidy "tidy rules" "tidy rules for the project"
    documents)
declare_suites("${test_program}" "" "")
if(DEFINED ENV{ARCHSIM_SANITIZED_TESTS})
  declare_suites("$ENV{ARCHSIM_SANITIZED_TESTS}" asan/ "${long_or_textual}")
endif()
