#!/bin/bash
# Runs schemathesis against a server of the demo's ledger: every operation of the OpenAPI document, positive and negative.
# Usage: check.sh BIN-FOLDER WORK-FOLDER [EXAMPLES]. Takes schemathesis from PyPI into WORK-FOLDER on the first run.
set -euo pipefail
BIN=$1 WORK=$2 EXAMPLES=${3:-40} PORT=${PORT:-8192}
mkdir -p "$WORK"
if [ ! -x "$WORK/venv/bin/schemathesis" ]; then
  python3 -m venv "$WORK/venv"
  "$WORK/venv/bin/pip" -q install schemathesis==4.32.5
fi
DATA=$(mktemp -d)/ledger
"$BIN/supplychain" demo --open --data "$DATA" >/dev/null
CORE=$("$BIN/supplychain" token make --data "$DATA" --as core --for core)
REGULATOR=$("$BIN/supplychain" token make --data "$DATA" --as core --for regulator --role regulator)
"$BIN/supplychain" serve --data "$DATA" --as core --port "$PORT" >"$WORK/server.log" 2>&1 &
SERVER=$!
trap 'kill $SERVER 2>/dev/null; wait $SERVER 2>/dev/null; rm -rf "$(dirname "$DATA")"' EXIT
for _ in $(seq 100); do curl -fs "http://127.0.0.1:$PORT/healthz" >/dev/null && break; sleep 0.1; done
cd "$WORK"
# What a member may do and see; then what only supervisors see.
"$WORK/venv/bin/schemathesis" run "http://127.0.0.1:$PORT/openapi.json" --header "Authorization: Bearer $CORE" \
  --seed 1 --max-examples "$EXAMPLES" --checks all --no-color
"$WORK/venv/bin/schemathesis" run "http://127.0.0.1:$PORT/openapi.json" --header "Authorization: Bearer $REGULATOR" \
  --seed 1 --max-examples "$EXAMPLES" --checks all --include-tag supervision --no-color
curl -fs "http://127.0.0.1:$PORT/readyz" >/dev/null
echo "schemathesis: the server does what its OpenAPI document says."
