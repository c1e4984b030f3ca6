# SPDX-License-Identifier: Apache-2.0
# Pull: orders studies from another archive, and tells how far that is. The work is the nodes'.

PULL_USAGE="usage: ./dozo pull from AET --studies FILE | --dates FROM TO [--modality M] [--at-once N] [--per-hour N]
                [--objects-per-second N] [--hours HH:MM-HH:MM] [--match-limit N] [--note TEXT]
       ./dozo pull list | show ID | studies ID [STATE] | certificates ID | pause ID | resume ID | cancel ID | retry ID"

command_pull() {
  all_settings
  local verb=${1:-} id=${2:-}
  case $verb in
    from) [ -n "$id" ] || fail "$PULL_USAGE"; pull_from "${@:2}"; return ;;
    list) refuse_arguments "${@:2}"; api GET /api/migrations; return ;;
    show | studies | certificates | pause | resume | cancel | retry) ;;
    *) fail "$PULL_USAGE" ;;
  esac
  [[ $id =~ ^[0-9]{1,18}$ ]] || fail "$PULL_USAGE"
  case $verb in
    show) refuse_arguments "${@:3}"; api GET "/api/migrations/$id" ;;
    studies) refuse_arguments "${@:4}"; pull_pages "/api/migrations/$id/studies?state=$(LC_ALL=C url_text "${3:-}")&" ;;
    certificates) refuse_arguments "${@:3}"; pull_pages "/api/migrations/$id/certificates?" ;;
    *)
      refuse_arguments "${@:3}"
      api POST "/api/migrations/$id/$verb" -H 'Content-Type: application/json' -d '{}' >/dev/null
      api GET "/api/migrations/$id"
      ;;
  esac
}

# pull_pages PATH: all lines, page by page; each begins with the UID that the next page comes after.
pull_pages() {
  local after='' page
  while :; do
    page=$(api GET "${1}limit=1000&after=$after") || return 1
    [ -n "$page" ] || return 0
    printf '%s\n' "$page"
    after=${page##*$'\n'}
    after=${after%% *}
  done
}

pull_from() {
  local order what='' field
  order="\"source\":$(json_text "$1")"
  shift
  while (($#)); do
    field=''
    case $1 in
      --studies) what+="$1 "; order+=",\"studies\":[$(study_list "${2:-}")]" ;;
      --dates)
        (($# >= 3)) || fail "$PULL_USAGE"
        what+="$1 "
        order+=",\"from\":$(json_text "$2"),\"to\":$(json_text "$3")"
        shift
        ;;
      --modality | --hours | --note) field=${1#--}; order+=",\"$field\":$(json_text "${2?$1 needs a text}")" ;;
      --at-once) field=studiesAtOnce ;;
      --per-hour) field=studiesPerHour ;;
      --objects-per-second) field=objectsPerSecond ;;
      --match-limit) field=matchLimit ;;
      *) refuse_arguments "$1" ;;
    esac
    case $field in
      *[A-Z]*)
        [[ ${2:-} =~ ^[0-9]{1,6}$ ]] || fail "$1 needs a number"
        order+=",\"$field\":$((10#$2))"
        ;;
    esac
    (($# >= 2)) || fail "$PULL_USAGE"
    shift 2
  done
  [[ $what == "--studies " || $what == "--dates " ]] || fail "$PULL_USAGE"
  local id
  # Not as an argument: a list of studies is longer than the kernel takes.
  id=$(printf '{%s}' "$order" | api POST /api/migrations -H 'Content-Type: application/json' --data-binary @-)
  say "Migration $id has begun: ./dozo pull show $id"
}

# study_list FILE: its UIDs, one a line, as JSON; empty lines and those with # are passed over.
study_list() {
  [ -r "$1" ] || fail "the list of studies '$1' can't be read: a file with a Study Instance UID on each line"
  local line list='' number=0
  while read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%$'\r'}
    [[ -n $line && $line != '#'* ]] || continue
    [[ $line =~ ^[0-9.]{1,64}$ ]] || fail "line $number of $1 is no Study Instance UID"
    list+="${list:+,}\"$line\""
  done <"$1"
  printf '%s' "$list"
}
