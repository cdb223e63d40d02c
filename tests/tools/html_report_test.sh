#!/usr/bin/env bash
# The HTML report in a real browser: makes reports of two scenarios and of a result with hostile
# names, and lets tests/browser/report.mjs look at them in Chromium. Needs node, playwright-core
# (NODE_PATH, or PLAYWRIGHT_FROM: a file beside its node_modules) and chromium (or CHROMIUM);
# says so and passes where one of them is missing. SCREENSHOTS=FOLDER keeps what the browser saw.
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
pages=()
for file in scenarios/guide/03_load_balancing_crash.json "${work}/hostile.json"; do
    page="${work}/$(basename "${file}" .json).html"
    "${archsim}" run --quiet "${file}" --replications 2 --explain --html "${page}" >/dev/null ||
        exit 1
    pages+=("${page}")
done
# Names in a scenario are checked; those in a result that somebody sent are not.
"${archsim}" run --quiet "${work}/hostile.json" --json "${work}/sent.json" >/dev/null || exit 1
sed -i "s/web/<img src=x onerror=alert(1)>/g" "${work}/sent.json"
"${archsim}" report "${work}/sent.json" --html "${work}/sent.html" || exit 1
pages+=("${work}/sent.html")
size=$(wc -c <"${pages[0]}")
[ "${size}" -lt 400000 ] || {
    printf 'FAILED: the report has %s bytes\n' "${size}"
    exit 1
}
node tests/browser/report.mjs "${pages[@]}"
