#!/usr/bin/env bash
# A sweep as shards under GNU parallel, on this machine or, with --sshloginfile in PARALLEL, on
# many of them.
#   SHARDS=8 gnu-parallel.sh my.json --vary nodes/web/instances=1..64
# Journals are part.1 ... part.N; run it again after an interruption and only what is missing runs.
set -euo pipefail

shards=${SHARDS:-$(nproc)}
archsim=${ARCHSIM:-archsim}
seq "${shards}" | parallel --will-cite --retries 2 --halt soon,fail=1 --quote \
    "${archsim}" sweep "$@" --quiet --jobs 1 --shard "{}/${shards}" --journal "part.{}" --resume
seq -f 'part.%.0f' "${shards}" | xargs "${archsim}" merge --shards "${shards}" \
    --json "${RESULT:-result.json}" --quiet
