"""The failure matrix: each small change file of `cases`, and the return code with which a server answers it.

`cases.py URL BINDDN PASSWORD` imports all of them over LDAP and prints a line for each: name, return code.
"""

import csv
import subprocess
import sys
from pathlib import Path

import entries

CASES = Path(__file__).with_name("cases")
SEED = CASES / "seed.ldif"
# What is there before: the fixture has made the pool, the domain its own containers.
PRESENT = [entries.ROOT, f"CN=Configuration,{entries.ROOT}", f"CN=Services,CN=Configuration,{entries.ROOT}"]
POOL = "CN=LC Services,CN=Microsoft,CN=pool01,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com"


def answers(column):
    """What `ldb`, `samba` or `slapd` answers, by name of the case."""
    with open(CASES / "answers.tsv") as table:
        return {row["case"]: int(row[column]) for row in csv.DictReader(table, delimiter="\t")}


def files():
    """The cases, by name."""
    return {path.stem: path for path in sorted(CASES.glob("[0-9]*.ldif"))}


def pools():
    """The DNs from the pool's own up to where the domain begins."""
    dn = POOL
    while dn not in PRESENT:
        yield dn
        dn = entries.parent(dn)


def over_ldap(url, bind, password, refused="/dev/null"):
    """Imports each case, and puts the users back after each; a file gets the refused records."""
    def client(name, *arguments, **more):
        command = [name, "-x", "-H", url, "-D", bind, "-w", password, *arguments]
        return subprocess.run(command, capture_output=True, text=True, **more)

    users = [text + "\n" for text in SEED.read_text().split("\n\n") if "sAMAccountName" in text]
    names = [dict(lines)["dn"] for lines in entries.records("\n".join(users))]
    for name, path in files().items():
        yield name, client("ldapmodify", "-c", "-S", refused, "-f", path).returncode
        client("ldapdelete", *names)
        done = client("ldapadd", input="\n".join(users))
        if done.returncode:
            raise RuntimeError(f"after {name}: {done.stderr}")


if __name__ == "__main__":
    for case, code in over_ldap(*sys.argv[1:]):
        print(case, code)
