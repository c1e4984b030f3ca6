# SPDX-License-Identifier: Apache-2.0
# What all parts share: speaking to the operator, waiting with a sign of life, and needing a program.

say() { printf '%s\n' "$*"; }

warn() { printf 'dozo: %s\n' "$*" >&2; }

fail() {
  warn "$*"
  exit 1
}

# step TEXT REMEDY COMMAND...: shows what takes longer than a second; if it fails, shows its output and ends with the remedy.
step() {
  local text=$1 remedy=$2
  shift 2
  try_step "$text" "$@"
  ((STEP_RC == 0)) || fail "$remedy"
}

# try_step TEXT COMMAND...: leaves the exit code in STEP_RC. Never called after || or in a condition: Bash would then ignore
# "set -e" inside the command, and a failure in its middle would pass for success.
try_step() {
  local text=$1 log start=$SECONDS pid
  shift
  log=$(mktemp)
  "$@" >"$log" 2>&1 9>&- &
  pid=$!
  STEP_RC=0
  printf '%s … ' "$text"
  while kill -0 "$pid" 2>/dev/null; do
    if [ -t 1 ] && ((SECONDS - start >= 1)); then printf '\r%s … %d s ' "$text" $((SECONDS - start)); fi
    sleep 0.1
  done
  wait "$pid" || STEP_RC=$?
  if ((STEP_RC != 0)); then
    printf 'failed\n'
    tail -n 60 "$log" >&2
  elif [ -t 1 ]; then
    printf '\r%s … done (%d s)\n' "$text" $((SECONDS - start))
  else
    printf 'done (%d s)\n' $((SECONDS - start))
  fi
  rm -f "$log"
}

# need PROGRAM PACKAGE: installs the Debian package if it may, else says what is missing.
need() {
  command -v "$1" >/dev/null 2>&1 && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    try_step "Installing $2" install_packages "$2"
    command -v "$1" >/dev/null 2>&1 && return 0
  fi
  fail "'$1' is missing. Install the package '$2' (as root: apt-get install $2) and try again."
}

install_packages() {
  [ -n "$(find /var/lib/apt/lists -name '*Packages*' -print -quit 2>/dev/null)" ] || apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" ||
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; }
}

# alive PIDFILE [WORD]: whether the process of the file runs and is ours (its command line has the word).
alive() {
  local pid
  pid=$(head -n 1 "$1" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null &&
    { [ -z "${2:-}" ] || tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$2"; }
}

# port_taken PORT: whether something on this machine listens there.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
