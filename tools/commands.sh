# SPDX-License-Identifier: Apache-2.0
# The commands, one function each.

all_settings() {
  read_settings
  database_settings
  server_settings
  balancer_settings
}

refuse_arguments() { (($# == 0)) || fail "unexpected '$1'; see ./dozo help"; }

command_up() {
  local detach=no nodes=''
  while (($#)); do
    case $1 in
      --detach) detach=yes ;;
      --nodes) nodes=${2:-}; [[ $nodes =~ ^[1-9]$ ]] || fail "--nodes needs a number from 1 to 9"; shift ;;
      *) refuse_arguments "$1" ;;
    esac
    shift
  done
  need curl curl
  lock_data
  [ -z "$nodes" ] || set_nodes "$nodes"
  all_settings
  build
  start_database
  export_database_login
  step "Migrating the schema" "the schema could not be migrated" \
    migrate_schema
  mapfile -t nodes < <(all_nodes)
  start_nodes "${nodes[@]}"
  start_balancer
  exec 9>&-
  addresses
  [ "$detach" = yes ] || follow_until_interrupted
}

# Until the end of the command, or "exec 9>&-".
lock_data() {
  mkdir -p "$DATA"
  exec 9>"$DATA/.lock"
  flock -n 9 || fail "another ./dozo is starting or upgrading $DATA; wait for it"
}

# set_nodes N: remembered for every later command on this data directory.
set_nodes() {
  all_settings
  [ "$NODES" != "$1" ] || return 0
  ! any_node_running || fail "$NODES of its nodes run here, not $1: ./dozo down, then ./dozo up --nodes $1"
  mkdir -p "$DATA/nodes"
  printf '%s\n' "$1" >"$(nodes_file)"
}

addresses() {
  local k
  say "Dozo is ready."
  say "  DICOM     127.0.0.1:$DICOM_PORT   AE title $AE_TITLE    storescu -aec $AE_TITLE 127.0.0.1 $DICOM_PORT FILE"
  say "  HTTP      $BASE_URL   /api/status  /health/ready  /metrics"
  if has_balancer; then
    for k in $(all_nodes); do
      say "  $(node_name "$k")     DICOM $(node_port "$DICOM_PORT" "$k"), HTTP $(node_port "$HTTP_PORT" "$k"), behind the balancer"
    done
  fi
  say "  data      $DATA"
  case $(setting evaluation.enabled) in
    true) say "Evaluation mode: any caller from this machine may store and use the API; others must be added (./dozo peer add)." ;;
    *) say "Evaluation mode is off: only configured peers may call." ;;
  esac
}

follow_until_interrupted() {
  trap 'trap - INT TERM; kill "$tail_pid" 2>/dev/null; echo; command_down; exit 0' INT TERM
  local logs=() k tail_pid
  for k in $(all_nodes); do logs+=("$(server_log "$k")"); done
  tail -n 0 -F "${logs[@]}" 2>/dev/null &
  tail_pid=$!
  while any_node_running; do sleep 1; done
  kill "$tail_pid" 2>/dev/null
  fail "no node runs any more; see ${logs[*]}"
}

# The balancer goes after the nodes: their last associations run through it.
command_down() {
  refuse_arguments "$@"
  all_settings
  local nodes
  mapfile -t nodes < <(all_nodes)
  stop_nodes "${nodes[@]}"
  stop_balancer
  find_java
  stop_database
  say "Stopped."
}

command_status() {
  all_settings
  need curl curl
  local accept=text/plain
  if [ "${1:-}" = --json ]; then accept=application/json; shift; fi
  refuse_arguments "$@"
  if has_balancer && [ "$accept" = text/plain ]; then cluster_status; fi
  as_operator -sf -m 10 -H "Accept: $accept" "$(operator_url)/api/status" && return 0
  if [ "$accept" = application/json ]; then
    printf '{"version":null,"ready":false,"nodes":[%s],"counts":{},"volumes":[],"jobs":{}}\n' "$(node_states | paste -sd,)"
  fi
  if any_node_running; then fail "no node is responsive: see ./dozo logs"; fi
  fail "no node runs: ./dozo up starts what is down here"
}

node_states() {
  local k state
  for k in $(all_nodes); do
    state=stopped
    ! node_running "$k" || state=unresponsive
    printf '{"name":"%s","state":"%s"}\n' "$(node_name "$k")" "$state"
  done
}

# What this machine sees; what the cluster says of itself follows.
cluster_status() {
  local k state seen release
  for k in $(all_nodes); do
    if ! node_running "$k"; then state="stopped; ./dozo node start $k"; elif node_ready "$k"; then state=ready; else state="runs, not ready; ./dozo logs $k"; fi
    seen=$(balancer_state "$k") || seen="no balancer"
    case $seen in UP*) seen="in rotation" ;; NOLB*) seen="no new associations" ;; DOWN*) seen="out of rotation" ;; esac
    case $(release_of "$k") in given) release=", runs an EAR given by hand" ;; kept) release=", put back to its release before" ;; *) release="" ;; esac
    printf '%-9s %s (%s) DICOM %s HTTP %s%s\n' "$(node_name "$k")" "$state" "$seen" "$(node_port "$DICOM_PORT" "$k")" "$(node_port "$HTTP_PORT" "$k")" "$release"
  done
  if balancer_running; then say "balancer  DICOM $DICOM_PORT HTTP $HTTP_PORT"; else say "balancer  stopped; ./dozo up"; fi
  if [ "$HAS_STANDBY" = yes ]; then
    database_status
  elif database_running; then
    say "database  runs, without a standby"
  else
    say "database  stopped; ./dozo up"
  fi
}

command_logs() {
  all_settings
  local node=${1:-$(node_name 1)}
  [[ $node != [1-9] ]] || node=$(node_name "$node")
  exec tail -n 50 -F "$DATA/nodes/$node/log/server.log"
}

command_node() {
  all_settings
  local verb=${1:-} k=${2:-} usage="usage: ./dozo node stop|kill|start|upgrade|rollback K (K from 1 to $NODES)"
  [[ $k =~ ^[1-9]$ && $k -le $NODES ]] || fail "$usage"
  case $verb in
    stop) stop_nodes "$k" ;;
    kill) kill_node "$k" ;;
    start)
      build
      database_running || fail "the database does not run: ./dozo up starts all that is down"
      start_nodes "$k"
      ;;
    upgrade) command_node_upgrade "${@:2}" ;;
    rollback) rollback_node "$k" ;;
    *) fail "$usage" ;;
  esac
}

command_migrate() {
  refuse_arguments "$@"
  mkdir -p "$DATA"
  all_settings
  build
  start_database
  export_database_login
  migrate_schema
}

# as_operator CURL ARGUMENTS...: shows the node that its data directory can be read here. Not as an argument: those are seen by all.
as_operator() {
  local secret
  secret=$(operator_secret) || return 1
  curl -H @<(printf 'Authorization: Bearer %s\n' "$secret") "$@"
}

# The first node that is ready: what an operator asks twice, he asks the same node, whatever the balancer does.
operator_url() {
  local k
  for k in $(all_nodes); do
    if has_balancer && node_ready "$k"; then node_url "$k"; return; fi
  done
  printf '%s' "$BASE_URL"
}

operator_secret() {
  local file="$DATA/secrets/operator"
  if [ ! -e "$file" ]; then
    mkdir -p "$DATA/secrets"
    chmod 700 "$DATA/secrets"
    (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$file")
  fi
  [ -r "$file" ] || fail "$file can't be read: run ./dozo as the user whose data directory it is"
  cat "$file"
}

# api METHOD PATH [CURL ARGUMENTS...]: the answer's text; fails with the server's own message.
api() {
  local method=$1 path=$2 body status url
  shift 2
  need curl curl
  url=$(operator_url)
  body=$(mktemp)
  status=$(as_operator -s -m 30 -X "$method" -o "$body" -w '%{http_code}' -H 'Accept: text/plain, application/json;q=0.5' "$@" "$url$path") || {
    rm -f "$body"
    fail "no answer at $url: is Dozo up? (./dozo status)"
  }
  if [[ $status != 2* ]]; then
    warn "$(cat "$body")"
    rm -f "$body"
    exit 1
  fi
  cat "$body"
  rm -f "$body"
}

json_text() {
  local text=$1
  [[ $text != *[$'\001'-$'\037']* ]] || fail "a text must not hold control characters"
  text=${text//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# AE titles may hold spaces and more: percent-encode what a path can't.
url_text() {
  local text=$1 out="" i c
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:i:1}
    case $c in [A-Za-z0-9._~-]) out+=$c ;; *) printf -v c '%%%02X' "'$c"; out+=$c ;; esac
  done
  printf '%s' "$out"
}

command_peer() {
  all_settings
  local verb=${1:-} aet=${2:-}
  case $verb in
    list) api GET /api/peers ;;
    add) (($# >= 4)) || fail "usage: ./dozo peer add AET HOST PORT [--allow store,find,…] [--note TEXT] [--proof commitment|query|acknowledgement] [--notify] [--character-set TERMS]"; peer_add "${@:2}" ;;
    remove)
      [ -n "$aet" ] || fail "usage: ./dozo peer remove AET"
      api DELETE "/api/peers/$(url_text "$aet")"
      say "Removed the peer $aet."
      ;;
    echo) [ -n "$aet" ] || fail "usage: ./dozo peer echo AET"; api POST "/api/peers/$(url_text "$aet")/echo" -H 'Content-Type: application/json' -d '{}' ;;
    *) fail "usage: ./dozo peer add AET HOST PORT | list | remove AET | echo AET" ;;
  esac
}

DESTINATION_ADD="destination add NAME /FOLDER|URL|s3://BUCKET[/PREFIX] [--secret FILE] [--note TEXT] [--endpoint URL] [--region REGION] [--path-style yes|no] [--encryption AES256|aws:kms]"

command_destination() {
  all_settings
  local verb=${1:-} name=${2:-} usage="usage: ./dozo $DESTINATION_ADD | list | remove NAME | test NAME"
  case $verb in
    list) (($# == 1)) || fail "$usage"; api GET /api/destinations ;;
    add) (($# >= 3)) || fail "usage: ./dozo $DESTINATION_ADD"; destination_add "${@:2}" ;;
    remove)
      (($# == 2)) || fail "$usage"
      api DELETE "/api/destinations/$(LC_ALL=C url_text "$name")"
      say "Removed the destination $name."
      ;;
    # As long as forward.response-timeout lets it take, and a little more, if that is the usual.
    test) (($# == 2)) || fail "$usage"; api POST "/api/destinations/$(LC_ALL=C url_text "$name")/probe" -m 90 -H 'Content-Type: application/json' -d '{}' ;;
    *) fail "$usage" ;;
  esac
}

# What kind it is of its address shows.
destination_add() {
  local name=$1 address=$2 kind="" fields=""
  shift 2
  case $address in
    /*) kind=folder ;;
    http://* | https://*) kind=stow ;;
    s3://*) kind=s3 ;;
    *) fail "'$address' is no address: give the absolute path of a folder, the URL of a DICOMweb service, or s3://BUCKET" ;;
  esac
  while (($#)); do
    case $1 in
      --secret) fields+=",\"secret\":$(json_text "${2:?--secret needs the name of a file in secrets/destinations}")"; shift ;;
      --note) fields+=",\"note\":$(json_text "${2?--note needs a text}")"; shift ;;
      --endpoint) fields+=",\"endpoint\":$(json_text "${2:?--endpoint needs the URL of an S3 service}")"; shift ;;
      --region) fields+=",\"region\":$(json_text "${2:?--region needs a name, such as eu-central-1}")"; shift ;;
      --path-style)
        case ${2:-} in
          yes) fields+=',"pathStyle":true' ;;
          no) fields+=',"pathStyle":false' ;;
          *) fail "--path-style needs yes or no" ;;
        esac
        shift
        ;;
      --encryption) fields+=",\"encryption\":$(json_text "${2:?--encryption needs AES256 or aws:kms}")"; shift ;;
      *) refuse_arguments "$1" ;;
    esac
    shift
  done
  api POST /api/destinations -H 'Content-Type: application/json' >/dev/null \
    -d "{\"name\":$(json_text "$name"),\"kind\":\"$kind\",\"address\":$(json_text "$address")$fields}"
  say "Added the destination $name at $address. Try it: ./dozo destination test $(printf '%q' "$name")"
}

command_rule() {
  all_settings
  local verb=${1:-} usage="usage: ./dozo rule list | test CONDITION [--study UID | --last N] | remove NAME"
  case $verb in
    list) api GET /api/rules ;;
    test) (($# == 2 || $# == 4)) || fail "$usage"; rule_test "${@:2}" ;;
    remove)
      (($# == 2)) || fail "$usage"
      api DELETE "/api/rules/$(LC_ALL=C url_text "$2")"
      say "Removed the rule $2."
      ;;
    *) fail "$usage" ;;
  esac
}

rule_test() {
  local asked='"last":1000'
  case ${2:-} in
    "") ;;
    --study) asked="\"study\":$(json_text "$3")" ;;
    --last) [[ $3 =~ ^[0-9]{1,5}$ ]] || fail "'$3' is not a number of studies"; asked="\"last\":$((10#$3))" ;;
    *) refuse_arguments "$2" ;;
  esac
  api POST /api/rules/test -H 'Content-Type: application/json' -d "{\"condition\":$(json_text "$1"),$asked}"
}

command_prefetch() {
  all_settings
  local verb=${1:-} usage="usage: ./dozo prefetch list | test RULE STUDY | run RULE STUDY | remove RULE"
  case $verb in
    list) api GET /api/prefetch ;;
    test | run)
      (($# == 3)) || fail "$usage"
      api POST "/api/prefetch/$verb" -H 'Content-Type: application/json' \
        -d "{\"rule\":$(json_text "$2"),\"study\":$(json_text "$3")}"
      ;;
    remove)
      (($# == 2)) || fail "$usage"
      api DELETE "/api/prefetch/$(LC_ALL=C url_text "$2")"
      say "Removed the prefetch rule $2."
      ;;
    *) fail "$usage" ;;
  esac
}

peer_add() {
  local aet=$1 host=$2 port=$3 allow=store,find,move,get,commit note="" proof=commitment notify=false characters="" list=""
  shift 3
  while (($#)); do
    case $1 in
      --allow) allow=${2:?--allow needs a list}; shift ;;
      --note) note=${2?--note needs a text}; shift ;;
      --proof) proof=${2:?--proof needs commitment, query or acknowledgement}; shift ;;
      --notify) notify=true ;;
      --character-set) characters=${2?--character-set needs a value of Specific Character Set, such as ISO_IR 100}; shift ;;
      *) refuse_arguments "$1" ;;
    esac
    shift
  done
  [[ $port =~ ^[0-9]{1,5}$ ]] || fail "port '$port' is not a number from 1 to 65535"
  local word
  for word in ${allow//,/ }; do list+="${list:+,}$(json_text "$word")"; done
  api POST /api/peers -H 'Content-Type: application/json' >/dev/null \
    -d "{\"aeTitle\":$(json_text "$aet"),\"host\":$(json_text "$host"),\"port\":$((10#$port)),\"tls\":false,\"allow\":[$list],\"note\":$(json_text "$note"),\"proof\":$(json_text "$proof"),\"notify\":$notify,\"characterSet\":$(json_text "$characters")}"
  say "Added the peer $aet at $host port $port; it may ${allow//,/, }. Try it: ./dozo peer echo $(printf '%q' "$aet")"
}

command_config() {
  all_settings
  local verb=${1:-} file=${2:-} answer
  [ -n "$file" ] || fail "usage: ./dozo config export FILE | import FILE [--yes]"
  case $verb in
    export)
      answer=$(api GET /api/config -H 'Accept: application/yaml')
      printf '%s\n' "$answer" >"$file"
      say "Written to $file"
      ;;
    import)
      [ -r "$file" ] || fail "$file can't be read"
      api POST '/api/config?apply=false' -H 'Content-Type: application/yaml' --data-binary "@$file"
      if [ "${3:-}" != --yes ] && [ -t 0 ]; then
        read -r -p "Apply? [y/N] " answer
        [[ $answer = [yY]* ]] || fail "nothing was changed"
      fi
      api POST '/api/config?apply=true' -H 'Content-Type: application/yaml' --data-binary "@$file" >/dev/null
      say "Applied."
      ;;
    *) fail "usage: ./dozo config export FILE | import FILE [--yes]" ;;
  esac
}

command_bench() {
  case ${1:-} in
    ingest | retrieve) bench_beside_peers "$@" ;;
    query) bench_query "${@:2}" ;;
    jobs) bench_jobs "${@:2}" ;;
    forward) bench_forward "${@:2}" ;;
    *) fail "usage: ./dozo bench forward | ingest | jobs | query | retrieve" ;;
  esac
}

# number_options BENCH NAME... -- ARGUMENT...: --NAME N sets the caller's variable NAME.
number_options() {
  local usage="usage: ./dozo bench $1" names=""
  while shift && [ "$1" != -- ]; do names+=" --$1 " usage+=" [--$1 N]"; done
  while shift && (($#)); do
    [[ $names = *" $1 "* ]] || fail "$usage"
    [[ ${2:-} =~ ^[1-9][0-9]{0,7}$ ]] || fail "$1 wants a number from 1 to 99999999"
    printf -v "${1#--}" %s "$2"
    shift
  done
}

# own_ports: a bench's own data directory has ports of its own.
own_ports() {
  mkdir -p "$DATA"
  [ -e "$DATA/dozo.properties" ] || printf '%s\n' 'database.port=25432' 'http.port=18080' 'dicom.port=21112' \
    'management.port=19990' >"$DATA/dozo.properties"
}

# own_node: starts one there, for programs that ask it or its database.
own_node() {
  own_ports
  (command_up --detach) >/dev/null || fail "no node for the bench in $DATA: see ./dozo logs --data $DATA"
  all_settings
  find_java
  export_database_login
}

bench_beside_peers() {
  all_settings
  build
  curl -sf -m 2 -o /dev/null "$BASE_URL/health/ready" || command_up --detach
  export DOZO_DICOM_PORT=$DICOM_PORT DOZO_AE_TITLE=$AE_TITLE DOZO_HTTP_PORT=$HTTP_PORT DOZO_BENCH_DIR=$DATA
  export DOZO_BENCH_PEER="$HOME_DIR/dozo --data $DATA peer"
  "$HOME_DIR/tools/bench-$1" "${@:2}"
}

# bench query [--studies N] [--rounds N]: by C-FIND and QIDO-RS of a node of its own, below the data directory; filled once and kept.
# Without --studies at 10,000, beside Orthanc with the same studies, and at 1,000,000.
bench_query() {
  local rounds=300 studies='' size
  number_options query studies rounds -- "$@"
  for size in ${studies:-10000 1000000}; do
    (bench_query_at "$size" "$rounds") || return
  done
}

bench_query_at() { # bench_query_at STUDIES ROUNDS; in a shell of its own, for its settings
  local door status=0
  DATA="$DATA/bench-query-$1"
  own_node
  {
    bench_java QueryLoad "$DATABASE_URL" "$1" &&
      for door in "find $AE_TITLE 127.0.0.1 $DICOM_PORT" "qido $BASE_URL/dicomweb"; do
        printf '\nDozo, %s studies, %s\n' "$1" "${door%% *}"
        # shellcheck disable=SC2086 # a door is several words
        bench_java QueryBench "$DATABASE_URL" "$2" $door || return
      done && { [ "$1" != 10000 ] || bench_query_orthanc "$2"; }
  } || status=$?
  (command_down) >/dev/null
  return $status
}

bench_query_orthanc() { # bench_query_orthanc ROUNDS
  command -v Orthanc storescu >/dev/null || {
    say "Orthanc or storescu is not here, so there is no comparison: apt-get install -y orthanc dcmtk"
    return 0
  }
  local work="$DATA/orthanc" port=24242 server status=0
  rm -rf "$work"
  mkdir -p "$work/db"
  bench_java QueryExport "$DATABASE_URL" "$work/studies"
  printf '{"StorageDirectory": "%s", "IndexDirectory": "%s", "DicomPort": %s, "HttpServerEnabled": false, "DicomAlwaysAllowFind": true}\n' \
    "$work/db" "$work/db" "$port" >"$work/orthanc.json"
  TCP_NODELAY=1 Orthanc "$work/orthanc.json" >"$work/log" 2>&1 &
  server=$!
  # shellcheck disable=SC2064 # the process of now
  trap "kill $server 2>/dev/null" EXIT
  for ((status = 0; status < 50; status++)); do port_taken "$port" && break || sleep 0.2; done
  status=0
  say "Storing $(find "$work/studies" -type f | wc -l) studies in Orthanc …"
  TCP_NODELAY=1 storescu -q -aec ORTHANC -xe +sd 127.0.0.1 "$port" "$work/studies" &&
    printf '\nOrthanc, 10000 studies, find\n' &&
    bench_java QueryBench "$DATABASE_URL" "$(($1 < 60 ? $1 : 60))" find ORTHANC 127.0.0.1 "$port" || status=$?
  kill "$server"
  wait "$server" || true
  trap - EXIT
  rm -rf "$work"
  return $status
}

# bench jobs [--queued N] [--lanes N] [--done N] [--batch N]: how long a lease takes among so many jobs, while so many are done.
bench_jobs() {
  local queued=1000000 lanes=100 done=500000 batch=20 was_running=no status=0
  number_options jobs queued lanes done batch -- "$@"
  ((done <= queued)) || fail "no more than the $queued that are queued can be done: --done $queued"
  DATA="$DATA/bench-jobs"
  own_ports
  all_settings
  [ -z "$(setting database.url)" ] || fail "a benchmark fills an embedded database: take database.url out of $DATA/dozo.properties"
  build
  database_running && was_running=yes
  start_database
  export_database_login
  step "Migrating the database" "the database could not be migrated" migrate_schema
  bench_java JobBench "$DATABASE_URL" "$queued" "$lanes" "$done" "$batch" || status=$?
  [ $was_running = yes ] || stop_database
  return $status
}

# bench forward [--queued N] [--objects N]: what a rule costs ingest, forwarding beside ingest, and STAT while N routine jobs wait; to
# DCMTK's storescp, by a node of its own below the data directory, which is kept.
bench_forward() {
  local queued=10000 objects=400 port=24113 received receiver status=0
  number_options forward queued objects -- "$@"
  need storescp dcmtk
  DATA="$DATA/bench-forward"
  received="$DATA/received"
  rm -rf "$received"
  mkdir -p "$received"
  own_node
  port_taken "$port" && fail "port $port is taken by another program: the bench receives there"
  TCP_NODELAY=1 storescp --fork +B +xa -pm -od "$received" "$port" >"$DATA/storescp.log" 2>&1 &
  receiver=$!
  (command_peer add BENCH 127.0.0.1 "$port") >/dev/null &&
    bench_java ForwardBench "$DATABASE_URL" "$BASE_URL" "$AE_TITLE" "$DICOM_PORT" "$received" "$queued" "$objects" || status=$?
  kill "$receiver"
  wait "$receiver" || true
  (command_down) >/dev/null
  rm -rf "$received"
  return $status
}

# bench_java CLASS ARGUMENTS...: one of the programs of tools/, with the archive's own classes.
bench_java() {
  local class=$1 classes
  shift
  classes="$HOME_DIR/ejb/target/classes:$HOME_DIR/jca-dicom/target/classes:$TOOLS_LIB/*:$DATA/ear/lib/*"
  mkdir -p "$DATA/classes" "$DATA/ear"
  (cd "$DATA/ear" && "$JAVA_HOME/bin/jar" xf "$EAR") || return
  "$JAVA_HOME/bin/javac" -nowarn -proc:none -d "$DATA/classes" -cp "$classes" \
    "$HOME_DIR"/tools/{Pool,QueryLoad,QueryBench,QueryExport,JobBench,ForwardBench}.java &&
    "$JAVA_HOME/bin/java" -Xmx512m -cp "$DATA/classes:$classes" "$class" "$@"
}

command_test() {
  find_java
  need mvn maven
  local package
  for package in curl:curl xz:xz-utils storescu:dcmtk strace:strace haproxy:haproxy pg_createcluster:postgresql; do need "${package%%:*}" "${package##*:}"; done
  (cd "$HOME_DIR" && mvn -B -ntp verify "$@")
}
