"""Each command on a real directory: what it writes is imported, compared, verified, and taken back.

What a command should make of a directory is worked out here from its entries alone, by nothing that the program has.
"""

from collections import Counter, defaultdict

import entries
from life import differs, ended, statuses, unlike

ADDRESS, ENABLED, HOME, FLAGS, ARCHIVING, LINE = (f"msrtcsip-{name}" for name in (
    "primaryuseraddress", "userenabled", "primaryhomeserver", "optionflags", "archivingenabled", "line"))
PROXIES = "proxyaddresses"
PARIS, LONDON = f"OU=Paris,{entries.ROOT}", f"OU=London,{entries.ROOT}"
POOLS = f"CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,{entries.ROOT}"
GONE = f"CN=pool09,{POOLS}"


def pool(number):
    """The home server of a pool."""
    return f"CN=LC Services,CN=Microsoft,CN=pool0{number},{POOLS}"


# What happens to the directory between `enable` and the other commands.
MEANWHILE = f"""\
dn: CN=Eva Ready,{PARIS}
changetype: modify
add: telephoneNumber
telephoneNumber: 01 42 68 53 00
-
add: msRTCSIP-UserPolicy
msRTCSIP-UserPolicy: B:8:00000001:CN=pool01,{POOLS}
msRTCSIP-UserPolicy: B:8:00000002:{GONE}
-
add: msRTCSIP-TargetHomeServer
msRTCSIP-TargetHomeServer: {pool(2)}
-
add: msRTCSIP-FederationEnabled
msRTCSIP-FederationEnabled: TRUE
-
add: msRTCSIP-InternetAccessEnabled
msRTCSIP-InternetAccessEnabled: FALSE
-
add: msRTCSIP-Line
msRTCSIP-Line: tel:+33142685399
-

dn: CN=Xavier Middle,{PARIS}
changetype: modify
add: telephoneNumber
telephoneNumber: (0)1 42-68-53-01
-
replace: msRTCSIP-ArchivingEnabled
msRTCSIP-ArchivingEnabled: 12
-

dn: CN=Lea Leaver,{LONDON}
changetype: modify
add: proxyAddresses
proxyAddresses: sip:lea.leaver@contoso.com
proxyAddresses: SIP:lleaver@contoso.com
-
add: msRTCSIP-OptionFlags
msRTCSIP-OptionFlags: 257
-

dn: CN=Una Signed,{PARIS}
changetype: modify
delete: msRTCSIP-PrimaryHomeServer
-

dn: CN=Arch Iver,{LONDON}
changetype: modify
replace: msRTCSIP-PrimaryHomeServer
msRTCSIP-PrimaryHomeServer: {pool(9)}
-

dn: CN=LC Services,CN=Microsoft,{GONE}
changetype: delete

dn: CN=Microsoft,{GONE}
changetype: delete

dn: {GONE}
changetype: delete

"""


def users(state):
    """The users that a wizard may touch."""
    for dn, entry in state.items():
        classes = {value.lower() for value in entry["objectclass"]}
        if "user" in classes and "computer" not in classes and entry.get("iscriticalsystemobject") != ["TRUE"]:
            yield dn, entry


def each(concerns, edit):
    """What becomes of a state if every user it concerns is edited."""
    def expected(before):
        after = {dn: {name: list(values) for name, values in entry.items()} for dn, entry in before.items()}
        for dn, entry in users(after):
            if concerns(entry):
                edit(entry)
        return tidy(after)
    return expected


def tidy(state):
    """A state with its values sorted, and no attribute without one."""
    return {dn: {name: sorted(values) for name, values in entry.items() if values} for dn, entry in state.items()}


def is_enabled(entry):
    return entry.get(ENABLED) == ["TRUE"]


def is_switched_off(entry):
    return entry.get(ENABLED) == ["FALSE"] and ADDRESS in entry


def has_address(entry):
    return ADDRESS in entry


def change_bits(entry, name, on, off=0):
    """Sets and clears bits; no value is 0, and 0 is written over a value only."""
    before = int(entry.get(name, ["0"])[0])
    after = (before | on) & ~off
    if after != before:
        entry[name] = [str(after)]


def is_gone(value):
    """Whether a value names something that is gone: Samba shows that it has been deleted, slapd shows the old name."""
    return "\ndel:" in value or "\\0ADEL:" in value or value == entries.key(pool(9))


def configured(on=0, off=0, archiving=None, **truths):
    def edit(entry):
        change_bits(entry, FLAGS, on, off)
        if archiving is not None:
            entry[ARCHIVING] = [str(int(entry.get(ARCHIVING, ["0"])[0]) & ~12 | archiving)]
        entry.update({f"msrtcsip-{name}": [str(truth).upper()] for name, truth in truths.items()})
    return each(is_enabled, edit)


def spoken(entry):
    change_bits(entry, FLAGS, 128)
    digits = "".join(c for c in entry["telephonenumber"][0] if c.isdigit())
    entry[LINE] = [f"tel:+33{digits.removeprefix('0')}"]


def homed(entry):
    entry[HOME] = [entries.key(pool(1))]


def deleted(entry):
    """Without an address, every `sip:` value is left over."""
    former = entry.get(ADDRESS, ["sip:"])[0].lower()
    goes = str.startswith if former == "sip:" else str.__eq__
    entry[PROXIES] = [value for value in entry.get(PROXIES, []) if not goes(value.lower(), former)]
    for name in [name for name in entry if name.startswith("msrtcsip-")]:
        del entry[name]


def gets_proxy(entry, uri):
    values = entry.setdefault(PROXIES, [])
    if uri.lower() not in (value.lower() for value in values):
        values.append(uri)


def repaired(entry):
    change_bits(entry, FLAGS, 256)
    gets_proxy(entry, entry[ADDRESS][0])


def enabled_again(entry):
    entry[ENABLED] = ["TRUE"]


def renamed(old, new, keeps=False, concerns=is_enabled):
    """Addresses of one domain go to another, but those that somebody has there, or that two would get."""
    def expected(before):
        held = defaultdict(set)
        for dn, entry in before.items():
            for value in entry.get(ADDRESS, []) + entry.get(PROXIES, []) + [f"smtp:{v}" for v in entry.get("mail", [])]:
                scheme, _, address = value.lower().partition(":")
                if scheme in ("sip", "smtp"):
                    held[address].add(dn)
        wanted = {dn: entry[ADDRESS][0].rpartition("@")[0] + f"@{new}" for dn, entry in users(before)
                  if concerns(entry) and entry.get(ADDRESS, [""])[0].lower().endswith(f"@{old}")}
        claims = Counter(uri.lower() for uri in wanted.values())
        after = {dn: dict(entry) for dn, entry in before.items()}
        for dn, uri in wanted.items():
            if claims[uri.lower()] == 1 and held[uri.lower()[4:]] <= {dn}:
                entry, former = after[dn], after[dn][ADDRESS][0].lower()
                entry[ADDRESS] = [uri]
                entry[PROXIES] = [v for v in entry.get(PROXIES, []) if keeps or v.lower() != former]
                gets_proxy(entry, uri)
        return tidy(after)
    return expected


DOMAINS = ["--sip-domain", "contoso.com", "--sip-domain", "emea.contoso.com"]
PAIR = ["--sip-domain", "contoso.com", "--sip-domain", "contoso.net", "--replace-many"]
STANDING = ["--pools", "fixtures/contoso/pools.ldif"]

# Name, arguments behind the export, exit code, what becomes of the directory.
COMMANDS = [
    ("delete, where the pool is gone", ["delete", "--filter", "(cn=Fritz Foreign)", *STANDING], 0,
     each(lambda entry: entry["cn"] == ["Fritz Foreign"], deleted)),
    ("move, who has no pool or one that is gone", ["move", *STANDING, "--pool", "pool01"], 0,
     each(lambda entry: has_address(entry) and (HOME not in entry or is_gone(entry[HOME][0])), homed)),
    ("configure, everything on",
     ["configure", *"--federation true --remote-access true --public-im true --anonymous-meetings true".split(),
      *"--enterprise-voice true --archiving all".split()], 0,
     configured(on=1 | 64 | 128, archiving=12, federationenabled=True, internetaccessenabled=True)),
    ("configure, everything off",
     ["configure", *"--federation false --remote-access false --public-im false --anonymous-meetings false".split(),
      *"--enterprise-voice false --enhanced-presence false --archiving none".split()], 0,
     configured(off=1 | 64 | 128 | 256, archiving=0, federationenabled=False, internetaccessenabled=False)),
    ("configure, lines",
     ["configure", "--filter", "(telephoneNumber=*)", "--enterprise-voice", "true",
      "--line", "tel:+33{telephoneNumber:national}"], 0, each(lambda entry: "telephonenumber" in entry, spoken)),
    ("move, all", ["move", *STANDING, "--pool", "pool01", "--rehome"], 0, each(has_address, homed)),
    ("disable", ["disable", "--all"], 0, each(is_enabled, lambda entry: entry.update({ENABLED: ["FALSE"]}))),
    ("enable, those switched off",
     ["enable", "--re-enable", "--filter", "(msRTCSIP-UserEnabled=FALSE)", "--pool", pool(1), *DOMAINS], 0,
     each(is_switched_off, enabled_again)),
    ("delete", ["delete", "--all"], 0, each(lambda entry: True, deleted)),
    ("rename, to a domain of nobody's", ["rename", "--domain", "contoso.com=contoso.net", *PAIR], 3,
     renamed("contoso.com", "contoso.net")),
    ("rename, and the old value stays", ["rename", "--domain", "contoso.com=contoso.net", "--keep-old", *PAIR], 3,
     renamed("contoso.com", "contoso.net", keeps=True)),
    ("rename, those switched off, too", ["rename", "--domain", "contoso.com=contoso.net", "--switched-off", *PAIR], 3,
     renamed("contoso.com", "contoso.net", concerns=has_address)),
    ("rename, to a domain where others are", ["rename", "--domain", "emea.contoso.com=contoso.com", *DOMAINS], 0,
     renamed("emea.contoso.com", "contoso.com")),
    ("audit --fix", ["audit", "--fix", *DOMAINS], 5, each(is_enabled, repaired)),
]


def life(tally, name, userprep, directory, folder):
    """Every command from the same state, which its undo brings back, but for the pools that are gone."""
    export, before = directory.home / "now.ldif", directory.state()
    for number, (title, (command, *arguments), code, expected) in enumerate(COMMANDS):
        wanted, title = expected(before), f"{name}: {title}"
        changed = [dn for dn in before if before[dn] != wanted[dn]]

        def run(verb, out, *more):
            export.write_text(directory.export())
            done = userprep(verb, *more, "--out", folder / f"{name} {number} {out}", "--quiet")
            return done, folder / f"{name} {number} {out}"

        done, out = run(command, "run", export, "--target", "ldap", *arguments)
        written = sum(path.read_text("ascii").count("\nchangetype: modify") for path in out.glob("*-apply.ldif"))
        tally.check(f"{title}: changes {len(changed)} users", ended(done, code) or unlike(written, len(changed)))
        tally.check(f"{title}: imported", directory.apply(sorted(out.glob("*-apply.ldif"))))
        tally.check(f"{title}: the state is the expected one", differs(directory.state(), wanted))
        done, applied = run("verify", "applied", out, "--against", export)
        tally.check(f"{title}: verify finds all applied", ended(done, 0) or unlike(statuses(applied), {"applied": len(changed)}))
        done, again = run(command, "again", export, "--target", "ldap", *arguments)
        # Where the address has gone, a second `delete` takes the other `sip:` values.
        rest = [path.name for path in again.glob("*-apply.ldif") if command != "delete" or "msRTCSIP" in path.read_text("ascii")]
        tally.check(f"{title}: a second run writes nothing of what the first wrote", rest)
        tally.check(f"{title}: taken back", directory.apply(sorted(out.glob("*-undo.ldif"))))
        # What names something that is gone is removed, and nothing puts it back.
        first, before = before, {dn: without_gone(entry, wanted[dn]) for dn, entry in before.items()}
        # Of an attribute that went as a whole, a run does not know what it was.
        lost = sum(first[dn].get(HOME) != before[dn].get(HOME) for dn in changed)
        tally.check(f"{title}: the state is the first one", differs(directory.state(), before))
        done, missing = run("verify", "missing", out, "--against", export)
        left = Counter({"missing": len(changed) - lost, "drifted": lost})
        tally.check(f"{title}: verify finds all missing", ended(done, 5) or unlike(statuses(missing), dict(+left)))


def policy_gone(tally, name, userprep, directory, folder):
    """An undo after the policy of a user has been deleted: a server refuses it, and what `undo` writes is taken."""
    export, pools, gone = (directory.home / f"{of}.ldif" for of in ("users", "pools", "gone"))
    policies = f"CN=Policies,{POOLS.partition(',')[2]}"
    gone.write_text("".join(f"dn: {dn}\nchangetype: add\nobjectClass: container\n\n"
                            for dn in (policies, f"CN=Meeting,{policies}", f"CN=Voice,{policies}")) +
                    f"dn: CN=Eva Ready,{PARIS}\nchangetype: modify\nreplace: msRTCSIP-UserPolicy\n"
                    f"msRTCSIP-UserPolicy: B:8:00000001:CN=Meeting,{policies}\n"
                    f"msRTCSIP-UserPolicy: B:8:00000002:CN=Voice,{policies}\n-\n\n")
    tally.check(f"{name}: policies", directory.modify(gone)[1])
    export.write_text(directory.export())
    before, eva = directory.state(), entries.key(f"CN=Eva Ready,{PARIS}")
    out, back = folder / f"{name} delete", folder / f"{name} undo"
    userprep("delete", export, "--filter", "(cn=Eva Ready)", "--target", "ldap", "--out", out)
    tally.check(f"{name}: deleted", directory.apply(out.glob("*-apply.ldif")))
    gone.write_text(f"dn: CN=Voice,{policies}\nchangetype: delete\n\n")
    tally.check(f"{name}: the policy, too", directory.modify(gone)[1])
    tally.check(f"{name}: its undo is refused", "" if directory.apply(out.glob("*-undo.ldif")) else "it was accepted")
    export.write_text(directory.export())
    pools.write_text(directory.tool("ldbsearch", "-b", policies).stdout)
    done = userprep("undo", out, "--against", export, "--pools", pools, "--out", back)
    tally.check(f"{name}: undo says what it leaves out", ended(done, 0, "warning[undo-partial]"))
    tally.check(f"{name}: undone", directory.apply(back.glob("*-apply.ldif")))
    before[eva]["msrtcsip-userpolicy"] = [value for value in before[eva]["msrtcsip-userpolicy"] if "meeting" in value.lower()]
    tally.check(f"{name}: all is back but the policy", differs(directory.state(), before))


def without_gone(entry, wanted):
    """An entry without the values that name what is gone, where something else was wanted."""
    kept = {name: values if values == wanted.get(name) else [value for value in values if not is_gone(value)]
            for name, values in entry.items()}
    return {name: values for name, values in kept.items() if values}
