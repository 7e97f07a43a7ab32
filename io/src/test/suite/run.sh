#!/bin/sh
# Runs the part of Redis's own test suite that Millrace passes (see docs/COMPATIBILITY.md) against this source tree.
#
#   io/src/test/suite/run.sh <redis source tree> [unit ...]
#
# The tree's tests/ is copied, so nothing is written into it; redis-cli and redis-benchmark are taken from its src/ or
# from the PATH. Without units, all of units.txt. The exit status is 0 if every unit passed.
#
#   units.txt    units, some with the lines of the file that are run
#   skip.txt     tests that are left out
#   alone.txt    tests that are run in a server of their own
#   encodings.tcl  what OBJECT ENCODING says in 7.2
#   acl.sed      what is said of users and their rights in 7.2
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
root=$(CDPATH='' cd -- "$here/../../../.." && pwd -P)

[ $# -ge 1 ] && [ -f "$1/tests/test_helper.tcl" ] || {
    echo "Usage: $0 <redis source tree> [unit ...]" >&2
    exit 2
}
source_tree=$(CDPATH='' cd -- "$1" && pwd -P)
shift

tclsh=
for name in tclsh8.6 tclsh8.7 tclsh; do
    tclsh=$(command -v $name) && break
done
[ -n "$tclsh" ] || { echo "tclsh not found" >&2; exit 2; }

work=$(mktemp -d "${TMPDIR:-/tmp}/millrace-suite.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
mkdir "$work/src"
cp -R "$source_tree/tests" "$work/"
[ ! -d "$source_tree/utils" ] || cp -R "$source_tree/utils" "$work/"
cat "$here/encodings.tcl" >> "$work/tests/support/test.tcl"
ln -s "$root/millrace" "$work/src/redis-server"
for tool in redis-cli redis-benchmark redis-check-rdb redis-check-aof; do
    path=$source_tree/src/$tool
    [ -x "$path" ] || path=$(command -v $tool || true)
    [ -z "$path" ] || ln -s "$path" "$work/src/$tool"
done

# Builds if need be, outside of the suite's time-outs.
"$work/src/redis-server" --version

failed=
passed=0
# $1: unit; the rest: further options
run_unit()
{
    unit=$1
    shift
    if (cd "$work" && "$tclsh" tests/test_helper.tcl --clients 1 --timeout "${SUITE_TIMEOUT:-300}" \
        --baseport "${SUITE_PORT:-23111}" --portcount 1000 --single "$unit" "$@") > "$work/log" 2>&1
    then
        count=$(sed 's/\x1b\[[0-9;]*m//g' "$work/log" | grep -c '^\[ok\]' || true)
        passed=$((passed + count))
        echo "$unit: $count passed"
    else
        failed="$failed $unit"
        echo "$unit: FAILED"
        sed 's/\x1b\[[0-9;]*m//g' "$work/log" | grep -a -v '^\[ok\]\|^\[skip\]\|^\[ignore\]' | head -n 60
    fi
}

# A unit that as a whole needs what is missing is cut down to the lines that do not: first,last in sed's manner.
cut_unit()
{
    lines=$(sed -n "s|^$1 ||p" "$here/units.txt")
    [ -n "$lines" ] || return 0
    expression=
    for range in $lines; do
        expression="$expression${range}p;"
    done
    sed -n "$expression" "$source_tree/tests/$1.tcl" > "$work/tests/$1.tcl"
}

[ $# -gt 0 ] || set -- $(sed 's/#.*//; s/ .*//' "$here/units.txt")
# The words of 7.2 in place of those of 7.0.
reword_unit()
{
    [ "${unit#unit/acl}" != "$unit" ] || return 0
    sed -i -f "$here/acl.sed" "$work/tests/$unit.tcl"
}

for unit; do
    cut_unit "$unit"
    reword_unit
    # Those that need a server of their own, as the test that cleaned up before them is skipped.
    sed -n "s|^$unit:||p" "$here/alone.txt" > "$work/alone"
    cat "$here/skip.txt" "$work/alone" > "$work/skip"
    run_unit "$unit" --skipfile "$work/skip"
    while read -r test; do
        run_unit "$unit" --only "$test" < /dev/null
    done < "$work/alone"
done

echo "$passed tests passed"
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
