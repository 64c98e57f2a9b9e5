#!/usr/bin/env bash
# image-digest.sh [DIGEST]: the digest to release, as the step's output; without one the backend's source is built.
set -euo pipefail
digest=${1:-}
if [ -z "$digest" ]; then
  # Bash would keep the signal of a cancelled job to itself, and the build would die with its lock.
  trap 'kill -INT "$build"' INT TERM
  node bin/kairos.js image push --json > image.json &
  build=$!
  wait "$build"
  digest=$(jq -r .digest image.json)
fi
echo "digest=$digest" >> "$GITHUB_OUTPUT"
echo "The image is \`$digest\`; nothing is live yet." >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
