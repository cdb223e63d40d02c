#!/usr/bin/env bash
# The HTML report in a real browser: makes reports of two scenarios and of a result with hostile
# names, pages of sweeps, a search and a comparison, and lets tests/browser/report.mjs look at them
# in Chromium. Needs node, playwright-core (NODE_PATH, or PLAYWRIGHT_FROM: a file beside its
# node_modules) and chromium (or CHROMIUM); says so and passes where one of them is missing.
# SCREENSHOTS=FOLDER keeps what the browser saw.
# Usage: html_report_test.sh CHECKOUT ARCHSIM
set -uo pipefail

checkout=$1
archsim=$2
skip() {
    printf 'SKIPPED: the browser check of the HTML report, because %s\n' "$1"
    exit 0
}

command -v node >/dev/null || skip "node is not installed"
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}
[ -n "${CHROMIUM}" ] || skip "chromium is not installed"
export CHROMIUM
find_playwright='
const { createRequire } = require("node:module");
const places = [process.env.PLAYWRIGHT_FROM, process.argv[1]].filter(Boolean);
for (const place of places) {
  try { createRequire(place).resolve("playwright-core"); process.exit(0); } catch { continue; }
}
process.exit(1);'
node -e "${find_playwright}" "${checkout}/tests/browser/report.mjs" ||
    skip "playwright-core is not installed (NODE_PATH or PLAYWRIGHT_FROM says where it is)"

work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
cat >"${work}/hostile.json" <<'END'
{"scenario": "</title><script>document.title = 'taken'</script>", "duration": "20s",
 "description": "<img src=x onerror=\"document.title = 'taken'\">",
 "nodes": {
  "users": {"kind": "open_loop", "arrivals": "50/s", "calls": ["web"]},
  "web": {"kind": "service", "service_time": {"kind": "exponential", "mean": "9ms"}}},
 "faults": [{"kind": "crash", "node": "web", "at": "10s", "for": "2s"}]}
END
cd "${checkout}" || exit 1
# make_page ARGUMENTS...: what archsim is to do for a page.
make_page() {
    "${archsim}" "$@" >"${work}/output" 2>&1 && return
    printf 'FAILED: archsim %s\n' "$*"
    cat "${work}/output"
    exit 1
}
pages=()
for file in scenarios/guide/03_load_balancing_crash.json scenarios/guide/08_quorum_r1w1.json \
    "${work}/hostile.json"; do
    page="${work}/$(basename "${file}" .json).html"
    make_page run --quiet "${file}" --replications 2 --allow-undecided --explain --html "${page}"
    pages+=("${page}")
done
# Names in a scenario are checked; those in a result that somebody sent are not.
make_page run --quiet "${work}/hostile.json" --json "${work}/sent.json"
sed -i "s/web/<img src=x onerror=alert(1)>/g" "${work}/sent.json"
make_page report "${work}/sent.json" --html "${work}/sent.html"
pages+=("${work}/sent.html")
make_page compare scenarios/guide/03_load_balancing.json scenarios/guide/03_load_balancing.json \
    --replications 2 --allow-undecided --html "${work}/compare.html"
few=(scenarios/templates/load_balanced.json --duration 20s --replications 2)
make_page sweep "${few[@]}" --vary nodes/users/arrivals=20/s,40/s,80/s \
    --vary nodes/web/instances=2,3 --quiet --html "${work}/sweep.html"
make_page sweep "${few[@]}" --vary nodes/lb/policy=random,round_robin --quiet \
    --html "${work}/names.html"
make_page optimize "${few[@]}" --set 'expect=["users/availability >= 50%"]' \
    --choices nodes/web/instances=1..4 --minimise nodes/web/instances --quiet \
    --html "${work}/search.html"
pages+=("${work}/sweep.html" "${work}/names.html" "${work}/search.html" "${work}/compare.html")
size=$(wc -c <"${pages[0]}")
[ "${size}" -lt 400000 ] || {
    printf 'FAILED: the report has %s bytes\n' "${size}"
    exit 1
}
node tests/browser/report.mjs "${pages[@]}"
