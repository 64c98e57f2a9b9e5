#!/usr/bin/env bash
# unlock.sh ENVIRONMENT [LOCK]: says who holds the state; with the lock's id, takes it away.
set -euo pipefail
if [ -n "${2:-}" ]; then
  # Whoever names the lock has looked: its runner is another machine, of which this one sees nothing.
  exec node bin/kairos.js unlock "$1" "$2" --yes
fi
exec node bin/kairos.js unlock "$1"
