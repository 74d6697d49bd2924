#!/bin/sh
# @KIND@.sh [--first N] [--last N] OPTION...: imports the @KIND@ files, batch after batch, up to the first that fails.
# Every OPTION goes to ldapmodify, such as: sh @KIND@.sh -x -H ldap://dc1.contoso.com -D admin@contoso.com -y FILE
# Without -H each batch of a run over several domains goes to its own domain.
# Batches:
@TABLE@
CDPATH=
here=$(dirname -- "$0")

refuse() {
    printf '%s: nothing is imported.\n' "$1" >&2
    exit 1
}

first=1 last=999999999
while :; do
    case ${1-} in
        --first) first=${2-} ;;
        --last) last=${2-} ;;
        *) break ;;
    esac
    case ${2-} in
        *[!0-9]* | ??????????*) false ;;
        *[1-9]*) ;;
        *) false ;;
    esac || refuse "$1 takes the number of a batch, and not \`${2-}\`"
    shift 2
done
case ${1--} in
    -*) ;;
    *) refuse "\`$1\` is not an option of ldapmodify" ;;
esac
for option; do
    case $option in
        --*) refuse "\`$option\` is not an option of ldapmodify, and --first N and --last N come before those" ;;
    esac
done

hashes() {
    cat << 'END'
@HASHES@
END
}

cd -- "$here" || refuse "This folder cannot be entered"
here=$PWD
# Neither a pipe nor a device ends.
hashes | while read -r hash file; do
    [ -f SHA256SUMS ] && grep -qxF -- "$hash  $file" SHA256SUMS || exit 1
    [ "$(grep -cF -- "  $file" SHA256SUMS)" -eq 1 ] || exit 1
done || refuse "SHA256SUMS does not name the files of this script"
hashes | while read -r hash file; do
    [ -f "$file" ] || exit 1
done || refuse "A file of the run is missing, or is not a regular file"
if command -v sha256sum > /dev/null; then
    hashes | sha256sum -c > /dev/null
elif command -v shasum > /dev/null; then
    hashes | shasum -a 256 -c > /dev/null
else
    echo "Notice: neither sha256sum nor shasum is here, so the change files are not checked."
fi || refuse "The files are not those that userprep wrote"
echo "Digest of the run: @DIGEST@" >&2

# Prints a path for a command line: a shell interprets nothing in it, and ? replaces what steers a terminal.
quoted() {
    printf %s "$1" | LC_ALL=C tr '\001-\037\177' '[?*]' | LC_ALL=C sed \
        -e "s/$(printf '\342\200[\216\217\252-\256]')/?/g" -e "s/$(printf '\342\201[\246-\251]')/?/g" \
        -e "s/$(printf '\302[\200-\237]')/?/g" -e "s/'/'\\\\''/g" -e "s/.*/'&'/"
}

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
    named=$(count '^modifying entry ' "$log/out") refused=$(count '^# Error: ' "$log/refused.ldif")
    imported=$((named - refused))
    echo "Batch $name: $imported of $records records"
    [ "$code" -eq 0 ] && [ "$imported" -eq "$records" ] && return 0
    cat -- "$log/err"
    echo "Stopped in batch $name: $imported imported, $refused refused, $((records - named)) not tried."
    if [ "$named" -eq 0 ]; then
        echo "To try this batch again, once the cause is removed: --first $number"
        exit 1
    fi
    evidence=
    [ "$refused" -eq 0 ] || evidence=" --log $(quoted "$log/refused.ldif")"
    echo "Export the users again, then type"
    printf '  userprep @COMMAND@ %s --against EXPORT%s --out REST\n' "$(quoted "$here")" "$evidence"
    echo "which writes what is left to do."
    [ "$number" -eq @BATCHES@ ] || echo "To go on with the next batch instead: --first $((number + 1))"
    exit 1
} >&2

@CALLS@
[ -n "$tried" ] || refuse "No batch is from --first $first to --last $last"
echo "Done. To see what the directory holds now, export the users and type"
printf '  userprep verify %s --against EXPORT\n' "$(quoted "$here")"
