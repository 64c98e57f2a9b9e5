#!/usr/bin/env bash
# update-client.sh ENVIRONMENT REPOSITORY ALWAYS: tells the clients' repository of the API, with "true" in any case.
set -euo pipefail
if [ "${3:-}" = true ]; then
  exec node bin/kairos.js pipeline update-client "$1" --repository "$2" --always
fi
exec node bin/kairos.js pipeline update-client "$1" --repository "$2"
