#!/usr/bin/python3
"""python_ldap.py IN OUT : the address of each user out of mail, as change records, with python-ldap."""

import sys

import ldif


class Enabler(ldif.LDIFParser):
    def handle(self, dn, entry):
        if b"user" in entry.get("objectClass", []) and "mail" in entry:
            address = b"sip:" + entry["mail"][0]
            out.unparse(dn, [(0, "msRTCSIP-UserEnabled", [b"TRUE"]), (0, "msRTCSIP-PrimaryUserAddress", [address])])


with open(sys.argv[1], "rb") as source, open(sys.argv[2], "w") as target:
    out = ldif.LDIFWriter(target)
    Enabler(source, ignored_attr_types=["changetype"]).parse_entry_records()
