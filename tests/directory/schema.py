"""The attributes that the fixture needs beyond a plain directory, as Samba and as slapd take them.

OIDs and syntaxes of msRTCSIP-*: a public dump of a live schema, and Microsoft's attribute reference of Lync 2013
for single or multiple values. The Exchange attributes have OIDs of OpenLDAP's experimental arc: only names and
syntaxes matter here. SIDs are octet strings instead of AD's 2.5.5.17, because the ldb tools read a value of that
syntax in its text form alone, where LDAP and the program's files have the octets.
"""

RTC, EXCHANGE, AD = "1.2.840.113556.1.6.24.1", "1.3.6.1.4.1.4203.666.77", "1.2.840.113556.1"
LDAP = "1.3.6.1.4.1.1466.115.121.1"

SYNTAXES = {  # name: attributeSyntax and oMSyntax of AD, equality rule and syntax of LDAP
    "text": ("2.5.5.12", 64, "caseIgnoreMatch", f"{LDAP}.15"),
    "boolean": ("2.5.5.8", 1, "booleanMatch", f"{LDAP}.7"),
    "integer": ("2.5.5.9", 2, "integerMatch", f"{LDAP}.27"),
    "large": ("2.5.5.16", 65, "integerMatch", f"{LDAP}.27"),
    "dn": ("2.5.5.1", 127, "distinguishedNameMatch", f"{LDAP}.12"),
    "octets": ("2.5.5.10", 4, "octetStringMatch", f"{LDAP}.40"),
    "dn-binary": ("2.5.5.7", 127, "caseIgnoreMatch", f"{LDAP}.15"),
}

EXTENSION = [  # what schema preparation and Exchange add: name, OID, syntax, values
    ("msRTCSIP-PrimaryUserAddress", f"{RTC}.1", "text", "single"),
    ("msRTCSIP-UserEnabled", f"{RTC}.6", "boolean", "single"),
    ("msRTCSIP-TargetHomeServer", f"{RTC}.47", "dn", "single"),
    ("msRTCSIP-OriginatorSid", f"{RTC}.50", "octets", "single"),
    ("msRTCSIP-PrimaryHomeServer", f"{RTC}.57", "dn", "single"),
    ("msRTCSIP-FederationEnabled", f"{RTC}.67", "boolean", "single"),
    ("msRTCSIP-InternetAccessEnabled", f"{RTC}.68", "boolean", "single"),
    ("msRTCSIP-ArchivingEnabled", f"{RTC}.80", "integer", "single"),
    ("msRTCSIP-OptionFlags", f"{RTC}.87", "integer", "single"),
    ("msRTCSIP-Line", f"{RTC}.88", "text", "single"),
    ("msRTCSIP-LineServer", f"{RTC}.89", "text", "single"),
    ("msRTCSIP-UserPolicy", f"{RTC}.132", "dn-binary", "multiple"),
    ("msExchMasterAccountSid", f"{EXCHANGE}.1", "octets", "single"),
    ("msExchRecipientTypeDetails", f"{EXCHANGE}.2", "large", "single"),
    ("targetAddress", f"{EXCHANGE}.3", "text", "single"),
]
BASE = [  # what Active Directory has and slapd lacks
    ("sAMAccountName", f"{AD}.4.221", "text", "single"),
    ("userPrincipalName", f"{AD}.4.656", "text", "single"),
    ("proxyAddresses", f"{AD}.2.210", "text", "multiple"),
    ("userAccountControl", f"{AD}.4.8", "integer", "single"),
    ("objectSid", f"{AD}.4.146", "octets", "single"),
    ("instanceType", f"{AD}.2.1", "integer", "single"),
    ("adminCount", f"{AD}.4.150", "integer", "single"),
    ("groupType", f"{AD}.4.750", "integer", "single"),
    ("department", f"{AD}.2.141", "text", "single"),
    ("dNSHostName", f"{AD}.4.619", "text", "single"),
    ("operatingSystem", f"{AD}.4.363", "text", "single"),
    ("msDS-SourceObjectDN", f"{AD}.4.1879", "text", "single"),
]
OM_CLASSES = {"dn": "KwwCh3McAIVK", "dn-binary": "KoZIhvcUAQEBCw=="}
CLASSES = ["user", "contact", "group", "computer", "container"]


def samba_attributes(root):
    """The attributeSchema entries of the extension."""
    for name, oid, syntax, values in EXTENSION:
        of_ad, om, _, _ = SYNTAXES[syntax]
        cn = name.replace("msRTCSIP-", "ms-RTC-SIP-")
        yield (f"dn: CN={cn},CN=Schema,CN=Configuration,{root}\nchangetype: add\nobjectClass: attributeSchema\n"
               f"lDAPDisplayName: {name}\nattributeID: {oid}\nattributeSyntax: {of_ad}\noMSyntax: {om}\n"
               + (f"oMObjectClass:: {OM_CLASSES[syntax]}\n" if syntax in OM_CLASSES else "")
               # The limit that the application documents; the real schema's is not known.
               + ("rangeUpper: 454\n" if name == "msRTCSIP-PrimaryUserAddress" else "")
               + f"isSingleValued: {'TRUE' if values == 'single' else 'FALSE'}\n\n")


def samba_classes(root):
    """The modification that allows them on users and contacts; a run of its own, once the attributes are known."""
    for name in ("User", "Contact", "Group"):
        yield (f"dn: CN={name},CN=Schema,CN=Configuration,{root}\nchangetype: modify\nadd: mayContain\n"
               + "".join(f"mayContain: {a[0]}\n" for a in EXTENSION) + "-\n\n")


def slapd():
    """The same as a slapd schema file, with classes that hold just what the fixture holds.

    They leave out the superclasses of Active Directory, since `person` would demand `sn` of every contact.
    """
    for name, oid, syntax, values in EXTENSION + BASE:
        _, _, equality, of_ldap = SYNTAXES[syntax]
        single = " SINGLE-VALUE" if values == "single" else ""
        yield f"attributetype ( {oid} NAME '{name}' EQUALITY {equality} SYNTAX {of_ldap}{single} )\n"
    standard = "cn $ sn $ givenName $ displayName $ l $ mail $ telephoneNumber $ description $ member"
    may = " $ ".join([standard, *(a[0] for a in EXTENSION + BASE)])
    for number, name in enumerate(CLASSES):
        yield f"objectclass ( {EXCHANGE}.9.{number} NAME '{name}' SUP top STRUCTURAL MAY ( {may} ) )\n"
