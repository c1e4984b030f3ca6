# SPDX-License-Identifier: Apache-2.0
# The nodes: WildFly from Maven Central, configured by config/wildfly/*.cli, started, watched and stopped. A function that has a node
# takes its number, from 1.

server_settings() {
  WILDFLY_VERSION=$(version_of wildfly)
  WILDFLY="$DATA/server/wildfly-$WILDFLY_VERSION"
  declare -gA LOG_START=()
}

all_nodes() { seq 1 "$NODES"; }

pid_file() { printf '%s/node.pid' "$(node_dir "$1")"; }

server_log() { printf '%s/log/server.log' "$(node_dir "$1")"; }

fetch_wildfly() {
  local work="$DATA/server/new"
  rm -rf "$work"
  mkdir -p "$work"
  fetch_artifact "org.wildfly:wildfly-dist:$WILDFLY_VERSION:zip" "$work"
  (cd "$work" && "$JAVA_HOME/bin/jar" xf wildfly-dist-*.zip)
  chmod +x "$work/wildfly-$WILDFLY_VERSION"/bin/*.sh
  install_driver "$work/wildfly-$WILDFLY_VERSION"
  mv "$work/wildfly-$WILDFLY_VERSION" "$WILDFLY"
  rm -rf "$work"
}

install_driver() {
  mkdir -p "$1/modules/org/postgresql/main"
  cp "$HOME_DIR/config/wildfly/modules/org/postgresql/main/module.xml" "$1/modules/org/postgresql/main/"
  cp "$TOOLS_LIB"/postgresql-*.jar "$1/modules/org/postgresql/main/postgresql.jar"
}

configuration_digest() { cat "$HOME_DIR"/config/wildfly/*.cli "$HOME_DIR/pom.xml" | sha256sum | cut -d' ' -f1; }

# prepare_server: WildFly and the one configuration, which is made again only when a script of config/wildfly changes.
prepare_server() {
  local digest
  digest=$(configuration_digest)
  [ -d "$WILDFLY" ] || step "Fetching WildFly $WILDFLY_VERSION" "WildFly could not be fetched" \
    fetch_wildfly
  [ "$(cat "$DATA/server/configured/configuration.digest" 2>/dev/null)" = "$digest" ] ||
    step "Configuring the server" "the server could not be configured" \
      configure_server "$digest"
}

# configure_node: its own copy of the configuration, unless it keeps another.
configure_node() {
  local digest dir
  digest=$(configuration_digest)
  dir=$(node_dir "$1")
  [ "$(release_of "$1")" != kept ] && [ "$(cat "$dir/configuration.digest" 2>/dev/null)" != "$digest" ] || return 0
  rm -rf "$dir/configuration"
  cp -r "$DATA/server/configured/configuration" "$dir/configuration"
  printf '%s\n' "$digest" >"$dir/configuration.digest"
}

configure_server() { # configure_server DIGEST
  local work="$DATA/server/configuring"
  rm -rf "$work"
  mkdir -p "$work"
  cp -r "$WILDFLY/standalone/configuration" "$work/configuration"
  rm -f "$work"/configuration/standalone*.xml
  cp "$WILDFLY/standalone/configuration/standalone-full.xml" "$work/configuration/dozo.xml"
  {
    echo "embed-server --std-out=discard --server-config=dozo.xml"
    echo batch
    cat "$HOME_DIR"/config/wildfly/*.cli | grep -v -e '^#' -e '^[[:space:]]*$'
    echo run-batch
    echo stop-embedded-server
  } >"$work/configure.cli"
  # The archive need not be there yet to be named in the configuration, but the embedded server checks.
  cp "$EAR" "$work/dozo.ear"
  JBOSS_HOME="$WILDFLY" JAVA_OPTS="-Djboss.server.base.dir=$work --sun-misc-unsafe-memory-access=allow" \
    "$WILDFLY/bin/jboss-cli.sh" --file="$work/configure.cli"
  rm -rf "$work"/configuration/standalone_xml_history
  printf '%s\n' "$1" >"$work/configuration.digest"
  rm -rf "$DATA/server/configured"
  mv "$work" "$DATA/server/configured"
}

# Limits that PostgreSQL itself keeps, as connection options in milliseconds.
database_options() {
  printf -- '-c statement_timeout=%s000 -c lock_timeout=%s000' "$(seconds database.statement-timeout 30)" "$(seconds database.lock-timeout 10)"
}

node_running() { alive "$(pid_file "$1")" "-Djboss.server.base.dir=$(node_dir "$1") "; }

any_node_running() {
  local k
  for k in $(all_nodes); do ! node_running "$k" || return 0; done
  return 1
}

# WildFly's own start script, as one command: no child to lose when it is killed.
launch_node() {
  local heap=${SERVER_HEAP// /} dir node
  dir=$(node_dir "$1") node=$(node_name "$1")
  heap=${heap/GiB/g} heap=${heap/MiB/m}
  local exports=() name
  for name in java.naming/com.sun.jndi.ldap java.naming/com.sun.jndi.url.ldap java.naming/com.sun.jndi.url.ldaps \
    jdk.naming.dns/com.sun.jndi.dns; do exports+=("--add-exports=$name=ALL-UNNAMED"); done
  for name in java.base/java.lang java.base/java.lang.invoke java.base/java.lang.reflect java.base/java.io java.base/java.net \
    java.base/java.security java.base/java.util java.base/java.util.concurrent java.management/javax.management \
    java.naming/javax.naming; do exports+=("--add-opens=$name=ALL-UNNAMED"); done
  mkdir -p "$dir/log" "$dir/tmp"
  local WILDFLY=$WILDFLY
  case $(release_of "$1") in
    kept) WILDFLY=$(cat "$dir/wildfly") ;;
    given) joined_settings "$1" >"$dir/dozo.properties" ;;
    *)
      joined_settings "$1" >"$dir/dozo.properties"
      cp "$EAR" "$dir/dozo.ear.new"
      mv "$dir/dozo.ear.new" "$dir/dozo.ear"
      ;;
  esac
  export_database_login
  # shellcheck disable=SC2086
  # Names of files to be imported are UTF-8, whatever the operator's own locale.
  (cd "$dir" && export LC_ALL=C.UTF-8 && exec setsid "$JAVA_HOME/bin/java" -D"[dozo $node]" -server "-Xms$heap" "-Xmx$heap" \
    -XX:+ExitOnOutOfMemoryError -XX:MetaspaceSize=96m -Djava.net.preferIPv4Stack=true -Djava.awt.headless=true \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "${exports[@]}" $SERVER_JAVA_OPTIONS \
    -Djboss.modules.system.pkgs=org.jboss.byteman -Dorg.jboss.boot.log.file="$dir/log/server.log" \
    -Dlogging.configuration="file:$dir/configuration/logging.properties" \
    -Dorg.wildfly.sigterm.suspend.timeout=40 -Djboss.node.name="$node" -Ddozo.data="$DATA" -Ddozo.properties="$dir/dozo.properties" \
    -Ddozo.http.port="$(node_port "$HTTP_PORT" "$1")" -Ddozo.management.port="$(node_port "$MANAGEMENT_PORT" "$1")" \
    -Ddozo.database.url="$(database_url "$1")" \
    -Ddozo.database.pool="$DATABASE_POOL" -Ddozo.database.connect-timeout="$(seconds database.connect-timeout 5)" \
    -Ddozo.database.socket-timeout="$(seconds database.socket-timeout 20)" -Ddozo.database.options="$(database_options)" \
    -jar "$WILDFLY/jboss-modules.jar" -mp "$WILDFLY/modules" org.jboss.as.standalone \
    -Djboss.home.dir="$WILDFLY" -Djboss.server.base.dir="$dir" -b "$HTTP_BIND" -c dozo.xml \
    >"$dir/log/console.log" 2>&1 </dev/null 9>&-) &
  printf '%s\n' "$!" >"$(pid_file "$1")"
}

new_log() { tail -c "+$((LOG_START[$1] + 1))" "$(server_log "$1")"; }

# The last words of a node that did not start, without the stack traces.
why_not_started() {
  { cat "$(node_dir "$1")/log/console.log"; new_log "$1"; } 2>/dev/null |
    grep -E 'dozo\.properties|DOZO-|FATAL|OutOfMemory|ERROR|Caused by' | grep -vE '^\s+at ' | cut -c1-300 | awk '!seen[$0]++' | tail -n 12 >&2 || true
}

node_ready() { curl -sf -m 2 -o /dev/null "$(node_url "$1")/health/ready"; }

# await_ready NODE...: gives up early when a server has started without Dozo in it: then nothing is to be waited for.
await_ready() {
  local deadline=$((SECONDS + 180)) k
  for k in "$@"; do
    until node_ready "$k"; do
      # By its number alone: a process that is about to become the server does not look like one yet.
      kill -0 "$(cat "$(pid_file "$k")")" 2>/dev/null && ((SECONDS < deadline)) && ! new_log "$k" | grep -q WFLYSRV0026 || return 1
      sleep 0.25
    done
  done
}

# start_nodes NODE...: all at once, and returns when the last is ready.
start_nodes() {
  local k names="" verb="Waiting for"
  for k in "$@"; do
    names+="${names:+, }$(node_name "$k")"
    if ! node_running "$k"; then
      verb=Starting
      prepare_node "$k"
    fi
    mkdir -p "$(node_dir "$k")/log"
    touch "$(server_log "$k")"
    LOG_START[$k]=$(stat -c %s "$(server_log "$k")")
  done
  for k in "$@"; do node_running "$k" || launch_node "$k"; done
  try_step "$verb $names" await_ready "$@"
  ((STEP_RC == 0)) || for k in "$@"; do node_ready "$k" || not_ready "$k"; done
}

prepare_node() {
  local port
  for port in "$HTTP_PORT" "$DICOM_PORT" "$MANAGEMENT_PORT"; do
    port=$(node_port "$port" "$1")
    port_taken "$port" && fail "port $port of $(node_name "$1") is taken by another program: stop it, or set another port in $DATA/dozo.properties"
  done
  prepare_server
  mkdir -p "$(node_dir "$1")"
  configure_node "$1"
}

not_ready() {
  why_not_started "$1"
  if node_running "$1"; then
    warn "$(node_name "$1") runs but is not ready: $(curl -s -m 2 "$(node_url "$1")/health/ready" || true)"
    fail "see $(server_log "$1") and docs/operations/not-ready.md"
  fi
  fail "$(node_name "$1") did not start: see $(server_log "$1")"
}

# stop_nodes NODE...: SIGTERM suspends first: the listener drains, then everything stops.
stop_nodes() {
  local k names="" pids=()
  for k in "$@"; do
    if node_running "$k"; then
      names+="${names:+, }$(node_name "$k")"
      pids+=("$(cat "$(pid_file "$k")")")
    fi
  done
  if ((${#pids[@]} > 0)); then
    kill -TERM "${pids[@]}"
    step "Stopping $names" "$names did not end within 90 s: see the node's log (./dozo logs), or ./dozo node kill K" \
      await_ends 90 "${pids[@]}"
  fi
  for k in "$@"; do rm -f "$(pid_file "$k")"; done
}

await_ends() { # await_ends SECONDS PID...
  local deadline=$((SECONDS + $1)) pid
  shift
  for pid in "$@"; do
    while kill -0 "$pid" 2>/dev/null; do
      ((SECONDS < deadline)) || return 1
      sleep 0.1
    done
  done
}

kill_node() {
  node_running "$1" || fail "$(node_name "$1") does not run"
  local pid
  pid=$(cat "$(pid_file "$1")")
  kill -KILL "$pid"
  await_ends 10 "$pid" || fail "$(node_name "$1") did not die"
  rm -f "$(pid_file "$1")"
}
