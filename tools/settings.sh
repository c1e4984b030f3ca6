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

# read_settings: what this script itself needs.
read_settings() {
  NODE=$(setting node.name); NODE=${NODE:-node1}
  [[ $NODE =~ ^[A-Za-z0-9-]{1,16}$ ]] || fail "node.name=$NODE: use 1 to 16 letters, digits and hyphens"
  HTTP_PORT=$(setting http.port); HTTP_PORT=${HTTP_PORT:-8080}
  HTTP_BIND=$(setting http.bind); HTTP_BIND=${HTTP_BIND:-0.0.0.0}
  DICOM_PORT=$(setting dicom.port); DICOM_PORT=${DICOM_PORT:-11112}
  AE_TITLE=$(setting dicom.ae-title); AE_TITLE=${AE_TITLE:-DOZO}; AE_TITLE=${AE_TITLE%%,*}
  MANAGEMENT_PORT=$(setting management.port); MANAGEMENT_PORT=${MANAGEMENT_PORT:-9990}
  DATABASE_PORT=$(setting database.port); DATABASE_PORT=${DATABASE_PORT:-15432}
  DATABASE_POOL=$(setting database.pool-size); DATABASE_POOL=${DATABASE_POOL:-32}
  DATABASE_URL=$(setting database.url)
  SERVER_HEAP=$(setting server.heap); SERVER_HEAP=${SERVER_HEAP:-512 MiB}
  SERVER_JAVA_OPTIONS=$(setting server.java-options)
  NODE_DIR="$DATA/nodes/$NODE"
  BASE_URL="http://127.0.0.1:$HTTP_PORT"
}

# joined_settings FILE: the two files as one, later lines winning.
joined_settings() {
  {
    cat "$HOME_DIR/config/dozo.properties"
    printf '\n# from %s\n' "$DATA/dozo.properties"
    cat "$DATA/dozo.properties" 2>/dev/null || true
  } >"$1"
}
