#!/bin/sh
# Asks whether a release may go: ci/gate.sh TARGET [OPTION...]. docs/pipelines.md explains it.
#
# Runs the gate from the top folder of the suite, and ends with its status: 0 passes, 1 fails the release, 2 interrupted,
# 3 and 4 are for the suite's owners, 5 is for a person to decide, 75 the environment, also after one more try.
# Any other status of the command means that it did not finish, and ends with 3.
#
#   GATE_RETRY_AFTER       seconds until the one repetition after 75 (60)
#   SUITE_OWNERS_WEBHOOK   a URL that takes {"text": "..."}; statuses 3 and 4 are sent there
#   GATE_JOB_URL           the page of this job, named in that message
#   GITLAB_TOKEN           posts the summary to the merge request of a GitLab pipeline
set -u

if [ $# -eq 0 ]; then
  echo 'usage: ci/gate.sh TARGET [OPTION...]   (TARGET: a name in targets/)' >&2
  exit 4
fi
target=$1
shift
child=''
interrupted=''

say() { printf 'gate: %s\n' "$1"; }

# Where the newest run wrote its reports: reports/latest is a link, or a file that has the name of the folder.
newest() { readlink reports/latest 2>/dev/null || cat reports/latest 2>/dev/null || true; }

# A pipeline that is cancelled sends a signal to this script: the run ends too, with its verdict.
# shellcheck disable=SC2317,SC2329
stop() {
  interrupted=yes
  [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}

run_gate() {
  [ -z "$interrupted" ] || { status=2; return; }
  .venv/bin/python -m harness.run "--target=$target" --gate "$@" &
  child=$!
  while :; do
    wait "$child"
    status=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=''
  [ -z "$interrupted" ] || status=2
}

pause() {
  sleep "${GATE_RETRY_AFTER:-60}" &
  child=$!
  wait "$child"
  child=''
}

tell_owners() {
  say "$1"
  [ -n "${SUITE_OWNERS_WEBHOOK:-}" ] || { say 'nobody was notified: SUITE_OWNERS_WEBHOOK is not set'; return; }
  text=$(printf '%s %s' "$1" "${GATE_JOB_URL:-}" | tr -d '\000-\037' | sed 's/[\\"]/\\&/g')
  # The URL is a secret. From a file, it is not in the list of processes.
  printf 'url = "%s"\n' "$SUITE_OWNERS_WEBHOOK" |
    curl --silent --show-error --fail --max-time 20 --output /dev/null --config - \
      --header 'Content-Type: application/json' --data "{\"text\": \"$text\"}" ||
    say 'the suite'"'"'s owners could not be notified'
}

post_summary() {
  [ -f "$folder/summary.md" ] || return 0
  [ -n "${GITLAB_TOKEN:-}" ] && [ -n "${CI_MERGE_REQUEST_IID:-}" ] || return 0
  printf 'header = "PRIVATE-TOKEN: %s"\n' "$GITLAB_TOKEN" |
    curl --silent --show-error --fail --max-time 20 --output /dev/null --config - \
      --data-urlencode "body@$folder/summary.md" \
      "$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes" ||
    say 'the summary could not be posted to the merge request'
}

finish() {
  mkdir -p reports
  folder=reports/$(newest)
  if [ "$(newest)" = "$before" ]; then
    folder=''
  fi
  headline=$([ -z "$folder" ] || sed -n '1s/^# *//p' "$folder/summary.md" 2>/dev/null)
  printf 'GATE_STATUS=%s\n' "$status" >reports/gate.env
  printf '%s\n' "${headline:-$meaning}" >reports/gate.txt
  [ -z "${GITHUB_OUTPUT:-}" ] || printf 'status=%s\n' "$status" >>"$GITHUB_OUTPUT"
  post_summary
  exit "$status"
}

trap stop INT TERM HUP
before=$(newest)
if make --silent .venv/.run; then
  run_gate "$@"
else
  status=3
fi
if [ "$status" = 75 ]; then
  say "the environment prevented judging; once more in ${GATE_RETRY_AFTER:-60} s"
  pause
  run_gate "$@"
fi
case $status in
  0) meaning='passes: every promise that gates the release holds' ;;
  1) meaning='fails the release: the platform breaks a promise, or a known issue is out of date' ;;
  2) meaning='interrupted: nothing is decided, run it again' ;;
  4) meaning='something must be fixed before a run: the target file, a key or an option' ;;
  5) meaning='a person must decide: a promise that gates the release was not judged' ;;
  75) meaning='the environment prevented judging, twice: run it again when the platform can be reached' ;;
  *)
    [ "$status" = 3 ] || say "the run did not finish: status $status"
    status=3
    meaning='the suite has a bug, or could not be installed'
    ;;
esac
say "$target: status $status, $meaning"
case $status in
  3 | 4) tell_owners "The gate of $target ended with status $status: $meaning." ;;
esac
finish
