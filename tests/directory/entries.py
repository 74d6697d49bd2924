"""LDIF as these tests need it, independent of the program: entries of an export, and the fixture made loadable."""

import base64
import re
import struct
from functools import cache

ROOT = "DC=contoso,DC=com"
EMEA = f"DC=emea,{ROOT}"
HOME = "msRTCSIP-PrimaryHomeServer"

# What a directory makes by itself.
OWN = {"distinguishedname", "whencreated", "usncreated", "name", "objectguid", "objectcategory", "objectsid",
       "samaccounttype", "primarygroupid", "isdeleted", "iscriticalsystemobject"}
# What every change and every bind touches.
VOLATILE = {"whenchanged", "usnchanged", "replpropertymetadata", "dscorepropagationdata", "lastlogon", "lastlogontimestamp",
            "logoncount"}
UNSTATED = VOLATILE | {"changetype"}


def records(text):
    """The records of an LDIF text: each a list of (attribute, value), the DN first; one that is no text is bytes."""
    text = re.sub(r"\r?\n ", "", text.replace("\r\n", "\n"))
    for block in re.split(r"\n\n+", text):
        lines = []
        for line in block.split("\n"):
            name, colon, rest = line.partition(":")
            if not colon or line.startswith("#"):
                continue
            value = rest.strip(" ")
            if rest.startswith(":"):
                raw = base64.b64decode(rest[1:].strip())
                value = raw.decode() if is_text(raw) else raw
            lines.append((name, value))
        if lines and lines[0][0].lower() == "dn":
            yield lines


def is_text(raw):
    """Whether these octets read as text: UTF-8 without a control character other than LF."""
    try:
        return not re.search("[\0-\x09\x0b-\x1f]", raw.decode())
    except UnicodeDecodeError:
        return False


def sid(raw):
    """The text form of a SID in octets; ldbsearch shows it in place of them."""
    count, authority = raw[1], int.from_bytes(raw[2:8], "big")
    return "-".join(map(str, ["S-1", authority, *struct.unpack(f"<{count}I", raw[8:])]))


@cache
def key(dn):
    """A DN without case, optional spaces and escapes, to find an entry by."""
    dn = re.sub(r"\\([0-9A-Fa-f]{2})", lambda pair: chr(int(pair[1], 16)), dn)
    return re.sub(r", +", ",", re.sub(r"\\(.)", r"\1", dn)).lower()


def canonical(text):
    """The entries of an export as {key: {attribute: sorted values}}, without what every change touches."""
    entries = {}
    for (_, dn), *lines in records(text):
        entry = entries.setdefault(key(dn), {})
        for name, value in lines:
            name = name.lower()
            if name not in UNSTATED:
                entry.setdefault(name, []).append(plain(name, value))
    for entry in entries.values():
        for values in entry.values():
            values.sort()
    return entries


def plain(name, value):
    """A value in the form that compares between directories: SIDs as text, DNs by their key."""
    if isinstance(value, bytes):
        return sid(value) if name.lower().endswith("sid") else base64.b64encode(value).decode()
    return key(value) if name.lower() == HOME.lower() else value


def line(name, value):
    """One attribute line, always base64."""
    raw = value if isinstance(value, bytes) else value.encode()
    return f"{name}:: {base64.b64encode(raw).decode()}\n"


def parent(dn):
    """The DN above."""
    return re.split(r"(?<!\\),", dn, maxsplit=1)[1]


def creatable(text, own_classes):
    """Those objects of the fixture that can be made: (rank, DN, classes, other lines), containers with the lowest rank.

    Left out: deleted and conflicting objects, accounts that every domain makes, the trust account. Two records with
    one DN count once if they are equal, and not at all if they are not.
    """
    versions = {}
    for (_, dn), *lines in records(text):
        versions.setdefault(dn, []).append(lines)
    for dn, (lines, *others) in versions.items():
        classes, values = [value for name, value in lines if name == "objectClass"], dict(lines)
        if "\\0A" in dn or "isCriticalSystemObject" in values or values.get("userAccountControl") == "2080":
            continue
        if any(other != lines for other in others):
            continue
        if "serviceConnectionPoint" in classes or any(c.startswith("msRTCSIP-") for c in classes):
            classes, lines = ["container"], []
        if own_classes:
            classes = [c for c in classes if c in own_classes][-1:]
            if classes[0] in ("organizationalUnit", "domain"):
                lines = [(name, value) for name, value in lines if name in ("ou", "dc")]
        rank = next((i for i, c in enumerate(("user", "contact", "group"), 1) if c in classes), 0)
        yield rank, dn, classes, [(n, v) for n, v in lines if n.lower() not in OWN | {"objectclass", "changetype"}]


def loadable(text, present, own_classes=None):
    """The fixture as content records that a fresh directory accepts, parents and home servers first.

    `present`: the DNs that the directory has already. `own_classes`: the classes it knows, none for all of AD's.
    """
    done, out = {key(dn) for dn in present}, []

    def add(dn, classes, lines=()):
        if key(dn) in done:
            return
        done.add(key(dn))
        if parent(dn) != "DC=com":
            kind, name = re.split(r"(?<!\\),", parent(dn), maxsplit=1)[0].split("=")
            add(parent(dn), ["container" if kind == "CN" else "domain"], [(kind.lower(), name)])
        content = [("dn", dn), *(("objectClass", c) for c in classes), *lines]
        out.append("".join(line(name, value) for name, value in content) + "\n")

    for _, dn, classes, lines in sorted(creatable(text, own_classes), key=lambda entry: entry[0]):
        for name, value in lines:
            if name == HOME:
                add(value, ["container"], [("cn", "LC Services")])
        add(dn, classes, lines)
    return "".join(out)
