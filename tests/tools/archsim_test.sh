#!/usr/bin/env bash
# shellcheck disable=SC2317
# The archsim command as a process: every exit code of the contract, and that standard output holds
# results and nothing else.
# Usage: archsim_test.sh CHECKOUT ARCHSIM
set -uo pipefail

checkout=$1
archsim=$2
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
failures=0
cd "${work}" || exit 1

cat >good.json <<'JSON'
{
  "scenario": "small", "duration": "20s", "seed": 7, "replications": 2,
  "nodes": {
    "users": {"kind": "open_loop", "arrivals": "50/s", "calls": ["web"]},
    "web": {"kind": "service", "service_time": "5ms"}
  },
  "expect": ["users/availability >= 99%"]
}
JSON

# run ARGUMENTS...: leaves the exit code in ${status}, the two streams in ${out} and ${err}.
run() {
    "${archsim}" "$@" >out 2>err </dev/null
    status=$?
    out=$(cat out)
    err=$(cat err)
    what="archsim $*"
}

expect() {
    if ! "$@"; then
        printf 'FAILED: %s: %s\n  exit code: %s\n  standard output:\n%s\n  standard error:\n%s\n' \
            "${what}" "$*" "${status}" "${out}" "${err}"
        failures=$((failures + 1))
    fi
}
exits() { [ "${status}" -eq "$1" ]; }
out_has() { [[ ${out} == *"$1"* ]]; }
err_has() { [[ ${err} == *"$1"* ]]; }
out_is_empty() { [ -z "${out}" ]; }
err_is_empty() { [ -z "${err}" ]; }
# One JSON document: archsim's own strict parser finds no fault with its syntax.
out_is_json() {
    [[ ${out} == "{"*"}" ]] &&
        ! "${archsim}" check - <out 2>&1 | grep -q -e 'error\[syntax\]' -e 'error\[encoding\]'
}

# 0: done, and all expectations hold.
run run good.json
expect exits 0
expect err_is_empty
expect out_has "users/availability >= 99%"
run run good.json --json -
expect exits 0
expect err_is_empty
expect out_is_json
expect out_has '"schema": "archsim.result/1"'
expect out_has '"status": "complete"'
run run good.json --quiet
expect exits 0
expect err_is_empty
run check good.json
expect exits 0
expect out_has "good.json: valid"
run schema
expect exits 0
expect err_is_empty
expect out_is_json
run --version
expect exits 0
expect err_is_empty

# 1: an expectation does not hold; the results are there all the same.
run run good.json --set 'expect=["users/availability <= 1%"]'
expect exits 1
expect err_is_empty
expect out_has "users/availability <= 1%"
run run good.json --set 'expect=["users/availability <= 1%"]' --json -
expect exits 1
expect out_is_json
expect out_has '"verdict": "fail"'

# 2: a mistake of the user. Nothing on standard output; the place and a hint on the other.
run run "${checkout}/tests/bad/unknown_key_node.json"
expect exits 2
expect out_is_empty
expect err_has "unknown_key_node.json:"
expect err_has "error[unknown_key]"
run run good.json --set nodes/web/instances=1000000000
expect exits 2
expect out_is_empty
expect err_has "error[out_of_range]"
expect err_has "/nodes/web/instances"
run run no_such_file.json
expect exits 2
expect out_is_empty
expect err_has "no_such_file.json"
run rum good.json
expect exits 2
expect out_is_empty
expect err_has "run"
run run good.json one two three
expect exits 2
expect out_is_empty
expect err_has "'one' 'two' 'three'"
run run good.json --relications 3
expect exits 2
expect err_has "--replications"
run
expect exits 2

# 3: a limit; what there is so far is written and says that it is partial.
run run good.json --max-events 1000 --json -
expect exits 3
expect out_is_json
expect out_has '"status": "limit"'

# 4: a result that cannot be written.
run run good.json --json "${work}/no_such_folder/result.json"
expect exits 4
expect err_has "no_such_folder"
if [ -c /dev/full ]; then
    what="archsim run good.json >/dev/full"
    "${archsim}" run good.json >/dev/full 2>err
    status=$?
    err=$(cat err)
    out=
    expect exits 4
    expect err_has "standard output"
fi

# 130 and 143: interrupted; the partial result is written. `timeout` sends the signal twice, which
# is one wish to stop.
for signal in INT:130 TERM:143; do
    what="archsim run, interrupted by ${signal%:*}"
    timeout --preserve-status -s "${signal%:*}" 3 "${archsim}" run good.json --duration 30000d \
        --replications 1 --set 'nodes/users/arrivals="1000/s"' --set 'nodes/web/service_time="0s"' \
        --json - >out 2>err </dev/null
    status=$?
    out=$(cat out)
    err=$(cat err)
    expect exits "${signal#*:}"
    expect out_is_json
    expect out_has '"status": "interrupted"'
done

# explain: kinds, metrics with their statistic, error codes as they are printed.
run explain users/latency/p99
expect exits 0
expect out_has "open_loop/latency"
expect out_has "p99: 99 % of the values are below it"
run explain 'users->web/retries'
expect exits 0
expect out_has "Share of all tries"
run explain 'error[unit_missing]'
expect exits 0
expect out_has "unit_missing:"
run explain users/latncy/p99
expect exits 2
expect out_is_empty
expect err_has "did you mean latency?"

if [ "${failures}" -gt 0 ]; then
    echo "${failures} checks failed"
    exit 1
fi
echo "all checks passed"
