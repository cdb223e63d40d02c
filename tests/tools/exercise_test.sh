#!/usr/bin/env bash
# shellcheck disable=SC2317
# archsim exercise as a student uses it: the list, question and answer in both languages, a sheet of
# answers written, filled in, graded right, wrong and malformed; exit codes; where
# exercises are found.
# Usage: exercise_test.sh CHECKOUT ARCHSIM
# shellcheck source=tests/tools/support.sh
. "$1/tests/tools/support.sh"

run exercise
expect "the list succeeds from any folder" exits 0
count=$(grep -c '^[a-z]' output)
expect "each question of the guide is listed" test "${count}" -ge 9
for name in requirements geography-and-languages load-growth scaling-structure load-balancing \
    followers-in-sql spof regional-static-content database-replicas; do
    expect "${name} is listed" says "^${name}: "
done
cp output listed
run exercise list
expect "list is another way to ask" cmp -s listed output
for option in "--seed 2" "--no-trace" "--jobs 1"; do
    # shellcheck disable=SC2086
    run exercise list ${option}
    expect "the list refuses ${option}, which would change nothing" exits 2
done
run exercise spof --no-trace
expect "so does an exercise without a table" exits 2
run exercise spof --questions sheet.json --seed 2
expect "and a sheet, which is made without a run" exits 2
run exercise --lang pt
expect "the list speaks Portuguese" says '^spof: Quais são'

run exercise spof --questions sheet.json
expect "a sheet is written" exits 0
expect "its answers are open" grep -q '"cost": null' sheet.json
expect "the sheet shows no solution" test "$(grep -c '79\|accept' sheet.json)" -eq 0
run exercise spof --check sheet.json
expect "an empty sheet is not right" exits 1
expect "it says so" says 'not answered'

sed -e 's/"which": null/"which": ["db", "balancer"]/' -e 's/"cost": null/"cost": "80.5%"/' \
    -e 's/"remedy": null/"remedy": "failover"/' sheet.json >right.json
run exercise spof --check right.json
expect "right answers pass" exits 0
expect "each has its reason" says 'Without the balancer or the database'
expect "the number is that of the run" says 'accepted: 79.8 %'
run exercise spof --check right.json --lang pt
expect "the reasons are there in Portuguese" says 'Sem o balanceador ou o banco'

sed 's/"80.5%"/"90%"/' right.json >wrong.json
run exercise spof --check wrong.json
expect "a wrong answer fails" exits 1
expect "it is the only one" says '2 of 3 right'
sed 's/"80.5%"/"80ms"/' right.json >malformed.json
run exercise spof --check malformed.json
expect "a time for a share is malformed" exits 2
expect "its place is given" complains 'malformed.json:[0-9]*:[0-9]*: error\[unit_wrong\]'
sed 's/"failover"/"failovr"/' right.json >malformed.json
run exercise spof --check malformed.json
expect "an unknown option is malformed" exits 2
expect "the options are named" complains 'one of backup, bigger, failover'
run exercise spof --check nowhere.json
expect "a missing sheet is refused" exits 2

run exercise spof
expect "the worked answer holds" exits 0
expect "it names the command" says 'archsim run .*scenarios/exercises/runs/spof_single.json'
run exercise --questions sheet.json
expect "a sheet without an exercise is refused" exits 2
run exercise spof --questions sheet.json --check right.json
expect "a sheet is written or read, not both" exits 2
run exercise spfo
expect "an unknown exercise is refused" exits 2
expect "the nearest is suggested" complains "did you mean 'spof'"
run exercise load-balancing --no-trace --lang pt
expect "the table of policies is part of its exercise" says 'round_robin .*s4 *s1 *s2'

# Installed: the program finds the exercises in share/archsim beside its bin.
mkdir -p root/bin root/share/archsim
cp "${archsim}" root/bin/archsim
cp -r "${checkout}/scenarios" root/share/archsim/scenarios
rm root/share/archsim/scenarios/exercises/load-growth.json
cp "${archsim}" ./archsim_alone
root/bin/archsim exercise >output 2>errors
status=$?
expect "the installed program lists" exits 0
expect "it reads its own folder" test "$(grep -c '^load-growth' output)" -eq 0
(cd / && "${work}/archsim_alone" exercise >"${work}/output" 2>"${work}/errors")
status=$?
expect "without a folder it says what to do" exits 4
expect "with a hint" complains 'give the path'

finish
