"""The rules of `userprep enable`, stated a second time: what a forest and a configuration come to.

Shares no code with the program and never reads its sources. `enable` takes a `Case` and gives an `Outcome`,
both plain values: reading exports and writing files is not judged here.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from xxh3 import xxh3_64

URI, ENABLED, HOME = "msRTCSIP-PrimaryUserAddress", "msRTCSIP-UserEnabled", "msRTCSIP-PrimaryHomeServer"
FLAGS, ARCHIVING, ORIGINATOR = "msRTCSIP-OptionFlags", "msRTCSIP-ArchivingEnabled", "msRTCSIP-OriginatorSid"
FEDERATION, REMOTE, PROXY = "msRTCSIP-FederationEnabled", "msRTCSIP-InternetAccessEnabled", "proxyAddresses"
MASTER, DETAILS = "msExchMasterAccountSid", "msExchRecipientTypeDetails"
LOCATOR = "msRTCSIP-DeploymentLocator"
SELF = bytes([1, 1, 0, 0, 0, 0, 0, 5, 10, 0, 0, 0])  # S-1-5-10
ARCHIVING_BITS = {"none": 0, "internal": 4, "federated": 8, "all": 12}
OUTCOMES = ("changed", "unchanged", "skipped", "rejected", "notSelected", "others")


@dataclass
class Record:
    """One object of an export: its DN, and its attributes with their values (str, or bytes for octets)."""

    dn: str
    attributes: dict
    listed: dict = field(default_factory=dict)  # what a row of a list says: pool (a DN), uri
    in_reference: bool = False

    def __post_init__(self):
        self.lower = {name.lower(): values for name, values in self.attributes.items()}
        self.normal = normal_dn(self.dn)
        self.ranged = [a for a in self.lower if ";range=" in a]
        self.guid = self.get("objectGUID")

    def all(self, name):
        """The values of an attribute, those of ranges (`;range=0-*`) included."""
        name = name.lower()
        ranges = [v for a in self.ranged if a.startswith(name + ";range=") for v in self.lower[a]]
        return [v for v in self.lower.get(name, []) + ranges if v != ""]

    def get(self, name):
        return next(iter(self.all(name)), None)

    def cut(self, name):
        """Whether only a part of the attribute's values was exported."""
        return any(re.fullmatch(re.escape(name.lower()) + r";range=\d+-\d+", a) for a in self.ranged)


@dataclass
class Case:
    """What a run is given: `config` in the shape of userprep.toml, `flags` by their names without dashes."""

    inputs: list
    references: list = field(default_factory=list)
    waves: list = field(default_factory=list)  # the cases of the runs that are referenced
    pools_export: list | None = None
    users_list: list | None = None
    config: dict = field(default_factory=dict)
    flags: dict = field(default_factory=dict)
    domain_order: list = field(default_factory=list)  # of the batches, which the contract leaves open
    joined: list = field(default_factory=list)  # the exports that a list, the only input, is joined to
    broken: list = field(default_factory=list)  # the codes of the rows at the list's end that name nobody alone


@dataclass
class Outcome:
    """What a run comes to; all but `exit` is empty where nothing is published."""

    exit: int
    published: str = ""  # the suffix of the run directory
    summary: dict = field(default_factory=dict)
    rows: list = field(default_factory=list)
    pools: dict = field(default_factory=dict)  # normalised DN: (before, added, after)
    batches: list = field(default_factory=list)  # [(normalised DN, apply, undo)]
    tolerated: set = field(default_factory=set)  # (seq, warning code) left open by the contract


class Refused(Exception):
    """The command line, the configuration or the export's attributes do not fit: exit 2."""


class Fault(Exception):
    """Why a record has no address: its code."""


# --------------------------------------------------------------------------------------------------------------
# Names.


@cache
def rdns(dn):
    """The RDNs of a DN as lists of (type, value) without escapes (RFC 4514)."""
    parts, ava, raw, i = [], [], bytearray(), 0

    def close():
        kind, _, value = raw.partition(b"=")
        ava.append((kind.decode().strip(), value.decode().replace("\0", " ")))
        raw.clear()

    text = re.sub(r"\s*(?<!\\)([,+])\s*", r"\1", dn).replace("= ", "=")
    while i < len(text):
        c = text[i]
        if c == "\\":
            digits = re.match(r"[0-9A-Fa-f]{2}", text[i + 1 :])
            raw += bytes.fromhex(digits[0]) if digits else text[i + 1].encode()
            i += 2 if digits else 1
        elif c in ",+":
            close()
            if c == ",":
                parts.append(ava)
                ava = []
        else:
            raw += c.encode()
        i += 1
    close()
    return parts + [ava]


@cache
def normal_dn(dn):
    """Lower case, no optional spaces, only `\\,` `\\+` `\\\\` escaped."""
    escaped = lambda value: re.sub(r"([,+\\])", r"\\\1", value)
    return ",".join("+".join(f"{kind}={escaped(value)}" for kind, value in rdn) for rdn in rdns(dn)).lower()


def domain_of(dn):
    """The DC suffix."""
    return re.search(r"(?:(?:^|,)dc=[^,]*)*$", normal_dn(dn))[0].lstrip(",")


def below(dn, base):
    return dn == base or dn.endswith("," + base)


def first_cn(dn):
    return rdns(dn)[0][0][1]


# --------------------------------------------------------------------------------------------------------------
# Filters (RFC 4515).


def filter_attributes(text):
    return set(re.findall(r"\(([A-Za-z][\w-]*)", text))


def matches(text, record):
    """Whether the filter holds; None where a value that is not of its syntax decides."""
    verdict, rest = filter_item(text, record)
    assert not rest, rest
    return verdict


def filter_item(text, record):
    assert text[0] == "(", text
    if text[1] in "&|":
        verdicts, rest = [], text[2:]
        while rest[0] == "(":
            verdict, rest = filter_item(rest, record)
            verdicts.append(verdict)
        decisive = text[1] == "|"
        return decisive if decisive in verdicts else None if None in verdicts else not decisive, rest[1:]
    if text[1] == "!":
        verdict, rest = filter_item(text[2:], record)
        return None if verdict is None else not verdict, rest[1:]
    item, _, rest = text[1:].partition(")")
    return compare(item, record), rest


def matchable(text):
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def compare(item, record):
    """One comparison; an attribute that the object lacks makes it false."""
    name, kind, wanted = re.fullmatch(r"([^:~<>=]+)(:1\.2[\d.]+:=|~=|>=|<=|=)(.*)", item, re.S).groups()
    values = [v for v in record.all(name) if isinstance(v, str)]
    unescape = lambda s: re.sub(
        rb"\\([0-9A-Fa-f]{2})", lambda m: bytes.fromhex(m[1].decode()), s.encode()
    ).decode()
    if (kind.startswith(":") or kind in (">=", "<=")) and not all(is_number(name, v) for v in values):
        return None
    if kind.startswith(":"):
        bits = int(wanted)
        every = kind.endswith("803:=")
        return any((int(v) & bits == bits) if every else int(v) & bits for v in values)
    if kind in (">=", "<="):
        return any(int(v) >= int(wanted) if kind == ">=" else int(v) <= int(wanted) for v in values)
    if wanted == "*":
        return bool(record.all(name))
    if "*" in wanted and kind == "=":
        pattern = ".*".join(re.escape(matchable(unescape(piece))) for piece in wanted.split("*"))
        return any(re.fullmatch(pattern, matchable(v), re.S) for v in values)
    return any(matchable(v) == matchable(unescape(wanted)) for v in values)


# --------------------------------------------------------------------------------------------------------------
# The configuration in force.


class Settings:
    """userprep.toml with the flags over it."""

    def __init__(self, case):
        config, flags = case.config, case.flags
        of = lambda table, key, default: config.get(table, {}).get(key, default)
        self.bases = [normal_dn(b) for b in flags.get("base") or of("select", "base", [])]
        self.filter = flags.get("filter") or of("select", "filter", "")
        self.users = case.users_list
        self.limit = flags.get("limit")
        self.include_disabled = of("select", "disabled_accounts", "skip") == "include"
        self.contacts = of("select", "contacts", False)
        self.absent = [a.lower() for a in of("input", "absent", []) + flags.get("absent", [])]
        self.domains = flags.get("sip-domain") or of("sip", "domains", [])
        self.format = flags.get("sip-from") or of("sip", "format", "mail")
        self.template = of("sip", "template", "")
        self.fallback = of("sip", "fallback", [])
        self.lower = of("sip", "case", "keep") == "lower"
        self.spaces = {"drop": "", ".": ".", "-": "-", "_": "_"}[of("sip", "spaces", "drop")]
        self.strict = of("sip", "characters", "strict") == "strict"
        self.existing = of("sip", "existing", "keep")
        self.rehome_domain = of("sip", "foreign_domain", "reject") == "first"
        self.on_duplicate = of("sip", "on_duplicate", "reject")
        self.proxy = of("sip", "proxy_address", True)
        fold = of("sip", "fold", {})
        self.profile, self.map = fold.get("profile", "latin"), fold.get("map", {})
        self.on_full = of("assign", "on_full", "overflow")
        self.keep_together = of("assign", "keep_together", "")
        self.options = {"enhanced_presence": True, "originator_sid": "copy"} | config.get("options", {})
        self.split = flags.get("split", of("output", "split", 1000))
        self.style = flags.get("style", of("output", "style", "guarded"))
        self.protected = of("safety", "protected_accounts", "last")
        self.protect = [normal_dn(b) for b in of("safety", "protect", [])]
        self.max_changes = flags.get("max-changes", of("safety", "max_changes", None))
        self.max_rejects = flags.get("max-rejects", of("safety", "max_rejects", None))
        self.replace_many = flags.get("replace-many", False)
        self.re_enable = flags.get("re-enable", False)
        self.dry_run = flags.get("dry-run", False)
        self.export = (
            None
            if case.pools_export is None
            else {r.normal for r in case.pools_export if r.normal.startswith("cn=lc services,")}
        )
        self.pools(config.get("pool", []), flags.get("pool", []), case.pools_export or [])
        self.rules_of(config.get("rule", []), bool(flags.get("pool")))
        if not self.domains and {"first.last", "sam", "template"} & {self.format, *self.fallback}:
            raise Refused("a built address needs a domain")

    def pools(self, tables, named, export):
        self.described = {normal_dn(t["dn"]): t for t in tables}
        exported = {}
        for r in export:
            if r.normal.startswith("cn=lc services,"):
                pool = r.normal.split(",", 2)[2]
                fqdn = next((p.get("dNSHostName") or "" for p in export if p.normal == pool), "")
                exported[r.normal] = (rdns(r.dn)[2][0][1], fqdn)

        def look_up(name):
            if "=" in name:
                return normal_dn(name)
            wanted = name.lower()
            found = {dn for dn, names in exported.items() if wanted in (n.lower() for n in names)}
            found |= {
                dn
                for dn, t in self.described.items()
                if wanted in (t["label"].lower(), t.get("fqdn", "").lower(), rdns(t["dn"])[2][0][1].lower())
            }
            if len(found) != 1:
                raise Refused(f"--pool {name}")
            return found.pop()

        self.labels = {dn: t["label"] for dn, t in self.described.items()}
        cn = lambda dn: rdns(dn)[2][0][1]
        if named:
            self.all_pools = list(dict.fromkeys(map(look_up, named)))
            spelt = {r.normal: r.dn for r in export} | {dn: t["dn"] for dn, t in self.described.items()}
            spelt |= {normal_dn(n): n for n in named if "=" in n}
            self.labels |= {dn: cn(spelt[dn]) for dn in self.all_pools}
        elif tables:
            self.all_pools = list(self.described)
        elif len(exported) == 1:
            self.all_pools = list(exported)
            self.labels |= {dn: names[0] for dn, names in exported.items()}
        else:
            raise Refused("no pool is named")  # several are exported, or none
        self.weight = {dn: t.get("weight", 1) for dn, t in self.described.items()}
        self.capacity = {dn: t.get("capacity", 0) for dn, t in self.described.items()}
        self.homed = {dn: t.get("homed", 0) for dn, t in self.described.items()}

    def rules_of(self, tables, replaced):
        """(label, base, filter, pools or None for a skip, options) for each rule; one for all without rules."""
        by_label = {t["label"]: dn for dn, t in self.described.items()}
        self.rules = []
        for t in tables:
            pools = (
                None if t.get("skip") else self.all_pools if replaced else [by_label[p] for p in t["pools"]]
            )
            base = normal_dn(t["base"]) if "base" in t else ""
            self.rules.append(
                (t["label"], base, t.get("filter", ""), pools, self.options | t.get("options", {}))
            )
        if not tables:
            self.rules = [("", "", "", self.all_pools, self.options)]
        targets = {dn for rule in self.rules for dn in rule[3] or []}
        if self.export is not None and not targets <= self.export:
            raise Refused("the pools' export lacks a target")

    def rule_of(self, record):
        return next(
            (
                rule
                for rule in self.rules
                if (not rule[1] or below(record.normal, rule[1]))
                and (not rule[2] or matches(rule[2], record))
            ),
            None,
        )

    def is_gone(self, home):
        deleted = re.search(r"(?i)\ndel:|,cn=deleted objects,", normal_dn(home))
        return bool(deleted) or self.export is not None and normal_dn(home) not in self.export

    def pool_label(self, home):
        """The configured label, else the pool's CN, else (left open by the contract) the DN as it is."""
        if not home:
            return ""
        normal = normal_dn(home)
        label = self.labels.get(normal)
        if label and (self.export is None or normal in self.export):  # left open: a gone pool goes by its CN
            return label
        shape = re.match(r"cn=lc services,cn=microsoft,cn=([^,\n]*),cn=pools,", normal)
        return rdns(home)[2][0][1] if shape else home

    def written(self):
        """The attributes that the run may write."""
        options = [o for rule in self.rules for o in rule[4]]
        return (
            [URI, ENABLED, HOME, FLAGS, ARCHIVING, PROXY]
            + [FEDERATION] * ("federation" in options)
            + [REMOTE] * ("remote_access" in options)
            + [ORIGINATOR] * (self.options["originator_sid"] == "copy")
        )

    def filtered(self):
        """What the filters name."""
        return {a for text in (self.filter, *(rule[2] for rule in self.rules)) for a in filter_attributes(text)}

    def needed(self):
        return {
            "objectClass",
            "userAccountControl",
            *self.written(),
            *self.filtered(),
            *(["adminCount"] if self.protected == "skip" else []),
        }

    def sources(self):
        by_format = {
            "mail": ["mail"],
            "upn": ["userPrincipalName"],
            "sam": ["sAMAccountName"],
            "first.last": ["givenName", "sn"],
            "template": [a for a, _ in re.findall(r"{([\w-]+)(:\w+)?}", self.template) if a != "domain"],
        }
        return [a for f in [self.format, *self.fallback] for a in by_format[f]]


# --------------------------------------------------------------------------------------------------------------
# Who takes part.


def classes(record):
    return {c.lower() for c in record.all("objectClass")}


def is_deleted(record):
    return "\ndel:" in record.normal or (record.get("isDeleted") or "").lower() == "true"


def is_user(record, settings):
    kind = classes(record)
    return (
        not is_deleted(record)
        and "computer" not in kind
        and bool(kind & {"user", "inetorgperson"} or settings.contacts and "contact" in kind)
    )


def is_linked(record):
    return bool(record.get(ORIGINATOR)) or record.get(MASTER) not in (None, SELF)


def is_number(name, value):
    """32 bits, decimal digits, nothing else; an account has a type."""
    is_integer = bool(re.fullmatch(r"0|-?[1-9]\d*", value)) and -(2**31) <= int(value) < 2**31
    return is_integer and (name.lower() != "useraccountcontrol" or int(value) & 0x3B00 != 0)


def is_readable(record):
    """Whether each integer that the run rests on is one."""
    return all(is_number(a, v) for a in (FLAGS, ARCHIVING, "userAccountControl") for v in record.all(a))


def is_protected(record):
    return (record.get("adminCount") or "0") != "0"


def is_disabled(record):
    """By userAccountControl, or by the `Enabled` of Export-Csv."""
    return (
        bool(int(record.get("userAccountControl") or 0) & 2)
        or (record.get("Enabled") or "").lower() == "false"
    )


def listed(users, lines):
    """The users that the lines of --users name, and how many lines name none or several."""
    taken, unmatched = set(), 0
    for line in lines:
        wanted = line.strip().lower()
        found = {}
        for seq, record in users:
            names = [record.get(a) for a in ("sAMAccountName", "userPrincipalName", "mail")]
            if wanted in (n.lower() for n in names if n) or "=" in line and normal_dn(line) == record.normal:
                found.setdefault(record.guid or record.normal, []).append(seq)
        if len(found) == 1:
            taken |= set(*found.values())
        else:
            unmatched += 1
    return taken, unmatched


def same_object(a, b):
    return a.guid == b.guid if a.guid and b.guid else a.normal == b.normal


def repeated(users, settings):
    """The codes of the records that share an object: duplicate-record or dn-conflict, by seq."""
    compared = sorted(settings.needed() | set(settings.sources()), key=str.lower)
    # As a directory compares them: text without case. A part of the values is not the same as all of them.
    alike = lambda v: v.lower() if isinstance(v, str) else v
    values = lambda r, a: (r.cut(a), sorted(repr(alike(v)) for v in r.all(a)))
    content = lambda r: (r.normal, r.guid, [values(r, a) for a in compared])
    codes = {}
    for i, (_, record) in enumerate(users):
        group = [
            (s, r) for s, r in users if r.normal == record.normal or record.guid and r.guid == record.guid
        ]
        if any(content(r) != content(record) for _, r in group):
            codes.update({s: "dn-conflict" for s, _ in group})
        else:
            for s, _ in group[1:]:
                codes.setdefault(s, "duplicate-record")
    return codes


def refuse_what_is_not_shown(case, settings):
    for records in case.joined or case.inputs:
        users = [r for r in records if is_user(r, settings)]
        if not users or any(a in r.lower for r in users for a in ("instancetype", "objectcategory")):
            continue
        shown = {a.partition(";")[0] for r in records for a in r.lower}
        needed = {a.lower() for a in settings.needed()}
        missing = set() if "all" in settings.absent else needed - shown - set(settings.absent)
        if "enabled" in shown:
            # It says that userAccountControl is not empty, whatever is asserted; a filter that asks for it needs it itself.
            missing.discard("useraccountcontrol")
            missing |= {"useraccountcontrol"} & {a.lower() for a in settings.filtered()} - shown
        if missing:
            raise Refused(f"not shown: {missing}")


# --------------------------------------------------------------------------------------------------------------
# Addresses.

LATIN = {"ß": "ss", "ø": "o", "œ": "oe", "æ": "ae", "đ": "d", "þ": "th", "ı": "i", "ł": "l", "ð": "d"}
PROFILES = {
    "none": {},
    "latin": LATIN,
    "german": LATIN | {"ä": "ae", "ö": "oe", "ü": "ue"},
    "nordic": LATIN | {"å": "aa", "ø": "oe", "ä": "ae", "ö": "oe"},
}


def fold(part, settings):
    """A part of a built address in ASCII where the profile can."""
    table = PROFILES[settings.profile] | settings.map
    out = []
    for c in unicodedata.normalize("NFC", part):
        small = c.lower()
        if c in settings.map:
            out.append(settings.map[c])
        elif small in table:
            out.append(table[small] if c == small else table[small][:1].upper() + table[small][1:])
        elif c in "'’":
            continue
        elif c.isascii():
            out.append(c)
        else:
            base = "".join(b for b in unicodedata.normalize("NFD", c) if not unicodedata.combining(b))
            if base.isascii() and settings.profile != "none":
                out.append(base)
            else:
                raise Fault("name-not-folded" if "LATIN" in unicodedata.name(c, "") else "name-script")
    return re.sub(" +", settings.spaces, "".join(out))


def part_of(record, attribute, settings, warnings, length=None):
    value = record.get(attribute)
    if not value:
        raise Fault("attribute-missing")
    if value != value.strip(" "):
        raise Fault("sip-spaces")
    if length:
        # Whether a letter beyond the cut may be one that does not fold is left open: it may.
        value = unicodedata.normalize("NFC", value)
        value = next(
            (
                v
                for v in (value[:n] for n in range(1, len(value)))
                if len(fold(v, settings).lstrip(".")) >= length
            ),
            value,
        )
    # Dots at the ends of a part are dropped.
    folded = fold(value, settings).lstrip(".")[:length].rstrip(".")
    if not folded:
        raise Fault("name-empty")
    if folded != value:
        warnings.add("name-folded")
    return folded


def built(record, fmt, settings, warnings):
    part = lambda attribute: part_of(record, attribute, settings, warnings)
    domain = settings.domains[0]
    if fmt == "first.last":
        return f"{part('givenName')}.{part('sn')}@{domain}"
    if fmt == "sam":
        return f"{part('sAMAccountName')}@{domain}"

    def expand(match):
        attribute, _, cut = match[1].partition(":")
        if attribute == "domain":
            return domain
        if cut == "digits":
            value = "".join(c for c in part(attribute) if c.isascii() and c.isdigit())
        elif cut:
            value = part_of(record, attribute, settings, warnings, int(cut))
            warnings.add("name-cut")
        else:
            value = part(attribute)
        if not value:
            raise Fault("name-empty")
        return value

    return re.sub(r"{([^}]*)}", expand, settings.template)


def characters_fit(local, settings):
    if settings.strict:
        return re.fullmatch(r"[A-Za-z0-9.\-_'+]+", local)
    return re.fullmatch(r"([A-Za-z0-9\-_.!~*'()&=+$,;?/]|%[0-9A-Fa-f]{2})+", local)


def address_from(record, fmt, settings, warnings):
    """The address, without `sip:`, that one format gives; a Fault where it gives none."""
    if fmt in ("mail", "upn"):
        address = record.get({"mail": "mail", "upn": "userPrincipalName"}[fmt])
        if not address:
            raise Fault("attribute-missing")
        if address != address.strip(" "):
            raise Fault("sip-spaces")
    else:
        address = built(record, fmt, settings, warnings)
    local, at, domain = address.partition("@")
    if not local or not domain or "@" in domain:
        raise Fault("sip-invalid")
    if not characters_fit(local, settings):
        raise Fault("sip-characters")
    if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", domain):
        raise Fault("sip-domain")
    if settings.domains and domain.lower() not in (d.lower() for d in settings.domains):
        if not settings.rehome_domain:
            raise Fault("sip-domain")
        domain = settings.domains[0]
    address = f"{local}@{domain}"
    if len("sip:" + address) > 454:
        raise Fault("sip-too-long")
    return address.lower() if settings.lower else address


def new_address(record, settings):
    """(format, address, warnings), by the format or the first fallback that gives one."""
    if record.listed.get("uri"):
        uri = record.listed["uri"]
        address = uri[4:] if uri.lower().startswith("sip:") else uri
        return "list", address_from(Record(record.dn, {"mail": [address]}), "mail", settings, set()), set()
    first = None
    for fmt in [settings.format, *settings.fallback]:
        warnings = set()
        try:
            return fmt, address_from(record, fmt, settings, warnings), warnings
        except Fault as fault:
            first = first or fault
    raise first


def strip_scheme(value, schemes):
    scheme, colon, rest = value.partition(":")
    return rest.lower() if colon and scheme.lower() in schemes else None


def present(record):
    """The address that the object has, without `sip:` and case."""
    value = record.get(URI)
    return value and (strip_scheme(value, ("sip",)) or value.lower())


def is_well_formed(uri):
    """Whether a SIP address is one: no second scheme, port, parameter, display name or space."""
    return bool(re.fullmatch(r"""(?i)sip:[^\s:"<>@]+@[^\s:"<>@;?/,]+""", uri))


def canonical(value):
    """What a held value stands for: no scheme, display name, space, port or parameter; `%HH` decoded; lower case."""
    inner = re.search(r"<([^>]*)", value)
    value = (inner[1] if inner else value).strip()
    value = re.sub(r"(?i)^(?:(?:sips?|smtp)\s*:\s*)+", "", value)
    local, at, domain = value.partition("@")
    octets = re.sub(
        rb"%([0-9A-Fa-f]{2})", lambda m: bytes.fromhex(m[1].decode()), local.strip().encode()
    )
    return (octets.decode() + at + re.split(r"[:;?>/]", domain)[0].strip()).lower()


def holdings(record):
    """Every address that counts as taken by this object, in the form that compares."""
    values = record.all(URI)[:1] + record.all("mail")[:1]
    values += [v for v in record.all(PROXY) if strip_scheme(v, ("sip", "smtp")) is not None]
    return {canonical(v) for v in values} - {""}


def leftover(record):
    """The pool of an object without an address, which is homed nowhere."""
    return record.get(HOME) if not record.get(URI) else None


def stands_for(contact, user):
    """Whether a contact, or the logon account in a reference, is the user's counterpart in another forest."""
    if "contact" not in classes(contact):
        account = contact.get("objectSid") if contact.in_reference else None
        return account is not None and account in (user.get(MASTER), user.get(ORIGINATOR))
    source = contact.get("msDS-SourceObjectDN")
    if source and normal_dn(source) == user.normal:
        return True
    target = contact.get("targetAddress")
    mine = {(user.get("mail") or "").lower()} | {strip_scheme(v, ("smtp",)) for v in user.all(PROXY)}
    return bool(target) and (strip_scheme(target, ("smtp",)) or target.lower()) in mine - {None, ""}


# --------------------------------------------------------------------------------------------------------------
# The run.


@dataclass
class Row:
    """A user record on its way to its outcome."""

    seq: int
    record: Record
    status: str = ""
    code: str = ""
    uri: str = ""
    source: str = ""
    rule: tuple | None = None
    home: str = ""  # the pool's DN after the run
    fresh: bool = False  # no address yet, or it is replaced
    after: dict = field(default_factory=dict)
    undo_partial: bool = False
    warnings: set = field(default_factory=set)
    file: str = ""
    number: str = ""

    def settle(self, status, code):
        self.status, self.code = status, code


class Run:
    def __init__(self, case):
        self.case, self.settings = case, Settings(case)
        refuse_what_is_not_shown(case, self.settings)
        records = [r for records in case.inputs for r in records]
        self.numbered = list(enumerate(records, 1))
        self.users = [(s, r) for s, r in self.numbered if is_user(r, self.settings)]
        self.planned = [r for wave in case.waves for r in plan_of(wave)]
        self.exported = records + [r for f in case.joined + case.references for r in f]
        self.joined = [r for f in case.joined for r in f if is_user(r, self.settings)]
        self.referenced = [r for f in case.references for r in f if is_user(r, self.settings)]
        self.objects = [r for r in self.exported + self.planned if not is_deleted(r)]
        for record in (r for f in case.references for r in f):
            record.in_reference = True
        self.by_address = {}
        for o in self.objects:
            for address in holdings(o):
                self.by_address.setdefault(address, []).append(o)
        self.rows, self.not_selected, self.unmatched, self.duplicates = [], 0, 0, 0
        self.tolerated, self.full = set(), False

    def outcome(self):
        self.select()
        self.screen()
        self.addresses()
        if kept(self.case.waves, self.exported) & {canonical(r.uri) for r in self.open() if r.fresh}:
            raise Refused  # an address of a referenced run's user, which its change files do not show
        self.claims()
        self.twins()
        self.homes()
        for row in self.rows:
            if not row.status:
                self.write(row)
        return self.publish()

    def plan(self):
        """What a later run sees of this one: the values that it adds; nothing where it publishes no change.

        Their present addresses do not count: a run whose users have one that is at stake is refused; see `kept`. The
        pools on which the run leaves its users count; see `homed_by`.
        """
        if self.outcome().published:
            return []
        added = lambda row, a: [v for v in row.after[a] if v not in row.record.all(a)]
        return [
            Record(
                row.record.dn,
                {a: row.record.all(a) for a in ("objectGUID", "objectClass")}
                | {a: added(row, a) for a in (URI, HOME, PROXY)},
            )
            for row in self.rows
            if row.status == "changed"
        ]

    def open(self):
        return [row for row in self.rows if not row.status]

    def select(self):
        s = self.settings
        taken, self.unmatched = listed(self.users, s.users) if s.users is not None else (None, 0)
        inside = [
            (seq, r)
            for seq, r in self.users
            if (not s.bases or any(below(r.normal, b) for b in s.bases))
            and (not s.filter or matches(s.filter, r) is not False)
            and (taken is None or seq in taken)
        ]
        self.not_selected = len(self.users) - len(inside)
        self.rows = [Row(seq, r) for seq, r in inside]
        for row in self.rows[s.limit :] if s.limit is not None else []:
            row.settle("skipped", "over-limit")

    def screen(self):
        """Everything before the address, in the order of the report's codes."""
        s = self.settings
        codes = repeated(self.users, s)
        for row in self.open():
            r = row.record
            row.rule = None
            if "\ncnf:" in r.normal or "\x0cnf:" in r.normal:
                row.settle("rejected", "replication-conflict")
            elif any(r.cut(a) for a in s.needed()):
                row.settle("rejected", "value-range-incomplete")
            elif codes.get(row.seq) == "dn-conflict":
                row.settle("rejected", "dn-conflict")
            elif codes.get(row.seq):
                row.settle("skipped", "duplicate-record")
            elif not is_readable(r):
                row.settle("rejected", "value-invalid")
            elif (r.get("isCriticalSystemObject") or "").lower() == "true":
                row.settle("skipped", "critical-object")
            elif r.get("sAMAccountType") == "805306370" or int(r.get("userAccountControl") or 0) & 0x3800:
                row.settle("skipped", "trust-account")
            elif any(below(r.normal, b) for b in s.protect):
                row.settle("skipped", "protected-base")
            elif s.protected == "skip" and is_protected(r):
                row.settle("skipped", "protected-account")
            elif (r.get(LOCATOR) or "SRV:").upper() != "SRV:":
                row.settle("skipped", "homed-online")
            elif r.get(DETAILS) in ("8192", "16384", "8388608", "536870912", "549755813888"):
                row.settle("skipped", "system-mailbox")
            elif r.get(MASTER) == SELF or r.get(DETAILS) in ("4", "16", "32", "8589934592", "34359738368"):
                row.settle("skipped", "resource-mailbox")
            elif is_disabled(r) and not is_linked(r) and not s.include_disabled:
                row.settle("skipped", "account-disabled")
            else:
                self.screen_settings(row)

    def screen_settings(self, row):
        s, r = self.settings, row.record
        row.rule = s.rule_of(r)
        if row.rule is None:
            row.settle("skipped", "no-rule")
        elif row.rule[3] is None:
            row.settle("skipped", "rule-skip")
        elif present(r) and s.existing == "reject":
            row.settle("rejected", "sip-exists")
        elif present(r) and (r.get(ENABLED) or "").upper() == "FALSE" and not s.re_enable:
            row.settle("skipped", "ocs-disabled")

    def addresses(self):
        s = self.settings
        for row in self.open():
            if row.record.get(URI) and not is_well_formed(row.record.get(URI)):
                row.settle("rejected", "sip-invalid")
                continue
            if present(row.record) and s.existing == "keep":
                row.uri, row.source = row.record.get(URI), "existing"
                domain = row.uri.rpartition("@")[2].lower()
                if s.domains and domain not in (d.lower() for d in s.domains):
                    row.warnings.add("domain-foreign")
                listed = row.record.listed.get("uri", "").lower()
                if listed and (strip_scheme(listed, ("sip",)) or listed) != present(row.record):
                    row.warnings.add("join-kept")
                self.find_pool(row)
                continue
            row.fresh = True
            try:
                row.source, address, row.warnings = new_address(row.record, s)
                row.uri = "sip:" + address
                if "name-cut" in row.warnings:  # whether a fold is reported that the cut hides is left open
                    row.warnings.remove("name-cut")
                    self.tolerated.add((str(row.seq), "name-folded"))
                self.find_pool(row)
            except Fault as fault:
                row.settle("rejected", str(fault))

    def find_pool(self, row):
        """A pool that a list names for somebody who gets one must be described."""
        s, pool, home = self.settings, row.record.listed.get("pool"), row.record.get(HOME)
        keeps = home and not leftover(row.record) and not (row.fresh and s.is_gone(home))
        if pool and not keeps and normal_dn(pool) not in {*s.described, *s.all_pools, *(s.export or ())}:
            row.settle("rejected", "pool-unknown-target")

    def holders(self, address, row, claimants):
        """The other objects that have the address, and the contacts that stand for the user among them."""
        address = canonical(address)
        others = [o for o in self.by_address.get(address, []) if not same_object(o, row.record)]
        stand_ins = [o for o in others if stands_for(o, row.record)]
        rest = [o for o in others if o not in stand_ins]
        # Whether a `sip:` proxy address is "a present SIP address" of a claimant is left open: it is.
        counted = [
            o
            for o in rest
            if address in {canonical(v) for v in [*o.all(URI), *o.all(PROXY)] if strip_scheme(v, ("sip",))}
            or not any(same_object(o, c.record) for c in claimants)
        ]
        return counted, stand_ins

    def claims(self):
        groups = {}
        for row in self.open():
            if row.fresh:
                groups.setdefault(canonical(row.uri), []).append(row)
        given = set(groups)
        for address, claimants in sorted(groups.items()):
            free = []
            for row in claimants:
                if not self.holders(address, row, claimants)[0]:
                    free.append(row)
            self.share(address, claimants, free, given)

    def share(self, address, claimants, free, given):
        policy = self.settings.on_duplicate
        # Whether a claimant that an existing holder excludes still counts is left open: here it does not.
        if policy == "number":
            in_order = sorted(claimants, key=lambda row: row.record.normal)
            winner = next((row for row in in_order if row in free), None)
            for row in in_order:
                if row is not winner:
                    self.number(row, address, given)
            return
        winner = free[0] if free and (policy == "first" or len(free) == 1) else None
        for row in claimants:
            if row is not winner:
                self.duplicates += 1
                row.settle("rejected", "sip-duplicate")

    def number(self, row, address, given):
        local, _, domain = row.uri[4:].partition("@")
        n = 2
        while True:
            wanted = f"{local}{n}@{domain}"
            if canonical(wanted) not in given and not self.holders(wanted, row, [])[0]:
                break
            n += 1
        given.add(canonical(wanted))
        row.uri = "sip:" + wanted
        row.warnings.add("sip-numbered")

    def twins(self):
        """Who else has the address that a user keeps or is given."""
        for row in self.open():
            address = row.uri[4:].lower()
            if row.fresh and "&" in address:
                row.warnings.add("sip-ampersand")
            local = address.rpartition("@")[0]
            if row.fresh and (".." in local or local != local.strip(".")):
                row.warnings.add("sip-dots")
            if row.record.get("msRTCSIP-TargetHomeServer"):
                row.warnings.add("move-pending")
            if row.record.get(ARCHIVING) in ("1", "2", "3"):
                row.warnings.add("archiving-leftover")
            others, stand_ins = self.holders(address, row, [])
            if stand_ins:
                row.warnings.add("sip-stand-in")
            if others and not row.fresh:
                row.warnings.add("sip-twin")
                self.tolerated.add((str(row.seq), "sip-stand-in"))  # beside a twin it is left open
            if "domain-foreign" in row.warnings:  # only addresses of the listed domains need remembering
                self.tolerated |= {(str(row.seq), "sip-twin"), (str(row.seq), "sip-stand-in")}

    def homes(self):
        s = self.settings
        self.before, self.added = dict(s.homed), {}
        seen = []
        for record in [r for _, r in self.users] + self.joined:
            home = record.get(HOME)
            if home and not leftover(record) and not any(same_object(record, r) for r in seen):
                seen.append(record)
                self.before[normal_dn(home)] = self.before.get(normal_dn(home), 0) + 1
        for record in self.planned + [r for wave in self.case.waves for r in homed_by(wave)]:
            if record.get(HOME) and not any(same_object(record, r) for r in seen):
                seen.append(record)
                home = normal_dn(record.get(HOME))
                self.before[home] = self.before.get(home, 0) + 1
        waiting = []
        for row in self.open():
            home = row.record.get(HOME)
            if leftover(row.record):
                row.warnings.add("pool-leftover")
            elif home and s.is_gone(home):
                row.warnings.add("pool-gone")
            if home and not leftover(row.record) and not (row.fresh and s.is_gone(home)):
                row.home = home
                pool = row.record.listed.get("pool")
                if pool and normal_dn(pool) != normal_dn(home):
                    row.warnings.add("join-kept")
                if (
                    not s.is_gone(home)
                    and normal_dn(home) not in s.labels
                    and (s.export is None or normal_dn(home) not in s.export)
                ):
                    row.warnings.add("pool-unknown")
            else:
                waiting.append(row)
        groups = {}
        for row in waiting:
            value = (s.keep_together and row.record.get(s.keep_together) or "").strip().lower()
            if row.record.listed.get("pool"):
                value = ""
            groups.setdefault((s.rules.index(row.rule), value) if value else row.seq, []).append(row)
        for key, members in groups.items():
            self.place(members, key[1] if isinstance(key, tuple) else None)

    def place(self, members, value):
        s = self.settings
        rule = members[0].rule
        name = members[0].record.normal if value is None else value
        score = lambda pool: max(
            xxh3_64(f"{name}\0{pool}".encode(), i) for i in range(1, s.weight.get(pool, 1) + 1)
        )
        listed = members[0].record.listed.get("pool")
        ranking = [normal_dn(listed)] if listed else sorted(rule[3], key=score, reverse=True)
        if value is not None:
            homed = {}
            seen = []
            for r in [r for _, r in self.users] + self.joined:
                mine = (r.get(s.keep_together) or "").strip().lower() == value
                if mine and s.rule_of(r) == rule and not any(same_object(r, other) for other in seen):
                    seen.append(r)
                    home = "" if leftover(r) else normal_dn(r.get(HOME) or "")
                    homed[home] = homed.get(home, 0) + (home in rule[3])
            # Left open: the hash decides among the pools of as many homed users, the first place or another.
            ranking.sort(key=lambda p: -homed.get(p, 0))
        for pool in ranking if s.on_full == "overflow" else ranking[:1]:
            load = self.before.get(pool, 0) + self.added.get(pool, 0)
            if not s.capacity.get(pool) or load + len(members) <= s.capacity[pool]:
                self.added[pool] = self.added.get(pool, 0) + len(members)
                for row in members:
                    row.home = pool
                return
        self.full = True
        for row in members:
            row.settle("rejected", "pool-full")

    def write(self, row):
        s, r, options = self.settings, row.record, row.rule[4]
        set_all = row.fresh
        after = {a: list(r.all(a)) for a in [*s.written(), ORIGINATOR]}

        def put(attribute, value):
            """Sets a value for a new user, adds an absent one for another."""
            if set_all or not after[attribute]:
                after[attribute] = [value]

        if set_all or s.re_enable or not after[ENABLED]:
            after[ENABLED] = ["TRUE"]
        put(URI, row.uri)
        if row.home and not (after[HOME] and normal_dn(after[HOME][0]) == normal_dn(row.home)):
            after[HOME] = [row.home]
        flags = int(r.get(FLAGS) or 0)
        for key, bit in (("enhanced_presence", 256), ("public_im", 1), ("anonymous_meetings", 64)):
            if options.get(key) is not None:
                flags = flags | bit if options[key] else flags & ~bit
        if (set_all or not r.get(FLAGS)) and flags != int(r.get(FLAGS) or 0):
            after[FLAGS] = [str(flags)]
        if not set_all and r.get(FLAGS) and not int(r.get(FLAGS)) & 256:
            row.warnings.add("enhanced-presence-missing")
        if not r.get(ARCHIVING):
            after[ARCHIVING] = [str(ARCHIVING_BITS[options.get("archiving", "none")])]
        elif set_all and "archiving" in options:
            after[ARCHIVING] = [str(int(r.get(ARCHIVING)) & ~12 | ARCHIVING_BITS[options["archiving"]])]
        for key, attribute in (("federation", FEDERATION), ("remote_access", REMOTE)):
            if key in options:
                put(attribute, str(options[key]).upper())
        if is_linked(r) and not r.get(ORIGINATOR):
            if options["originator_sid"] == "copy":
                after[ORIGINATOR] = [r.get(MASTER)]
            else:
                row.warnings.add("originator-sid-missing")
        self.proxies(row, after)
        row.after = after
        row.undo_partial = bool(r.get(HOME)) and after[HOME] != r.all(HOME) and s.is_gone(r.get(HOME))
        if row.undo_partial:
            row.warnings.add("undo-partial")
        changed = any(sorted(map(repr, after[a])) != sorted(map(repr, r.all(a))) for a in after)
        row.status = "changed" if changed else "unchanged"
        if is_protected(r) and changed:
            row.warnings.add("protected-account")

    def proxies(self, row, after):
        former = row.fresh and present(row.record)
        mine = row.uri[4:].lower()
        goes = lambda v: former and former != mine and strip_scheme(v, ("sip",)) == former
        kept = [v for v in after[PROXY] if not (self.settings.proxy and goes(v))]
        sips = [strip_scheme(v, ("sip",)) for v in kept]
        if self.settings.proxy and mine not in sips:
            kept.append(row.uri)
        elif mine not in sips:
            row.warnings.add("no-proxy-address")
        if any(v not in (None, mine) for v in sips):
            row.warnings.add("sip-proxy-extra")
        after[PROXY] = kept

    def publish(self):
        s = self.settings
        count = lambda status: sum(row.status == status for row in self.rows)
        broken = [
            Row(seq, Record("", {}), "rejected", code)
            for seq, code in enumerate(self.case.broken, len(self.numbered) + 1)
        ]
        changed, unchanged = count("changed"), count("unchanged")
        rejected = count("rejected") + len(broken)
        replaced = [
            r
            for r in self.rows
            if r.status == "changed" and r.fresh and present(r.record) not in (None, r.uri[4:].lower())
        ]
        existing = [r for r in self.rows if present(r.record)]
        limit = s.max_rejects
        # Exports beside a list or beside rejects have the users that a base protects, which these lack.
        everyone = [r for _, r in self.users] + self.joined + self.referenced
        stops = [
            s.max_changes is not None and changed > s.max_changes,
            (
                isinstance(limit, str)
                and rejected * 100 > int(limit.rstrip("%")) * (changed + unchanged + rejected)
                if isinstance(limit, str) and limit.endswith("%")
                else limit is not None and rejected > int(limit)
            ),
            not s.replace_many and 2 * len(replaced) > len(existing),
            any(not any(below(r.normal, b) for r in everyone) for b in s.protect),
            s.on_duplicate == "abort" and self.duplicates,
            s.on_full == "abort" and self.full,
        ]
        stopped = any(stops)
        batches = [] if stopped or s.dry_run else self.batches()
        total = len(self.numbered) + len(broken)
        counts = (changed, unchanged, count("skipped"), rejected, self.not_selected, len(self.numbered) - len(self.users))
        summary = {"read": total} | dict(zip(OUTCOMES, counts)) | {"changeRecords": sum(map(len, batches))}
        pools = {}
        for pool in s.all_pools:
            before, added = self.before.get(pool, 0), self.added.get(pool, 0)
            pools[pool] = (before, added, before + added)
        code = 4 if stopped else 3 if rejected or self.unmatched else 0
        return Outcome(
            code,
            ".plan" if stopped or s.dry_run else "",
            summary,
            [self.report(row) for row in self.rows + broken],
            pools,
            batches,
            self.tolerated,
        )

    def batches(self):
        protected = lambda row: self.settings.protected == "last" and is_protected(row.record)
        domains = list(
            dict.fromkeys(self.case.domain_order + [domain_of(row.record.dn) for row in self.rows])
        )
        groups = {(last, domain): [] for last in (False, True) for domain in domains}
        for row in self.rows:
            if row.status == "changed":
                groups[protected(row), domain_of(row.record.dn)].append(row)
        batches = []
        for rows in filter(None, groups.values()):
            size = self.settings.split or len(rows)
            for start in range(0, len(rows), size):
                batches.append([])
                for number, row in enumerate(rows[start : start + size], 1):
                    row.file, row.number = f"{len(batches):04}-apply.ldif", str(number)
                    batches[-1].append((row.record.normal, *self.operations(row)))
        return batches

    def operations(self, row):
        """The modifications of apply and undo: (operation, attribute, values)."""
        apply, undo = [], []
        for attribute, new in row.after.items():
            old = row.record.all(attribute)
            back = [] if attribute == HOME and row.undo_partial else old
            if sorted(map(repr, old)) == sorted(map(repr, new)):
                continue
            replaces = self.settings.style == "replace" and attribute not in (FLAGS, ARCHIVING, PROXY)
            for ops, gone, put in ((apply, old, new), (undo, new, back)):
                if replaces:
                    ops.append(("replace", attribute, put))
                    continue
                lost, won = [v for v in gone if v not in put], [v for v in put if v not in gone]
                ops += [("delete", attribute, lost)] * bool(lost) + [("add", attribute, won)] * bool(won)
        return apply, undo

    def report(self, row):
        s, r = self.settings, row.record
        goes_on = row.status in ("changed", "unchanged")
        shown = goes_on or row.code in ("sip-duplicate", "pool-full")
        return {
            "seq": str(row.seq),
            "status": row.status,
            "code": row.code,
            "sipUri": row.uri if shown else "",
            "previousSipUri": r.get(URI) or "",
            "source": row.source if shown else "",
            "pool": s.pool_label(row.home) if goes_on else "",
            "previousPool": s.pool_label(r.get(HOME)),
            "rule": row.rule[0] if row.rule else "",
            "file": row.file,
            "record": row.number,
            "warnings": row.warnings if goes_on else set(),
        }


def plan_of(wave):
    try:
        return Run(wave).plan()
    except Refused:
        return []


def homed_by(wave):
    """The users who are on a pool after a published run, each with that pool."""
    try:
        run = Run(wave)
        if run.outcome().published:
            return []
    except Refused:
        return []
    goes_on = lambda row: row.status in ("changed", "unchanged")
    home = lambda row: row.home if goes_on(row) else row.record.get(HOME) if not leftover(row.record) else None
    homes = [(row.record, home(row)) for row in run.rows]
    return [Record(r.dn, {"objectGUID": r.all("objectGUID"), HOME: [pool]}) for r, pool in homes if pool]


def kept(waves, exported):
    """The addresses that users of published runs had before, and that no export shows."""
    shown = {name for r in exported for name in (r.normal, r.guid) if name}
    addresses = set()
    for wave in waves:
        try:
            run = Run(wave)
            if run.outcome().published:
                continue
        except Refused:
            continue
        unseen = [row.record for row in run.rows if not {row.record.normal, row.record.guid} & shown]
        addresses |= {canonical(r.get(URI)) for r in unseen if r.get(URI)}
    return addresses


def enable(case):
    try:
        return Run(case).outcome()
    except Refused:
        return Outcome(2)
