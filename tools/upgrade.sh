# SPDX-License-Identifier: Apache-2.0
# Upgrades of a local cluster: one node at a time is replaced, and put back if it does not pass; releases of older commits are built.
# DIR/nodes/NAME/release says what a node runs: nothing, this checkout's release; "given", an EAR that came by hand; "kept", what it
# ran before it was put back: EAR, server configuration, settings and WildFly.

UPGRADE_USAGE="usage: ./dozo node upgrade K [--ear FILE] | rollback K"

release_of() { cat "$(node_dir "$1")/release" 2>/dev/null || true; }

# What a node that runs this EAR calls its version; fails if it is none of Dozo.
ear_version() {
  local work
  work=$(mktemp -d)
  (cd "$work" && "$JAVA_HOME/bin/jar" xf "$1" ejb.jar && "$JAVA_HOME/bin/jar" xf ejb.jar org/dozo/cluster/version.properties) 2>/dev/null || true
  sed -n 's/^version=//p' "$work/org/dozo/cluster/version.properties" 2>/dev/null >"$work/version" || true
  sed -n 's/^commit=\(..*\)/+\1/p' "$work/org/dozo/cluster/version.properties" 2>/dev/null >>"$work/version" || true
  tr -d '\n' <"$work/version"
  rm -rf "$work"
}

node_version() {
  as_operator -sf -m 10 -H 'Accept: application/json' "$(node_url "$1")/api/status" | sed -n 's/^{"version":"\([^"]*\)".*/\1/p'
}

# command_node_upgrade K [--ear FILE]
command_node_upgrade() {
  local k=$1 ear=$EAR given=no
  case $#:${2:-} in
    1:) build ;;
    3:--ear) given=yes ear=$(realpath -m "$3") ;;
    *) fail "$UPGRADE_USAGE" ;;
  esac
  find_java
  [ -r "$ear" ] || fail "there is no EAR $ear"
  lock_data
  upgrade_node "$k" "$ear" "$given"
}

upgrade_node() { # upgrade_node K EAR GIVEN
  local before wanted passed start=$SECONDS dir name
  dir=$(node_dir "$1") name=$(node_name "$1")
  wanted=$(ear_version "$2")
  [ -n "$wanted" ] || fail "$2 is no EAR of Dozo"
  node_ready "$1" || fail "$name is not ready: an upgrade that does not pass goes back to what ran. See ./dozo status; nothing was changed"
  before=$(node_version "$1")
  check_others "$1"
  # Before the node is away.
  prepare_server
  keep_release "$1"
  drain_and_stop "$1"
  if [ "$3" = yes ]; then
    cp "$2" "$dir/dozo.ear.new"
    mv "$dir/dozo.ear.new" "$dir/dozo.ear"
    printf 'given\n' >"$dir/release"
  else
    rm -f "$dir/release"
  fi
  try_passing "$1" "$wanted"
  if ((passed == 0)); then
    say "$name runs $wanted, before $before; $((SECONDS - start)) s."
    return 0
  fi
  warn "$name did not pass with $wanted: it goes back to $before"
  end_node "$1"
  put_back "$1"
  try_passing "$1" "$before"
  ((passed == 0)) || fail "$name does not pass with $before either: see $(server_log "$1"); the other nodes were not touched"
  fail "$name is back on $before and ready, after $((SECONDS - start)) s; the other nodes were not touched. See docs/operations/upgrade.md"
}

# rollback_node K: to what it ran before its last upgrade.
rollback_node() {
  local before passed
  find_java
  lock_data
  before=$(cat "$(node_dir "$1")/previous/version" 2>/dev/null) || fail "$(node_name "$1") has no release to go back to: none was replaced by ./dozo node upgrade"
  check_others "$1"
  drain_and_stop "$1"
  put_back "$1"
  try_passing "$1" "$before"
  ((passed == 0)) || fail "$(node_name "$1") does not pass with $before: see $(server_log "$1")"
  say "$(node_name "$1") is back on $before."
}

# try_passing K VERSION: leaves in "passed" whether the node starts, is ready and passes. Never in a condition: see try_step.
try_passing() {
  set +e
  (
    set -e
    start_nodes "$1"
    verify_node "$1" "$2"
  )
  passed=$?
  set -e
}

# An upgrade takes a node away: there must be others that work.
check_others() {
  local other
  database_running || fail "the database does not run: ./dozo up starts all that is down. Nothing was changed"
  [ "$HAS_STANDBY" = no ] || [ "$(standby_state)" = streaming ] || fail "the standby does not follow the primary: ./dozo database status. Nothing was changed"
  for other in $(all_nodes); do
    [ "$other" = "$1" ] || node_ready "$other" || fail "$(node_name "$other") is not ready, and $(node_name "$1") is to be replaced: see ./dozo status. Nothing was changed"
  done
}

# keep_release K: what the running node runs, to go back to.
keep_release() {
  local dir
  dir=$(node_dir "$1")
  rm -rf "$dir/previous.new"
  mkdir -p "$dir/previous.new"
  cp -r "$dir/dozo.ear" "$dir/configuration" "$dir/configuration.digest" "$dir/dozo.properties" "$dir/previous.new/"
  node_version "$1" >"$dir/previous.new/version"
  tr '\0' '\n' <"/proc/$(cat "$(pid_file "$1")")/cmdline" | sed -n 's/^-Djboss.home.dir=//p' >"$dir/previous.new/wildfly"
  rm -rf "$dir/previous"
  mv "$dir/previous.new" "$dir/previous"
}

put_back() {
  local dir
  dir=$(node_dir "$1")
  rm -rf "$dir/configuration"
  cp -r "$dir"/previous/{dozo.ear,configuration,configuration.digest,dozo.properties,wildfly} "$dir/"
  printf 'kept\n' >"$dir/release"
}

# With others beside it a node is drained first: it has dicom.drain to end what it has, then what is left ends in order with the stop.
# The wish would outlive the restart: it is taken back while the node is away.
drain_and_stop() {
  local name
  name=$(node_name "$1")
  if ((NODES > 1)); then
    api POST "/api/nodes/$name/drain" -H 'Content-Type: application/json' -d '{}' >/dev/null
    step "Draining $name" "$name can't be drained: see ./dozo status; curl -X DELETE $BASE_URL/api/nodes/$name/drain takes it back" \
      await_drained "$1" "$(seconds dicom.drain 30)"
  fi
  stop_nodes "$1"
  ((NODES == 1)) || api DELETE "/api/nodes/$name/drain" >/dev/null
}

# Returns 1 only if the node takes associations as before.
await_drained() { # await_drained K SECONDS
  local deadline=$((SECONDS + $2)) most=$((SECONDS + $2 + 10)) line
  while :; do
    line=$(api GET /api/nodes | sed -n "s/^node  *$(node_name "$1") \(.*\)/\1/p") || true
    printf '%s\n' "$line"
    if [[ $line = draining* ]]; then
      [[ $line != *', 0 associations, 0 jobs)'* ]] && ((SECONDS < deadline)) || return 0
    fi
    ((SECONDS < most)) || return 1
    sleep 0.5
  done
}

# It may hang, or be dead already.
end_node() {
  local pid
  if node_running "$1"; then
    pid=$(cat "$(pid_file "$1")")
    kill -TERM "$pid"
    try_step "Stopping $(node_name "$1")" await_ends 60 "$pid"
    ((STEP_RC == 0)) || kill_node "$1"
  fi
  rm -f "$(pid_file "$1")"
}

# verify_node K VERSION: a ready node is the one that was meant, answers by DICOM, and is in rotation.
verify_node() {
  local said name
  name=$(node_name "$1")
  said=$(node_version "$1") || true
  [ "$said" = "$2" ] || fail "$name says version '$said', not $2"
  if [ "$(setting evaluation.enabled)" != true ] || ! command -v echoscu >/dev/null; then
    say "C-ECHO was not tried: it needs DCMTK's echoscu, and evaluation mode."
  else
    echoscu -q -to 5 -ta 10 -td 10 -aec "$AE_TITLE" 127.0.0.1 "$(node_port "$DICOM_PORT" "$1")" || fail "$name does not answer C-ECHO"
  fi
  ! has_balancer || ! balancer_running || step "Waiting for the balancer" "the balancer does not give $name associations: see $BALANCER_DIR/balancer.log" \
    await_rotation "$1"
}

await_rotation() {
  local deadline=$((SECONDS + 15))
  until [[ $(balancer_state "$1") = UP* ]]; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

# command_release [--from REV]: builds the release of a commit below DIR/releases, once, and prints its directory, last. Leaves it in
# RELEASE.
command_release() {
  local revision='' commit
  case $#:${1:-} in
    0:) ;;
    2:--from) revision=$2 ;;
    *) fail "usage: ./dozo release [--from REV]" ;;
  esac
  find_java
  need mvn maven
  [ -n "$revision" ] || revision=$(previous_code)
  commit=$(here_git rev-parse --quiet --verify --short=12 "$revision^{commit}") || fail "there is no commit '$revision' in $HOME_DIR"
  RELEASE="$DATA/releases/$commit"
  [ -d "$RELEASE" ] || step "Building release $commit" "release $commit could not be built; see above" \
    build_release "$commit" "$RELEASE"
  say "$RELEASE"
}

here_git() { git --git-dir="$HOME_DIR/.git" --work-tree="$HOME_DIR" -C "$HOME_DIR" "$@"; }

# The newest commit whose code is not that of this checkout: HEAD, if the code was changed since; else the one before its last change.
previous_code() {
  local code=(pom.xml jca-dicom/pom.xml ejb/pom.xml web/pom.xml ear/pom.xml jca-dicom/src/main ejb/src/main web/src/main ear/src/main) found
  if [ ! -e "$HOME_DIR/.git" ] || ! command -v git >/dev/null; then
    fail "there is no release before this one here: $HOME_DIR has no git history. Give one: --ear FILE"
  fi
  if [ -n "$(here_git status --porcelain -- "${code[@]}")" ]; then echo HEAD; return; fi
  found=$(here_git log --first-parent --format=%H --max-count=2 -- "${code[@]}" | sed -n 2p)
  [ -n "$found" ] || fail "there is no release before this one here: the git history of $HOME_DIR is cut off (git fetch --unshallow). Or give one: --ear FILE"
  echo "$found"
}

# In a work tree of its own, which is gone afterwards. The static checks, half of the time, were passed when the commit was made.
build_release() ( # build_release COMMIT DIRECTORY
  set -e
  work="$DATA/releases/$1.work"
  mkdir -p "$DATA/releases"
  here_git worktree remove --force "$work" 2>/dev/null || rm -rf "$work" "$2.new"
  trap 'here_git worktree remove --force "$work"' EXIT
  here_git worktree add --force --detach "$work" "$1"
  sed -i '/-Xplugin:ErrorProne/d' "$work/pom.xml"
  git -C "$work" update-index --assume-unchanged pom.xml
  cd "$work"
  mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true package
  cp -a "$work" "$2.new"
  rm "$2.new/.git"
  # Else its ./dozo takes the sources for newer.
  touch "$2.new/ear/target/dozo.ear"
  mv "$2.new" "$2"
)
