#!/usr/bin/env bash
# A sweep as a Slurm job array of 8 tasks. Submit it in the folder of the scenario:
#   sbatch slurm-array.sh my.json --vary nodes/web/instances=1..64
# then, when all tasks are done:
#   archsim merge part.* --shards 8 --json result.json
# A task that was killed is submitted again alone (sbatch --array=2,7 ...) and goes on where it was.
# MaxArraySize is 1001 unless the cluster says otherwise: let a task run many units.
#SBATCH --array=1-8
#SBATCH --cpus-per-task=1
#SBATCH --output=archsim-%a.log
set -euo pipefail

# The number of shards must not change when only some tasks are submitted again.
exec "${ARCHSIM:-archsim}" sweep "$@" --quiet --jobs "${SLURM_CPUS_PER_TASK:-1}" \
    --shard "${SLURM_ARRAY_TASK_ID}/8" --journal "part.${SLURM_ARRAY_TASK_ID}" --resume
