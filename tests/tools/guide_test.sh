#!/usr/bin/env bash
# shellcheck disable=SC2317
# archsim guide: writes the page, agrees with it, and says what is wrong with an old or missing
# entry.
# Usage: guide_test.sh CHECKOUT ARCHSIM
# shellcheck source=tests/tools/support.sh
. "$1/tests/tools/support.sh"

mkdir guide
for name in 02_one 03_two; do
    cat >"guide/${name}.json" <<'END'
{"scenario": "s", "duration": "2s", "question": "Fast?",
 "look_at": "It takes {users/latency/mean}.",
 "pt": {"question": "Rápido?", "look_at": "Leva {users/latency/mean}."},
 "nodes": {"users": {"kind": "open_loop", "arrivals": "100/s", "calls": ["web"]},
           "web": {"kind": "service", "service_time": "1ms"}},
 "expect": ["users/availability >= 99%"]}
END
done

run guide guide --write page.md
expect "the page is written" exits 0
expect "with both scenarios" test "$(grep -c '^### ' page.md)" -eq 2
run guide guide --check page.md
expect "a page just written is current" exits 0

sed 's/It takes/It took/' page.md >old.md
run guide guide/02_one.json --check old.md
expect "a page that says something else is not" exits 1
expect "the place is shown" complains 'it should say here: It takes'
expect "with the command that mends it" complains 'hint: archsim guide .* --write old.md'

sed -n '/^### 03_two/,$p' page.md >part.md
run guide guide/03_two.json --check part.md
expect "other entries do not matter" exits 0
run guide guide/02_one.json --check part.md
expect "a scenario without an entry fails" exits 1
expect "and is named" complains 'the page has no entry for guide/02_one.json'
run guide guide/02_one.json --check nowhere.md
expect "a missing page is an I/O failure" exits 4

sed -i 's/{users\/latency\/mean}\./{users\/latency\/median}./' guide/02_one.json
run guide guide/02_one.json --write -
expect "a text that names a metric without value fails" exits 1
expect "it is named" complains 'users/latency/median'

finish
