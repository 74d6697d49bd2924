//! Lists without DNs: each row names a user of other exports by a key, and may say about the user what it knows better.
//!
//! The row is the record: its place, its dialect and its cells. The object is the directory's, with the row's values in
//! place of its own. A row that names no user, or several, cannot be read; its message lists the users it was compared with.
//!
//! All rows of all lists are held in memory, with the objects that they name: 830 bytes a row, measured on 100,000.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_128;

use super::{ExportRecord, Finding, RecordKind};
use crate::language::{Text, text};
use crate::message::Severity;
use crate::object::{Attr, Attributes, Object, Value};
use crate::schema::value::{account_name, guid};

/// What names a user in a list, the surest first, where nobody says which it is. The mail address comes last: it is what
/// lists are made to correct.
pub const KEYS: [&str; 5] = ["DN", "sAMAccountName", "userPrincipalName", "employeeID", "mail"];

/// What the rows of a list name users by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The DN.
    Dn,
    /// The value of an attribute, without case.
    Value(Attr),
}

/// What a user is named, as it is compared.
pub(crate) type Name = (Key, Box<[u8]>);

impl Key {
    /// The LDAP display name.
    pub fn name(self, attributes: &Attributes) -> &str {
        match self {
            Self::Dn => "DN",
            Self::Value(attr) => attributes.name(attr),
        }
    }

    /// What names the object, or the row, by this key: of an attribute, each of its values.
    pub fn names(self, object: &Object<'_>) -> Vec<Name> {
        match self {
            Self::Dn if object.normalized.is_empty() => Vec::new(),
            Self::Dn => vec![(self, object.normalized.as_bytes().into())],
            Self::Value(attr) => {
                object.values(attr).map(|value| (self, compared(attr, value.bytes()).into())).collect()
            }
        }
    }

    /// The same for an account in its domain, `contoso\ann`: where a row names the domain, that alone.
    pub fn names_in_domains(self, object: &Object<'_>) -> Vec<Name> {
        let accounts = object.values(Attr::SAM_ACCOUNT_NAME).filter_map(Value::text);
        let in_domains = |account: &str| -> Vec<Name> {
            let bare = account_name(account).trim();
            let name = |domain: &str| (self, format!("{domain}\\{bare}").to_lowercase().into_bytes().into());
            match account.rsplit_once('\\') {
                Some((domain, _)) => vec![name(domain.trim())],
                None => object.domains().map(name).collect(),
            }
        };
        let is_account = self == Self::Value(Attr::SAM_ACCOUNT_NAME);
        accounts.filter(|_| is_account).flat_map(in_domains).collect()
    }

    /// The value that names the row, and where it is.
    fn of(self, row: &Object<'_>) -> (String, usize) {
        match self {
            Self::Dn => (row.dn.to_string(), row.at),
            Self::Value(attr) => row.first(attr).map_or((String::new(), row.at), |value| {
                (String::from_utf8_lossy(value.bytes()).into_owned(), value.at)
            }),
        }
    }
}

/// The domain in which a name is that of an account.
fn domain((key, name): &Name) -> Option<String> {
    let is_account = *key == Key::Value(Attr::SAM_ACCOUNT_NAME);
    let (domain, _) = std::str::from_utf8(name).ok()?.split_once('\\').filter(|_| is_account)?;
    Some(domain.to_owned())
}

/// A value as it is compared: as Active Directory does, without case; a logon name without the domain before it.
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

/// Whether a list may give values of the attribute in place of the directory's. What the program itself goes by (account
/// flags, proxy addresses, what is there already) the directory alone knows.
pub(crate) fn is_given(attr: Attr) -> bool {
    const NAMES: [Attr; 5] =
        [Attr::USER_PRINCIPAL_NAME, Attr::MAIL, Attr::GIVEN_NAME, Attr::SN, Attr::DISPLAY_NAME];
    !attr.is_always_read() || NAMES.contains(&attr)
}

/// Where an object is: the index of its export and the physical line.
pub(crate) type RecordLine = (u32, u64);

/// An object that a row names, as an export shows it.
#[derive(Clone, Debug)]
pub struct FoundObject {
    dn: Box<str>,
    /// Attribute and length of each value in `bytes`, and whether its encoding was a guess.
    values: Box<[(Attr, bool, u32)]>,
    bytes: Box<[u8]>,
    cut: Option<Attr>,
    place: RecordLine,
    /// Whether a row may name it.
    is_user: bool,
    /// What is wrong with it; each finding is at its own place, `forest.ldif:1781:7`.
    faults: Box<[(Finding, String)]>,
}

impl FoundObject {
    /// Keeps an object.
    pub fn new(
        object: &Object<'_>,
        place: RecordLine,
        is_user: bool,
        faults: Vec<(Finding, String)>,
    ) -> Self {
        let length = |value: &Value<'_>| {
            (value.attr, value.is_guessed, u32::try_from(value.bytes().len()).unwrap_or(u32::MAX))
        };
        Self {
            dn: object.dn.as_ref().into(),
            values: object.values.iter().map(length).collect(),
            bytes: object.values.iter().flat_map(|value| value.bytes().iter().copied()).collect(),
            cut: object.cut.map(|(attr, _)| attr),
            place,
            is_user,
            faults: faults.into(),
        }
    }

    /// The object again, as a record that begins at this byte.
    fn object(&self, at: usize) -> Object<'static> {
        let mut rest = &self.bytes[..];
        let value = |&(attr, is_guessed, length): &(Attr, bool, u32)| {
            let (bytes, behind) = rest.split_at((length as usize).min(rest.len()));
            rest = behind;
            Value::new(attr, Cow::Owned(bytes.to_vec()), Value::ELSEWHERE).guessed(is_guessed)
        };
        let values = self.values.iter().map(value).collect();
        let dn = || Cow::Owned(self.dn.to_string());
        let named = Object::new(dn(), at);
        // What is no DN is in an object that cannot be read, and is shown as it was written.
        let named = named.unwrap_or_else(|_| Object { dn: dn(), at, ..Object::default() });
        Object { values, cut: self.cut.map(|attr| (attr, at)), ..named }
    }

    /// Who it is: objects are the same by objectGUID, else by DN.
    fn identity(&self) -> (Option<String>, String) {
        let object = self.object(0);
        (object.guid(), object.normalized.into_owned())
    }

    fn is(&self, other: &Self) -> bool {
        match (self.identity(), other.identity()) {
            ((Some(one), _), (Some(other), _)) => one == other,
            ((_, one), (_, other)) => one == other,
        }
    }

    /// Whether two records of one object say the same; the order of values does not count.
    fn agrees(&self, other: &Self) -> bool {
        let sorted = |found: &Self| {
            let object = found.object(0);
            let mut values: Vec<_> = object.values.into_iter().collect();
            values.sort_by(|one, other| (one.attr, one.bytes()).cmp(&(other.attr, other.bytes())));
            (object.normalized, values)
        };
        sorted(self) == sorted(other)
    }
}

/// What the rows name users by: each name with its number.
#[derive(Debug, Default)]
pub struct Names(HashMap<Name, usize>);

impl Names {
    /// The number of a name, if a row uses it.
    pub fn number(&self, name: &Name) -> Option<usize> {
        self.0.get(name).copied()
    }
}

/// The rows that use a name, and the objects that bear it.
#[derive(Debug, Default)]
struct NamedUsers {
    /// The index of each row's list, and its physical line.
    rows: Vec<RecordLine>,
    /// The objects, each once; of very many, the first.
    found: Vec<FoundObject>,
    /// How many there are besides.
    more: usize,
    /// Another record of one of them, which says something else.
    contradiction: Option<RecordLine>,
}

impl NamedUsers {
    fn users(&self) -> impl Iterator<Item = &FoundObject> + Clone {
        self.found.iter().filter(|found| found.is_user)
    }

    fn user(&self) -> Option<&FoundObject> {
        let mut users = self.users();
        users.next().filter(|_| users.next().is_none() && self.more == 0)
    }
}

/// The rows of all lists and the objects that they name, by the numbers of the names.
#[derive(Debug, Default)]
pub struct NamedObjects(Vec<NamedUsers>);

impl NamedObjects {
    /// Takes an object in that bears the name of this number.
    pub fn add(&mut self, number: usize, found: FoundObject) {
        let Some(named) = self.0.get_mut(number) else { return };
        match named.found.iter().find(|other| other.is(&found)) {
            Some(same) if !same.is_user || same.agrees(&found) => {}
            Some(_) => named.contradiction = Some(found.place),
            // One object that is no user is enough for the message.
            None if !found.is_user && named.found.iter().any(|other| !other.is_user) => {}
            None if named.users().count() > Text::MOST_NAMED => named.more += 1,
            None => push(&mut named.found, found),
        }
    }
}

/// Appends to what holds one thing as a rule, and then takes no more room than for one.
fn push<T>(all: &mut Vec<T>, one: T) {
    if all.is_empty() {
        all.reserve_exact(1);
    }
    all.push(one);
}

/// Rows and objects, put together.
#[derive(Debug)]
pub struct Join {
    /// The files of the rows, and of the objects.
    lists: Vec<String>,
    exports: Vec<String>,
    names: Names,
    objects: NamedObjects,
    /// What lists alone give: an attribute of that name is the directory's own matter.
    own: Vec<Attr>,
    /// The domains that rows name, in lower case.
    domains: HashSet<String>,
    /// Whether messages name objects by their places alone.
    masked: bool,
}

impl Join {
    /// Nothing yet, of lists and exports of these names; `own` is what lists alone give.
    pub fn new(lists: Vec<String>, exports: Vec<String>, own: Vec<Attr>, masked: bool) -> Self {
        let (names, objects, domains) = Default::default();
        Self { lists, exports, names, objects, own, domains, masked }
    }

    /// Takes a row in by one of its names.
    pub fn row(&mut self, name: Name, row: RecordLine) {
        self.domains.extend(domain(&name));
        let number = *self.names.0.entry(name).or_insert(self.objects.0.len());
        if number == self.objects.0.len() {
            self.objects.0.push(NamedUsers::default());
        }
        push(&mut self.objects.0[number].rows, row);
    }

    /// What is looked for in the exports, and where it goes.
    pub fn looking(&mut self) -> (&Names, &mut NamedObjects) {
        (&self.names, &mut self.objects)
    }

    /// When all is read: two rows may name one user by different names.
    pub fn close(&mut self) {
        let hash = |user: &FoundObject| {
            let (guid, normalized) = user.identity();
            xxh3_128(guid.unwrap_or(normalized).as_bytes())
        };
        let named = self.objects.0.iter().enumerate();
        let mut users: Vec<(u128, usize)> =
            named.filter_map(|(number, named)| Some((hash(named.user()?), number))).collect();
        users.sort_unstable();
        for same in users.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1) {
            let rows = same.iter().flat_map(|&(_, number)| self.objects.0[number].rows.clone());
            let mut rows: Vec<RecordLine> = rows.collect();
            rows.sort_unstable();
            rows.dedup();
            for &(_, number) in same {
                self.objects.0[number].rows.clone_from(&rows);
            }
        }
    }

    /// `` forest.ldif:1775 ``
    fn place(&self, (export, line): RecordLine) -> String {
        let file = self.exports.get(export as usize).map_or("", String::as_str);
        format!("{file}:{line}")
    }

    /// `` CN=Ann Doe,DC=contoso,DC=com (forest.ldif:1775) ``, or its place alone.
    fn named(&self, found: &FoundObject) -> String {
        let place = self.place(found.place);
        if self.masked { place } else { format!("{} ({place})", found.dn) }
    }

    /// The record that a row stands for; a row that could not be read stays what it is.
    pub(super) fn record<'t>(&self, key: Key, key_name: &str, record: ExportRecord<'t>) -> ExportRecord<'t> {
        let ExportRecord::Record(RecordKind::Entry, row, mut findings) = record else { return record };
        match self.object(key, key_name, &row) {
            Ok(user) => {
                let faults = user.faults.iter().map(|(fault, place)| of_object(fault, place, row.at));
                findings.extend(faults);
                ExportRecord::Record(RecordKind::of_entry(&findings), self.given(user, key, row), findings)
            }
            Err((finding, user)) => {
                findings.push(finding);
                let object = match user {
                    Some(user) => self.given(user, key, row),
                    // It is nobody's record: what it says is not held against others.
                    None => Object { normalized: "".into(), ..row },
                };
                ExportRecord::Record(RecordKind::Unreadable, object, findings)
            }
        }
    }

    /// The one user that the row names and no other row names; or why there is none, and which users it names.
    fn object(
        &self,
        key: Key,
        key_name: &str,
        row: &Object<'_>,
    ) -> Result<&FoundObject, (Finding, Option<&FoundObject>)> {
        let (value, at) = key.of(row);
        let named = NamingRow { join: self, key, key_name, value, at };
        let Some(name) = key.names(row).into_iter().next() else { return Err((named.no_key(), None)) };
        let called = |name: &Name| self.objects.0.get(self.names.number(name)?);
        let count = |named: &NamedUsers| named.users().count() + named.more;
        // A domain that no user is in may have a NetBIOS name of its own.
        let in_domain = key.names_in_domains(row).iter().find_map(called).filter(|named| count(named) > 0);
        let in_any = || called(&name).filter(|named| !self.are_elsewhere(key, row, named));
        let users = in_domain.or_else(in_any);
        let count = users.map_or(0, count);
        let Some(users) = users.filter(|_| count > 0) else { return Err((named.unmatched(users), None)) };
        match users.user() {
            None => Err((named.ambiguous(users, count), None)),
            Some(user) => match (users.contradiction, users.rows.len()) {
                (Some(other), _) => Err((named.contradicted(user, other), Some(user))),
                (None, 0 | 1) => Ok(user),
                _ => Err((named.twice(user, &users.rows), Some(user))),
            },
        }
    }

    /// Whether the row names a domain, and the users are in domains that other rows call by other names.
    fn are_elsewhere(&self, key: Key, row: &Object<'_>, named: &NamedUsers) -> bool {
        let is_called = |user: &FoundObject| {
            let user = user.object(0);
            user.domains().next().is_some_and(|label| self.domains.contains(&label.to_lowercase()))
        };
        !key.names_in_domains(row).is_empty() && named.users().all(is_called)
    }

    /// The directory's object with the row's values in place of its own; what names the user stays as the directory has it.
    fn given<'t>(&self, user: &FoundObject, key: Key, row: Object<'t>) -> Object<'t> {
        let mut object: Object<'t> = user.object(row.at);
        object.line = row.line;
        object.elsewhere = Some(self.place(user.place).into());
        let values: Vec<Value<'t>> =
            row.values.into_iter().filter(|value| Key::Value(value.attr) != key).collect();
        let is_given = |attr: Attr| self.own.contains(&attr) || values.iter().any(|value| value.attr == attr);
        object.values.retain(|value| !is_given(value.attr));
        object.values.extend(values);
        object
    }
}

/// A row by what it names a user, and what can be wrong with that.
struct NamingRow<'r> {
    join: &'r Join,
    key: Key,
    key_name: &'r str,
    value: String,
    at: usize,
}

impl NamingRow<'_> {
    fn fault(&self, code: &'static str, what: Text) -> Finding {
        let attr = match self.key {
            Key::Dn => None,
            Key::Value(attr) => Some(attr),
        };
        Finding::new(Severity::Error, code, self.at, what).on(attr).of_length(self.value.chars().count())
    }

    fn shown(&self) -> Text {
        let Self { key_name, value, .. } = self;
        match self.join.masked {
            true => text!("the row's {key_name}", "le {key_name} de la ligne"),
            false => Text::same(format!("{key_name} `{value}`")),
        }
    }

    fn no_key(&self) -> Finding {
        let key_name = self.key_name;
        self.fault("join-no-key", text!("the row has no {key_name}", "la ligne n’a pas de {key_name}"))
    }

    /// No user bears the name, and perhaps something else does.
    fn unmatched(&self, others: Option<&NamedUsers>) -> Finding {
        let what = text!(
            "no user of the --join exports has {shown}",
            "aucun utilisateur des exports de --join n’a {shown}"; shown = self.shown()
        );
        let finding = self.fault("join-unmatched", what).help(unmatched_help(&self.value));
        match others.and_then(|others| others.found.first()) {
            Some(other) => finding.because(text!(
                "{other} has it, and is no user",
                "{other} l’a, et n’est pas un utilisateur",
                other = self.join.named(other)
            )),
            None => finding,
        }
    }

    fn ambiguous(&self, named: &NamedUsers, users: usize) -> Finding {
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

    fn contradicted(&self, user: &FoundObject, other: RecordLine) -> Finding {
        let (who, other) = (self.join.named(user), self.join.place(other));
        let what = text!("{who} says something else at {other}", "{who} dit autre chose en {other}");
        self.fault("dn-conflict", what).help(text!(
            "export again, or leave one of the files out",
            "refaites l’export, ou laissez de côté l’un des fichiers"
        ))
    }

    fn twice(&self, user: &FoundObject, rows: &[RecordLine]) -> Finding {
        let place = |&(list, line): &RecordLine| format!("{}:{line}", self.join.lists[list as usize]);
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

/// What to do about a row that names no user.
fn unmatched_help(value: &str) -> Text {
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return text!(
            "correct the row (a spreadsheet drops leading zeros), or give the export that shows the user by --join, too",
            "corrigez la ligne (un tableur supprime les zéros initiaux), ou donnez aussi par --join l’export qui montre l’utilisateur"
        );
    }
    text!(
        "correct the row, or give the export that shows the user by --join, too",
        "corrigez la ligne, ou donnez aussi par --join l’export qui montre l’utilisateur"
    )
}

/// A fault of the object, reported at the row that names it.
fn of_object(fault: &Finding, place: &str, at: usize) -> Finding {
    let mut found = fault.clone().of_length(1);
    found.what = text!("the user's record at {place}: {what}", "l’enregistrement de l’utilisateur en {place}\u{a0}: {what}"; what = fault.what);
    (found.place.within, found.place.at) = (None, at);
    found
}
