#!/usr/bin/env bash
# shellcheck disable=SC2317,SC2054
# The commands that run many simulations, as a user runs them: the same bytes for any number of
# threads, shards and ranks and after any kill; exit codes; completion in the shells that are there.
# ARCHSIM_KILLS says how often a sweep is killed (20 without it).
# Usage: commands_test.sh CHECKOUT ARCHSIM
# shellcheck source=tests/tools/support.sh
. "$1/tests/tools/support.sh"
clusters=${checkout}/tools/cluster

cat >s.json <<'END'
{"scenario": "s", "duration": "2s", "replications": 3, "nodes": {
  "users": {"kind": "open_loop", "arrivals": "200/s", "calls": ["web"]},
  "web": {"kind": "service", "service_time": {"kind": "exponential", "mean": "4ms"}}},
 "expect": ["users/latency/p99 <= 1s"]}
END
vary=(--vary nodes/web/instances=1..4 --vary nodes/users/arrivals=100/s,200/s,300/s)

run sweep s.json "${vary[@]}" --jobs 1 --json all.json
expect "a sweep succeeds" exits 0
rows=$(grep -c 'holds\|undecided\|fail' output)
expect "the table has a row for each variant" test "${rows}" -eq 12
run sweep s.json "${vary[@]}" --dry-run
expect "a dry run lists every unit" test "$(grep -c '^[0-9]' output)" -eq 36
expect "a dry run names the plan" says "^plan_hash [0-9a-f]\{16\}$"

for jobs in 2 3 4; do
    run sweep s.json "${vary[@]}" --jobs "${jobs}" --quiet --json threads.json
    expect "${jobs} threads: the same bytes" same all.json threads.json
done
for shards in 1 2 3 5 8; do
    rm -f part.*
    for i in $(seq "${shards}"); do
        run sweep s.json "${vary[@]}" --shard "${i}/${shards}" --journal "part.${i}" --quiet
        expect "shard ${i} of ${shards} succeeds" exits 0
    done
    run merge part.* --json merged.json --quiet
    expect "${shards} shards: the same bytes" same all.json merged.json
done
run sweep s.json "${vary[@]}" --shard 1/2 --journal part.0 --csv part.csv
expect "a shard refuses to write what it does not have" exits 2
expect "and names who does" complains "hint: archsim merge"
run merge part.[1357] part.8 part.8 --shards 8
expect "missing shards are an error" exits 2
expect "missing shards are named" complains "array=2,4,6"
cp part.1 torn
printf '99 0123' >>torn
run merge torn part.[2-8] --json merged.json --quiet
expect "a torn tail is left out" same all.json merged.json
run sweep s.json --vary nodes/web/instances=1..3 --journal other --quiet
run merge part.1 other
expect "journals of two plans are not mixed" exits 2

run sweep s.json "${vary[@]}" --journal part.1
expect "a journal is not overwritten" exits 2
run sweep s.json --vary nodes/web/instances=1..3 --journal part.1 --resume
expect "a journal of another plan is refused" exits 2
run sweep s.json --vary nodes/web/instance=1..3
expect "a pointer that leads nowhere is refused" exits 2
run sweep s.json --vary nodes/web/instances=0,1
expect "a variant that is no scenario is refused" exits 2
expect "its settings are shown" complains "nodes/web/instances=0"
run sweep s.json --vary nodes/web/instances=1,2 --metric system/bottleneck \
    --metric system/availability
expect "metrics of the whole system are columns" exits 0
expect "with values" test "$(grep -c 'n/a' output)" -eq 0
run sweep s.json --vary nodes/web/instances=1,2 --metric users/latency/p98
expect "a column that no variant has is refused" exits 2
expect "and the nearest is suggested" complains "did you mean"
run sweep s.json --vary nodes/web/instances=1,2 --metric system/availabilty
expect "those of the whole system are suggested too" complains "did you mean 'system/availability'"
run merge part.1 part.[2-8] --metric users/latency/p9
expect "a column that no journal has is refused" exits 2
run merge part.1 part.[2-8] --json - --csv -
expect "two forms of a merge cannot both be standard output" exits 2
run sweep s.json "${vary[@]}" --html - --csv - --journal none
expect "nor two of a sweep" exits 2
expect "which is seen before anything runs" test ! -e none
run sweep s.json --vary nodes/web/instances=1,2 --max-events 100 --json limited.json --journal cut
expect "a sweep of runs that reach a limit says so" exits 3
expect "in its JSON" grep -q '^  "status": "limit",' limited.json
expect "and in its table" says " each (limit)$"
run merge cut --quiet
expect "and a merge of its journal" exits 3
run sweep s.json --vary nodes/web/instances=1,2 --max-events 100 --shard 1/2 --journal half
expect "and a shard" exits 3
run sweep s.json "${vary[@]}" --shard 9/8 --journal x
expect "a shard that does not exist is refused" exits 2
run sweep s.json "${vary[@]}" --journal /dev/full
expect "a journal is a regular file" exits 2
run sweep s.json --vary nodes/web/instances=1,2 --json /dev/full --quiet
expect "a full disk is an error" exits 4

# The universal scalability law: the coefficients come back within 2 %, and the knee is printed.
cat >scales.json <<'END'
{"scenario": "scales", "duration": "20s", "nodes": {
  "users": {"kind": "closed_loop", "users": 64, "think_time": "0s", "calls": ["web"]},
  "web": {"kind": "service", "contention": 0.05, "coherency": 0.002, "service_time": "10ms"}}}
END
near() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a > 0.98 * b && a < 1.02 * b) }'; }
run sweep scales.json --vary nodes/web/servers=1..32 --usl users/throughput
expect "a fit succeeds" exits 0
expect "sigma comes back" near "$(sed -n 's/.*sigma \([0-9.]*\) .*/\1/p' output | tail -1)" 0.05
expect "kappa comes back" near "$(sed -n 's/.*kappa \([0-9.]*\) .*/\1/p' output | tail -1)" 0.002
knee=$(sed -n 's/.*kappa) = \([0-9.]*\),.*/\1/p' output)
expect "the knee is sqrt(0.95 / 0.002)" near "${knee}" 21.79
run sweep scales.json --vary nodes/web/servers=1..3 --usl users/throughput --json law.json -q
expect "the law is in the JSON" grep -q '"scalability": {.*"knee": ' law.json
run sweep scales.json --vary nodes/web/servers=1,2 --usl users/throughput
expect "two sizes are too few for a fit" exits 2
run sweep scales.json --vary nodes/web/service_time=1ms,2ms,3ms --usl users/throughput
expect "a fit needs a count" exits 2
run sweep scales.json --vary nodes/web/servers=1..3 --vary nodes/users/users=1,2 \
    --usl users/throughput
expect "a fit goes over one count" exits 2
run sweep scales.json --vary nodes/web/servers=1..3 --usl users/nothing
expect "a fit to a metric that is not there is refused" exits 2
expect "and names it" complains "error: --usl: no metric is called 'users/nothing'"

# The shard of a job array.
SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=8 \
    run sweep s.json "${vary[@]}" --shard auto --dry-run
expect "the shard of a Slurm array is found" complains "shard 3/8 from SLURM_ARRAY_TASK_ID"
sort part.3 >expected
rm -f part.*
SLURM_ARRAY_TASK_ID=3 ARCHSIM=${archsim} \
    bash "${clusters}/slurm-array.sh" s.json "${vary[@]}" >output
sort part.3 >shard
expect "the Slurm example runs its shard" same expected shard

# Kills at random moments, again and again until the sweep is through. RANDOM is seeded: the moments
# differ between machines, not the numbers.
RANDOM=1
kills=0
wanted=${ARCHSIM_KILLS:-20}
while [ "${kills}" -lt "${wanted}" ]; do
    rm -f journal killed.json
    for _ in $(seq 200); do
        timeout --foreground -s KILL "$(printf '0.%03d' $((5 + RANDOM % 60)))" \
            "${archsim}" sweep s.json "${vary[@]}" --jobs 2 --journal journal --resume \
            --json killed.json --quiet 2>errors
        status=$?
        [ "${status}" -eq 137 ] || break
        kills=$((kills + 1))
    done
    [ "${status}" -eq 137 ] && run sweep s.json "${vary[@]}" --journal journal --resume --quiet \
        --json killed.json
    expect "after ${kills} kills: the same bytes" same all.json killed.json
    [ "${failures}" -eq 0 ] || break
    # A machine that is through before the first kill would go on for ever.
    kills=$((kills + 1))
done

mpi=$(dirname "${archsim}")/archsim-mpi
if [ -x "${mpi}" ] && command -v mpirun >/dev/null; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 ASAN_OPTIONS=detect_leaks=0
    for ranks in 1 2 3 5; do
        mpirun --oversubscribe --mca btl self,vader -np "${ranks}" "${mpi}" sweep s.json \
            "${vary[@]}" --quiet --json ranks.json >output 2>errors
        expect "${ranks} ranks: the same bytes" same all.json ranks.json
    done
    mpirun --oversubscribe --mca btl self,vader -np 2 "${mpi}" sweep s.json --vary a=1 \
        >output 2>errors
    status=$?
    expect "a mistake ends all ranks" exits 2
else
    echo "no archsim-mpi or no mpirun here: ranks are not tested"
fi
if command -v parallel >/dev/null; then
    rm -f part.*
    SHARDS=3 ARCHSIM=${archsim} RESULT=parallel.json bash "${clusters}/gnu-parallel.sh" s.json \
        "${vary[@]}" >output 2>errors
    expect "GNU parallel: the same bytes" same all.json parallel.json
else
    echo "no GNU parallel here: its example is not tested"
fi

# compare
run compare s.json s.json --json same.json
expect "a design against itself holds" exits 0
expect "and differs in nothing" test "$(grep -c '"verdict": "no_difference"' same.json)" -gt 10
sed 's/"4ms"/"4.5ms"/' s.json >slow.json
run compare s.json slow.json --markdown -
expect "a slower server is a regression" exits 1
expect "which the table says" says "users/latency/mean.*regressed"
run compare slow.json s.json
expect "a faster one is none" exits 0
expect "and improves the mean" says "improved .*users/latency/mean"
run compare s.json slow.json --tolerance 90% --allow-undecided
expect "within the tolerance it holds" exits 0
sed 's/"users"/"clients"/; s#users/#clients/#' s.json >renamed.json
run compare s.json renamed.json --allow-undecided
expect "designs that share nothing that decides are not equal" exits 1
expect "which the table says" says "no data .*users/latency/mean"
run compare s.json
expect "one design cannot be compared" exits 2
run compare s.json slow.json --until users/latency/typo:1%
expect "an unknown metric is refused" exits 2
run compare s.json slow.json --json - --markdown -
expect "two forms of a comparison cannot both be standard output" exits 2
run compare s.json slow.json --max-replications 3
expect "a limit to nothing is refused" exits 2
run compare s.json slow.json --until users/latency/mean:0.01% --max-replications 3
expect "a comparison gives up at the limit" exits 3
expect "even below ten replications" says "not reached with 3 replications"
cat >gated.json <<'END'
{"extends": "s.json", "nodes": {"users": {"calls": ["gate"]},
  "gate": {"kind": "service", "service_time": "0s", "calls": ["web"]}},
 "expect": ["gate/utilisation <= 1%"]}
END
run compare gated.json s.json
expect "a node that is gone is a difference, not missing data" exits 0
expect "which the table lists" says "only in the reference: gate/utilisation, gate->"

# test
mkdir dir
cp s.json dir/good.json
sed 's/<= 1s/<= 1us/' s.json >dir/bad.json
run test dir --junit junit.xml --github
expect "a failed expectation fails the test" exits 1
expect "the annotation has its place" says "::error file=dir/bad.json,line=4,col="
expect "JUnit counts it" grep -q 'tests="2" failures="1"' junit.xml
command -v xmllint >/dev/null && expect "JUnit is well formed" xmllint --noout junit.xml
rm dir/bad.json
GITHUB_STEP_SUMMARY=summary.md run test dir --github
expect "what holds passes" exits 0
expect "the step summary is written" grep -q "dir/good.json" summary.md
run test dir --baseline base.json
expect "a missing baseline is an input error" exits 2
run test dir --baseline base.json --update
expect "a baseline is written" exits 0
run test dir --baseline base.json --all
expect "and holds" exits 0
expect "for each of its metrics" says "baseline users/latency/mean"
run test dir --baseline base.json --set nodes/web/service_time/mean=8ms
expect "a slower server breaks the baseline" exits 1
cp s.json dir/gone.json
run test dir --baseline base.json --update
rm dir/gone.json
run test dir --baseline base.json
expect "a scenario that is gone from the folder is missed" exits 1
expect "by its name" says "no-data .*gone.json"
run test dir/good.json --baseline base.json
expect "but not where single files were asked for" exits 0
mkdir plain
sed 's/^ "expect".*/ "seed": 1}/' s.json >plain/p.json
run test plain --baseline plain.base --update
expect "a baseline needs no expectations" exits 0
run test plain --baseline plain.base --all
expect "to be held to" says "passed .*p.json.*baseline users/latency/mean"
run test plain --junit -
expect "JUnit on standard output is alone there" test "$(head -c 5 output)" = "<?xml"
run test dir --max-events 100
expect "a run that reaches a limit is told from a broken scenario" exits 3
mkdir long
cp s.json long/a.json
sed -e 's/"2s"/"30000d"/' -e 's/"200\/s"/"20000\/s"/' s.json >long/b.json
ran="archsim test long, interrupted"
timeout --preserve-status -s INT 3 "${archsim}" test long --all --jobs 1 --junit cut.xml \
    >output 2>errors
status=$?
expect "an interrupted test ends as such" exits 130
expect "with what was tested before" says "passed .*long/a.json"
expect "and with what was not, in JUnit as well" grep -q 'errors="1"' cut.xml
expect "with the time it took" grep -q 'name="run" time="[0-9]*[.][0-9]*[1-9]' cut.xml
mkdir empty
run test empty
expect "no data is a failure" exits 1
echo '{"scenario": "x"}' >dir/broken.json
run test dir
expect "a broken scenario is an input error" exits 2

# capacity, optimize, tornado
run capacity s.json --slo "web/utilisation <= 50%" --vary nodes/web/instances=1..8
expect "fewest instances" says "needs at least nodes/web/instances = 2$"
run capacity s.json --slo "system/bottleneck <= 50%" --vary nodes/web/instances=1..8
expect "a goal for the whole system" says "needs at least nodes/web/instances = 2$"
run capacity s.json --slo "users/latency/p99 <= 100ms" --max-events 600 --json limited.json
expect "a capacity that a limit would make up is none" exits 3
expect "and says why" says "no answer: a run at .* reached a limit on events"
expect "to programs too" grep -q '"status": "limit"' limited.json
run capacity s.json --slo "web/utilization <= 50%"
expect "a misspelt goal is refused" exits 2
run optimize s.json --set "expect=[\"web/utilisation <= 50%\"]" \
    --choices nodes/web/instances=1..4 --minimise nodes/web/instances
expect "the cheapest design" says "web/instances=2"
run optimize s.json --choices nodes/web/instances=1..4
expect "without a cost there is no cheapest" exits 2
expect "and another cost may be named" complains "hint: --minimise names another cost"
run optimize s.json --choices nodes/web/instances=1..4 --minimise 2*web/utilization
expect "a misspelt cost is refused" exits 2
expect "and the nearest is suggested" complains "did you mean 'web/utilisation'"
run optimize s.json --choices nodes/web/instances=1..4 --minimise nodes/web/instances \
    --json - --html -
expect "two forms of a search cannot both be standard output" exits 2
run optimize s.json --choices nodes/web/instances=1,2 --minimise nodes/web/instances --html -
expect "a page on standard output is alone there" test "$(tail -n 1 output)" = "</html>"
run sweep s.json --tornado users/latency/mean
expect "a tornado" says "nodes/web/service_time/mean"
run sweep s.json --tornado users/latency/mean --csv tornado.csv
expect "a tornado refuses what it would not do" exits 2
expect "and names it" complains "error: --csv "
run sweep s.json --tornado users/latency/mean "${vary[@]}" --swing 5%
expect "a tornado over given values has no swing" exits 2
run sweep s.json "${vary[@]}" --swing 5%
expect "a sweep without a tornado has no swing" exits 2
run sweep s.json --tornado users/latency/mean --max-events 450
expect "a tornado that reaches a limit says so" exits 3
expect "and leaves out what was cut short" says "left out: .*the limit on events was reached"

# new, completion, man
run new load_balanced --output new.json
expect "a template is written" exits 0
run check new.json
expect "and is valid" exits 0
run new load_balanced --output new.json
expect "and not overwritten" exits 2
run completion bash
# shellcheck disable=SC1091,SC2016
completed=$(bash -c 'source ./output; COMP_WORDS=(archsim sweep --sh); COMP_CWORD=2; _archsim
    echo "${COMPREPLY[@]}"; COMP_WORDS=(archsim comp); COMP_CWORD=1; _archsim
    echo "${COMPREPLY[@]}"')
expect "bash completes options and commands" test "${completed}" = "--shard
compare completion"
# shellcheck disable=SC1091,SC2016
completed=$(bash -c 'source ./output; COMP_WORDS=(archsim run --color a); COMP_CWORD=3; _archsim
    echo "${COMPREPLY[@]}"; COMP_WORDS=(archsim new one); COMP_CWORD=2; _archsim
    echo "${COMPREPLY[@]}"')
expect "bash completes values and arguments" test "${completed}" = "auto always
one_queue"
# shellcheck disable=SC1091,SC2016
completed=$(bash -c 'source ./output
    offers() { COMP_WORDS=(archsim "$@"); COMP_CWORD=$#; _archsim; echo "${COMPREPLY[@]:-files}"; }
    offers new --output ""; offers history ""; offers history check ""; offers sweep --lang ""
    offers new --force one')
expect "bash leaves files to the shell where they belong" test "${completed}" = "files
check
files
en pt
one_queue"
run completion zsh
# zsh in here has no terminal, so stand-ins show what its completion is asked to offer.
# shellcheck disable=SC2016
zsh_says='compdef() { :; }; _describe() { print -l ${(P)2}; }; _arguments() { print -l -- "$@"; }
    source ./output; words=(archsim comp); CURRENT=2; _archsim
    words=(archsim graph x); CURRENT=3; _archsim; words=(archsim history x); CURRENT=3; _archsim'
zsh_offers() { zsh -f -c "${zsh_says}" | grep -e "$1" >/dev/null; }
if command -v zsh >/dev/null; then
    expect "zsh offers commands" zsh_offers '^completion:Print'
    expect "zsh offers options and their values" zsh_offers '^--format.*(mermaid dot svg)$'
    expect "zsh offers what an argument may be" zsh_offers '^1:argument:(check)$'
    expect "zsh offers files after it" zsh_offers '^[*]:file:_files$'
fi
run completion fish
fish_offers() { fish -c "source output; complete -C '$1'" | cut -f 1 | grep -x -e "$2" >/dev/null; }
if command -v fish >/dev/null; then
    expect "fish offers commands" fish_offers 'archsim comp' completion
    expect "fish offers options" fish_offers 'archsim run --hg' --hgrm
    expect "fish offers values" fish_offers 'archsim run --lang ' pt
    expect "fish offers arguments" fish_offers 'archsim new one' one_queue
    expect "fish offers files after them" fish_offers 'archsim history check s.j' s.json
    expect "fish offers files for an option" fish_offers 'archsim new --output s.j' s.json
fi
run completion tcsh
expect "another shell is refused" exits 2
run man
command -v man >/dev/null && expect "the manual page has no warnings" \
    test -z "$(man --warnings -l output 2>&1 >/dev/null)"
expect "the manual has every command" test "$(grep -c '^.SH ARCHSIM' output)" -ge 12

# explain
for metric in system/bottleneck system/metastable users/latency/p99 cost/per_month; do
    run explain "${metric}"
    expect "explain knows ${metric}" exits 0
done

finish
