#!/usr/bin/env bash
# unlock.sh ENVIRONMENT [LOCK]: says who holds the state; with the lock's id, takes it away.
set -euo pipefail
if [ -n "${2:-}" ]; then
  exec node bin/kairos.js unlock "$1" "$2"
fi
exec node bin/kairos.js unlock "$1"
