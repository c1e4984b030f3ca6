# SPDX-License-Identifier: Apache-2.0
# Drills: a cluster of three of its own, real load, a loss, and the checker of the deployed tests. What came of each is kept.

DRILLS=(node-loss node-freeze nodes-loss total-loss recovery-kill starts out-of-memory
  database-loss database-freeze database-restart database-unreachable database-connections database-cold log-full standby-loss old-primary
  volume-loss partition split one-way packet-loss flapping balancer-loss load soak upgrade forwarding)

# These cut connections of the loopback interface.
CUTTING=" all database-unreachable database-cold partition split one-way packet-loss flapping soak "

command_drill() {
  local name=${1:-} rounds='' senders='' old='' failed=0 names
  printf -v names '%s | ' "${DRILLS[@]}"
  local usage="usage: ./dozo drill ${names}all [--rounds N] [--senders N] [--from REV | --ear FILE]"
  shift || true
  while (($#)); do
    case $1 in
      --rounds | --senders)
        [ "$1 $name" != "--rounds upgrade" ] || fail "$usage"
        [[ ${2:-} =~ ^[1-9][0-9]?$ ]] || fail "$1 wants a number from 1 to 99"
        printf -v "${1#--}" %s "$2"
        shift
        ;;
      --from | --ear)
        [[ $name =~ ^(upgrade|all)$ && -z $old && -n ${2:-} ]] || fail "$usage"
        old="$1 $2"
        shift
        ;;
      *) fail "$usage" ;;
    esac
    shift
  done
  [[ " all ${DRILLS[*]} " = *" $name "* ]] || fail "$usage"
  all_settings
  build
  need haproxy haproxy
  if [[ $CUTTING = *" $name "* ]]; then
    need nft nftables
    nft list tables >/dev/null 2>&1 || fail "the drill $name cuts connections of this machine's loopback with nft, and may not: run it as root"
  fi
  [[ ! $name =~ ^(upgrade|forwarding|all)$ ]] || need storescu dcmtk
  [[ ! $name =~ ^(log-full|all)$ ]] || [ "$(id -u)" = 0 ] || fail "the drill $name mounts a small disk, and may not: run it as root"
  case $name:$old in
    upgrade:--ear* | all:--ear*) old=$(realpath -m "${old#--ear }") ;;
    upgrade:* | all:*)
      # shellcheck disable=SC2086 # two words or none
      command_release $old
      old=$RELEASE
      ;;
  esac
  prepare_drills
  [ "$name" = all ] || DRILLS=("$name")
  for name in "${DRILLS[@]}"; do drill "$name" "$rounds" "$senders" "$old" || failed=1; done
  drill_table
  ((failed == 0)) || fail "not every promise was kept: see docs/operations/drills.md"
}

# The programs of the deployed tests, without a test runner.
prepare_drills() {
  DRILL_CLASSES="$HOME_DIR/jca-dicom/target/classes:$TOOLS_LIB/*:$DATA/ear/lib/*"
  mkdir -p "$DATA/drills" "$DATA/classes/drill" "$DATA/ear"
  (cd "$DATA/ear" && "$JAVA_HOME/bin/jar" xf "$EAR")
  "$JAVA_HOME/bin/javac" -nowarn -proc:none -implicit:class -d "$DATA/classes/drill" -cp "$DRILL_CLASSES" \
    -sourcepath "$HOME_DIR/ear/src/test/java:$HOME_DIR/ear/src/check/java" "$HOME_DIR/ear/src/test/java/org/dozo/acceptance/Drill.java"
}

# drill NAME ROUNDS SENDERS [RELEASE]: ROUNDS are minutes of load, soak and forwarding (there a destination hangs so long); '' as many as are
# promised.
drill() {
  local rounds=${2:-3} senders=${3:-4} what
  [ "$1" != starts ] || rounds=${2:-10}
  what="$rounds rounds, "
  case $1 in
    upgrade) what="" ;;
    load)
      senders=${3:-6}
      what="$rounds min, "
      ;;
    soak)
      rounds=${2:-30}
      what="$rounds min, "
      ;;
    forwarding)
      rounds=${2:-10}
      what="a destination hangs for $rounds min, "
      ;;
  esac
  say "$1: $what$senders senders, three nodes of its own …"
  (cd "$HOME_DIR/ear" && "$JAVA_HOME/bin/java" -Xmx512m -cp "$DATA/classes/drill:$DRILL_CLASSES" org.dozo.acceptance.Drill "$1" "$rounds" "$senders" "$DATA/drills" "$4")
}

# The newest twenty, oldest first.
drill_table() {
  local file
  printf '%-22s %-14s %6s %8s %9s %9s %9s %5s %4s %5s %s\n' at drill rounds stored 'p50 ms' 'p95 ms' promised lost dup torn passed
  find "$DATA/drills" -name '*.json' | sort | tail -n 20 | while read -r file; do
    printf '%-22s %-14s %6s %8s %9s %9s %9s %5s %4s %5s %s\n' "$(figure at "$file")" "$(figure name "$file")" "$(figure rounds "$file")" \
      "$(figure stored "$file")" "$(figure p50 "$file")" "$(figure p95 "$file")" "$(figure promised "$file")" "$(figure lost "$file")" \
      "$(figure duplicated "$file")" "$(figure torn "$file")" "$(figure passed "$file")"
  done
}

figure() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$2"; }
