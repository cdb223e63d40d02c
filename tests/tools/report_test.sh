#!/usr/bin/env bash
# shellcheck disable=SC2317
# archsim report and the exports as a user has them: the same bytes as the run wrote, refusals, what
# --explain suggests is accepted, and promtool agrees where it is installed.
# Usage: report_test.sh CHECKOUT ARCHSIM
# shellcheck source=tests/tools/support.sh
. "$1/tests/tools/support.sh"

cat >s.json <<'END'
{"scenario": "é \"quoted\" \\ name", "duration": "10s", "warm_up": "1s", "replications": 3,
  "nodes": {"users": {"kind": "open_loop", "arrivals": "180/s", "calls": ["web"]},
  "web": {"kind": "service", "instances": 2, "queue": 20,
          "service_time": {"kind": "exponential", "mean": "10ms"}}},
 "faults": [{"kind": "crash", "node": "web/1", "at": "4s", "for": "1s"}],
 "expect": ["users/latency/p99 <= 1ms"]}
END
forms=(json csv html markdown ndjson prometheus openmetrics hgrm)
options=()
for form in "${forms[@]}"; do options+=("--${form}" "run.${form}"); done
run run s.json --quiet "${options[@]}"
expect "the expectation fails" exits 1
for form in "${forms[@]}"; do
    run report run.json "--${form}" "again.${form}"
    expect "report --${form} succeeds" exits 0
    expect "${form}: the same bytes as from the run" same "run.${form}" "again.${form}"
done
run run s.json --json run.json
cp output summary
run report run.json
expect "without a form the summary is printed" same summary output
run report - <run.json
expect "a result comes from standard input" same summary output
run report run.json --html - --lang pt
expect "the page speaks Portuguese" says 'lang="pt-BR"'

run report s.json
expect "a scenario is refused" exits 2
expect "and told from a result" complains "this is no result"
run report nothing.json
expect "a missing file is refused" exits 2
head -c 300 run.json >torn.json
run report torn.json
expect "a torn file is refused" exits 2
expect "at its place" complains "torn.json:[0-9]*:[0-9]*"
sed 's/"n": 3/"n": "x"/' run.json >bad.json
run report bad.json
expect "a wrong type is refused" exits 2
expect "with the pointer" complains "/metrics/"

run run s.json --explain
tells() { tr -s '\n ' ' ' <output | grep -e "$1" >/dev/null; }  # sentences go over several lines
expect "the failure is explained" tells "does not hold: .* times it"
expect "the bottleneck is named" tells "web is the busiest station"
expect "the fault is judged" tells "crash web/1 from 4 s to 5 s: .*during it"
suggestions=$(grep -o -e '--set [^ ]*$' output | sort -u)
expect "something is suggested" test -n "${suggestions}"
while read -r flag setting; do
    run check s.json "${flag}" "${setting}"
    expect "the scenario takes ${setting}" exits 0
done <<<"${suggestions}"
run report run.json --explain --markdown -
expect "an old result is explained as well" says "web is the busiest station"

promtool_reads_prometheus() { promtool check metrics <run.prometheus >output 2>errors; }
# The importer of promtool parses OpenMetrics; it wants a time on every sample.
promtool_reads_openmetrics() {
    sed '/^#/!s/$/ 1700000000/' run.openmetrics >timed
    promtool tsdb create-blocks-from openmetrics timed blocks >output 2>errors
}
if command -v promtool >/dev/null; then
    expect "promtool accepts the Prometheus text" promtool_reads_prometheus
    expect "promtool accepts OpenMetrics" promtool_reads_openmetrics
else
    printf 'SKIPPED: promtool is not installed, so no foreign program read the exports\n'
fi

finish
