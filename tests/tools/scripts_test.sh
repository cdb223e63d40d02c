#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2317
# Arguments and failures of tools/quickstart and tools/test, in a copy of the scripts with every
# outside command (dpkg-query, apt-get, cmake, ctest, ...) replaced by one that records its call.
# Usage: scripts_test.sh CHECKOUT
set -uo pipefail

checkout=$1
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
calls="${work}/calls"
failures=0

# stand_in NAME BODY: a command that records its arguments, then does BODY.
stand_in() {
    printf '#!/bin/bash\necho "%s $*" >>"%s"\n%s\n' "$1" "${calls}" "$2" >"${work}/bin/$1"
    chmod +x "${work}/bin/$1"
}

# A fresh copy of the scripts, in a world where all packages are installed and all builds succeed.
set_up() {
    rm -rf "${work:?}"/*
    mkdir -p "${work}/bin" "${work}/clone/tools" "${work}/clone/build/release"
    cp "${checkout}"/tools/{quickstart,test,setup.sh} "${work}/clone/tools/"
    : >"${calls}"
    local tool
    for tool in bash cat grep tail mktemp rm mkdir dirname; do
        ln -s "$(command -v "${tool}")" "${work}/bin/${tool}"
    done
    stand_in id 'echo 0'
    stand_in nproc 'echo 2'
    stand_in dpkg-query 'echo installed'
    stand_in apt-get ''
    stand_in env 'shift; exec "$@"'
    stand_in cmake ''
    stand_in ctest ''
    stand_in archsim ''
    mv "${work}/bin/archsim" "${work}/clone/build/release/"
}

# run COMMAND ARGUMENTS...: leaves the exit code in ${status} and all output in ${output}.
run() {
    output=$(PATH="${work}/bin" "${work}/clone/tools/$1" "${@:2}" 2>&1 </dev/null)
    status=$?
}

expect() {
    local what=$1
    shift
    if ! "$@"; then
        printf 'FAILED: %s\n  output: %s\n  calls:\n' "${what}" "${output}"
        cat "${calls}"
        failures=$((failures + 1))
    fi
}
exits() { [ "${status}" -eq "$1" ]; }
says() { [[ ${output} == *"$1"* ]]; }
called() { grep -q -e "$1" "${calls}"; }
never_called() { ! called "$1"; }

set_up
run quickstart --help
expect "help is a success" exits 0
expect "help says how to pass arguments" says "tools/quickstart ARGUMENTS"
expect "help builds nothing" never_called '^cmake'

set_up
run quickstart run my.json --seed 7
expect "arguments: success" exits 0
expect "arguments reach archsim unchanged" called '^archsim run my.json --seed 7$'
expect "the release preset is configured" called '^cmake .*--preset release'
expect "only archsim is built" called '^cmake --build .*/build/release --target archsim$'
expect "nothing is installed when nothing is missing" never_called '^apt-get'

set_up
run quickstart
expect "a checkout without the first scenario is an error" exits 1
expect "the error names the scenario" says "scenarios/guide/03_load_balancing.json"

set_up
mkdir -p "${work}/clone/scenarios/guide"
echo '{}' >"${work}/clone/scenarios/guide/03_load_balancing.json"
run quickstart
expect "the first scenario: success" exits 0
expect "the first scenario is run" called '^archsim run scenarios/guide/03_load_balancing.json'

set_up
printf '#!/bin/bash\nexit 3\n' >"${work}/clone/build/release/archsim"
run quickstart run my.json
expect "the exit code of archsim is passed on" exits 3

set_up
stand_in dpkg-query '[ "${@: -1}" = libfmt-dev ] || echo installed'
run quickstart explain cache
expect "missing packages: success" exits 0
expect "only what is missing is installed" called '^apt-get .*install libfmt-dev$'
expect "the installation is announced" says "installing libfmt-dev"

set_up
stand_in dpkg-query ''
stand_in apt-get 'echo "E: no network"; exit 100'
run quickstart
expect "packages that cannot be installed are an error" exits 1
expect "the reason is shown" says "E: no network"
expect "the error says what to do" says "sudo apt-get install g++ cmake"
expect "the package lists were fetched before giving up" called '^apt-get .*update'
expect "nothing is built without them" never_called '^cmake'

set_up
stand_in dpkg-query ''
stand_in id 'echo 1000'
run quickstart
expect "neither root nor sudo is an error" exits 1
expect "the error says so" says "not root and sudo is missing"

set_up
stand_in dpkg-query ''
stand_in id 'echo 1000'
stand_in sudo 'shift; exec "$@"'
run quickstart explain cache
expect "sudo installs" called '^sudo -n env .*apt-get .*install g++'

set_up
stand_in cmake 'echo "x.cpp:1: error: no such thing"; [ "$1" != --build ]'
run quickstart run my.json
expect "a failed build is an error" exits 1
expect "the compiler's message is shown" says "x.cpp:1: error: no such thing"
expect "nothing is run after a failed build" never_called '^archsim'

set_up
run test --help
expect "help is a success" exits 0
expect "help builds nothing" never_called '^cmake'

set_up
run test
expect "all tests: success" exits 0
expect "the ordinary build" called '^cmake --build .*/build/ci --target all'
expect "the sanitized build" called '^cmake --build .*/build/asan --target archsim_tests'
expect "one run of ctest" called '^ctest --preset ci --parallel 2$'

set_up
run test --quick load_balancer
expect "quick: no sanitizers" never_called 'asan'
expect "the filter reaches ctest" called '^ctest --preset ci .*--tests-regex load_balancer$'

set_up
run test --asan
expect "asan: only the sanitized build" never_called 'preset ci'
expect "asan: its tests are run" called '^ctest --preset asan'

set_up
run test --fast
expect "an unknown option is a usage error" exits 2
expect "the option is named" says "unknown option --fast"

set_up
run test cache ring
expect "two filters are a usage error" exits 2

set_up
stand_in ctest 'exit 8'
run test
expect "the exit code of ctest is passed on" exits 8

[ "${failures}" -eq 0 ] && echo "all expectations hold"
exit "$((failures > 0))"
