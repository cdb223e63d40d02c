#!/usr/bin/env bash
# shellcheck disable=SC2317
# The archsim command as a process: every exit code of the contract, and that standard output holds
# results and nothing else.
# Usage: archsim_test.sh CHECKOUT ARCHSIM
# shellcheck source=tests/tools/support.sh
. "$1/tests/tools/support.sh"
exec </dev/null

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

# One JSON document: archsim's own strict parser finds no fault with its syntax.
out_is_json() {
    [[ $(<output) == "{"*"}" ]] &&
        ! "${archsim}" check - <output 2>&1 | grep -e 'error\[\(syntax\|encoding\)\]' >/dev/null
}

# 0: done, and all expectations hold.
run run good.json
check exits 0
check err_is_empty
check out_has "users/availability >= 99%"
run run good.json --json -
check exits 0
check err_is_empty
check out_is_json
check out_has '"schema": "archsim.result/1"'
check out_has '"status": "complete"'
run run good.json --quiet
check exits 0
check err_is_empty
run check good.json
check exits 0
check out_has "good.json: valid"
run schema
check exits 0
check err_is_empty
check out_is_json
run --version
check exits 0
check err_is_empty

# 1: an expectation does not hold; the results are there all the same.
run run good.json --set 'expect=["users/availability <= 1%"]'
check exits 1
check err_is_empty
check out_has "users/availability <= 1%"
run run good.json --set 'expect=["users/availability <= 1%"]' --json -
check exits 1
check out_is_json
check out_has '"verdict": "fail"'

# 2: a mistake of the user. Nothing on standard output; the place and a hint on the other.
run run "${checkout}/tests/bad/unknown_key_node.json"
check exits 2
check out_is_empty
check err_has "unknown_key_node.json:"
check err_has "error[unknown_key]"
run run good.json --set nodes/web/instances=1000000000
check exits 2
check out_is_empty
check err_has "error[out_of_range]"
check err_has "/nodes/web/instances"
run run no_such_file.json
check exits 2
check out_is_empty
check err_has "no_such_file.json"
run rum good.json
check exits 2
check out_is_empty
check err_has "run"
run run good.json one two three
check exits 2
check out_is_empty
check err_has "'one' 'two' 'three'"
run run good.json --relications 3
check exits 2
check err_has "--replications"
run run good.json --json - --csv -
check exits 2
check out_is_empty
check err_has "--json and --csv cannot both be standard output"
run run good.json --until users/latency/p98:5%
check exits 2
check err_has "did you mean"
run run good.json --max-replications 3
check exits 2
check out_is_empty
check err_has "--replications N"
run run good.json --until-decided --set 'expect=[]'
check exits 2
check err_has "the scenario expects nothing"
run
check exits 2

# 3: a limit; what there is so far is written and says that it is partial.
run run good.json --max-events 1000 --json -
check exits 3
check out_is_json
check out_has '"status": "limit"'
run run good.json --until users/latency/mean:0.001% --max-replications 3
check exits 3
check out_has "This result is partial: the wanted precision was not reached with 3 replications."

# 4: a result that cannot be written.
run run good.json --json "${work}/no_such_folder/result.json"
check exits 4
check err_has "no_such_folder"
if [ -c /dev/full ]; then
    ran="archsim run good.json >/dev/full"
    "${archsim}" run good.json >/dev/full 2>errors
    status=$?
    check exits 4
    check err_has "standard output"
fi

# 130 and 143: interrupted; the partial result is written. `timeout` sends the signal twice, which
# is one wish to stop.
for signal in INT:130 TERM:143; do
    ran="archsim run, interrupted by ${signal%:*}"
    timeout --preserve-status -s "${signal%:*}" 3 \
        "${archsim}" run good.json --duration 30000d \
        --replications 1 --set 'nodes/users/arrivals="1000/s"' --set 'nodes/web/service_time="0s"' \
        --json - >output 2>errors
    status=$?
    check exits "${signal#*:}"
    check out_is_json
    check out_has '"status": "interrupted"'
done

# explain: kinds, metrics with their statistic, error codes as they are printed.
run explain users/latency/p99
check exits 0
check out_has "open_loop/latency"
check out_has "p99: 99 % of the values are below it"
run explain 'users->web/retries'
check exits 0
check out_has "Share of all tries"
for metric in availability bottleneck metastable recovery_time; do
    run explain "system/${metric}"
    check exits 0
    check out_has "system/${metric} ["
done
run explain 'error[unit_missing]'
check exits 0
check out_has "unit_missing:"
run explain users/latncy/p99
check exits 2
check out_is_empty
check err_has "did you mean latency?"

finish
