#!/bin/sh
# @KIND@.sh [--first N] [--last N] OPTION...: imports the @KIND@ files, batch after batch, up to the first that fails.
# Every OPTION goes to ldapmodify, such as: sh @KIND@.sh -x -H ldap://dc1.contoso.com -D admin@contoso.com -y FILE
# Without -H each batch of a run over several domains goes to its own domain.
# Batches:
@TABLE@
CDPATH=
here=$(dirname -- "$0")
first=1 last=999999999
while :; do
    case ${1-} in
        --first) first=${2-} ;;
        --last) last=${2-} ;;
        *) break ;;
    esac
    case ${2-} in
        '' | *[!0-9]* | ??????????*)
            echo "$1 takes the number of a batch, and not \`${2-}\`: nothing is imported." >&2
            exit 1
            ;;
    esac
    shift 2
done

hashes() {
    cat << 'END'
@HASHES@
END
}

refuse() {
    echo "$1: nothing is imported." >&2
    exit 1
}

cd -- "$here" || refuse "This folder cannot be entered"
here=$PWD
hashes | while read -r line; do
    grep -qxF -- "$line" SHA256SUMS || exit 1
done || refuse "SHA256SUMS does not name the files of this script"
if command -v sha256sum > /dev/null; then
    hashes | sha256sum -c > /dev/null
elif command -v shasum > /dev/null; then
    hashes | shasum -a 256 -c > /dev/null
else
    echo "Notice: neither sha256sum nor shasum is here, so the change files are not checked."
fi || refuse "The files are not those that userprep wrote"
echo "Digest of the run: @DIGEST@" >&2

count() { if [ -f "$2" ]; then grep -c "$1" "$2"; else echo 0; fi; }

# Whether the options of ldapmodify name a server.
names_server() {
    [ -n "${LDAPURI-}" ] && return 0
    for option; do
        case $option in -H* | -h*) return 0 ;; esac
    done
    return 1
}

# batch NUMBER NAME RECORDS SERVER OPTION...
tried=
batch() {
    number=$1 name=$2 records=$3 server=$4
    shift 4
    [ "$number" -ge "$first" ] && [ "$number" -le "$last" ] || return 0
    tried=1
    log=$here/@KIND@-log/$name try=1
    while [ -e "$log" ]; do
        log=$here/@KIND@-log/$name.$try try=$((try + 1))
    done
    mkdir -p -- "$log" || exit 1
    if [ @DOMAINS@ -gt 1 ] && [ "$server" != - ] && ! names_server "$@"; then
        set -- -H "ldap://$server" "$@"
    fi
    ldapmodify "$@" -c -S "$log/refused.ldif" -f "$here/$name-@KIND@.ldif" > "$log/out" 2> "$log/err"
    code=$?
    # ldapmodify names each record before it tries it; a record that it never saw leaves the return code at 0.
    imported=$(($(count '^modifying entry ' "$log/out") - $(count '^# Error: ' "$log/refused.ldif")))
    echo "Batch $name: $imported of $records records"
    [ "$code" -eq 0 ] && [ "$imported" -eq "$records" ] && return 0
    cat -- "$log/err"
    echo "Stopped in batch $name. The refused records are in $log/refused.ldif; all others are imported."
    echo "Export the users again, then type"
    echo "  userprep @COMMAND@ \"$here\" --against EXPORT --log \"$log/refused.ldif\" --out REST"
    echo "which writes what is left to do. To go on with the next batch instead: --first $((number + 1))"
    exit 1
} >&2

@CALLS@
[ -n "$tried" ] || refuse "No batch is from --first $first to --last $last"
echo "Done. To see what the directory holds now, export the users and type"
echo "  userprep verify \"$here\" --against EXPORT"
