# The commands of docs/command.md, "Without an API", as they stand there.
#
#   sh try_it.sh SOURCES FOLDER...   where the programs are
set -eu
sources=$1
shift
for folder in "$@"; do PATH=$folder:$PATH; done
work=$(mktemp -d)
trap 'kill "$!" 2>/dev/null || true; rm -rf "$work"' EXIT
ln -s "$sources/samples" "$work/samples"
cd "$work"

# // [snippet: local]
catena-mock-api --describe=local.json samples/connectors/hal.json 5000 >address &
until [ -s local.json ]; do sleep 0.1; done
catena run local.json --one-page | head -n 3
catena run local.json -o local.db --report local.html
catena probe "$(cat address)" --out probed.json
catena run probed.json -o probed.jsonl
kill $!
# // [/snippet]

wait
test "$(wc -l <probed.jsonl)" = 5000
test -s local.html
