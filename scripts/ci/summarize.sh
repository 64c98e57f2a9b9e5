#!/usr/bin/env bash
# summarize.sh ENVIRONMENT: what is live now, and what to type to go back, on the page of the job.
set -euo pipefail
{
  echo '```'
  node bin/kairos.js status "$1"
  echo '```'
  echo "To go back: \`npx kairos rollback $1\`"
} | tee -a "$GITHUB_STEP_SUMMARY"
