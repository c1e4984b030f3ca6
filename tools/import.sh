# SPDX-License-Identifier: Apache-2.0
# Import: the node reads the files itself; this asks it to, shows how far it is, and says how it ended.

IMPORT_USAGE="usage: ./dozo import [--in-place] PATH… | import --stop ID"

# import_status ID: the five lines of /api/imports/ID in IMPORT_LINES.
import_status() {
  local answer
  answer=$(api GET "/api/imports/$1") || return 1
  mapfile -t IMPORT_LINES <<<"$answer"
}

stop_import() {
  [ -n "${1:-}" ] || fail "$IMPORT_USAGE"
  api DELETE "/api/imports/$(url_text "$1")"
  say "Import $1 stops once the files in hand are taken. The same command resumes it."
}

command_import() {
  all_settings
  local paths=() path list="" id in_place=false
  while (($#)); do
    case $1 in
      --stop) stop_import "${2:-}"; return ;;
      --in-place) in_place=true ;;
      --) shift; paths+=("$@"); break ;;
      -*) fail "$IMPORT_USAGE" ;;
      *) paths+=("$1") ;;
    esac
    shift
  done
  ((${#paths[@]} > 0)) || fail "$IMPORT_USAGE"
  for path in "${paths[@]}"; do
    [ -e "$path" ] || fail "$path is not there: name files, folders, ZIPs or DICOMDIRs of this machine"
    list+="${list:+,}$(json_text "$(realpath "$path")")"
  done
  id=$(api POST /api/imports -H 'Content-Type: application/json' -d "{\"paths\":[$list],\"inPlace\":$in_place}")
  trap 'trap - INT TERM; printf "\n"; stop_import "$id"; exit 130' INT TERM
  follow_import "$id"
  trap - INT TERM
  end_of_import
}

# On a terminal one line that changes; else a line whenever ten seconds have passed.
follow_import() {
  local shown=$SECONDS
  while true; do
    import_status "$1" || exit 2
    [ "${IMPORT_LINES[0]}" = RUNNING ] || break
    if [ -t 1 ]; then
      printf '\r\033[K%s %s' "${IMPORT_LINES[1]}" "${IMPORT_LINES[4]:-}"
    elif ((SECONDS - shown >= 10)); then
      say "${IMPORT_LINES[1]} ${IMPORT_LINES[4]:-}"
      shown=$SECONDS
    fi
    sleep 0.5
  done
  if [ -t 1 ]; then printf '\r\033[K'; fi
  say "${IMPORT_LINES[1]}"
}

# 0: every DICOM object that was found is in the archive. 1: some are not. 2: not all files were looked at.
end_of_import() {
  local state=${IMPORT_LINES[0]} counts=${IMPORT_LINES[2]} report=${IMPORT_LINES[3]} reason=${IMPORT_LINES[4]:-}
  say "$counts"
  say "Report: $report"
  case $state in
    DONE) [[ $counts = *" 0 refused, 0 missing" ]] || { warn "not everything is in the archive: the report names each file, with reason and remedy"; exit 1; } ;;
    CANCELLED) warn "the import was stopped: the same command resumes it"; exit 2 ;;
    *) warn "the import has halted: $reason"; exit 2 ;;
  esac
}
