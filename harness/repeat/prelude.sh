set -u
LC_ALL=C
export LC_ALL

stop() { # says why nothing can be said about the platform
  printf '%s\n' "$1" >&2
  exit 2
}

@needs@
for program in curl jq; do
  command -v "$program" > /dev/null || stop "$program is not installed"
done

umask 077
work="${TMPDIR:-/tmp}/repeat-$$-$(date +%s)"
mkdir "$work" || stop "$work can't be made"
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
: > "$work/calls"

unique() { # digits that no earlier run of this script has used: which number, how many digits
  jq -rn --argjson number "$1" --argjson digits "$2" --argjson seed "$seed" \
    '($seed + $number * 73856093) % 10000000000 + 10000000000 | tostring | .[-$digits:]'
}
seed=$(jq -n --argjson process "$$" '(now * 100000 | floor) % 10000000000 + $process * 7')

alter() { # a text that resembles another one: the other one, the change
  jq -rn --arg like "$1" '
    def letters(lower; upper; digit): explode | map(
      if . >= 97 and . <= 122 then lower elif . >= 65 and . <= 90 then upper
      elif . >= 48 and . <= 57 then digit else . end) | implode;
    def made_up: letters((. - 84) % 26 + 97; (. - 52) % 26 + 65; (. - 43) % 10 + 48);
    def swapcase: letters(. - 32; . + 32; .);
    # A hyphen in the place of a letter has no other form: the text is made longer.
    ($like | '"$2"') | if . == $like then . + "00" else . end'
}

json() { jq -n --arg text "$1" '$text'; }
url() { jq -rn --arg text "$1" '$text | @uri'; }
repeat() { jq -jn --arg text "$1" --argjson times "$2" '$text * $times'; }

moment() { # a time on the platform's clock: seconds ahead, seconds of the offset from UTC
  jq -r --argjson ahead "$1" --argjson offset "$2" '.date + $ahead + $offset | todate | rtrimstr("Z")' "$work/last"
}

number=0
call() { # makes a call and keeps what came back: operation, method, address, options of curl
  number=$((number + 1))
  operation=$1 method=$2 address=$3
  shift 3
  tries=0
  while :; do
    : > "$work/head"
    : > "$work/body"
    status=$(curl -sS -g --path-as-is --max-time "$timeout" -X "$method" -D "$work/head" -o "$work/body" \
      -w '%{http_code}' -H 'Accept: application/json' -H 'Expect:' "$@" "$address" 2> "$work/error")
    case $? in
      0) ;;
      18 | 28 | 52 | 55 | 56 | 92)
        [ "$cut_off" = allowed ] || stop "call $number ($operation) got no response: $(cat "$work/error")"
        status=0
        ;;
      *) stop "the platform can't be reached, at call $number ($operation): $(cat "$work/error")" ;;
    esac
    tries=$((tries + 1))
    if [ "$status" != 429 ] || [ "$tries" -gt 20 ]; then break; fi
    sleep 1
  done
  jq -cn --arg operation "$operation" --argjson status "${status#0}" --rawfile head "$work/head" \
    --rawfile raw "$work/body" --rawfile sent "$work/sent" '
    ($head | split("\r\n") | map(index(":") as $colon | select($colon != null)
      | {key: .[:$colon] | ascii_downcase, value: .[$colon + 1:] | sub("^ +"; "")})) as $headers
    | def header($name): first($headers[] | select(.key == $name) | .value) // "";
    {operation: $operation, status: $status, head: $head, raw: $raw,
     type: (header("content-type") | split(";")[0] // "" | ascii_downcase),
     sent: ($sent | try fromjson catch null), json: ($raw | try fromjson catch null),
     date: (header("date") | try (strptime("%a, %d %b %Y %H:%M:%S GMT") | mktime) catch (now | floor))}' \
    > "$work/last" || stop "jq can't read what came back from call $number ($operation)"
  cat "$work/last" >> "$work/calls"
  : > "$work/sent"
}
: > "$work/sent"
cut_off=no
timeout=@timeout@

value() { # a text in the last response, by its place
  jq -er "first($1 | strings)" "$work/last" 2> /dev/null \
    || stop "the script can't continue: call $number ($operation) came back with status $status, without ${1#.json}"
}

amount() { # an amount relative to one in the last response: its place, what is added
  jq -er --argjson more "$2" "($1 + \$more) * 100 | round / 100" "$work/last" 2> /dev/null \
    || stop "the script can't continue: call $number ($operation) came back with status $status, without ${1#.json}"
}
