//! Lists without DNs: each row names a user of other exports by a key, and may give better values for the user.
//!
//! The row is the record: its place, its dialect and its cells. The object comes from the directory, with the row's
//! values replacing its own. A row that names no user, or several, is unreadable; its message lists the users in
//! question.
//!
//! All rows of all lists are kept in memory, with the objects that they name: 250 bytes per row, measured on a million.

// the objects, in memory
mod objects;

use std::collections::{HashMap, HashSet};

use super::{ExportRecord, Finding, RecordKind};
use crate::fingerprint::Fingerprint;
use crate::language::{Text, text};
use crate::message::Severity;
use crate::object::{Attr, Attributes, Object, Value};
use crate::schema::value::{account_name, domain_and_account, guid};

use objects::{NamedObject, NamedUsers};

pub use objects::NamedObjects;
pub(crate) use objects::{FoundObject, RecordLine};

/// The attributes that may name users in a list, the most reliable first, unless the user chooses one. The mail address
/// comes last, because lists are often made to correct it.
pub const KEYS: [&str; 5] = ["DN", "sAMAccountName", "userPrincipalName", "employeeID", "mail"];

/// The attribute by which the rows of a list name users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The DN.
    Dn,
    /// The value of an attribute, compared without case.
    Value(Attr),
}

/// A name of a user: the key, and the fingerprint of the name in the form in which names are compared.
pub(crate) type Name = (Key, Fingerprint);

impl Key {
    /// Returns the LDAP display name.
    pub fn name(self, attributes: &Attributes) -> &str {
        match self {
            Self::Dn => "DN",
            Self::Value(attr) => attributes.name(attr),
        }
    }

    /// Returns the names of the object or the row under this key: for an attribute, one for each value.
    pub fn names(self, object: &Object<'_>) -> Vec<Name> {
        match self {
            Self::Dn if object.normalized.is_empty() => Vec::new(),
            Self::Dn => vec![self.fingerprint(object.normalized.as_bytes())],
            Self::Value(attr) => {
                object.values(attr).map(|value| self.fingerprint(&compared(attr, value.bytes()))).collect()
            }
        }
    }

    /// Returns the names qualified by the account's domain, `contoso\ann`; for a row that names a domain, only these.
    pub fn names_in_domains(self, object: &Object<'_>) -> Vec<Name> {
        let accounts = object.values(Attr::SAM_ACCOUNT_NAME).filter_map(Value::text);
        let in_domains = |account: &str| -> Vec<Name> {
            let bare = account_name(account).trim();
            let name = |domain: &str| self.fingerprint(format!("{domain}\\{bare}").to_lowercase().as_bytes());
            match domain_and_account(account) {
                Some((domain, _)) => vec![name(domain.trim())],
                None => object.domains().map(name).collect(),
            }
        };
        let is_account = self == Self::Value(Attr::SAM_ACCOUNT_NAME);
        accounts.filter(|_| is_account).flat_map(in_domains).collect()
    }

    /// Returns the domain of the account that the row names, in lower case.
    pub(crate) fn domain(self, row: &Object<'_>) -> Option<String> {
        let account =
            row.text(Attr::SAM_ACCOUNT_NAME).filter(|_| self == Self::Value(Attr::SAM_ACCOUNT_NAME))?;
        let (domain, _) = domain_and_account(account)?;
        Some(domain.trim().to_lowercase())
    }

    /// Returns the name under this key, from its form for comparison.
    fn fingerprint(self, compared: &[u8]) -> Name {
        (self, Fingerprint::of(compared))
    }

    /// Returns the value that names the row, and its place.
    fn naming_value(self, row: &Object<'_>) -> (String, usize) {
        match self {
            Self::Dn => (row.dn.to_string(), row.at),
            Self::Value(attr) => row.first(attr).map_or((String::new(), row.at), |value| {
                (String::from_utf8_lossy(value.bytes()).into_owned(), value.at)
            }),
        }
    }
}

/// Normalises a value for comparison: without case, as in Active Directory; a logon name without its domain.
fn compared(attr: Attr, value: &[u8]) -> Vec<u8> {
    if attr == Attr::OBJECT_GUID
        && let Some(guid) = guid(value)
    {
        return guid.into_bytes();
    }
    let Ok(text) = std::str::from_utf8(value) else { return value.to_vec() };
    let text = if attr == Attr::SAM_ACCOUNT_NAME { account_name(text) } else { text };
    text.trim().to_lowercase().into_bytes()
}

/// Whether a list may replace the directory's values of the attribute. Attributes that the program relies on (account
/// flags, proxy addresses, present values) come only from the directory.
pub(crate) fn is_given(attr: Attr) -> bool {
    const NAMES: [Attr; 5] =
        [Attr::USER_PRINCIPAL_NAME, Attr::MAIL, Attr::GIVEN_NAME, Attr::SN, Attr::DISPLAY_NAME];
    !attr.is_always_read() || NAMES.contains(&attr)
}

/// The names that rows use, each with its number.
#[derive(Debug, Default)]
pub struct Names(HashMap<Name, u32>);

impl Names {
    /// Returns the number of a name, if a row uses it.
    pub(crate) fn number(&self, name: &Name) -> Option<u32> {
        self.0.get(name).copied()
    }
}

/// Lists joined to exports.
#[derive(Debug)]
pub struct Join {
    /// The files with the rows, and those with the objects.
    lists: Vec<String>,
    exports: Vec<String>,
    names: Names,
    objects: NamedObjects,
    /// Attributes that only lists give, so that the directory's own attributes of these names are ignored.
    own: Vec<Attr>,
    /// The domains that rows name, in lower case, and those among them that an object is in.
    domains: HashSet<String>,
    shown: HashSet<String>,
    /// Whether messages name objects only by their places.
    masked: bool,
}

impl Join {
    /// Creates an empty join of lists and exports with these names; `own` are the attributes that only lists give.
    pub fn new(lists: Vec<String>, exports: Vec<String>, own: Vec<Attr>, masked: bool) -> Self {
        let (names, objects, domains, shown) = Default::default();
        Self { lists, exports, names, objects, own, domains, shown, masked }
    }

    /// Adds a row with its names and the domain that it names.
    pub(crate) fn add_row(&mut self, names: Vec<Name>, domain: Option<String>, row: RecordLine) {
        self.domains.extend(domain);
        for name in names {
            let next = self.objects.next_number();
            self.objects.add_row(*self.names.0.entry(name).or_insert(next), row);
        }
    }

    /// Returns the names and domains to look for in the exports, and the objects found so far.
    pub fn looking(&mut self) -> (&Names, &HashSet<String>, &mut NamedObjects) {
        (&self.names, &self.domains, &mut self.objects)
    }

    /// Finishes after all exports were read, which show these of the domains.
    pub fn close(&mut self, shown: HashSet<String>) {
        self.shown = shown;
        self.objects.close();
    }

    /// Formats: `` forest.ldif:1775 ``.
    fn place(&self, record: RecordLine) -> String {
        let file = self.exports.get(record.file()).map_or("", String::as_str);
        format!("{file}:{}", record.line())
    }

    /// Formats: `` CN=Ann Doe,DC=contoso,DC=com (forest.ldif:1775) ``, or only the place.
    fn named(&self, found: NamedObject<'_>) -> String {
        let place = self.place(found.place);
        if self.masked { place } else { format!("{} ({place})", found.dn) }
    }

    /// Returns the record that a row stands for; an unreadable row is returned unchanged.
    pub(super) fn record<'t>(&self, key: Key, key_name: &str, record: ExportRecord<'t>) -> ExportRecord<'t> {
        let ExportRecord::Record(RecordKind::Entry, row, mut findings) = record else { return record };
        match self.object(key, key_name, &row) {
            Ok(user) => {
                let faults = user.faults.iter().map(|(fault, place)| at_row(fault, place, row.at));
                findings.extend(faults);
                ExportRecord::Record(RecordKind::of_entry(&findings), self.merged(user, key, row), findings)
            }
            Err((finding, user)) => {
                findings.push(finding);
                let object = match user {
                    Some(user) => self.merged(user, key, row),
                    // It belongs to no user, so its values do not count as held.
                    None => Object { normalized: "".into(), ..row },
                };
                ExportRecord::Record(RecordKind::Unreadable, object, findings)
            }
        }
    }

    /// Returns the only user that the row names, unless another row names the same user.
    ///
    /// # Errors
    /// The fault, and the user if there is only one.
    fn object(
        &self,
        key: Key,
        key_name: &str,
        row: &Object<'_>,
    ) -> Result<NamedObject<'_>, (Finding, Option<NamedObject<'_>>)> {
        let (value, at) = key.naming_value(row);
        let named = NamingRow { join: self, key, key_name, value, at };
        let Some(name) = key.names(row).into_iter().next() else { return Err((named.no_key(), None)) };
        let with_name = |name: &Name| Some(self.objects.named(self.names.number(name)?));
        // A domain that no user is in may be a NetBIOS name.
        let in_domain =
            key.names_in_domains(row).iter().find_map(with_name).filter(|named| named.count() > 0);
        let is_shown = key.domain(row).is_some_and(|domain| self.shown.contains(&domain));
        let in_any = || with_name(&name).filter(|&named| !is_shown && !self.are_elsewhere(key, row, named));
        let users = in_domain.or_else(in_any);
        let count = users.map_or(0, NamedUsers::count);
        let Some(users) = users.filter(|_| count > 0) else { return Err((named.unmatched(users), None)) };
        match users.user() {
            None => Err((named.ambiguous(users, count), None)),
            Some(user) if key == Key::Dn && self.is_other(user, row) => Err((named.names_two(user), None)),
            Some(user) => match (users.contradiction(), users.rows()) {
                (Some(other), _) => Err((named.contradicted(user, other), Some(user))),
                (None, rows) if rows.len() > 1 => Err((named.twice(user, &rows), Some(user))),
                (None, _) => Ok(user),
            },
        }
    }

    /// Whether the row gives an account that is not the user's.
    fn is_other(&self, user: NamedObject<'_>, row: &Object<'_>) -> bool {
        let account = |object: &Object<'_>| {
            object.text(Attr::SAM_ACCOUNT_NAME).map(|text| compared(Attr::SAM_ACCOUNT_NAME, text.as_bytes()))
        };
        account(row).zip(account(&user.object(0))).is_some_and(|(one, other)| one != other)
    }

    /// Whether the row names a domain, but each of the users is in a domain that rows call by another name.
    fn are_elsewhere(&self, key: Key, row: &Object<'_>, named: NamedUsers<'_>) -> bool {
        let is_in_called_domain = |user: NamedObject<'_>| {
            let user = user.object(0);
            user.domains().next().is_some_and(|label| self.domains.contains(&label.to_lowercase()))
        };
        !key.names_in_domains(row).is_empty() && named.users().all(is_in_called_domain)
    }

    /// Returns the directory's object with the row's values replacing its own, except the name of the user.
    fn merged<'t>(&self, user: NamedObject<'_>, key: Key, row: Object<'t>) -> Object<'t> {
        let mut object: Object<'t> = user.object(row.at);
        object.line = row.line;
        object.elsewhere = Some(self.place(user.place).into());
        let is_name =
            |attr: Attr| Key::Value(attr) == key || attr == Attr::SAM_ACCOUNT_NAME && key == Key::Dn;
        let values: Vec<Value<'t>> = row.values.into_iter().filter(|value| !is_name(value.attr)).collect();
        let is_given = |attr: Attr| self.own.contains(&attr) || values.iter().any(|value| value.attr == attr);
        object.values.retain(|value| !is_given(value.attr));
        object.values.extend(values);
        object
    }
}

/// A row with the name of its user, and the possible faults.
struct NamingRow<'r> {
    join: &'r Join,
    key: Key,
    key_name: &'r str,
    value: String,
    at: usize,
}

impl NamingRow<'_> {
    /// Creates an error that underlines the name.
    fn fault(&self, code: &'static str, what: Text) -> Finding {
        let attr = match self.key {
            Key::Dn => None,
            Key::Value(attr) => Some(attr),
        };
        Finding::new(Severity::Error, code, self.at, what).on(attr).of_length(self.value.chars().count())
    }

    /// Formats: `` sAMAccountName `ann` ``, or only the attribute.
    fn shown(&self) -> Text {
        let Self { key_name, value, .. } = self;
        if self.join.masked {
            text!("the row's {key_name}", "le {key_name} de la ligne")
        } else {
            Text::same(format!("{key_name} `{value}`"))
        }
    }

    fn no_key(&self) -> Finding {
        let key_name = self.key_name;
        self.fault("join-no-key", text!("the row has no {key_name}", "la ligne n’a pas de {key_name}"))
    }

    /// Reports that no user has the name; `others` are the objects that have it.
    fn unmatched(&self, others: Option<NamedUsers<'_>>) -> Finding {
        let what = text!(
            "no user of the --join exports has {shown}",
            "aucun utilisateur des exports de --join n’a {shown}"; shown = self.shown()
        );
        let finding = self.fault("join-unmatched", what).help(unmatched_help(&self.value));
        match others.and_then(|others| others.found().next()) {
            Some(other) => finding.because(text!(
                "{other} has it, but is not a user",
                "{other} l’a, et n’est pas un utilisateur",
                other = self.join.named(other)
            )),
            None => finding,
        }
    }

    /// Reports that several users have the name.
    fn ambiguous(&self, named: NamedUsers<'_>, users: usize) -> Finding {
        let what = text!(
            "{users} users have {shown}: {others}",
            "{users} utilisateurs ont {shown}\u{a0}: {others}";
            shown = self.shown(),
            others = Text::first_of(named.users().map(|user| self.join.named(user)), users)
        );
        self.fault("join-ambiguous", what).help(text!(
            "name the user by an attribute that nobody shares (--join-key), or by DN",
            "désignez l’utilisateur par un attribut que personne ne partage (--join-key), ou par son DN"
        ))
    }

    /// Reports that another record of the user differs.
    fn contradicted(&self, user: NamedObject<'_>, other: RecordLine) -> Finding {
        let (who, other) = (self.join.named(user), self.join.place(other));
        let what = text!("{who} says something else at {other}", "{who} dit autre chose en {other}");
        self.fault("dn-conflict", what).help(text!(
            "export again, or leave one of the files out",
            "refaites l’export, ou laissez de côté l’un des fichiers"
        ))
    }

    /// Reports that the DN and the account of the row are those of two users.
    fn names_two(&self, user: NamedObject<'_>) -> Finding {
        let (shown, who) = (self.shown(), self.join.named(user));
        let what = text!(
            "{shown} names {who}, whose sAMAccountName is not that of the row",
            "{shown} désigne {who}, dont le sAMAccountName n’est pas celui de la ligne"; shown
        );
        self.fault("join-ambiguous", what).help(text!(
            "correct the row: one of its cells is another user’s",
            "corrigez la ligne\u{a0}: une de ses cellules est celle d’un autre utilisateur"
        ))
    }

    /// Reports that several rows name the user.
    fn twice(&self, user: NamedObject<'_>, rows: &[RecordLine]) -> Finding {
        let place = |row: &RecordLine| format!("{}:{}", self.join.lists[row.file()], row.line());
        let what = text!(
            "{count} rows name {who}: {places}",
            "{count} lignes désignent {who}\u{a0}: {places}",
            who = self.join.named(user),
            count = rows.len();
            places = Text::first_of(rows.iter().map(place), rows.len())
        );
        self.fault("join-twice", what).help(text!(
            "keep the row that is right, and remove the others",
            "gardez la ligne juste, et supprimez les autres"
        ))
    }
}

/// Gives advice for a row that names no user.
fn unmatched_help(value: &str) -> Text {
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return text!(
            "correct the row (a spreadsheet drops leading zeros), or give the export that shows the user with --join, too",
            "corrigez la ligne (un tableur supprime les zéros initiaux), ou donnez aussi par --join l’export qui montre l’utilisateur"
        );
    }
    text!(
        "correct the row, or give the export that shows the user with --join, too",
        "corrigez la ligne, ou donnez aussi par --join l’export qui montre l’utilisateur"
    )
}

/// Reports a fault of the object at the row that names it.
fn at_row(fault: &Finding, place: &str, at: usize) -> Finding {
    let mut found = fault.clone().of_length(1);
    found.what = text!("the user's record at {place}: {what}", "l’enregistrement de l’utilisateur en {place}\u{a0}: {what}"; what = fault.what);
    (found.place.within, found.place.at) = (None, at);
    found
}
