"""A crowd of users on a real server: enabled, the import killed half-way, finished, and taken back."""

import base64
from collections import Counter

import entries
from life import differs, ended, rows, statuses, unlike

POOL = f"CN=LC Services,CN=Microsoft,CN=pool01,CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,{entries.ROOT}"
UNITS = [f"OU=D{n:02},{entries.ROOT}" for n in range(20)]
PLACES = (f"dn: {POOL}\nobjectClass: container\n\n"
          + "".join(f"dn: {unit}\nobjectClass: organizationalUnit\nou: {unit[3:6]}\n\n" for unit in UNITS))


class Crowd:
    """This many users, `(DN, {attribute: values})`, what becomes of each, and what the changed users have after the import."""

    def __init__(self, size):
        made = [user(n) for n in range(size)]
        self.users = [(dn, lines) for dn, lines, _, _ in made]
        self.outcomes = Counter(outcome for _, _, outcome, _ in made)
        self.after = {entries.key(dn): after for dn, _, outcome, after in made if outcome == "changed"}

    def firsts(self):
        """The first user of each kind: those of a kind have the same attributes."""
        return {tuple(lines): (dn, lines) for dn, lines in reversed(self.users)}.values()


def content(users):
    """Users as content records."""
    for dn, lines in users:
        plain = (f"{name}: {value}\n" for name, values in lines.items() for value in values)
        yield f"dn:: {base64.b64encode(dn.encode()).decode()}\nobjectClass: user\n{''.join(plain)}\n"


def user(n):
    """User number n: the remainders of the number say who is disabled, who is enabled already, who has what."""
    dn, mail = f"CN=Zoë {n:06},{UNITS[n % 20]}", f"Zoe.{n:06}@contoso.com"
    address = f"sip:{mail}"
    lines = {"sAMAccountName": [f"u{n:06}"], "mail": [mail], "userAccountControl": ["512"], "instanceType": ["4"],
             "proxyAddresses": [f"SMTP:{mail}"]}
    after = {"msrtcsip-userenabled": ["TRUE"], "msrtcsip-primaryuseraddress": [address],
             "msrtcsip-primaryhomeserver": [entries.key(POOL)], "msrtcsip-archivingenabled": ["0"],
             "msrtcsip-optionflags": ["256"]}
    if n % 7 == 0:
        lines["msRTCSIP-OptionFlags"], after["msrtcsip-optionflags"] = ["17"], ["273"]
    if n % 19 == 4:
        lines["msRTCSIP-ArchivingEnabled"] = after["msrtcsip-archivingenabled"] = ["4"]
    if n % 17 == 2:
        lines["adminCount"] = ["1"]
    # An equal address is left as it is, whatever its case.
    lines["proxyAddresses"] += [address.upper()] * (n % 11 == 3)
    after["proxyaddresses"] = sorted(lines["proxyAddresses"] + [address] * (n % 11 != 3))
    if n % 13 == 5:
        return dn, lines | {"userAccountControl": ["514"]}, "skipped", None
    if n % 23 == 6:
        return dn, lines | {
            "msRTCSIP-UserEnabled": ["TRUE"], "msRTCSIP-PrimaryUserAddress": [address],
            "msRTCSIP-PrimaryHomeServer": [POOL], "msRTCSIP-ArchivingEnabled": ["0"],
            "msRTCSIP-OptionFlags": ["257"], "proxyAddresses": [f"SMTP:{mail}", address]}, "unchanged", None
    return dn, lines, "changed", after


def life(tally, name, userprep, directory, crowd, folder):
    """Apply, killed in the middle; verify, apply what is left; verify, undo, verify."""
    export, users = directory.home / "now.ldif", len(crowd.after)

    def run(command, out, *arguments):
        done = userprep(command, *arguments, "--out", folder / f"{name} {out}", "--quiet")
        return done, folder / f"{name} {out}"

    def exported():
        text = directory.export()
        export.write_text(text)
        return text

    before = entries.canonical(exported())
    done, out = run("enable", "crowd", export, "--pool", POOL, "--sip-domain", "contoso.com", "--target", "ldap")
    found = Counter(row["status"] for row in rows(out) if "Zoë" in row["dn"])  # Samba has users of its own
    tally.check(f"{name}: a run of {len(crowd.users)} users", ended(done, 0) or unlike(found, crowd.outcomes))

    directory.killed_import(out)
    exported()
    done, rest = run("verify", "crowd rest", out, "--against", export)
    found = statuses(rest)
    tally.check(f"{name}: the import is killed half-way, and verify says what is left",
                ended(done, 5) or ("" if found.keys() == {"applied", "missing"} and sum(found.values()) == users else found))
    tally.check(f"{name}: what verify writes is imported", directory.imported(rest))
    wanted = {dn: {**entry, **crowd.after.get(dn, {})} for dn, entry in before.items()}
    tally.check(f"{name}: the state is the expected one", differs(entries.canonical(exported()), wanted))
    done, applied = run("verify", "crowd applied", out, "--against", export)
    tally.check(f"{name}: verify finds all applied", ended(done, 0) or unlike(statuses(applied), {"applied": users}))

    done, undo = run("undo", "crowd undo", out, "--against", export)
    tally.check(f"{name}: undo takes all back", ended(done, 0) or unlike(statuses(undo), {"changed": users}))
    tally.check(f"{name}: what undo writes is imported", directory.imported(undo))
    tally.check(f"{name}: identical", differs(entries.canonical(exported()), before))
    done, missing = run("verify", "crowd missing", out, "--against", export)
    tally.check(f"{name}: verify finds all missing", ended(done, 5) or unlike(statuses(missing), {"missing": users}))
