# shellcheck shell=bash
# Shell functions that tools/quickstart and tools/test share: messages, missing packages, building.
# Sourced, not run. Everything said goes to standard error, so that standard output stays a result.
# The caller sets `program` (its name in messages) and `root` (the checkout).
: "${program:?}" "${root:?}"

say() { printf '%s: %s\n' "${program}" "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Prints those of the named Debian packages that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "${package}" 2>/dev/null |
            grep '^installed$' >/dev/null || printf '%s\n' "${package}"
    done
}

# Runs a command as root: directly, or through sudo, which may ask only when there is a terminal.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        say "not root and sudo is missing"
        return 1
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# Installs those of the named packages that are missing; a second call finds nothing to do.
ensure_packages() {
    local missing log
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "this is no Debian system: assuming that these are installed: $*"
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] && return 0
    say "installing ${missing[*]}"
    log=$(mktemp)
    if install_quietly "${missing[@]}" >"${log}" 2>&1 ||
        { as_root apt-get -q update >>"${log}" 2>&1 &&
            install_quietly "${missing[@]}" >>"${log}" 2>&1; }; then
        rm -f "${log}"
        return 0
    fi
    tail -n 20 "${log}" >&2
    rm -f "${log}"
    fail "could not install: ${missing[*]}
  Install them by hand, for example: sudo apt-get install ${missing[*]}
  then run this command again."
}

install_quietly() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 install "$@"
}

# configure_and_build PRESET TARGET...: quiet while all goes well; shows what failed otherwise.
configure_and_build() {
    local preset=$1 log launcher=()
    shift
    command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    export CCACHE_SLOPPINESS=pch_defines,time_macros  # What ccache needs for precompiled headers.
    mkdir -p "${root}/build"
    log="${root}/build/${preset}.log"
    if ! cmake -S "${root}" --preset "${preset}" "${launcher[@]}" >"${log}" 2>&1; then
        cat "${log}" >&2
        fail "could not configure build/${preset}"
    fi
    say "building build/${preset} (a first build takes minutes, later ones seconds)"
    if ! cmake --build "${root}/build/${preset}" --target "$@" >"${log}" 2>&1; then
        grep -E -m 20 -A 8 'FAILED:|error:|undefined reference' "${log}" |
            cut -c 1-400 >&2 || tail -n 40 "${log}" >&2
        fail "the build failed; everything it said is in build/${preset}.log"
    fi
}

# What every build needs; a word for each is in CONTRIBUTING.md.
build_packages=(g++ cmake ninja-build libboost-dev libfmt-dev nlohmann-json3-dev libcli11-dev)
# shellcheck disable=SC2034  # Used by tools/test.
test_packages=("${build_packages[@]}" doctest-dev librapidcheck-dev)
