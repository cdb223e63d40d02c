#!/usr/bin/env bash
# shellcheck disable=SC2016,SC2317
# The tour in README.md and LEIAME.md: runs each command and looks for the lines that the page shows
# below it, in their order. Blanks between columns do not count, lines may be left out,
# numbers count.
# Usage: tour_test.sh CHECKOUT ARCHSIM
set -uo pipefail

archsim=$2
work=$(mktemp -d)
trap 'rm -rf "${work}"' EXIT
cd "$1" || exit 1
export LC_ALL=C.UTF-8 NO_COLOR=1
failures=0
commands=0

# squeezed: standard input with blanks squeezed and none at the ends of a line.
squeezed() { sed -e 's/[[:space:]]\{1,\}/ /g' -e 's/^ //' -e 's/ $//'; }

# check_block COMMAND: the lines in ${work}/shown must come out of the command in their order.
check_block() {
    local name line number=0 found
    name=$(cksum <<<"$1" | cut -d ' ' -f 1)
    if [ ! -f "${work}/${name}" ]; then
        # shellcheck disable=SC2086
        "${archsim}" $1 2>/dev/null | squeezed >"${work}/${name}"
    fi
    commands=$((commands + 1))
    while IFS= read -r line; do
        found=$(tail -n "+$((number + 1))" "${work}/${name}" |
            grep -n -m 1 -F -x -e "${line}" | cut -d : -f 1)
        if [ -z "${found}" ]; then
            printf 'FAILED: archsim %s\n  does not say any more: %s\n' "$1" "${line}"
            failures=$((failures + 1))
            return
        fi
        number=$((number + found))
    done < <(squeezed <"${work}/shown")
}

# check_page FILE: every block below a mark.
check_page() {
    local line command='' state=text
    while IFS= read -r line; do
        case "${state}:${line}" in
        text:'<!-- tour -->') state=marked ;;
        marked:'```') state=block ;;
        block:'$ archsim '*)
            command=${line#'$ archsim '}
            : >"${work}/shown"
            ;;
        block:'```')
            [ -s "${work}/shown" ] || printf '(nothing shown)\n' >"${work}/shown"
            check_block "${command}"
            state=text
            ;;
        block:*) printf '%s\n' "${line}" >>"${work}/shown" ;;
        esac
    done <"$1"
}

check_page README.md
if [ "${commands}" -ne 5 ]; then
    printf 'FAILED: the tour of README.md has %s commands in place of five\n' "${commands}"
    failures=$((failures + 1))
fi
check_page LEIAME.md
if [ "${commands}" -ne 10 ]; then
    printf 'FAILED: the tour of LEIAME.md is another one\n'
    failures=$((failures + 1))
fi

[ "${failures}" -eq 0 ] || exit 1
printf 'all checks passed\n'
