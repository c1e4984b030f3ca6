# SPDX-License-Identifier: Apache-2.0
# Settings: config/dozo.properties, overridden by DIR/dozo.properties. The server reads the two joined as one file.

# setting KEY: the last value given, without spaces around it; empty if none.
setting() {
  local key=${1//./\\.}
  { cat "$HOME_DIR/config/dozo.properties" "$DATA/dozo.properties" 2>/dev/null || true; } |
    sed -n "s/^[[:space:]]*$key[[:space:]]*[=:][[:space:]]*//p" | sed 's/[[:space:]]*$//' | tail -n 1
}

# seconds KEY DEFAULT: a duration (s, min, h) as whole seconds.
seconds() {
  local value
  value=$(setting "$1")
  case ${value// /} in
    '') printf '%s' "$2" ;;
    *ms) printf '%s' $((${value%%[!0-9]*} / 1000)) ;;
    *s) printf '%s' "${value%%[!0-9]*}" ;;
    *min) printf '%s' $((${value%%[!0-9]*} * 60)) ;;
    *h) printf '%s' $((${value%%[!0-9]*} * 3600)) ;;
    *) fail "$1=$value is not a duration such as 30 s" ;;
  esac
}

# The nodes of this data directory, as "up --nodes N" last said. One node listens on the default ports itself; of several, each
# listens on its own, 100 apart, and the balancer on the defaults.
nodes_file() { printf '%s' "$DATA/nodes/count"; }

read_nodes() {
  NODES=$(cat "$(nodes_file)" 2>/dev/null || echo 1)
  [[ $NODES =~ ^[1-9]$ ]] || fail "$(nodes_file) holds '$NODES', not a number from 1 to 9: delete it, then ./dozo up --nodes N"
}

node_name() { if ((NODES > 1)); then printf 'node%s' "$1"; else printf '%s' "$ONE_NODE"; fi; }

node_dir() { printf '%s/nodes/%s' "$DATA" "$(node_name "$1")"; }

node_port() { if ((NODES > 1)); then printf '%s' $(($1 + 100 * $2)); else printf '%s' "$1"; fi; } # node_port DEFAULT NODE

# Where a node of several speaks with the database and the other nodes: an address each, so that a drill can cut one off.
node_address() { printf '127.0.1.%s' "$1"; } # node_address NODE

node_url() { printf 'http://127.0.0.1:%s' "$(node_port "$HTTP_PORT" "$1")"; }

# read_settings: what this script itself needs. Ports are those that callers use.
read_settings() {
  read_nodes
  ONE_NODE=$(setting node.name)
  ((NODES == 1)) || [ -z "$ONE_NODE" ] || fail "node.name=$ONE_NODE names one node, and here are $NODES: take it out of $DATA/dozo.properties"
  ONE_NODE=${ONE_NODE:-node1}
  [[ $ONE_NODE =~ ^[A-Za-z0-9-]{1,16}$ ]] || fail "node.name=$ONE_NODE: use 1 to 16 letters, digits and hyphens"
  HTTP_PORT=$(setting http.port); HTTP_PORT=${HTTP_PORT:-8080}
  HTTP_BIND=$(setting http.bind); HTTP_BIND=${HTTP_BIND:-0.0.0.0}
  DICOM_PORT=$(setting dicom.port); DICOM_PORT=${DICOM_PORT:-11112}
  DICOM_BIND=$(setting dicom.bind); DICOM_BIND=${DICOM_BIND:-0.0.0.0}
  AE_TITLE=$(setting dicom.ae-title); AE_TITLE=${AE_TITLE:-DOZO}; AE_TITLE=${AE_TITLE%%,*}
  MANAGEMENT_PORT=$(setting management.port); MANAGEMENT_PORT=${MANAGEMENT_PORT:-9990}
  CLUSTER_PORT=$(setting cluster.port); CLUSTER_PORT=${CLUSTER_PORT:-7800}
  DATABASE_PORT=$(setting database.port); DATABASE_PORT=${DATABASE_PORT:-15432}
  DATABASE_POOL=$(setting database.pool-size); DATABASE_POOL=${DATABASE_POOL:-32}
  DATABASE_URL=$(setting database.url)
  SERVER_HEAP=$(setting server.heap); SERVER_HEAP=${SERVER_HEAP:-512 MiB}
  SERVER_JAVA_OPTIONS=$(setting server.java-options)
  BASE_URL="http://127.0.0.1:$HTTP_PORT"
}

# joined_settings NODE: the two files as one, later lines winning; behind a balancer with what is this node's own.
joined_settings() {
  cat "$HOME_DIR/config/dozo.properties"
  printf '\n# from %s\n' "$DATA/dozo.properties"
  cat "$DATA/dozo.properties" 2>/dev/null || true
  ((NODES == 1)) || printf '\n%s\n' "# of $(node_name "$1") of $NODES, by ./dozo" "node.name=$(node_name "$1")" \
    "http.port=$(node_port "$HTTP_PORT" "$1")" "dicom.port=$(node_port "$DICOM_PORT" "$1")" \
    "management.port=$(node_port "$MANAGEMENT_PORT" "$1")" "dicom.proxy-protocol.from=$BALANCER_SOURCE" \
    "http.forwarded-from=$BALANCER_SOURCE" "cluster.bind=$(node_address "$1")" \
    "cluster.port=$(node_port "$CLUSTER_PORT" "$1")"
}
