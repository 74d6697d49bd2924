"""Random forests and configurations, made from a seed and designed to collide."""

import base64
import json
import random
import struct
import uuid

from oracle import (
    ARCHIVING,
    DETAILS,
    ENABLED,
    FEDERATION,
    FLAGS,
    HOME,
    LOCATOR,
    MASTER,
    ORIGINATOR,
    PROXY,
    REMOTE,
    SELF,
    URI,
    Case,
    Record,
    classes,
    is_deleted,
)

ROOT, EMEA = "DC=contoso,DC=com", "DC=emea,DC=contoso,DC=com"
OUS = [
    f"OU=Paris,{ROOT}",
    f"OU=Sub,OU=Paris,{ROOT}",
    f"OU=London,{ROOT}",
    f"OU=Sales\\, West,{ROOT}",
    f"OU=Munich,{EMEA}",
]
LOCALS = ["ann", "bob", ".bob", "bob..doe", "ann.doe", "bob.doe", "zoe.weiss", "info", "ann2", "ann3", "o'neil", "r+d"]
GIVEN = [
    "Ann",
    "ann",
    "Bob",
    "Zoë",
    "Zoe\u0308",
    "Jürgen",
    "Œdipe",
    "Åsa",
    "Ærø",
    "Jean Pierre",
    "D'Arcy",
    "José",
    "J.",
    ".Ann..",
]
SN = ["Doe", "Smith Jr.", "Roe", "Weiß", "Møller", "O'Neil", "Łuk", "Ñuñez", "Çelik", "Þór", "De La Cruz", "Ångström"]
MALFORMED = ["{}", "sips:{}", "sip:sip:{}", "sip:{};transport=tls", "sip:{}:5061", '"A" <sip:{}>', "NULL", "sip:{}?x=1"]
DEPARTMENTS = ["Sales", "sales", " SALES", "Études", "IT"]
POOL_CONTAINER = "CN=Pools,CN=RTC Service,CN=Services,CN=Configuration,DC=contoso,DC=com"


def pool_dn(name):
    return f"CN=LC Services,CN=Microsoft,CN={name},{POOL_CONTAINER}"


def sid(*numbers):
    return struct.pack(">BBHI", 1, len(numbers), 0, 5) + struct.pack(f"<{len(numbers)}I", *numbers)


class Forest:
    """One case; `form` says how its inputs are written: ldif-lf, ldif-crlf, ldif-folded, csv or csv-utf16."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.seed, self.serial = seed, 0
        rng = self.rng
        self.form = rng.choice(["ldif-lf", "ldif-crlf", "ldif-folded", "ldif-folded", "csv", "csv-utf16"])
        self.full_dump = self.chance(0.85)
        self.config, self.flags = {}, {}
        self.domains = rng.choice(
            [["contoso.com"], ["contoso.com", "fr.contoso.com"], ["fr.contoso.com", "Contoso.com"]]
        )
        self.pools = [f"pool0{n}" for n in range(1, rng.randint(1, 4) + 1)]
        self.guids = self.chance(0.85)  # all records have one, or none: a mixture is left open
        self.odd = rng.choice([0, 0.05, 0.2])  # how often a user is an odd one
        self.enabled_share = rng.choice([0, 0.1, 0.4, 0.8])
        self.make_config()
        self.make_objects()
        self.make_flags()
        self.case = Case(
            self.inputs, self.references, [], self.pools_export, self.users_list, self.config, self.flags
        )
        if self.chance(0.15):
            self.split_into_waves()
        elif self.full_dump and self.chance(0.2):
            self.make_list()

    def make_list(self):
        """A list without DNs in place of the exports, which it is joined to."""
        everyone = [r for records in self.inputs for r in records]
        count = lambda key: {k: sum(key(r) == k for r in everyone) for k in map(key, everyone)}
        keys = [
            lambda r: r.normal,
            lambda r: r.guid or r.normal,
            lambda r: (r.get("sAMAccountName") or "").lower(),
        ]
        counts = [count(key) for key in keys]
        named = [
            r
            for r in everyone
            if r.get("sAMAccountName")
            and {"user", "computer"} & classes(r) == {"user"}
            and not is_deleted(r)
            and all(times[key(r)] == 1 for key, times in zip(keys, counts))
        ]
        if not named:
            return
        rows = self.rng.sample(named, self.rng.randint(1, len(named)))
        self.list = [[r.get("sAMAccountName"), *self.row()] for r in rows]
        case = self.case
        case.joined, case.inputs = case.inputs, [
            [given(r, *row[1:]) for r, row in zip(rows, self.list)]
        ]
        if self.chance(0.3):
            case.broken.append("join-unmatched")
            self.list.append(["nobody at all", "", "", ""])
        left = [r for r in named if r not in rows]
        if left and self.chance(0.3):
            case.broken += ["join-twice"] * 2
            self.list += [[self.rng.choice(left).get("sAMAccountName"), "", "", ""]] * 2

    def row(self):
        """mail, pool and sipUri of a row; most are empty."""
        mail = self.address() if self.chance(0.3) else ""
        pool = pool_dn(self.rng.choice(self.pools + ["pool99"])) if self.chance(0.2) else ""
        uri = self.rng.choice(["", "sip:", "SIP:"]) + self.address() if self.chance(0.2) else ""
        return mail, pool, uri

    def split_into_waves(self):
        """A first run over a part of the users, which the case refers to; each user is in one of the two."""
        keys = {}
        for record in (r for records in self.inputs for r in records):
            keys.setdefault(record.normal, keys.get(record.guid, self.chance(0.5)))
            keys.setdefault(record.guid, keys[record.normal])
        self.config.get("assign", {}).pop(
            "keep_together", None
        )  # whether planned users count there is left open
        parts = [
            [
                [r for r in records if (keys[r.normal] and r.get("sn") is not None) == first]
                for records in self.inputs
            ]
            for first in (True, False)
        ]
        flags = {name: value for name, value in self.flags.items() if name not in ("dry-run", "limit")}
        if any(parts[0]) and any(parts[1]):
            first, self.inputs = ([records for records in part if records] for part in parts)
            self.case = Case(
                self.inputs,
                self.references,
                [Case(first, [], [], self.pools_export, None, self.config, flags)],
                self.pools_export,
                self.users_list,
                self.config,
                self.flags,
            )

    def chance(self, p):
        return self.rng.random() < p

    def put(self, table, key, p, *values):
        """Sets a key of the configuration with a probability."""
        if self.chance(p):
            self.config.setdefault(table, {})[key] = self.rng.choice(values)

    # ----------------------------------------------------------------------------------------------------------
    # Configuration.

    def make_config(self):
        rng, put = self.rng, self.put
        formats = ["mail", "upn", "first.last", "sam", "template"]
        put("sip", "format", 0.7, "mail", *formats)
        put("sip", "fallback", 0.3, ["upn"], ["mail"], ["sam"], ["upn", "first.last"], ["first.last", "mail"])
        sip = self.config.setdefault("sip", {})
        sip["template"] = rng.choice(
            [
                "{givenName}.{sn}@{domain}",
                "{givenName:1}.{sn}@{domain}",
                "{givenName:1}{sn:3}@{domain}",
                "{sAMAccountName}@{domain}",
                "u{employeeID:digits}@{domain}",
            ]
        )
        sip["fallback"] = [f for f in sip.get("fallback", []) if f != sip.get("format", "mail")]
        if self.chance(0.95) or {sip.get("format"), *sip["fallback"]} & {"first.last", "sam", "template"}:
            sip["domains"] = self.domains
        put("sip", "case", 0.2, "lower")
        put("sip", "spaces", 0.2, "drop", ".", "-", "_")
        put("sip", "characters", 0.15, "rfc3261")
        put("sip", "existing", 0.35, "replace", "replace", "reject", "keep")
        put("sip", "foreign_domain", 0.2, "first")
        put("sip", "on_duplicate", 0.6, "first", "number", "number", "abort", "reject")
        put("sip", "proxy_address", 0.1, False)
        if self.chance(0.3):
            sip["fold"] = {"profile": rng.choice(["none", "latin", "german", "nordic"])}
            if self.chance(0.5):
                sip["fold"]["map"] = {"é": "e", "ł": "w"}
        put("select", "base", 0.15, OUS[:1], OUS[2:4], [f"ou=paris, dc=Contoso, DC=com"], [EMEA])
        put("select", "filter", 0.2, *self.filters())
        put("select", "disabled_accounts", 0.1, "include")
        put("select", "contacts", 0.1, True)
        put("assign", "on_full", 0.5, "overflow", "reject", "abort")
        put("assign", "keep_together", 0.3, "department", "l")
        put("options", "enhanced_presence", 0.15, True, False)
        put("options", "originator_sid", 0.2, "off", "copy")
        self.some_options("options", 0.1)
        put("output", "split", 0.4, 0, 1, 2, 5)
        put("output", "style", 0.2, "replace", "guarded")
        put("output", "wrap", 0.2, 0, 40)
        put("output", "target", 0.4, "ldap", "ldifde")
        put("safety", "protected_accounts", 0.4, "last", "skip", "include")
        put("safety", "protect", 0.1, OUS[2:3])
        put("safety", "max_changes", 0.08, 1, 5, 20)
        put("safety", "max_rejects", 0.12, "5%", "50%", "0%", "3", 3)
        self.make_pools()

    def some_options(self, table, p):
        for key in ("federation", "remote_access", "public_im", "anonymous_meetings"):
            self.put(table, key, p, True, False)
        self.put(table, "archiving", p, "none", "internal", "federated", "all")

    def filters(self):
        return [
            "(mail=*)",
            "(&(objectClass=user)(|(l=Paris)(!(department=sales))))",
            "(sn=d*e)",
            "(!(sn=*o*))",
            "(userAccountControl:1.2.840.113556.1.4.803:=512)",
            "(givenName=Zoë)",
            "(mail=*@contoso.com)",
            "(&(userAccountControl>=512)(!(userAccountControl<=513)))",
            "(proxyAddresses=sip:*)",
            "(userAccountControl:1.2.840.113556.1.4.804:=65538)",
            "(cn=*\\2c*)",
        ]

    def make_pools(self):
        rng = self.rng
        self.pools_export = None
        mode = rng.choice(["tables", "tables", "tables", "tables+flag", "flag", "export"])
        if mode == "export" or self.chance(0.25):
            container = [Record(POOL_CONTAINER, {"objectClass": ["top", "container"]})]
            names = self.pools if mode != "export" or self.chance(0.5) else self.pools[:1]
            if self.chance(0.1):
                names = names[1:] + ["pool09"]
            self.pools_export = container + [
                record
                for n in names
                for record in (
                    Record(
                        f"CN={n},{POOL_CONTAINER}",
                        {"objectClass": ["top", "msRTCSIP-Pool"], "dNSHostName": [n + ".contoso.com"]},
                    ),
                    Record(
                        pool_dn(n), {"objectClass": ["top", "serviceConnectionPoint", "msRTCSIP-PoolService"]}
                    ),
                )
            ]
        if mode.startswith("tables"):
            self.config["pool"] = []
            for n in self.pools:
                dn = pool_dn(n)
                table = {
                    "label": n.replace("pool0", "p"),
                    "dn": rng.choice([dn, dn, dn.upper(), dn.replace(",", " , ")]),
                }
                if self.chance(0.5):
                    table["fqdn"] = n + ".contoso.com"
                if self.chance(0.3):
                    table["weight"] = rng.randint(1, 3)
                if self.chance(0.4):
                    table["capacity"] = rng.choice([0, 1, 3, 8, 20])
                if self.chance(0.2):
                    table["homed"] = rng.randint(0, 3)
                self.config["pool"].append(table)
            if self.chance(0.6):
                self.make_rules([t["label"] for t in self.config["pool"]])
        if mode in ("tables+flag", "flag") or mode == "export" and self.chance(0.5):
            named = rng.sample(self.pools, rng.randint(1, len(self.pools)))
            dns = mode == "flag" and self.pools_export is None
            self.flags["pool"] = [
                pool_dn(n) if dns else rng.choice([n, pool_dn(n), n.upper()]) for n in named
            ]

    def make_rules(self, labels):
        rng, rules = self.rng, []
        for n in range(rng.randint(1, 4)):
            rule = {"label": f"rule {n}"}
            if self.chance(0.5):
                rule["base"] = rng.choice(OUS + [EMEA])
            if self.chance(0.3):
                rule["filter"] = rng.choice(self.filters())
            if self.chance(0.15):
                rule["skip"] = True
            else:
                rule["pools"] = rng.sample(labels, rng.randint(1, len(labels)))
                if self.chance(0.2):
                    rule["options"] = {"federation": self.chance(0.5), "archiving": "internal"}
            rules.append(rule)
        if self.chance(0.7):
            rules.append({"label": "everyone else", "pools": labels})
        self.config["rule"] = rules

    # ----------------------------------------------------------------------------------------------------------
    # Objects.

    def address(self, domain=None):
        rng = self.rng
        local = rng.choice(LOCALS)
        local = rng.choice([local, local, local.upper(), local.title()])
        domain = domain or rng.choice(self.domains * 6 + ["fabrikam.com", "contsoo.com"])
        return f"{local}@{domain}"

    def record(self, dn, classes, attributes):
        self.serial += 1
        values = {"objectClass": ["top", *classes]}
        if self.full_dump:
            values["instanceType"] = ["4"]
        if self.guids:
            values["objectGUID"] = [uuid.UUID(int=self.rng.getrandbits(128)).bytes_le]
        return Record(
            dn,
            values | {a: v if isinstance(v, list) else [v] for a, v in attributes.items() if v is not None},
        )

    def user(self):
        rng, n = self.rng, self.serial
        given, sn = rng.choice(GIVEN), rng.choice(SN)
        ou = rng.choice(OUS)
        cn = rng.choice(
            [
                f"{given} {sn} {n}",
                f"{sn}\\, {given} {n}",
                f"U{n}",
                f"A \\+ B {n}",
                f'Q \\"x\\" {n}',
                f"C\\\\D {n}",
                f"Zo\\C3\\AB {n}",
                f"\\#{n}",
                f"\\ x{n}\\20",
                f"S{'' if self.is_csv() else chr(92)}-{n}".replace("-", "" if self.is_csv() else ";"),
                f"U{n}+SN=Doe",
                f"ŻÓŁĆ {n}",
                f"a=b{n}",
            ]
        )
        mail = self.address()
        values = {
            "cn": f"{given} {sn}, {n}",
            "givenName": given,
            "sn": sn,
            "displayName": f"{given} {sn}",
            "mail": mail,
            "sAMAccountName": rng.choice([f"u{n}", f"ann{n}", f"ann {n}", f"ü{n}"]),
            "userPrincipalName": rng.choice([f"u{n}@{self.domains[0]}", self.address()]),
            "userAccountControl": rng.choice(["512", "512", "66048"]),
            "sAMAccountType": "805306368",
            "l": rng.choice(["Paris", "London"]),
            "employeeID": f"E-{n % 7}",
        }
        if self.chance(0.6):
            values["department"] = (
                rng.choice(DEPARTMENTS).strip() if self.is_csv() else rng.choice(DEPARTMENTS)
            )
        proxies = [f"SMTP:{mail}"] if self.chance(0.7) else []
        if self.chance(0.3):
            proxies.append(f"smtp:{self.address()}")
        if self.chance(0.1):
            proxies.append(rng.choice(["sip:", "SIP:"]) + rng.choice([mail, self.address()]))
        if self.chance(0.1):
            proxies.append("X400:C=FR;A= ;P=Contoso;S=Doe;")
        if self.chance(self.enabled_share):
            self.enable(values, proxies, mail)
        elif self.chance(0.2):
            self.leave_behind(values)
        if self.chance(self.odd):
            self.make_odd(values)
        values[PROXY] = list({v.lower(): v for v in proxies}.values()) or None
        dn = f"CN={cn},{ou}"
        if self.chance(self.odd * 0.3):
            kind = rng.choice(["0ACNF", "0ADEL", "0CNF"])
            dn = f"CN={given} {n}\\{kind}:6f0bb3f5-2b3c-4c4b-9a53-1f6f3f0f3f01,{ou}"
        kinds = ["person", "organizationalPerson"] + rng.choice(
            [["user"], ["user"], ["user", "inetOrgPerson"], ["inetOrgPerson"]]
        )
        return self.record(dn, kinds, values)

    def enable(self, values, proxies, mail):
        """The attributes of a user who has an address already, now and then with one of them absent."""
        rng = self.rng
        address = rng.choice([mail, mail, self.address()])
        values[URI] = f"sip:{address}"
        values[ENABLED] = rng.choice(["TRUE"] * 8 + ["FALSE", None])
        values[HOME] = rng.choice([self.home(), self.home(), self.home(), None])
        values[FLAGS] = rng.choice(["256", "257", "256", "1", "0", "1281", None])
        values[ARCHIVING] = rng.choice(["0", "0", "4", "12", None])
        values[FEDERATION] = rng.choice([None, None, "TRUE", "FALSE"])
        values[REMOTE] = rng.choice([None, None, "TRUE", "FALSE"])
        if self.chance(0.85):
            proxies.append(
                rng.choice(["sip:", "sip:", "SIP:"]) + rng.choice([address, address, address.lower()])
            )

    def leave_behind(self, values):
        """What a half-cleaned user still has."""
        rng = self.rng
        values[FLAGS] = rng.choice([None, "1", "257", "1024", "-2147483648"])
        values[ARCHIVING] = rng.choice([None, "0", "4", "8", "1", "3"])
        values[HOME] = rng.choice([None, None, self.home()])
        values[ENABLED] = rng.choice([None, None, "FALSE", "TRUE"])
        values[FEDERATION] = rng.choice([None, None, "TRUE", "FALSE"])
        values[REMOTE] = rng.choice([None, None, "TRUE"])

    def home(self):
        rng = self.rng
        dn = pool_dn(rng.choice(self.pools))
        return rng.choice(
            [dn] * 6
            + [
                dn.lower(),
                dn.replace(",", ", "),
                pool_dn("pool09"),
                dn.replace("CN=LC Services", "CN=LC Services\\0ADEL:6f0bb3f5-2b3c-4c4b-9a53-1f6f3f0f3f01"),
                "CN=LC Services,CN=Microsoft,CN=pool08\\0ADEL:6f0bb3f5-2b3c-4c4b-9a53-1f6f3f0f3f01,"
                "CN=Deleted Objects,CN=Configuration,DC=contoso,DC=com",
            ]
        )

    def make_odd(self, values):
        rng = self.rng
        oddities = ["disabled", "linked", "linked", "self", "room", "protected", "critical", "trust", "no mail", "two at"]
        oddities += ["no at", "characters", "accent", "no given", "no sn", "apostrophe", "script", "long", "no upn"]
        oddities += ["flags", "control", "system", "online", "malformed", "moving", "deleted", "rfc", "protected", "escaped", "enabled-linked", "empty local"]
        oddity = rng.choice(oddities + ([] if self.is_csv() else ["spaces", "empty"]))
        if oddity in ("disabled", "linked", "self", "room"):
            values["userAccountControl"] = "514"
        values.update(
            {
                "linked": {MASTER: sid(21, 1, 2, 3, self.serial)},
                "enabled-linked": {MASTER: sid(21, 1, 2, 3, self.serial)},
                "self": {MASTER: SELF},
                "room": {DETAILS: rng.choice(["4", "16", "32", "8589934592", "34359738368"])},
                "system": {DETAILS: rng.choice(["8192", "16384", "8388608", "536870912", "549755813888"])},
                "malformed": {URI: rng.choice(MALFORMED).format(self.address())},
                "moving": {"msRTCSIP-TargetHomeServer": pool_dn("pool01")},
                "online": {LOCATOR: rng.choice(["sipfed.online.lync.com", "SRV:", "srv:"])},
                "control": {"userAccountControl": rng.choice(["0x202", "514.0", "NULL", "65536", "2147483648"])},
                "protected": {"adminCount": rng.choice(["1", "1", "2", "0"])},
                "critical": {"isCriticalSystemObject": "TRUE"},
                "trust": {"sAMAccountType": "805306370", "userAccountControl": "2080"},
                "no mail": {"mail": None},
                "two at": {"mail": "a@b@contoso.com"},
                "no at": {"mail": "ann"},
                "characters": {"mail": "a(b@contoso.com"},
                "accent": {"mail": "zoë@contoso.com"},
                "rfc": {"mail": "a!b&c@contoso.com"},
                "escaped": {"mail": "a%20b@contoso.com"},
                "no given": {"givenName": None},
                "no sn": {"sn": None},
                "apostrophe": {"givenName": "'"},
                "script": {"sn": "Иванов"},
                "long": {"mail": "a" * rng.choice([438, 439, 440]) + "@contoso.com"},
                "no upn": {"userPrincipalName": None},
                "flags": {rng.choice([FLAGS, ARCHIVING]): rng.choice(["abc", "12x", "256.0", "4294967296"])},
                "deleted": {"isDeleted": "TRUE"},
                "spaces": {"mail": rng.choice([" ann@contoso.com", "ann@contoso.com "])},
                "empty": {"mail": ""},
                "empty local": {"mail": "@contoso.com"},
            }.get(oddity, {})
        )
        if oddity == "linked" and self.chance(0.3):
            values[ORIGINATOR] = values.pop(MASTER)

    def logon_accounts(self, users):
        """The accounts in another forest that linked users sign in with; each has the user's mail address."""
        linked = [u for u in users if u.get(MASTER) not in (None, SELF) and self.chance(0.7)]
        return [
            self.record(
                f"CN=Account {n},OU=People,DC=corp,DC=example",
                ["person", "organizationalPerson", "user"],
                {"mail": u.get("mail"), "objectSid": u.get(MASTER), "userAccountControl": "512"},
            )
            for n, u in enumerate(linked)
        ]

    def contact(self, users):
        rng = self.rng
        mail = self.address()
        values = {"displayName": "Contact", "mail": mail, PROXY: [f"SMTP:{mail}"]}
        if users and self.chance(0.5) and "contacts" not in self.config.get("select", {}):
            user = rng.choice(users)
            theirs = user.get("mail") or mail
            # In the cell of a table, two `@` are two values that some tool joined.
            if theirs.count("@") < 2 or not self.is_csv():
                mail = theirs.strip()
            if self.chance(0.5):
                values["msDS-SourceObjectDN"] = user.dn.replace("CN=", "cn=")
            else:
                values["targetAddress"] = f"SMTP:{mail.lower()}"
            values["mail"] = mail
            values[PROXY] = [f"SMTP:{values['mail']}"]
        return self.record(
            f"CN=Contact {self.serial},{rng.choice(OUS)}",
            ["person", "organizationalPerson", "contact"],
            values,
        )

    def group(self):
        mail = self.address()
        values = {
            "sAMAccountName": f"g{self.serial}",
            PROXY: [f"smtp:{mail}"],
            "mail": mail if self.chance(0.5) else None,
        }
        return self.record(f"CN=Group {self.serial},{OUS[0]}", ["group"], values)

    def computer(self):
        return self.record(
            f"CN=PC{self.serial},{OUS[0]}",
            ["person", "organizationalPerson", "user", "computer"],
            {"sAMAccountName": f"PC{self.serial}$", "userAccountControl": "4096"},
        )

    def make_objects(self):
        rng = self.rng
        users = [self.user() for _ in range(rng.choice([3, 8, 20, 40, 60]))]
        rest = [self.record(OUS[0], ["organizationalUnit"], {})]
        rest += [self.contact(users) for _ in range(rng.choice([0, 1, 4]))]
        rest += [self.group() for _ in range(rng.choice([0, 1, 3]))]
        rest += [self.computer() for _ in range(rng.choice([0, 0, 1]))]
        objects = users + rest
        rng.shuffle(objects)
        self.inputs = [objects]
        if self.chance(0.3):
            cut = rng.randint(0, len(objects))
            self.inputs = [objects[:cut], objects[cut:]]
        if self.chance(0.3):
            self.repeat(rng.choice(self.inputs))
        self.inputs = [records for records in self.inputs if records]
        self.show_otherwise()
        self.references = []
        if self.chance(0.3):
            copies = [self.altered(r, rng.choice([0, 1])) for r in rng.sample(users, min(4, len(users)))]
            strangers = [self.user() for _ in range(3)] + [self.group(), self.contact(users)]
            self.references = [copies + strangers + self.logon_accounts(users)]

    def altered(self, record, how):
        """The same object again: as it is, with another comment, or with another address."""
        attributes = dict(record.attributes)
        if how == 1:
            attributes[PROXY] = [f"smtp:{self.address()}"]
        elif how == 2:
            attributes["description"] = ["again"]
        elif how == 5:
            attributes[PROXY] = attributes.get(PROXY, [])[::-1]
            attributes["objectClass"] = attributes["objectClass"][::-1]
        elif how == 3 and self.guids:
            attributes["objectGUID"] = [uuid.UUID(int=self.rng.getrandbits(128)).bytes_le]
        elif how == 4:
            return Record(record.dn.replace("CN=", "CN=Moved ", 1), attributes)
        return Record(record.dn.replace("OU=", "ou=") if self.chance(0.3) else record.dn, attributes)

    def show_otherwise(self):
        """`Enabled` in place of userAccountControl, and ranges in place of long attributes."""
        by_enabled = self.is_csv() and self.chance(0.15)
        for record in (r for records in self.inputs for r in records):
            control = record.attributes.get("userAccountControl")
            if by_enabled and control and control[0].isdigit():
                del record.attributes["userAccountControl"]
                record.attributes["Enabled"] = ["False" if int(control[0]) & 2 else "True"]
            if not self.is_csv() and record.attributes.get(PROXY) and self.chance(self.odd * 0.2):
                record.attributes[PROXY + self.rng.choice([";range=0-*", ";range=0-1"])] = (
                    record.attributes.pop(PROXY)
                )
            record.__post_init__()

    def repeat(self, records):
        for _ in range(self.rng.randint(1, 3)):
            users = [r for r in records if r.get("sn")]
            if users:
                records.append(
                    self.altered(self.rng.choice(users), self.rng.choice([0, 0, 1, 2, 2, 3, 4, 5, 5]))
                )

    def is_csv(self):
        return self.form.startswith("csv")

    # ----------------------------------------------------------------------------------------------------------
    # Flags: they win over the file.

    def make_flags(self):
        rng, flags = self.rng, self.flags
        everyone = [r for records in self.inputs for r in records if r.get("sn")]
        self.users_list = None
        if self.chance(0.12) and everyone:
            self.users_list = []
            for r in rng.sample(everyone, rng.randint(1, len(everyone))):
                line = rng.choice(
                    [
                        r.get("sAMAccountName"),
                        r.get("mail"),
                        r.dn,
                        (r.get("userPrincipalName") or "x@y").upper(),
                    ]
                )
                if line and line == line.strip():
                    self.users_list.append(line)
            self.users_list += ["nobody"] * self.chance(0.3)
            self.users_list = list(dict.fromkeys(self.users_list)) or ["nobody"]
        if self.chance(0.1):
            flags["limit"] = rng.choice([1, 5, 10])
        if self.chance(0.08):
            flags["base"] = [rng.choice(OUS)]
        if self.chance(0.08):
            flags["filter"] = rng.choice(self.filters())
        if self.chance(0.08):
            flags["sip-from"] = rng.choice(["mail", "upn"])
        if self.chance(0.05):
            flags["sip-domain"] = self.domains[:1]
        if self.chance(0.08):
            flags["split"] = rng.choice([0, 1, 3])
        if self.chance(0.05):
            flags["style"] = rng.choice(["guarded", "replace"])
        if self.chance(0.2):
            flags["re-enable"] = True
        if self.chance(0.05):
            flags["dry-run"] = True
        if self.chance(0.05):
            flags["max-changes"] = rng.choice([0, 2, 50])
        if self.chance(0.05):
            flags["max-rejects"] = rng.choice(["0", "10%"])
        if self.chance(0.7):
            flags["replace-many"] = True
        if not self.full_dump:
            flags["absent"] = rng.choice([["all"], ["all"], ["all"], [URI, ENABLED, HOME, FLAGS], []])

    # ----------------------------------------------------------------------------------------------------------
    # Files.

    def write(self, folder, case, name):
        """Writes a case, its inputs under a name, and gives the arguments of `userprep`."""
        suffix = "csv" if self.is_csv() else "ldif"
        args = ["enable"]
        for n, records in enumerate(case.joined or case.inputs, 1):
            (folder / f"{name}{n}.{suffix}").write_bytes(self.render(records))
            args += ["--join", f"{name}{n}.{suffix}"] if case.joined else [f"{name}{n}.{suffix}"]
        if case.joined:
            rows = [["Compte", "E-Mail", "Pool", "sipUri"], *self.list]
            (folder / "list.csv").write_text(
                "".join(";".join(row) + "\r\n" for row in rows), encoding="utf-8", newline=""
            )
            args.append("list.csv")
        for n, records in enumerate(case.references, 1):
            (folder / f"ref{n}.ldif").write_bytes(ldif(records, "\n", 0))
            args += ["--reference", f"ref{n}.ldif"]
        if self.pools_export is not None:
            (folder / "pools.ldif").write_bytes(ldif(self.pools_export, "\r\n", 0))
            args += ["--pools", "pools.ldif"]
        if case.users_list is not None:
            (folder / "users.txt").write_text(
                "".join(line + "\n" for line in self.users_list), encoding="utf-8"
            )
            args += ["--users", "users.txt"]
        (folder / "userprep.toml").write_text(toml(self.config), encoding="utf-8")
        args += ["--config", "userprep.toml"]
        for flag, value in case.flags.items():
            for one in value if isinstance(value, list) else [value]:
                args += [f"--{flag}"] if one is True else [f"--{flag}", str(one)]
        return args

    def render(self, records):
        if self.is_csv():
            text = csv(records)
            return (
                b"\xff\xfe" + text.encode("utf-16-le")
                if self.form == "csv-utf16"
                else b"\xef\xbb\xbf" + text.encode()
            )
        return ldif(
            records, "\r\n" if self.form == "ldif-crlf" else "\n", 78 if self.form == "ldif-folded" else 0
        )


def given(record, mail, pool, uri):
    """The record with what a row of a list says of it."""
    attributes = record.attributes | ({"mail": [mail]} if mail else {})
    return Record(record.dn, attributes, {"pool": pool, "uri": uri})


def ldif(records, newline, width):
    lines = []
    for record in records:
        lines.append(line_of("dn", record.dn))
        lines += [line_of(a, v) for a, values in record.attributes.items() for v in values]
        lines.append("")
    if width:
        lines = [
            piece
            for line in lines
            for piece in (
                [line[:width]] + [" " + line[i : i + width - 1] for i in range(width, len(line), width - 1)]
            )
        ]
    return "".join(line + newline for line in lines).encode("ascii")


def line_of(attribute, value):
    raw = value if isinstance(value, bytes) else value.encode()
    if raw and all(31 < b < 127 for b in raw) and raw[0] not in b" :<" and not raw.endswith(b" "):
        return f"{attribute}: {raw.decode()}"
    return f"{attribute}:: {base64.b64encode(raw).decode()}"


def csv(records):
    """As csvde writes: DN first, the union of the attributes, `;` between values and `\\;` inside one of several."""
    columns = list(dict.fromkeys(a for r in records for a in r.attributes))

    def cell(values, is_many=False):
        escaped = lambda value: value.replace(";", "\\;") if is_many else value
        text = ";".join("X'" + v.hex() + "'" if isinstance(v, bytes) else escaped(v) for v in values)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"') else text

    rows = [["DN", *columns]] + [
        [cell([r.dn]), *(cell(r.attributes.get(c, []), c in ("objectClass", PROXY)) for c in columns)] for r in records
    ]
    return "".join(",".join(row) + "\r\n" for row in rows)


def toml(config):
    text = lambda value: (
        "{ " + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {text(v)}" for k, v in value.items()) + " }"
        if isinstance(value, dict)
        else json.dumps(value, ensure_ascii=False)
    )
    lines = ["version = 1"]
    for table, body in config.items():
        for entry in body if isinstance(body, list) else [body]:
            lines += ["", f"[[{table}]]" if isinstance(body, list) else f"[{table}]"]
            lines += [f"{key} = {text(value)}" for key, value in entry.items()]
    return "\n".join(lines) + "\n"
