# SPDX-License-Identifier: Apache-2.0
# The pair of a local cluster: a primary and its synchronous standby, in DIR/database and DIR/database-standby. Which is which, and
# whether the standby has all that was ever committed, is remembered in DIR/database.pair.

DATABASE_USAGE="usage: ./dozo database status | stop|kill|start primary|standby | promote | rebuild"

# read_pair: PRIMARY and STANDBY (names of directories), and PAIRED: whether every commit waits for the standby.
read_pair() {
  PRIMARY=database PAIRED=no
  [ ! -e "$DATA/database.pair" ] || read -r PRIMARY PAIRED <"$DATA/database.pair"
  case $PRIMARY in
    database) STANDBY=database-standby ;;
    database-standby) STANDBY=database ;;
    *) fail "$DATA/database.pair names '$PRIMARY': it must be 'database' or 'database-standby', then yes or no" ;;
  esac
}

write_pair() { # write_pair PRIMARY yes|no
  printf '%s %s\n' "$1" "$2" >"$DATA/database.pair.new"
  mv "$DATA/database.pair.new" "$DATA/database.pair"
  read_pair
}

# Only the primary of a pair waits for its standby: a standby that is promoted must not wait for anybody.
pair_configuration() { # pair_configuration DIRECTORY
  cat "$HOME_DIR/config/postgresql/pair.conf"
  [ "$1" != "$PRIMARY" ] || [ "$PAIRED" = no ] || echo "synchronous_standby_names = 'dozo_standby'"
}

sql() { # sql DIRECTORY STATEMENT: as the database's own administrator
  PGPASSWORD=$(database_secret) PGCONNECT_TIMEOUT=3 "$POSTGRES/bin/psql" -h 127.0.0.1 -p "$(member_port "$1")" -U postgres -d postgres -qAtX -v ON_ERROR_STOP=1 -c "$2"
}

# After a failover there is no standby until the operator has one rebuilt: what the old primary holds is his to look at.
start_standby() {
  if [ -e "$DATA/$STANDBY/was-primary" ]; then
    warn "the database runs without a standby since it was promoted: ./dozo database rebuild makes a new one"
    return 0
  fi
  [ -d "$DATA/$STANDBY" ] || step "Creating the standby" "the standby could not be created in $DATA/$STANDBY" \
    create_standby
  start_member "$STANDBY" "the standby"
  step "Waiting for the standby" "the standby does not follow the primary: see $DATA/$STANDBY/server.log; ./dozo database rebuild makes it anew" \
    await_standby
  [ "$PAIRED" = yes ] || begin_waiting
}

# The slot keeps what the standby has not read yet, so that it may be away for a while.
create_standby() {
  local new="$DATA/$STANDBY.new"
  rm -rf "$new"
  sql "$PRIMARY" "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'dozo_standby'"
  PGPASSWORD=$(database_secret) as_postgres "$POSTGRES/bin/pg_basebackup" -D "$new" -X stream -c fast -R -C -S dozo_standby \
    -d "host=127.0.0.1 port=$(member_port "$PRIMARY") user=postgres application_name=dozo_standby"
  rm -f "$new/server.log" "$new/was-primary"
  mv "$new" "$DATA/$STANDBY"
}

standby_state() { sql "$PRIMARY" "SELECT state FROM pg_stat_replication WHERE application_name = 'dozo_standby'"; }

await_standby() {
  local deadline=$((SECONDS + 60))
  until [ "$(standby_state)" = streaming ]; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

# From the moment that the primary waits, whatever it acknowledges is on the standby; what came before was streamed.
begin_waiting() {
  PAIRED=yes member_configuration "$PRIMARY" >"$DATA/$PRIMARY/dozo.conf"
  as_postgres "$POSTGRES/bin/pg_ctl" -D "$DATA/$PRIMARY" reload >/dev/null
  step "Making the standby synchronous" "the standby did not become synchronous: see $DATA/$PRIMARY/server.log" \
    await_synchronous
  write_pair "$PRIMARY" yes
}

await_synchronous() {
  local deadline=$((SECONDS + 30)) end
  end=$(sql "$PRIMARY" "SELECT pg_current_wal_flush_lsn()")
  until [ "$(sql "$PRIMARY" "SELECT 1 FROM pg_stat_replication WHERE application_name = 'dozo_standby' AND sync_state = 'sync' AND flush_lsn >= '$end'")" = 1 ]; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

command_database() {
  all_settings
  local verb=${1:-status} role=${2:-} member
  [ "$HAS_STANDBY" = yes ] || fail "there is no primary and standby here: they come with ./dozo up --nodes N, without database.url, and with Debian's postgresql server installed"
  find_java
  case $verb in
    status) database_status; return ;;
    promote) promote_standby; return ;;
    rebuild) rebuild_standby; return ;;
    stop | kill | start) ;;
    *) fail "$DATABASE_USAGE" ;;
  esac
  case $role in primary) member=$PRIMARY ;; standby) member=$STANDBY ;; *) fail "$DATABASE_USAGE" ;; esac
  case $verb in
    stop) stop_member "$member" "the $role" ;;
    start) start_member "$member" "the $role" ;;
    kill) kill_member "$member" ;;
  esac
}

kill_member() {
  member_running "$1" || fail "the database in $DATA/$1 does not run"
  local pid
  pid=$(head -n 1 "$DATA/$1/postmaster.pid")
  mapfile -t pid < <(echo "$pid"; pgrep -P "$pid")
  kill -KILL "${pid[@]}"
  await_ends 10 "${pid[@]}" || fail "the database in $DATA/$1 did not die"
}

database_status() {
  local role member
  for role in primary standby; do
    member=$STANDBY
    [ $role = standby ] || member=$PRIMARY
    printf '%-9s %s, port %s: %s\n' "$role" "$member" "$(member_port "$member")" "$(member_state "$member")"
  done
}

member_state() {
  local state
  if [ -e "$DATA/$1/was-primary" ]; then echo "was the primary, must not run; ./dozo database rebuild makes the new standby of it"; return; fi
  if ! member_running "$1"; then
    echo "stopped$([ "$1" = "$STANDBY" ] && [ "$PAIRED" = yes ] && echo ": nothing can be stored until it is back; ./dozo database start standby" || true)"
    return
  fi
  [ "$1" = "$PRIMARY" ] || { echo "runs"; return; }
  state=$(standby_state 2>/dev/null) || { echo "runs, does not answer; see $DATA/$1/server.log"; return; }
  case $PAIRED:$state in
    yes:streaming) echo "runs, every commit waits for the standby" ;;
    yes:*) echo "runs, but the standby does not follow: nothing can be stored until it is back" ;;
    *) echo "runs, alone" ;;
  esac
}

# The old primary is marked before the standby becomes one: there are never two, not even after a restart of the machine.
promote_standby() {
  [ "$PAIRED" = yes ] || fail "the standby does not have all that was committed: it must not become the primary"
  member_running "$STANDBY" || fail "the standby does not run: ./dozo database start standby"
  touch "$DATA/$PRIMARY/was-primary"
  stop_member "$PRIMARY" "the old primary"
  step "Promoting the standby" "the standby could not be promoted: see $DATA/$STANDBY/server.log" \
    as_postgres "$POSTGRES/bin/pg_ctl" -D "$DATA/$STANDBY" -w -t 60 promote
  write_pair "$STANDBY" no
  say "The primary is $DATA/$PRIMARY, port $(member_port "$PRIMARY"), and has no standby. Make one: ./dozo database rebuild"
}

# The old one is put aside until the new one follows.
rebuild_standby() {
  member_running "$PRIMARY" || fail "the primary does not run: ./dozo database start primary"
  stop_member "$STANDBY" "the standby"
  if [ "$PAIRED" = yes ]; then
    write_pair "$PRIMARY" no
    member_configuration "$PRIMARY" >"$DATA/$PRIMARY/dozo.conf"
    as_postgres "$POSTGRES/bin/pg_ctl" -D "$DATA/$PRIMARY" reload >/dev/null
  fi
  rm -rf "$DATA/$STANDBY.old"
  [ ! -d "$DATA/$STANDBY" ] || mv "$DATA/$STANDBY" "$DATA/$STANDBY.old"
  start_standby
  rm -rf "$DATA/$STANDBY.old"
}
