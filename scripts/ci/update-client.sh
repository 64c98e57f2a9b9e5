#!/usr/bin/env bash
# update-client.sh ENVIRONMENT REPOSITORY ALWAYS: notifies the clients' repository of a changed API; with "true" always.
set -euo pipefail
if [ "${3:-}" = true ]; then
  exec node bin/kairos.js pipeline update-client "$1" --repository "$2" --always
fi
exec node bin/kairos.js pipeline update-client "$1" --repository "$2"
