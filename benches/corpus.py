#!/usr/bin/env python3
"""corpus.py N [--duplicates PERCENT] [--csv | --content] : an export of N users as ldifde or csvde writes it, on standard output.

Seeded: the same N gives the same bytes. An entry has 54 attribute lines and some 2.4 KB; every ninth DN is base64;
one line in ten is folded. With --duplicates that share of the users have the mail address of another; with --content no
record says `changetype: add`, as ldapsearch writes it.
"""

import argparse
import base64
import csv
import random
import sys

# S-1-5-21-, before three parts of the domain and the account's own.
SID = bytes.fromhex("010500000000000515000000")

GIVEN = ["Ann", "Bob", "Carl", "Dora", "Erik", "Fay", "Gus", "Ida", "Zoë"]


def entry(n, rng, duplicates):
    """The DN and the attributes, in order; a value is text or octets."""
    given, sn, sam = GIVEN[n % 9], f"Doe{n}", f"u{n:07d}"
    cn, mail = f"{given} {sn}", f"{sam}@contoso.com"
    if rng.random() * 100 < duplicates:
        mail = f"shared{n // 10}@contoso.com"
    dn = f"CN={cn},OU=Department {n % 50:02d},OU=Staff,DC=contoso,DC=com"
    return dn, [
        *(("objectClass", value) for value in ("top", "person", "organizationalPerson", "user")),
        ("cn", cn), ("sn", sn), ("givenName", given), ("displayName", cn), ("name", cn), ("distinguishedName", dn),
        ("instanceType", "4"), ("whenCreated", "20090101120000.0Z"), ("whenChanged", "20090901120000.0Z"),
        ("uSNCreated", str(10000 + n)), ("uSNChanged", str(20000 + n)),
        ("memberOf", f"CN=Everybody in Department {n % 50:02d} of the whole Company,OU=Groups,DC=contoso,DC=com"),
        ("memberOf", "CN=All Staff,OU=Groups,DC=contoso,DC=com"),
        ("department", f"Department {n % 50:02d}"), ("company", "Contoso"), ("l", "Paris"), ("co", "France"), ("c", "FR"),
        ("proxyAddresses", f"SMTP:{mail}"), ("proxyAddresses", f"smtp:{sam}@mail.contoso.com"),
        ("proxyAddresses", f"X400:C=FR;A= ;P=Contoso;O=Paris;S={sn};G=U;"),
        *((f"extensionAttribute{k}", f"{'value of some length ' * 2}{k}") for k in range(1, 13)),
        ("objectGUID", rng.randbytes(16)), ("userAccountControl", "512"), ("badPwdCount", "0"), ("codePage", "0"),
        ("countryCode", "250"), ("pwdLastSet", "128700000000000000"), ("primaryGroupID", "513"),
        ("objectSid", SID + rng.randbytes(16)), ("accountExpires", "9223372036854775807"),
        ("sAMAccountName", sam), ("sAMAccountType", "805306368"), ("userPrincipalName", f"{sam}@contoso.com"),
        ("objectCategory", "CN=Person,CN=Schema,CN=Configuration,DC=contoso,DC=com"), ("mail", mail),
        ("description", " ".join(["A line that is long enough to be folded, as most descriptions in old directories are."] * 3)),
        ("telephoneNumber", f"+33 1 {n:08d}"),
    ]


def line(name, value):
    octets = value if isinstance(value, bytes) else value.encode()
    is_plain = isinstance(value, str) and value.isascii()
    text = f"{name}: {value}" if is_plain else f"{name}:: {base64.b64encode(octets).decode()}"
    head, rest = text[:76], text[76:]
    return "\r\n ".join([head] + [rest[at:at + 75] for at in range(0, len(rest), 75)]) + "\r\n"


def ldif(entries, out, change):
    for dn, attributes in entries:
        lines = (line(name, value) for name, value in attributes)
        out.write(f"{line('dn', dn)}{change}{''.join(lines)}\r\n")


def table(entries, out):
    rows = csv.writer(out)
    for n, (dn, attributes) in enumerate(entries):
        cells = {"DN": [dn]}
        for name, value in attributes:
            cells.setdefault(name, []).append(value if isinstance(value, str) else f"X'{value.hex()}'")
        if n == 0:
            rows.writerow(cells)
        rows.writerow(";".join(values) for values in cells.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=int)
    parser.add_argument("--duplicates", type=float, default=0)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--content", action="store_true")
    options = parser.parse_args()
    rng = random.Random(options.entries)
    sys.stdout.reconfigure(newline="", encoding="utf-8")
    entries = (entry(n, rng, options.duplicates) for n in range(options.entries))
    if options.csv:
        table(entries, sys.stdout)
    else:
        ldif(entries, sys.stdout, "" if options.content else "changetype: add\r\n")


main()
