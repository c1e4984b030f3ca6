# SPDX-License-Identifier: Apache-2.0
# The balancer of a local cluster: HAProxy on the default ports, its configuration filled in from config/haproxy/dozo.cfg.in.

# The nodes tell its connections from those of other programs of this machine by the address they come from.
BALANCER_SOURCE=127.0.0.2

balancer_settings() {
  BALANCER_DIR="$DATA/balancer"
  BALANCER_PID_FILE="$BALANCER_DIR/balancer.pid"
}

has_balancer() { ((NODES > 1)); }

balancer_running() { alive "$BALANCER_PID_FILE" "$BALANCER_DIR/dozo.cfg"; }

balancer_configuration() {
  local line k
  while IFS= read -r line; do
    line=${line//@DICOM_BIND@/$DICOM_BIND} line=${line//@DICOM_PORT@/$DICOM_PORT}
    line=${line//@HTTP_BIND@/$HTTP_BIND} line=${line//@HTTP_PORT@/$HTTP_PORT}
    line=${line//@FIGURES_PORT@/$MANAGEMENT_PORT} line=${line//@SOURCE@/$BALANCER_SOURCE}
    if [[ $line != *@K@* || $line = \#* ]]; then printf '%s\n' "$line"; continue; fi
    for ((k = 1; k <= NODES; k++)); do
      printf '%s\n' "$line" | sed "s/@K@/$k/g; s/@NODE_DICOM_PORT@/$(node_port "$DICOM_PORT" "$k")/; s/@NODE_HTTP_PORT@/$(node_port "$HTTP_PORT" "$k")/"
    done
  done <"$HOME_DIR/config/haproxy/dozo.cfg.in"
}

start_balancer() {
  has_balancer || return 0
  ! balancer_running || return 0
  need haproxy haproxy
  local port
  for port in "$DICOM_PORT" "$HTTP_PORT" "$MANAGEMENT_PORT"; do
    port_taken "$port" && fail "port $port is taken by another program: stop it, or set another port in $DATA/dozo.properties"
  done
  mkdir -p "$BALANCER_DIR"
  balancer_configuration >"$BALANCER_DIR/dozo.cfg"
  [ ! -e "$BALANCER_DIR/balancer.log" ] || mv "$BALANCER_DIR/balancer.log" "$BALANCER_DIR/balancer.log.1"
  (exec setsid haproxy -db -f "$BALANCER_DIR/dozo.cfg" >"$BALANCER_DIR/balancer.log" 2>&1 </dev/null 9>&-) &
  printf '%s\n' "$!" >"$BALANCER_PID_FILE"
  step "Starting the balancer" "the balancer did not start: see $BALANCER_DIR/balancer.log" \
    await_balancer
}

# Ready when it has found every node that runs.
await_balancer() {
  local deadline=$((SECONDS + 15))
  until curl -sf -m 2 -o /dev/null "$BASE_URL/health/ready"; do
    kill -0 "$(cat "$BALANCER_PID_FILE")" 2>/dev/null && ((SECONDS < deadline)) || { tail -n 20 "$BALANCER_DIR/balancer.log"; return 1; }
    sleep 0.1
  done
}

stop_balancer() {
  balancer_running || { rm -f "$BALANCER_PID_FILE"; return 0; }
  local pid
  pid=$(cat "$BALANCER_PID_FILE")
  kill -TERM "$pid"
  await_ends 10 "$pid" || fail "the balancer (process $pid) did not end: see $BALANCER_DIR/balancer.log"
  rm -f "$BALANCER_PID_FILE"
}

# balancer_state K: what the balancer thinks of a node for DICOM: UP, NOLB (no new associations), DOWN and so on.
balancer_state() {
  curl -sf -m 2 "http://127.0.0.1:$MANAGEMENT_PORT/;csv" | awk -F, -v node="node$1" '$1 == "dicom-nodes" && $2 == node {print $18}'
}
