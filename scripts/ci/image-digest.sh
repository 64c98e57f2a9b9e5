#!/usr/bin/env bash
# image-digest.sh [DIGEST]: the digest to release, as the step's output; without one the backend's source is built.
set -euo pipefail
digest=${1:-}
if [ -z "$digest" ]; then
  # Bash would keep the signal of a cancelled job to itself, and the build would die with its lock. A signal also ends
  # `wait`, long before the build has come to its end.
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
