#!/usr/bin/env bash
# image-digest.sh [DIGEST]: outputs the digest to release. Without DIGEST the backend's source is built.
set -euo pipefail
digest=${1:-}
if [ -z "$digest" ]; then
  # Bash would not pass on the signal of a cancelled job, and the build would be killed with its lock. A signal also ends
  # `wait`, before the build has ended.
  node bin/kairos.js image push --json > image.json &
  build=$!
  trap 'kill -INT "$build" 2>/dev/null || true' INT TERM
  code=0
  wait "$build" || code=$?
  while kill -0 "$build" 2>/dev/null; do
    code=0
    wait "$build" || code=$?
  done
  [ "$code" = 0 ] || exit "$code"
  digest=$(jq -r .digest image.json)
fi
echo "digest=$digest" >> "$GITHUB_OUTPUT"
echo "The image is \`$digest\`; nothing is live yet." >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
