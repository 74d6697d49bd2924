"""Reads LDIF files with python-ldap and prints what it finds: one block a file, values in hexadecimal."""

import sys

import ldif


def hexed(value):
    return (value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")).hex()


class Dump(ldif.LDIFParser):
    def handle(self, dn, entry):
        self.out.append("entry " + hexed(dn))
        for name, values in entry.items():
            self.out.extend(f"{name.lower()} {hexed(value)}" for value in values)

    def handle_modify(self, dn, modops, controls=None):
        self.out.append("modify " + hexed(dn))
        for operation, name, values in modops:
            self.out.append(f"{('add', 'delete', 'replace')[operation]} {name.lower()}")
            self.out.extend(f"{name.lower()} {hexed(value)}" for value in values or [])


for path in sys.argv[1:]:
    print("file")
    with open(path, "rb") as file:
        changes = b"\nchangetype: modify" in file.read()
    with open(path, "rb") as file:
        parser = Dump(file)
        parser.out = []
        try:
            parser.parse_change_records() if changes else parser.parse_entry_records()
        except Exception as error:
            print("error", type(error).__name__)
            continue
    print("\n".join(parser.out))
