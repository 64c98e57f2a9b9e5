#!/usr/bin/env bash
# unlock.sh ENVIRONMENT [LOCK [LOOKED]]: says who holds the state, also on the page of the job; with the lock's id, takes
# it away. While a job of this repository goes on, this one waits in the queue of the environment: a lock that a runner
# still holds is a dead one's. Of anybody else's run LOOKED, "true", has to say so.
set -euo pipefail
say() {
  tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
}
if [ -z "${2:-}" ]; then
  node bin/kairos.js unlock "$1" 2>&1 | say
  exit
fi
# Exit code 1 says that somebody holds it.
who=$(node bin/kairos.js unlock "$1" --json | jq -r '.lock.who // empty' || true)
dead=()
case $who in runner@*) dead=(--yes) ;; esac
[ "${3:-}" != true ] || dead=(--yes)
node bin/kairos.js unlock "$1" "$2" "${dead[@]}" 2>&1 | say
