#!/usr/bin/env bash
# unlock.sh ENVIRONMENT [LOCK]: says who holds the state, also on the page of the job; with the lock's id, takes it away.
set -euo pipefail
summary=${GITHUB_STEP_SUMMARY:-/dev/null}
if [ -n "${2:-}" ]; then
  node bin/kairos.js unlock "$1" "$2" 2>&1 | tee -a "$summary"
else
  node bin/kairos.js unlock "$1" 2>&1 | tee -a "$summary"
fi
