# shellcheck shell=bash
# Words and steps that the scripts share. Sourced, never run.

# The repository, wherever the script was called from.
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Read by the scripts that source this file.
export repository

# Says what happens next, to people.
say() { printf '%s\n' "$*" >&2; }

# Ends the script. The last words name the remedy.
fail() {
    say "error: $*"
    exit 1
}

# Runs a command and says how long it took, whether it worked or not.
timed() {
    local name=$1 began=$SECONDS status=0
    shift
    say "==> $name"
    "$@" || status=$?
    if [ "$status" -eq 0 ]; then
        say "==> $name: done in $((SECONDS - began)) s"
    else
        say "==> $name: FAILED with status $status after $((SECONDS - began)) s"
    fi
    return "$status"
}

# Swift is not in Debian: it cannot be installed for the reader, only asked for.
require_swift() {
    command -v swift >/dev/null ||
        fail "no 'swift' on PATH: install the Swift 6.3 toolchain for Debian 12 and add its usr/bin to PATH"
}
