#!/usr/bin/env bash
# summarize.sh before|after ENVIRONMENT: writes what is live to the job's summary; afterwards also the duration, and the
# command for a rollback.
set -euo pipefail
since=${RUNNER_TEMP:-/tmp}/kairos-$2-since
[ "$1" = after ] || date +%s > "$since"
{
  echo "**$2, $1:**"
  echo
  echo '```'
  # An environment without a release has no status, which must not stop its first release.
  node bin/kairos.js status "$2" || [ "$1" = before ]
  echo '```'
  if [ "$1" = after ]; then
    [ ! -e "$since" ] || echo "It took $(($(date +%s) - $(cat "$since"))) s."
    echo "To go back: \`npx kairos rollback $2\`"
  fi
} | tee -a "$GITHUB_STEP_SUMMARY"
