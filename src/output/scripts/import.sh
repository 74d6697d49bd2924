#!/bin/sh
# @KIND@.sh [--first N] [--last N] OPTION...: imports the @KIND@ files, batch after batch, up to the first that fails.
# Every OPTION goes to ldapmodify, such as: sh @KIND@.sh -x -H ldap://dc1.contoso.com -D admin@contoso.com -y FILE
# Batches:
@TABLE@
CDPATH=
here=$(dirname -- "$0")
first=1 last=2147483647
while :; do
    case ${1-} in
        --first) first=$2 && shift 2 ;;
        --last) last=$2 && shift 2 ;;
        *) break ;;
    esac
done

sums() { (cd -- "$here" && grep '\.ldif$' SHA256SUMS | "$@"); }
if command -v sha256sum > /dev/null; then
    sums sha256sum -c > /dev/null
elif command -v shasum > /dev/null; then
    sums shasum -a 256 -c > /dev/null
else
    echo "Notice: neither sha256sum nor shasum is here, so the change files are not checked."
fi || {
    echo "The files are not those that userprep wrote: nothing is imported." >&2
    exit 1
}

count() { if [ -f "$2" ]; then grep -c "$1" "$2"; else echo 0; fi; }

# batch NUMBER NAME RECORDS OPTION...
batch() {
    number=$1 name=$2 records=$3
    shift 3
    [ "$number" -ge "$first" ] && [ "$number" -le "$last" ] || return 0
    log=$here/@KIND@-log/$name try=1
    while [ -e "$log" ]; do
        log=$here/@KIND@-log/$name.$try try=$((try + 1))
    done
    mkdir -p -- "$log" || exit 1
    ldapmodify "$@" -c -S "$log/refused.ldif" -f "$here/$name-@KIND@.ldif" > "$log/out" 2> "$log/err"
    code=$?
    # ldapmodify names each record before it tries it; a record that it never saw leaves the return code at 0.
    imported=$(($(count '^modifying entry ' "$log/out") - $(count '^# Error: ' "$log/refused.ldif")))
    echo "Batch $name: $imported of $records records"
    [ "$code" -eq 0 ] && [ "$imported" -eq "$records" ] && return 0
    cat -- "$log/err"
    echo "Stopped in batch $name. The records that were refused stand in $log/refused.ldif; all others are imported."
    echo "Export the users again, then type"
    echo "  userprep @COMMAND@ \"$here\" --against EXPORT --log \"$log/refused.ldif\" --out REST"
    echo "which writes what is left to do. To go on with the next batch instead: --first $((number + 1))"
    exit 1
} >&2

@CALLS@
echo "Done. To see what the directory holds now, export the users and type"
echo "  userprep verify \"$here\" --against EXPORT"
