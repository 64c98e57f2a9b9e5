#!/usr/bin/env bash
# unlock.sh ENVIRONMENT [LOCK [LOOKED]]: says who holds the lock, also in the job's summary; with the lock's id, removes it.
# This job waits in the queue of the environment while another job of this repository runs. So if a runner still holds a
# lock, it is dead. For any other run, LOOKED must be "true" to confirm that.
set -euo pipefail
say() {
  tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
}
if [ -z "${2:-}" ]; then
  node bin/kairos.js unlock "$1" 2>&1 | say
  exit
fi
# Exit code 1 means that the state is locked.
who=$(node bin/kairos.js unlock "$1" --json | jq -r '.lock.who // empty' || true)
dead=()
case $who in runner@*) dead=(--yes) ;; esac
[ "${3:-}" != true ] || dead=(--yes)
node bin/kairos.js unlock "$1" "$2" "${dead[@]}" 2>&1 | say
