#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plays the lab to a temporary directory and looks whether it holds: ansible/test-lab.sh [--nodes] [--keep]
#   --nodes  with three nodes of the built EAR, and an upgrade that passes and one that does not (some ten minutes more)
#   --keep   leave directory and processes for a look
# As root; needs ansible, haproxy, keepalived, postgresql-15, patroni, etcd-server, dcmtk. Ends only what it started.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

NODES=no KEEP=no
for argument in "$@"; do
  case $argument in
    --nodes) NODES=yes ;;
    --keep) KEEP=yes ;;
    *) echo "usage: ansible/test-lab.sh [--nodes] [--keep]" >&2; exit 2 ;;
  esac
done

# The bounds, in seconds: one playbook; a new primary after the old one's death (ttl 12, loop_wait 2, promotion; doubled for a busy machine).
PLAY_LIMIT=900 FAILOVER_LIMIT=30 REJOIN_LIMIT=180

WORK=$(mktemp -d /tmp/dozo-lab.XXXXXX)
LAB="$WORK/lab"
chmod 755 "$WORK"

say() { printf '%s\n' "$*"; }
fail() { printf 'FAIL %s\n' "$*" >&2; exit 1; }
passed() { printf 'pass  %s\n' "$*"; }

cleanup() {
  local script status=$?
  trap - EXIT
  if [ "$KEEP" = yes ]; then say "kept: $WORK (stop: for s in $LAB/*/etc/dozo/process/*; do \$s stop; done)"; exit $status; fi
  for node in "$LAB"/node*; do
    [ ! -x "$node/opt/dozo/current/dozo" ] || "$node/opt/dozo/current/dozo" down --data "$node/var/lib/dozo/data" >/dev/null 2>&1 || say "not stopped: $node"
  done
  for script in "$LAB"/lb*/etc/dozo/process/* "$LAB"/db*/etc/dozo/process/* "$LAB"/etcd*/etc/dozo/process/*; do
    [ ! -x "$script" ] || "$script" stop || say "not stopped: $script"
  done
  ! mountpoint -q "$WORK/volume" || umount "$WORK/volume" || say "not unmounted: $WORK/volume"
  [ ! -d "$WORK/volume" ] || chattr -i "$WORK/volume" 2>/dev/null || true
  # A postgres that outlived its Patroni.
  for script in "$LAB"/db*/var/lib/postgresql/15/dozo/postmaster.pid; do
    [ ! -e "$script" ] || kill -QUIT "$(head -n 1 "$script")" 2>/dev/null || true
  done
  if ((status == 0)); then rm -rf "$WORK"; else say "logs are kept in $WORK"; fi
  exit $status
}
trap cleanup EXIT

# 100 ports in a row of which none is taken now.
free_base() {
  local base
  for base in $(shuf -i 200-310); do
    base=$((base * 100))
    ss -Hltn | awk -v from=$base '{ sub(/.*:/, "", $4); if ($4 >= from && $4 < from + 100) taken = 1 } END { exit taken }' && { echo $base; return; }
  done
  return 1
}
BASE=$(free_base) || fail "no 100 free ports between 20000 and 31100"

play() { # play LOG PLAYBOOK ARGUMENTS...
  local log="$WORK/$1.log"
  shift
  timeout -k 10 "$PLAY_LIMIT" ansible-playbook -i inventories/lab "$@" -e "lab_prefix=$LAB" -e "lab_base=$BASE" >"$log" 2>&1
}

must_play() { play "$@" || { grep -A 3 '^fatal' "$WORK/$1.log" >&2 || tail -n 20 "$WORK/$1.log" >&2; fail "$1: see $WORK/$1.log"; }; }

must_refuse() { # must_refuse LOG WORDS ARGUMENTS...
  local log=$1 words=$2
  shift 2
  ! play "$log" "$@" || fail "$log was not refused"
  grep -q -- "$words" "$WORK/$log.log" || fail "$log was refused for another reason than '$words': $WORK/$log.log"
}

LIMIT=etcd,postgres,balancers
if [ "$NODES" = yes ]; then
  [ -f ../ear/target/dozo.ear ] || fail "--nodes wants a built EAR: mvn -B -Dmaven.test.skip=true package"
  LIMIT=$LIMIT,nodes
fi

test_syntax() {
  local playbook
  for playbook in site.yml upgrade.yml; do
    ansible-playbook -i inventories/lab --syntax-check "$playbook" >/dev/null
    ansible-playbook -i inventories/production --syntax-check "$playbook" >/dev/null
  done
  passed "both playbooks are valid with both inventories"
}

test_refusals() {
  ! ansible-playbook -i inventories/production site.yml >"$WORK/production.log" 2>&1 || fail "the example inventory was not refused"
  grep -q 'fill in .*ansible_host' "$WORK/production.log" || fail "the example inventory was refused for another reason: $WORK/production.log"
  must_refuse sample-secret 'postgres_dozo_password of db1 must be a secret' site.yml --limit postgres -e postgres_dozo_password=change-me-change-me
  must_refuse short-secret 'postgres_dozo_password of db1 must be a secret' site.yml --limit postgres -e postgres_dozo_password=short
  passed "placeholders, sample secrets and short secrets are refused"
}

test_twice() {
  local start=$SECONDS
  must_play first site.yml --limit "$LIMIT"
  say "      first run $((SECONDS - start)) s"
  start=$SECONDS
  must_play second site.yml --limit "$LIMIT"
  ! grep -E ' changed=[1-9]' "$WORK/second.log" || fail "the second run changed something: grep ^changed $WORK/second.log"
  grep -q ' changed=0 ' "$WORK/second.log" || fail "the second run says nothing of changes: $WORK/second.log"
  passed "a second run changes nothing ($((SECONDS - start)) s)"
}

test_balancer() {
  haproxy -c -q -f "$LAB/lb1/etc/haproxy/haproxy.cfg" || fail "haproxy does not take $LAB/lb1/etc/haproxy/haproxy.cfg"
  curl -sf -m 5 -o /dev/null "http://127.0.0.1:$((BASE + 34))/" || fail "the balancer does not answer"
  must_refuse broken-balancer 'failed to validate' site.yml --limit balancers -e balancer_dicom_port=none
  haproxy -c -q -f "$LAB/lb1/etc/haproxy/haproxy.cfg" || fail "a refused configuration was put in place"
  passed "the balancer's configuration is valid, and a broken one is not put in place"
}

# keepalived would take an address of this machine's network: its settings are written and checked, and it is not started.
test_keepalived() {
  local interface
  interface=$(ip -o route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
  if [ -z "$interface" ]; then say "skip  keepalived: this machine has no interface but loopback"; return; fi
  cat >"$WORK/pair.yml" <<YAML
balancers:
  hosts:
    lb2: {lab_number: 2, balancer_dicom_port: $((BASE + 91)), balancer_mllp_port: $((BASE + 92)), balancer_http_port: $((BASE + 93)), balancer_figures_port: $((BASE + 94))}
YAML
  must_play pair -i "$WORK/pair.yml" site.yml --limit balancers -e balancer_vip=198.51.100.10/24 -e "balancer_vip_interface=$interface" -e balancer_vip_password=k7RmQ2xz
  grep -q 'priority 150' "$LAB/lb1/etc/keepalived/keepalived.conf" && grep -q 'priority 140' "$LAB/lb2/etc/keepalived/keepalived.conf" ||
    fail "the two balancers do not have priorities 150 and 140"
  must_refuse vip-password 'exactly 8 characters' -i "$WORK/pair.yml" site.yml --limit balancers -e balancer_vip=198.51.100.10/24 \
    -e "balancer_vip_interface=$interface" -e balancer_vip_password=much-too-long
  if [ "$NODES" = no ]; then
    ! "$LAB/lb1/etc/keepalived/check-balancer" || fail "the check likes a balancer without a node"
  else
    "$LAB/lb1/etc/keepalived/check-balancer" || fail "the check does not like a balancer with nodes"
  fi
  passed "keepalived takes the settings of two balancers, and its check tells whether there are nodes"
}

volume_play() { # volume_play TYPE
  timeout -k 10 120 ansible -i localhost, -c local localhost --playbook-dir . -m include_role -a name=volumes -e "volumes_fstab=$WORK/fstab" \
    -e volumes_user=root -e volumes_group=root -e "{\"volumes\":[{\"name\":\"disk\",\"path\":\"$WORK/volume\",\"device\":\"tmpfs\",\"type\":\"$1\",\"options\":\"size=4m\"}]}" \
    >"$WORK/volume-$1.log" 2>&1
}

test_volumes() {
  if ! unshare --mount mount -t tmpfs none /mnt 2>/dev/null; then say "skip  volumes: nothing may be mounted here"; return; fi
  ! volume_play no-such-type || fail "a volume that cannot be mounted was taken for mounted"
  grep -q 'nothing is mounted' "$WORK/volume-no-such-type.log" || fail "refused for another reason: $WORK/volume-no-such-type.log"
  ! touch "$WORK/volume/file" 2>/dev/null || fail "root can write to a mount point without its disk"
  rm "$WORK/fstab"
  volume_play tmpfs || fail "the volume was not mounted: $WORK/volume-tmpfs.log"
  mountpoint -q "$WORK/volume" || fail "the role ended well without its mount"
  printf 'name=other\n' >"$WORK/volume/.dozo-volume"
  ! volume_play tmpfs || fail "the disk of another volume was taken"
  printf 'name=disk\n' >"$WORK/volume/.dozo-volume"
  volume_play tmpfs || fail "the volume's own disk was refused: $WORK/volume-tmpfs.log"
  volume_play tmpfs || fail "the second run of volumes failed: $WORK/volume-tmpfs.log"
  ! grep -q '"changed": true' "$WORK/volume-tmpfs.log" || fail "the second run of volumes changed something: $WORK/volume-tmpfs.log"
  umount "$WORK/volume"
  ! touch "$WORK/volume/file" 2>/dev/null || fail "root can write to the mount point after its disk is gone"
  passed "a volume that is not mounted is refused and cannot be written; another volume's disk is refused"
}

# --- databases ----------------------------------------------------------------------------------------------------------------

# sql STATEMENT: as the archive, on whichever is primary.
sql() {
  PGPASSWORD=$(cat "$LAB/secrets/dozo") PGCONNECT_TIMEOUT=2 timeout 10 psql -qAtX -v ON_ERROR_STOP=1 \
    "host=127.0.0.1,127.0.0.1 port=$((BASE + 11)),$((BASE + 12)) dbname=dozo user=dozo target_session_attrs=read-write tcp_user_timeout=3000" -c "$1"
}

role_of() { curl -s -m 3 "http://127.0.0.1:$((BASE + 20 + $1))/patroni" | sed -n 's/.*"role": "\([a-z_]*\)".*/\1/p'; }

leader() {
  local k
  for k in 1 2; do case $(role_of $k) in master | primary) echo $k; return ;; esac; done
  return 1
}

cluster_has() { curl -s -m 3 "http://127.0.0.1:$((BASE + 21))/cluster" "http://127.0.0.1:$((BASE + 22))/cluster" | grep -q "\"role\": \"$1\""; }

await() { # await SECONDS WHAT COMMAND...
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || fail "$what did not come in time"
    sleep 0.2
  done
}

kill_database() { # kill_database K: Patroni first, or it would see to its PostgreSQL.
  local patroni postmaster
  patroni=$(cat "$LAB/db$1/var/lib/dozo-process/patroni.pid")
  postmaster=$(head -n 1 "$LAB/db$1/var/lib/postgresql/15/dozo/postmaster.pid")
  grep -qa patroni "/proc/$patroni/cmdline" && grep -qa postgres "/proc/$postmaster/cmdline" || fail "db$1 does not run as thought"
  # shellcheck disable=SC2046
  kill -KILL "$patroni" "$postmaster" $(pgrep -P "$postmaster" || true)
}

test_failover() {
  local old new rows=0 start elapsed acknowledged="$WORK/acknowledged"
  await 60 "a primary" leader
  old=$(leader)
  await 60 "a synchronous standby" cluster_has sync_standby
  sql "CREATE TABLE lab_write (n integer PRIMARY KEY)"
  : >"$acknowledged"
  while ((rows < 50)); do rows=$((rows + 1)); sql "INSERT INTO lab_write VALUES ($rows)"; echo $rows >>"$acknowledged"; done
  kill_database "$old"
  start=$(date +%s%N)
  until rows=$((rows + 1)) && sql "INSERT INTO lab_write VALUES ($rows)" 2>>"$WORK/failover.log"; do
    elapsed=$((($(date +%s%N) - start) / 1000000))
    ((elapsed < FAILOVER_LIMIT * 1000)) || fail "no write went on within $FAILOVER_LIMIT s of the primary's death"
    sleep 0.2
  done
  echo $rows >>"$acknowledged"
  elapsed=$((($(date +%s%N) - start) / 1000000))
  await 10 "the new primary's word" leader
  new=$(leader)
  [ "$new" != "$old" ] || fail "db$old is primary again after its death"
  sql "SELECT n FROM lab_write" | sort >"$WORK/found"
  [ -z "$(sort "$acknowledged" | comm -23 - "$WORK/found")" ] || fail "acknowledged rows are lost: comm -23 $acknowledged $WORK/found"
  passed "db$old was killed, db$new is primary: writes went on after $elapsed ms, $(wc -l <"$acknowledged") acknowledged, 0 lost"

  start=$SECONDS
  "$LAB/db$old/etc/dozo/process/patroni" start >/dev/null
  await "$REJOIN_LIMIT" "the old primary as a synchronous standby" cluster_has sync_standby
  [ "$(leader)" = "$new" ] || fail "there was another failover when db$old came back"
  passed "db$old is the synchronous standby again after $((SECONDS - start)) s"
}

# --- nodes --------------------------------------------------------------------------------------------------------------------

ready() { curl -sf -m 3 -o /dev/null "http://127.0.0.1:$((BASE + 50 + $1))/health/ready"; }

release_of() { readlink "$LAB/node$1/opt/dozo/current"; }

test_nodes() {
  await 60 "an association through the balancer" echoscu -to 5 -aec DOZO 127.0.0.1 $((BASE + 31))
  curl -sf -m 5 -o /dev/null "http://127.0.0.1:$((BASE + 33))/health/ready" || fail "HTTP does not go through the balancer"
  passed "three nodes take associations and requests through the balancer"
}

# next_release NAME: a checkout with a commit more and the same build.
next_release() {
  local checkout="$WORK/$1"
  git clone -q --shared .. "$checkout"
  git -C "$checkout" -c user.name=lab -c user.email=lab@localhost commit -q --allow-empty -m "test: release $1"
  mkdir -p "$checkout/ear/target" "$checkout/ejb/target"
  cp ../ear/target/dozo.ear "$checkout/ear/target/"
  cp -r ../ejb/target/{migration,classes} "$checkout/ejb/target/"
  RELEASE="releases/$(git -C "$checkout" rev-parse --short=12 HEAD)"
}

test_upgrade() {
  local before start=$SECONDS k
  before=$(release_of 1)
  next_release good
  # All the while somebody calls: through the balancer nothing must be noticed, a retry within 10 s excepted.
  (while [ ! -e "$WORK/enough" ]; do timeout 10 echoscu -to 5 -aec DOZO 127.0.0.1 $((BASE + 31)) >/dev/null 2>&1 && echo ok || echo refused; sleep 0.5; done >"$WORK/calls") &
  local caller=$!
  must_play upgrade upgrade.yml -e "dozo_checkout=$WORK/good"
  touch "$WORK/enough"
  wait $caller
  for k in 1 2 3; do [ "$(release_of $k)" = "$RELEASE" ] && ready $k || fail "node$k is on $(release_of $k), not ready on $RELEASE"; done
  [ "$before" != "$RELEASE" ] || fail "there was nothing to upgrade"
  grep -q ok "$WORK/calls" || fail "nobody called"
  awk '/refused/ { if (++row > 2) bad = 1; next } { row = 0 } END { exit bad }' "$WORK/calls" || fail "callers were refused three times in a row: $WORK/calls"
  passed "an upgrade of three nodes in $((SECONDS - start)) s: $(grep -c ok "$WORK/calls") calls taken, $(grep -c refused "$WORK/calls" || true) refused"

  before=$RELEASE start=$SECONDS
  next_release bad
  must_refuse upgrade-bad 'did not pass with release' upgrade.yml -e "dozo_checkout=$WORK/bad" -e '{"dozo_upgrade_probe":["false"]}'
  for k in 1 2 3; do [ "$(release_of $k)" = "$before" ] && ready $k || fail "node$k is on $(release_of $k), not ready on $before"; done
  ! grep -q '^PLAY \[Replace the nodes\].*' <(sed '1,/did not pass with release/d' "$WORK/upgrade-bad.log") || fail "the upgrade went on after node1 did not pass"
  passed "a release that does not pass is taken back on node1, and goes no further ($((SECONDS - start)) s)"
}

say "lab in $LAB, ports from $BASE"
test_syntax
test_refusals
test_volumes
test_twice
test_balancer
test_keepalived
if [ "$NODES" = yes ]; then test_nodes; fi
test_failover
if [ "$NODES" = yes ]; then test_upgrade; fi
say "all passed"
