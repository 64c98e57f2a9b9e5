#!/usr/bin/env bash
# summarize.sh before|after ENVIRONMENT: what is live, on the page of the job; afterwards how long it took, and what to
# type to go back.
set -euo pipefail
since=${RUNNER_TEMP:-/tmp}/kairos-$2-since
[ "$1" = after ] || date +%s > "$since"
{
  echo "**$2, $1:**"
  echo
  echo '```'
  # An environment that was never released has no status; that is no reason to stop its first release.
  node bin/kairos.js status "$2" || [ "$1" = before ]
  echo '```'
  if [ "$1" = after ]; then
    [ ! -e "$since" ] || echo "It took $(($(date +%s) - $(cat "$since"))) s."
    echo "To go back: \`npx kairos rollback $2\`"
  fi
} | tee -a "$GITHUB_STEP_SUMMARY"
