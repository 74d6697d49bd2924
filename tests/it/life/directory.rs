//! A directory in memory with the rules of Active Directory as implemented by Samba, behind a client like `ldapmodify
//! -c`.
//!
//! It shares no code with the program, and must itself answer `tests/directory/cases` like the real servers.

use std::collections::BTreeMap;

/// LDAP result codes (RFC 4511 section 4.1.9), and what `ldapmodify` returns for an unreadable record.
const NO_SUCH_ATTRIBUTE: i32 = 16;
const CONSTRAINT_VIOLATION: i32 = 19;
const VALUE_EXISTS: i32 = 20;
const INVALID_SYNTAX: i32 = 21;
const NO_SUCH_OBJECT: i32 = 32;
const INVALID_DN: i32 = 34;
const UNWILLING: i32 = 53;
const OBJECT_CLASS_VIOLATION: i32 = 65;
const UNREADABLE: i32 = 247;

#[derive(Clone, Copy, PartialEq)]
enum Syntax {
    Text,
    Boolean,
    Integer,
    Octets,
    Dn,
    DnBinary,
}

/// Name, syntax, whether it is single-valued, and whether only users may have it.
const SCHEMA: &[(&str, Syntax, bool, bool)] = &[
    ("cn", Syntax::Text, true, false),
    ("ou", Syntax::Text, true, false),
    ("objectclass", Syntax::Text, false, false),
    ("objectguid", Syntax::Octets, true, false),
    ("objectsid", Syntax::Octets, true, false),
    ("instancetype", Syntax::Integer, true, false),
    ("displayname", Syntax::Text, true, false),
    ("samaccountname", Syntax::Text, true, true),
    ("userprincipalname", Syntax::Text, true, true),
    ("useraccountcontrol", Syntax::Integer, true, true),
    ("admincount", Syntax::Integer, true, true),
    ("mail", Syntax::Text, true, true),
    ("proxyaddresses", Syntax::Text, false, true),
    ("msrtcsip-primaryuseraddress", Syntax::Text, true, true),
    ("msrtcsip-userenabled", Syntax::Boolean, true, true),
    ("msrtcsip-primaryhomeserver", Syntax::Dn, true, true),
    ("msrtcsip-optionflags", Syntax::Integer, true, true),
    ("msrtcsip-archivingenabled", Syntax::Integer, true, true),
    ("msrtcsip-federationenabled", Syntax::Boolean, true, true),
    ("msrtcsip-internetaccessenabled", Syntax::Boolean, true, true),
    ("msrtcsip-line", Syntax::Text, true, true),
    ("msrtcsip-lineserver", Syntax::Text, true, true),
    ("msrtcsip-targethomeserver", Syntax::Dn, true, true),
    ("msrtcsip-userextension", Syntax::Text, false, true),
    ("msrtcsip-future", Syntax::Text, true, true),
    ("msrtcsip-userpolicy", Syntax::DnBinary, false, true),
    ("msrtcsip-originatorsid", Syntax::Octets, true, true),
];

/// The maximum length of msRTCSIP-PrimaryUserAddress (`rangeUpper`).
const LONGEST_URI: usize = 454;

type Values = Vec<Vec<u8>>;
pub(crate) type Entry = BTreeMap<String, Values>;

/// The result of an import.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Imported {
    /// The client's return code: that of the last failed record.
    pub(crate) code: i32,
    /// The number of applied records.
    pub(crate) applied: usize,
    /// The file that `ldapmodify -S` writes.
    pub(crate) refused: String,
}

/// Entries by their DNs in lower case without optional spaces; attributes by their names in lower case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Directory {
    entries: BTreeMap<String, (String, Entry)>,
}

/// Normalises a DN for comparison: the only optional spaces in the tests are after commas.
fn key(dn: &str) -> String {
    dn.to_lowercase().replace(", ", ",")
}

impl Directory {
    /// Loads the entries of an export.
    pub(crate) fn load(export: &[u8]) -> Self {
        let mut directory = Self::default();
        for record in records(export) {
            let mut lines = record.into_iter().skip_while(|(name, _)| name == "version");
            let Some(Ok(dn)) = lines.next().map(|(_, dn)| String::from_utf8(dn)) else { continue };
            let mut entry = Entry::new();
            lines.for_each(|(name, value)| entry.entry(name.to_lowercase()).or_default().push(value));
            directory.entries.insert(key(&dn), (dn, entry));
        }
        directory
    }

    /// Returns all attributes of all entries, as in a full dump.
    pub(crate) fn export(&self) -> String {
        let line = |name: &str, value: &[u8]| match std::str::from_utf8(value) {
            Ok(text) if text.bytes().all(|b| matches!(b, b'!'..=b'~' | b' ')) && !text.starts_with(' ') => {
                format!("{name}: {text}\n")
            }
            _ => format!("{name}:: {}\n", base64(value)),
        };
        let entry = |(dn, entry): &(String, Entry)| {
            let values = entry.iter().flat_map(|(name, values)| values.iter().map(|value| line(name, value)));
            line("dn", dn.as_bytes()) + &values.collect::<String>() + "\n"
        };
        self.entries.values().map(entry).collect()
    }

    /// Returns the DNs of all entries.
    pub(crate) fn all(&self) -> Vec<String> {
        self.entries().map(|(dn, _)| dn.clone()).collect()
    }

    /// Iterates over all entries with their DNs.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&String, &Entry)> {
        self.entries.values().map(|(dn, entry)| (dn, entry))
    }

    /// Whether there is an entry with this DN.
    pub(crate) fn has(&self, dn: &str) -> bool {
        self.entries.contains_key(&key(dn))
    }

    /// Returns the entry with this DN.
    pub(crate) fn entry(&mut self, dn: &str) -> &mut Entry {
        &mut self.entries.get_mut(&key(dn)).unwrap().1
    }

    pub(crate) fn remove(&mut self, dn: &str) -> Entry {
        self.entries.remove(&key(dn)).unwrap().1
    }

    /// Returns the DNs of all users.
    pub(crate) fn users(&self) -> Vec<String> {
        let is_user = |entry: &Entry| entry.get("objectclass").is_some_and(|c| c.contains(&b"user".to_vec()));
        self.entries.values().filter(|(_, entry)| is_user(entry)).map(|(dn, _)| dn.clone()).collect()
    }

    /// Whether any user has a `sip:` proxy address.
    pub(crate) fn has_sip_values(&self) -> bool {
        let is_sip = |value: &Vec<u8>| value.get(..4).is_some_and(|head| head.eq_ignore_ascii_case(b"sip:"));
        let has = |dn: &String| {
            let (_, entry) = &self.entries[&key(dn)];
            entry.get("proxyaddresses").is_some_and(|values| values.iter().any(is_sip))
        };
        self.users().iter().any(has)
    }

    /// Returns a directory with only the user of this name.
    pub(crate) fn only(&self, name: &str) -> Self {
        let is_named = |key: &str| key.starts_with(&format!("cn={},", name.to_lowercase()));
        let others = self.entries.iter().filter(|(key, _)| is_named(key));
        Self { entries: others.map(|(key, entry)| (key.clone(), entry.clone())).collect() }
    }

    pub(crate) fn insert(&mut self, dn: &str, entry: Entry) {
        self.entries.insert(key(dn), (dn.to_owned(), entry));
    }

    /// Sorts the values of each attribute, whose order directories do not preserve.
    pub(crate) fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sorted
            .entries
            .values_mut()
            .flat_map(|(_, entry)| entry.values_mut())
            .for_each(|values| values.sort());
        sorted
    }

    /// Imports a change file like `ldapmodify -c -S`: skips what fails, and applies the rest.
    pub(crate) fn import(&mut self, file: &[u8]) -> Imported {
        let mut imported = Imported::default();
        for record in records(file) {
            let Some(at) = record.iter().position(|(name, _)| name == "dn") else { continue };
            if at > 0 && record[0].0 != "version" {
                continue; // a record after a byte order mark is silently skipped
            }
            let dn = String::from_utf8(record[at].1.clone()).unwrap();
            match modifications(&record[at + 1..]).and_then(|modifications| self.modify(&dn, &modifications))
            {
                Ok(()) => imported.applied += 1,
                Err(code) => {
                    imported.code = code;
                    imported.refused +=
                        &format!("# Error: failed ({code})\ndn: {dn}\nchangetype: modify\n-\n\n");
                }
            }
        }
        imported
    }

    /// Applies a modify request as a whole, or not at all.
    fn modify(&mut self, dn: &str, modifications: &[Modification]) -> Result<(), i32> {
        let (_, entry) = self.entries.get(&key(dn)).ok_or(NO_SUCH_OBJECT)?;
        let is_user = entry.get("objectclass").is_some_and(|classes| classes.contains(&b"user".to_vec()));
        let mut entry = entry.clone();
        for Modification { operation, name, values } in modifications {
            let known = SCHEMA.iter().find(|(known, ..)| known == name);
            let &(_, syntax, _, users_only) = known.ok_or(NO_SUCH_ATTRIBUTE)?;
            if name == "objectsid" {
                return Err(UNWILLING);
            }
            let stored = |value: &Vec<u8>| self.store(name, syntax, value);
            match operation.as_str() {
                "delete" => {
                    let present = entry.get_mut(name).ok_or(NO_SUCH_ATTRIBUTE)?;
                    if values.is_empty() {
                        present.clear();
                    }
                    for value in values {
                        let at =
                            present.iter().position(|p| same(syntax, p, value)).ok_or(NO_SUCH_ATTRIBUTE)?;
                        present.remove(at);
                    }
                }
                "replace" => {
                    let values = values.iter().map(stored).collect::<Result<Values, i32>>()?;
                    distinct(&values)?;
                    entry.insert(name.clone(), values);
                }
                _ => {
                    let present = entry.entry(name.clone()).or_default();
                    present.extend(values.iter().map(stored).collect::<Result<Values, i32>>()?);
                    distinct(present)?;
                }
            }
            entry.retain(|_, values| !values.is_empty());
            if users_only && !is_user && entry.contains_key(name) {
                return Err(OBJECT_CLASS_VIOLATION);
            }
        }
        let is_single = |name: &str| SCHEMA.iter().any(|&(known, _, single, _)| single && known == name);
        if entry.iter().any(|(name, values)| values.len() > 1 && is_single(name)) {
            return Err(VALUE_EXISTS);
        }
        self.entries.get_mut(&key(dn)).unwrap().1 = entry;
        Ok(())
    }

    /// Returns a value as stored, if its syntax allows it.
    fn store(&self, name: &str, syntax: Syntax, value: &[u8]) -> Result<Vec<u8>, i32> {
        let text = std::str::from_utf8(value).unwrap_or_default();
        if value.is_empty() || name == "msrtcsip-primaryuseraddress" && value.len() > LONGEST_URI {
            return Err(INVALID_SYNTAX);
        }
        let exists = |dn: &str| match (dn.contains('='), self.entries.contains_key(&key(dn))) {
            (false, _) => Err(INVALID_DN),
            (true, false) => Err(CONSTRAINT_VIOLATION),
            (true, true) => Ok(value.to_vec()),
        };
        match syntax {
            Syntax::Boolean if !matches!(text, "TRUE" | "FALSE") => Err(INVALID_SYNTAX),
            // Samba reads a leading 0 as octal and keeps the lower 32 bits.
            Syntax::Integer => {
                let radix = if text.len() > 1 && text.starts_with('0') { 8 } else { 10 };
                let number = i64::from_str_radix(text, radix).map_err(|_| INVALID_SYNTAX)?;
                Ok((number as i32).to_string().into_bytes())
            }
            Syntax::Dn => exists(text),
            Syntax::DnBinary => match text.splitn(4, ':').collect::<Vec<_>>()[..] {
                ["B", digits, hex, dn] if digits.parse() == Ok(hex.len()) => exists(dn),
                _ => Err(INVALID_DN),
            },
            _ => Ok(value.to_vec()),
        }
    }
}

/// Whether `delete:` of one value means the other, ignoring case.
fn same(syntax: Syntax, a: &[u8], b: &[u8]) -> bool {
    if syntax == Syntax::Octets { a == b } else { a.eq_ignore_ascii_case(b) }
}

/// Rejects repeated values. Samba distinguishes values by case here, but not when it deletes one.
fn distinct(values: &Values) -> Result<(), i32> {
    let twice = values.iter().enumerate().any(|(at, value)| values[..at].contains(value));
    if twice { Err(VALUE_EXISTS) } else { Ok(()) }
}

struct Modification {
    operation: String,
    name: String,
    values: Values,
}

/// Parses the modifications after `changetype: modify`.
fn modifications(lines: &[(String, Vec<u8>)]) -> Result<Vec<Modification>, i32> {
    let mut lines = lines.iter().skip_while(|(name, _)| name == "changetype").peekable();
    let mut modifications = Vec::new();
    while let Some((operation, name)) = lines.next() {
        if !matches!(operation.as_str(), "add" | "delete" | "replace") {
            return Err(UNREADABLE);
        }
        let name = String::from_utf8(name.to_ascii_lowercase()).unwrap();
        let mut values = Values::new();
        for (attribute, value) in lines.by_ref() {
            if attribute == "-" {
                break;
            }
            assert_eq!(attribute.to_lowercase(), name);
            values.push(value.clone());
        }
        // An `add:` that was cut off before its values is ignored.
        if operation != "add" || !values.is_empty() {
            modifications.push(Modification { operation: operation.clone(), name, values });
        }
    }
    Ok(modifications)
}

/// Parses the records of a file like a client: separated by blank lines, without comments and folds, base64 decoded.
fn records(file: &[u8]) -> Vec<Vec<(String, Vec<u8>)>> {
    let text = file.to_vec();
    let mut records: Vec<Vec<Vec<u8>>> = vec![Vec::new()];
    for line in text.split(|&b| b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)) {
        match line {
            [] => records.push(Vec::new()),
            [b'#', ..] => {}
            [b' ', rest @ ..] => {
                if let Some(last) = records.last_mut().and_then(|record| record.last_mut()) {
                    last.extend_from_slice(rest);
                }
            }
            _ => records.last_mut().unwrap().push(line.to_vec()),
        }
    }
    let pair = |line: &Vec<u8>| {
        let colon = line.iter().position(|&b| b == b':').unwrap_or(line.len());
        let name = String::from_utf8_lossy(&line[..colon]).into_owned();
        let value = match line.get(colon + 1..) {
            Some([b':', rest @ ..]) => unbase64(rest.trim_ascii()),
            Some(rest) => rest.trim_ascii_start().to_vec(),
            None => Vec::new(),
        };
        (name, value)
    };
    records.retain(|record| !record.is_empty());
    records.iter().map(|record| record.iter().map(pair).collect()).collect()
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(octets: &[u8]) -> String {
    let group = |group: &[u8]| {
        let bits = group.iter().fold(0_u32, |bits, &b| bits << 8 | u32::from(b)) << (8 * (3 - group.len()));
        let digit = |at: usize| char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]);
        (0..4).map(|at| if at <= group.len() { digit(at) } else { '=' }).collect::<String>()
    };
    octets.chunks(3).map(group).collect()
}

fn unbase64(text: &[u8]) -> Vec<u8> {
    let group = |group: &[u8]| {
        let value = |b: &u8| DIGITS.iter().position(|digit| digit == b).unwrap_or(0) as u32;
        let bits = group.iter().fold(0, |bits, b| bits << 6 | value(b));
        let padding = group.iter().filter(|&&b| b == b'=').count();
        bits.to_be_bytes()[1..4 - padding].to_vec()
    };
    text.chunks(4).flat_map(group).collect()
}
