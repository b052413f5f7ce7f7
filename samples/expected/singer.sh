# A tap whose target dies, twice, and goes on from the last state that it told: nothing is lost.
#
#   sh singer.sh TAP TARGET CONNECTOR.json FILE
set -u
tap=$1 target=$2 connector=$3 records=$4.jsonl state=$4.state

"$tap" "$connector" 2>/dev/null | "$target" "$records" 430 >"$state.all"
tail -n 1 "$state.all" >"$state"
"$tap" "$connector" "$state" 2>/dev/null | "$target" "$records" 300 >"$state.all"
tail -n 1 "$state.all" >"$state"
"$tap" "$connector" "$state" | "$target" "$records" >"$state.all"
tail -n 1 "$state.all" >"$state"
echo "$(sort -u "$records" | wc -l) different records"
"$tap" "$connector" "$state" | grep -c RECORD || true  # there is none
