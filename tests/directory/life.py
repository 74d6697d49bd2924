"""The life of a run on a real server: its own scripts import it, fail in the middle, finish it and take it back."""

import re
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import entries

REPORT = "{urn:userprep:report:1}"
FLORA = f"CN=Flora Bits,OU=Paris,{entries.ROOT}"
DRIFT = f"dn: {FLORA}\nchangetype: modify\nreplace: msRTCSIP-OptionFlags\nmsRTCSIP-OptionFlags: 33\n-\n\n"


class Userprep:
    """The program, run in the top folder of the project."""

    def __init__(self, program, top):
        self.program, self.top = program, top

    def __call__(self, *arguments):
        command = [self.program, *arguments]
        return subprocess.run(command, cwd=self.top, capture_output=True, text=True)


def rows(out, tag="user"):
    """The rows, or the issues, of a report."""
    return [row.attrib for row in ElementTree.parse(Path(out) / "report.xml").getroot().iter(REPORT + tag)]


def statuses(out):
    """How many users of a report have each status."""
    return dict(Counter(row["status"] for row in rows(out)))


def ended(done, code, says=""):
    """What is wrong with how a program ended."""
    said = f"{done.stdout}{done.stderr}"
    return "" if done.returncode == code and says in said else f"exit code {done.returncode} for {code}: {said[-600:]}"


def batch_of(out, dn):
    """The number of the batch that changes an entry."""
    files = sorted(Path(out).glob("*-apply.ldif"))
    return next(int(path.name[:4]) for path in files if f"\ndn: {dn}\n".lower() in path.read_text().lower())


def interrupted(tally, name, userprep, out, directory, expected):
    """`out` is a run in several batches; one of its users drifts before it is imported.

    `expected(before)` gives the state after an import of everything.
    """
    changed, stop = sum(row["status"] == "changed" for row in rows(out)), batch_of(out, FLORA)
    drift, export = directory.home / "drift.ldif", directory.home / "now.ldif"
    drift.write_text(DRIFT)
    directory.modify(drift)
    before = directory.state()
    wanted = {**expected(before), entries.key(FLORA): before[entries.key(FLORA)]}
    behind = sum(row["status"] == "changed" and int(row["file"][:4]) > stop for row in rows(out))

    damaged = out.with_name(f"{out.name} damaged")
    subprocess.run(["cp", "-r", out, damaged], check=True)
    with open(damaged / "0001-apply.ldif", "a") as file:
        file.write("# one more line\n")
    done = directory.script(damaged / "apply.sh")
    tally.check(f"{name}: a damaged file is not imported",
                ended(done, 1, "nothing is imported") or differs(directory.state(), before))

    done = directory.script(out / "apply.sh")
    tally.check(f"{name}: apply.sh stops in the batch that fails", ended(done, 1, f"Stopped in batch {stop:04}"))
    export.write_text(directory.export())
    log, rest = out / f"apply-log/{stop:04}/refused.ldif", out.with_name(f"{out.name} rest")
    done = userprep("verify", out, "--against", export, "--log", log, "--out", rest)
    counts = {"applied": changed - behind - 1, "missing": behind, "drifted": 1}
    tally.check(f"{name}: verify says what is applied and what is not",
                ended(done, 5) or unlike(statuses(rest), counts))
    refused = [issue["detail"] for issue in rows(rest, "issue") if issue["code"] == "import-refused"]
    tally.check(f"{name}: verify names the refusal", "" if len(refused) == 1 and "(16)" in refused[0] else refused or "no")
    tally.check(f"{name}: what verify writes does the rest", ended(directory.script(rest / "apply.sh"), 0))
    tally.check(f"{name}: all is applied but what drifted", differs(directory.state(), wanted))

    directory.script(out / "undo.sh")
    done = directory.script(out / "undo.sh", "--first", str(stop + 1))
    tally.check(f"{name}: undo.sh goes on behind the batch that fails", ended(done, 0))
    tally.check(f"{name}: the state is the first one", differs(directory.state(), before))

    directory.script(out / "apply.sh")
    tally.check(f"{name}: apply.sh goes on, too", ended(directory.script(out / "apply.sh", "--first", str(stop + 1)), 0))
    export.write_text(directory.export())
    undo = out.with_name(f"{out.name} undo")
    done = userprep("undo", out, "--against", export, "--out", undo)
    tally.check(f"{name}: undo leaves out who drifted",
                ended(done, 3) or unlike(statuses(undo), {"changed": changed - 1, "rejected": 1}))
    tally.check(f"{name}: its run directory is imported as a whole", ended(directory.script(undo / "apply.sh"), 0))
    tally.check(f"{name}: the state is the first one again", differs(directory.state(), before))


def unlike(found, wanted):
    return "" if found == wanted else f"found {found}, expected {wanted}"


def differs(found, wanted):
    """The first few entries that differ between two states."""
    places = [dn for dn in {**wanted, **found} if found.get(dn) != wanted.get(dn)]
    shown = "; ".join(f"{dn}: found {found.get(dn)}, expected {wanted.get(dn)}" for dn in places[:2])
    return shown and f"{shown}; {len(places)} in all"


def refusals(log, out):
    """The users of a run whose record `ldapmodify -S` has kept as refused, and the return code of each."""
    users = {entries.key(row["dn"]) for row in rows(out) if row["status"] == "changed"}
    found = {}
    for block in log.read_text().split("# Error: ")[1:] if log.exists() else []:
        code = re.search(r"\(-?\d+\)", block)[0]
        for (_, dn), *_ in entries.records(block[block.index("\ndn") + 1:]):
            found[entries.key(dn)] = code
    return {dn: code for dn, code in found.items() if dn in users}


def unnamed(out, wanted):
    """How the refusals that `verify` names differ from those, by DN and code."""
    dns = {row["seq"]: entries.key(row["dn"]) for row in rows(out)}
    said = {dns[issue["seq"]]: issue["detail"] for issue in rows(out, "issue") if issue["code"] == "import-refused"}
    is_reported = said.keys() == wanted.keys() and all(code in said[dn] for dn, code in wanted.items())
    return "" if is_reported else f"found {said}, expected {wanted}"
