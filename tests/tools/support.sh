#!/usr/bin/env bash
# shellcheck disable=SC2034,SC2317
# What the tests of the archsim command share: a folder of their own, commands run with their exit
# code and streams kept, expectations counted. A test sources this file with its own arguments,
# CHECKOUT and ARCHSIM.
set -uo pipefail

checkout=$1
archsim=$2
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
cd "${work}" || exit 1
failures=0
status=0
ran=

# run ARGUMENTS...: leaves the exit code in ${status}, standard output and error in the files output
# and errors.
run() {
    ran="archsim $*"
    "${archsim}" "$@" >output 2>errors
    status=$?
}

# expect WHAT COMMAND...: WHAT holds if the command succeeds.
expect() {
    local what=$1
    shift
    if ! "$@"; then
        printf 'FAILED: %s\n  %s\n  exit code: %s\n' "${what}" "${ran}" "${status}"
        head -20 output errors 2>/dev/null
        failures=$((failures + 1))
    fi
}

# check COMMAND...: an expectation that says enough by itself.
check() { expect "$*" "$@"; }

exits() { [ "${status}" -eq "$1" ]; }
# Regular expressions.
says() { grep -q -e "$1" output; }
complains() { grep -q -e "$1" errors; }
# Plain text.
out_has() { grep -q -F -e "$1" output; }
err_has() { grep -q -F -e "$1" errors; }
out_is_empty() { [ ! -s output ]; }
err_is_empty() { [ ! -s errors ]; }
same() { cmp -s "$1" "$2"; }

# finish: the last line of a test.
finish() {
    if [ "${failures}" -gt 0 ]; then
        printf '%s expectations failed\n' "${failures}"
        exit 1
    fi
    printf 'all expectations hold\n'
}
