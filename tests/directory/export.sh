#!/bin/sh
# Prints what ldapsearch exports of a Samba domain controller: `export.sh [HOME] > fixtures/samba/export.ldif`.
# HOME is a provisioned database, by default that of the contoso fixture. The server has a network namespace to itself;
# exit 77 where none is to be had.
set -e
here=$(dirname "$(readlink -f "$0")")
home=${1:-$(/usr/bin/python3 "$here/active_directory.py" fixture)}
[ "$(id -u)" = 0 ] || user=--map-root-user
# shellcheck disable=SC2086
unshare $user --net true 2>/dev/null || exit 77
# shellcheck disable=SC2086,SC2016
exec unshare $user --net /usr/bin/python3 "$here/active_directory.py" serve "$home" sh -ec '
for base in DC=contoso,DC=com DC=emea,DC=contoso,DC=com; do
    ldapsearch -LLL -x -H ldap://127.0.0.1 -D Administrator@contoso.com -w P@ssw0rd-T3st -b "$base" \
        "(|(objectClass=user)(objectClass=contact)(objectClass=group))"
done'
