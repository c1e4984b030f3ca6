# SPDX-License-Identifier: Apache-2.0
# One line a check, with the remedy where something is wrong. Exit 1 if anything is.

check() { # STATE SUBJECT TEXT
  printf '%-5s %-10s %s\n' "$1" "$2" "$3"
  [ "$1" != BAD ] || DOCTOR_BAD=1
}

command_doctor() {
  refuse_arguments "$@"
  all_settings
  need curl curl
  DOCTOR_BAD=0
  check_java
  check_disk
  check_clock
  check_port "$DICOM_PORT" dicom.port
  check_port "$HTTP_PORT" http.port
  check_port "$MANAGEMENT_PORT" management.port
  check_database
  if has_balancer; then
    check_standby
    check_balancer
  fi
  check_inside
  check ok certificates "none configured: TLS comes with a later release; keep DICOM on a trusted network"
  check ok codecs "none needed: this release stores objects as they arrive"
  return "$DOCTOR_BAD"
}

check_java() {
  local found
  if found=$( (find_java && printf '%s' "$JAVA_HOME") 2>/dev/null); then
    export JAVA_HOME=$found
    check ok java "release $(java_release "$found") in $found"
  else
    check BAD java "no JDK 25 found: install temurin-25-jdk or set JAVA_HOME"
  fi
}

check_disk() {
  local free
  free=$(df -Pk "$(existing_parent "$DATA")" | awk 'NR==2 {print int($4/1024/1024)}')
  if ((free >= 5)); then check ok disk "$free GiB free under $DATA"; else
    check BAD disk "only $free GiB free under $DATA: make room, or add a volume (storage.volumes)"
  fi
}

existing_parent() {
  local path=$1
  while [ ! -e "$path" ]; do path=$(dirname "$path"); done
  printf '%s' "$path"
}

check_clock() {
  local year
  year=$(date +%Y)
  if ((year < 2026)); then check BAD clock "the clock says $(date): set it and run an NTP client"; return; fi
  if command -v timedatectl >/dev/null && [ "$(timedatectl show -p NTPSynchronized --value 2>/dev/null)" = no ]; then
    check warn clock "$(date -u +%FT%TZ), not synchronised: run an NTP client (chrony)"
  else
    check ok clock "$(date -u +%FT%TZ)"
  fi
}

check_port() {
  if port_taken "$1"; then
    if any_node_running; then check ok port "$1 ($2) answers"; else check BAD port "$1 ($2) is taken by another program: stop it or change $2"; fi
  elif any_node_running; then
    check BAD port "$1 ($2) does not answer: see ./dozo logs"
  else
    check ok port "$1 ($2) is free"
  fi
}

check_database() {
  local port
  port=$(member_port "$PRIMARY")
  if [ "$DATABASE_EMBEDDED" = no ]; then
    check ok database "$DATABASE_URL (not Dozo's own; the node checks it)"
  elif database_running; then
    if port_taken "$port"; then check ok database "PostgreSQL $DATABASE_MAJOR, port $port"; else
      check BAD database "runs but does not answer on port $port: see $DATA/$PRIMARY/server.log"
    fi
  elif any_node_running; then
    check BAD database "not running although the node is: ./dozo up starts it"
  else
    check ok database "not running: ./dozo up starts it"
  fi
}

check_standby() {
  if [ "$HAS_STANDBY" = no ]; then
    check warn standby "none: the loss of the database stops everything until it is back (postgresql-15 and an empty data directory give a pair)"
  elif [ "$PAIRED" = no ]; then
    if database_running; then check BAD standby "none since the last one was promoted: ./dozo database rebuild"; else check ok standby "not running: ./dozo up starts it"; fi
  elif member_running "$STANDBY"; then
    check ok standby "$STANDBY, port $(member_port "$STANDBY"); every commit waits for it"
  elif database_running; then
    check BAD standby "not running, so nothing can be stored: ./dozo database start standby"
  else
    check ok standby "not running: ./dozo up starts it"
  fi
}

check_balancer() {
  if balancer_running; then check ok balancer "HAProxy, DICOM $DICOM_PORT, HTTP $HTTP_PORT"; elif any_node_running; then
    check BAD balancer "not running although a node is: ./dozo up starts it"
  else
    check ok balancer "not running: ./dozo up starts it"
  fi
}

# What only the node itself can tell: its volumes, the database's clock, its peers.
check_inside() {
  local answer
  if ! any_node_running; then
    check ok node "not running: ./dozo up starts it; volumes and peers are checked when it runs"
    return
  fi
  if answer=$(as_operator -s -m 60 -H 'Accept: text/plain' "$(operator_url)/api/doctor") && [ -n "$answer" ]; then
    printf '%s\n' "$answer"
    ! grep -q '^BAD' <<<"$answer" || DOCTOR_BAD=1
  else
    check BAD node "runs but does not answer at $BASE_URL: see ./dozo logs"
  fi
}
