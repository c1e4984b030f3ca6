# SPDX-License-Identifier: Apache-2.0
# The node: WildFly from Maven Central, configured by config/wildfly/*.cli, started, watched and stopped.

server_settings() {
  WILDFLY_VERSION=$(version_of wildfly)
  WILDFLY="$DATA/server/wildfly-$WILDFLY_VERSION"
  PID_FILE="$NODE_DIR/node.pid"
  CONSOLE="$NODE_DIR/log/console.log"
}

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

# configure_node: once, and again only when a script of config/wildfly changes.
configure_node() {
  local digest script
  digest=$(configuration_digest)
  [ "$(cat "$NODE_DIR/configuration.digest" 2>/dev/null)" != "$digest" ] || return 0
  step "Configuring the node" "the server could not be configured" \
    apply_scripts
  printf '%s\n' "$digest" >"$NODE_DIR/configuration.digest"
}

apply_scripts() {
  local script="$NODE_DIR/configure.cli"
  rm -rf "$NODE_DIR/configuration"
  cp -r "$WILDFLY/standalone/configuration" "$NODE_DIR/configuration"
  rm -f "$NODE_DIR"/configuration/standalone*.xml
  cp "$WILDFLY/standalone/configuration/standalone-full.xml" "$NODE_DIR/configuration/dozo.xml"
  {
    echo "embed-server --std-out=discard --server-config=dozo.xml"
    echo batch
    cat "$HOME_DIR"/config/wildfly/*.cli | grep -v -e '^#' -e '^[[:space:]]*$'
    echo run-batch
    echo stop-embedded-server
  } >"$script"
  # The archive need not be there yet to be named in the configuration, but the embedded server checks.
  [ -e "$NODE_DIR/dozo.ear" ] || cp "$EAR" "$NODE_DIR/dozo.ear"
  JBOSS_HOME="$WILDFLY" JAVA_OPTS="-Djboss.server.base.dir=$NODE_DIR --sun-misc-unsafe-memory-access=allow" \
    "$WILDFLY/bin/jboss-cli.sh" --file="$script"
  rm -f "$script"
}

# Limits that PostgreSQL itself keeps, as connection options in milliseconds.
database_options() {
  printf -- '-c statement_timeout=%s000 -c lock_timeout=%s000' "$(seconds database.statement-timeout 30)" "$(seconds database.lock-timeout 10)"
}

node_running() { alive "$PID_FILE" "-Djboss.server.base.dir=$NODE_DIR "; }

# WildFly's own start script, as one command: no child to lose when it is killed.
launch_node() {
  local heap=${SERVER_HEAP// /}
  heap=${heap/GiB/g} heap=${heap/MiB/m}
  local exports=() name
  for name in java.naming/com.sun.jndi.ldap java.naming/com.sun.jndi.url.ldap java.naming/com.sun.jndi.url.ldaps \
    jdk.naming.dns/com.sun.jndi.dns; do exports+=("--add-exports=$name=ALL-UNNAMED"); done
  for name in java.base/java.lang java.base/java.lang.invoke java.base/java.lang.reflect java.base/java.io java.base/java.net \
    java.base/java.security java.base/java.util java.base/java.util.concurrent java.management/javax.management \
    java.naming/javax.naming; do exports+=("--add-opens=$name=ALL-UNNAMED"); done
  mkdir -p "$NODE_DIR/log" "$NODE_DIR/tmp"
  touch "$NODE_DIR/log/server.log"
  LOG_START=$(stat -c %s "$NODE_DIR/log/server.log")
  joined_settings "$NODE_DIR/dozo.properties"
  cp "$EAR" "$NODE_DIR/dozo.ear.new"
  mv "$NODE_DIR/dozo.ear.new" "$NODE_DIR/dozo.ear"
  export_database_login
  # shellcheck disable=SC2086
  # Names of files to be imported are UTF-8, whatever the operator's own locale.
  (cd "$NODE_DIR" && export LC_ALL=C.UTF-8 && exec setsid "$JAVA_HOME/bin/java" -D"[dozo $NODE]" -server "-Xms$heap" "-Xmx$heap" \
    -XX:+ExitOnOutOfMemoryError -XX:MetaspaceSize=96m -Djava.net.preferIPv4Stack=true -Djava.awt.headless=true \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "${exports[@]}" $SERVER_JAVA_OPTIONS \
    -Djboss.modules.system.pkgs=org.jboss.byteman -Dorg.jboss.boot.log.file="$NODE_DIR/log/server.log" \
    -Dlogging.configuration="file:$NODE_DIR/configuration/logging.properties" \
    -Dorg.wildfly.sigterm.suspend.timeout=40 -Djboss.node.name="$NODE" -Ddozo.data="$DATA" -Ddozo.properties="$NODE_DIR/dozo.properties" \
    -Ddozo.http.port="$HTTP_PORT" -Ddozo.management.port="$MANAGEMENT_PORT" -Ddozo.database.url="$DATABASE_URL" \
    -Ddozo.database.pool="$DATABASE_POOL" -Ddozo.database.connect-timeout="$(seconds database.connect-timeout 5)" \
    -Ddozo.database.socket-timeout="$(seconds database.socket-timeout 20)" -Ddozo.database.options="$(database_options)" \
    -jar "$WILDFLY/jboss-modules.jar" -mp "$WILDFLY/modules" org.jboss.as.standalone \
    -Djboss.home.dir="$WILDFLY" -Djboss.server.base.dir="$NODE_DIR" -b "$HTTP_BIND" -c dozo.xml \
    >"$CONSOLE" 2>&1 </dev/null 9>&-) &
  printf '%s\n' "$!" >"$PID_FILE"
}

# The last words of a node that did not start, without the stack traces.
why_not_started() {
  { cat "$CONSOLE"; tail -c "+$((LOG_START + 1))" "$NODE_DIR/log/server.log"; } 2>/dev/null |
    grep -E 'dozo\.properties|DOZO-|FATAL|OutOfMemory|ERROR|Caused by' | grep -vE '^\s+at ' | cut -c1-300 | awk '!seen[$0]++' | tail -n 12 >&2 || true
}

# Gives up early when the server has started without Dozo in it: then nothing is to be waited for.
await_ready() {
  local deadline=$((SECONDS + 180))
  until curl -sf -m 2 -o /dev/null "$BASE_URL/health/ready"; do
    # By its number alone: a process that is about to become the server does not look like one yet.
    kill -0 "$(cat "$PID_FILE")" 2>/dev/null && ((SECONDS < deadline)) && ! tail -c "+$((LOG_START + 1))" "$NODE_DIR/log/server.log" | grep -q WFLYSRV0026 || return 1
    sleep 0.25
  done
}

start_node() {
  local port
  if node_running; then
    LOG_START=$(stat -c %s "$NODE_DIR/log/server.log")
    try_step "Waiting for $NODE" await_ready
    ((STEP_RC == 0)) || not_ready
    return 0
  fi
  for port in "$HTTP_PORT" "$DICOM_PORT" "$MANAGEMENT_PORT"; do
    port_taken "$port" && fail "port $port is taken by another program: stop it, or set another port in $DATA/dozo.properties"
  done
  [ -d "$WILDFLY" ] || step "Fetching WildFly $WILDFLY_VERSION" "WildFly could not be fetched" \
    fetch_wildfly
  mkdir -p "$NODE_DIR"
  configure_node
  launch_node
  try_step "Starting $NODE" await_ready
  if ((STEP_RC != 0)); then
    why_not_started
    not_ready
  fi
}

not_ready() {
  if node_running; then
    warn "$NODE runs but is not ready: $(curl -s -m 2 "$BASE_URL/health/ready" || true)"
    fail "see $NODE_DIR/log/server.log and docs/operations/not-ready.md"
  fi
  fail "$NODE did not start: see $NODE_DIR/log/server.log"
}

# SIGTERM suspends first: the listener drains, then everything stops.
stop_node() {
  node_running || { rm -f "$PID_FILE"; return 0; }
  local pid
  pid=$(cat "$PID_FILE")
  kill -TERM "$pid"
  step "Stopping $NODE" "$NODE (process $pid) did not end within 90 s: see $NODE_DIR/log/server.log, or ./dozo node kill 1" \
    await_end "$pid" 90
  rm -f "$PID_FILE"
}

await_end() {
  local deadline=$((SECONDS + $2))
  while kill -0 "$1" 2>/dev/null; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

kill_node() {
  node_running || fail "$NODE does not run"
  kill -KILL "$(cat "$PID_FILE")"
  await_end "$(cat "$PID_FILE")" 10 || fail "$NODE did not die"
  rm -f "$PID_FILE"
}
