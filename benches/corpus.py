#!/usr/bin/env python3
"""corpus.py N [--duplicates PERCENT] : an export of N users as ldifde writes it, on standard output.

Seeded: the same N gives the same bytes. An entry has 54 attribute lines and some 2.3 KB; every ninth DN is base64;
one line in ten is folded. With --duplicates that share of the users have the mail address of another.
"""

import argparse
import base64
import random
import sys

GIVEN = ["Ann", "Bob", "Carl", "Dora", "Erik", "Fay", "Gus", "Ida", "Zoë"]
FILLER = "".join(f"extensionAttribute{n}: {'value of some length ' * 2}{n}\r\n" for n in range(1, 13))


def b64(octets):
    return base64.b64encode(octets).decode()


def line(name, value):
    text = f"{name}: {value}" if value.isascii() else f"{name}:: {b64(value.encode())}"
    head, rest = text[:76], text[76:]
    return "\r\n ".join([head] + [rest[at:at + 75] for at in range(0, len(rest), 75)]) + "\r\n"


def entry(n, rng, duplicates):
    given, sn, sam = GIVEN[n % 9], f"Doe{n}", f"u{n:07d}"
    cn, mail = f"{given} {sn}", f"{sam}@contoso.com"
    if rng.random() * 100 < duplicates:
        mail = f"shared{n // 10}@contoso.com"
    dn = f"CN={cn},OU=Department {n % 50:02d},OU=Staff,DC=contoso,DC=com"
    lines = [
        line("dn", dn), "changetype: add\r\n",
        "objectClass: top\r\nobjectClass: person\r\nobjectClass: organizationalPerson\r\nobjectClass: user\r\n",
        line("cn", cn), line("sn", sn), line("givenName", given), line("displayName", cn), line("name", cn),
        line("distinguishedName", dn), "instanceType: 4\r\n",
        "whenCreated: 20090101120000.0Z\r\nwhenChanged: 20090901120000.0Z\r\n",
        f"uSNCreated: {10000 + n}\r\nuSNChanged: {20000 + n}\r\n",
        line("memberOf", f"CN=Everybody in Department {n % 50:02d} of the whole Company,OU=Groups,DC=contoso,DC=com"),
        line("memberOf", "CN=All Staff,OU=Groups,DC=contoso,DC=com"),
        f"department: Department {n % 50:02d}\r\ncompany: Contoso\r\nl: Paris\r\nco: France\r\nc: FR\r\n",
        line("proxyAddresses", f"SMTP:{mail}"), line("proxyAddresses", f"smtp:{sam}@mail.contoso.com"),
        line("proxyAddresses", f"X400:C=FR;A= ;P=Contoso;O=Paris;S={sn};G=U;"), FILLER,
        f"objectGUID:: {b64(rng.randbytes(16))}\r\n", "userAccountControl: 512\r\nbadPwdCount: 0\r\ncodePage: 0\r\n",
        "countryCode: 250\r\npwdLastSet: 128700000000000000\r\nprimaryGroupID: 513\r\n",
        f"objectSid:: {b64(rng.randbytes(28))}\r\n", "accountExpires: 9223372036854775807\r\n",
        f"sAMAccountName: {sam}\r\nsAMAccountType: 805306368\r\n", line("userPrincipalName", f"{sam}@contoso.com"),
        line("objectCategory", "CN=Person,CN=Schema,CN=Configuration,DC=contoso,DC=com"), line("mail", mail),
        line("description", "A line that is long enough to be folded, as most descriptions in old directories are. " * 3),
        f"telephoneNumber: +33 1 {n:08d}\r\n",
    ]
    return "".join(lines) + "\r\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=int)
    parser.add_argument("--duplicates", type=float, default=0)
    options = parser.parse_args()
    rng = random.Random(options.entries)
    for n in range(options.entries):
        sys.stdout.write(entry(n, rng, options.duplicates))


sys.stdout.reconfigure(newline="")
main()
