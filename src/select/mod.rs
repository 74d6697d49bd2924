//! The selection of users: bases, an RFC 4515 filter, a list of users.

pub mod filter;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::fingerprint::Fingerprint;
use crate::input::ListedName;
use crate::object::{Attr, Object};
use crate::schema::alike_dn;
use crate::schema::value::{account_name, domain_and_account};
use filter::Filter;

/// A DN below which users are selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The DN as typed.
    pub typed: String,
    normalized: String,
    alike: String,
}

impl Base {
    /// Parses a DN.
    pub fn new(typed: &str) -> Result<Self, ldif::dn::DnFault> {
        let normalized = ldif::dn::normalize(typed)?.into_owned();
        let alike = alike_dn(&normalized).into_owned();
        Ok(Self { typed: typed.to_owned(), normalized, alike })
    }

    /// Whether the object is the base or is below it. Letters that Active Directory does not distinguish are equal.
    pub fn holds(&self, object: &Object<'_>) -> bool {
        ldif::dn::is_under_normalized(&object.normalized, &self.normalized)
            || ldif::dn::is_under_normalized(object.alike(), &self.alike)
    }
}

/// The selection; a part that is not set excludes no user.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The bases; a user is below one of them.
    pub bases: Vec<Base>,
    /// The filter.
    pub filter: Option<Filter>,
    /// The list of users.
    pub list: Option<UserList>,
    /// The maximum number of users; the first in input order are selected.
    pub limit: Option<u64>,
    /// What happens to disabled accounts.
    pub disabled_accounts: DisabledAccounts,
    /// What happens to shared, room and equipment mailboxes.
    pub resource_mailboxes: ResourceMailboxes,
    /// Whether contacts count as users.
    pub contacts: bool,
}

/// `[select] resource_mailboxes`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceMailboxes {
    /// They are skipped.
    #[default]
    Skip,
    /// They are treated like other mailboxes.
    Include,
}

/// `[select] disabled_accounts`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisabledAccounts {
    /// They are skipped.
    #[default]
    Skip,
    /// They are treated like other accounts.
    Include,
}

impl Selection {
    /// Whether the object is below a base.
    pub fn is_within(&self, object: &Object<'_>) -> bool {
        self.bases.is_empty() || self.bases.iter().any(|base| base.holds(object))
    }

    /// Whether bases and filter admit the object.
    pub fn admits(&self, object: &Object<'_>) -> bool {
        self.is_within(object) && self.filter.as_ref().is_none_or(|filter| filter.matches(object))
    }
}

/// A list of users, each named by DN, sAMAccountName, UPN or mail address.
///
/// A line that matches several users selects none, which is known only after all exports are read.
#[derive(Clone, Debug, Default)]
pub struct UserList {
    /// The file as typed.
    pub file: String,
    /// The lines as written, one directly after another.
    text: String,
    lines: Vec<StoredLine>,
    /// The names on the lines, each once.
    names: Vec<Name>,
    /// The last of the names with each key.
    last: HashMap<Fingerprint, u32>,
    /// The names on the lines behind the most reliable ones, by index.
    others: Vec<u32>,
    /// The domains in names.
    domains: HashSet<Fingerprint>,
}

/// A line of a list, as kept in memory.
#[derive(Clone, Copy, Debug)]
struct StoredLine {
    /// The physical line.
    number: u64,
    /// The most reliable name, by index.
    name: u32,
    /// Where its other names end in the list's, and its text in the list's.
    others: u32,
    end: usize,
}

/// A line of a list.
#[derive(Clone, Copy, Debug)]
pub struct ListedLine<'l> {
    /// The physical line.
    pub number: u64,
    /// The text as written.
    pub text: &'l str,
    /// The most reliable name, by index.
    pub name: u32,
    /// The other names, by index.
    pub others: &'l [u32],
}

/// How well the domain in a name fits that of an object, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DomainFit {
    /// It may be another name of the domain, which no export shows.
    Unknown,
    /// It is a domain above the object's, or the suffix of its userPrincipalName.
    Parent,
    /// It is the object's domain, or the name has no domain.
    Own,
}

/// A name on one or more lines.
#[derive(Clone, Copy, Debug)]
struct Name {
    /// The account beside a DN.
    account: Option<Fingerprint>,
    /// The domain before an account, in lower case.
    domain: Option<Fingerprint>,
    /// The index of the previous name with the same key.
    previous: Option<u32>,
}

/// Whether the character is invisible; such characters are often copied with a name.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Normalises an account name or a mail address for comparison. `SMTP:ann@contoso.com` is the form of proxyAddresses.
fn account_key(text: &str) -> String {
    let account = account_name(text).to_lowercase();
    account.strip_prefix("smtp:").map(str::to_owned).unwrap_or(account)
}

/// Normalises the name of a domain for comparison.
fn domain_key(domain: &str) -> Fingerprint {
    fingerprint(&domain.to_lowercase())
}

fn fingerprint(text: &str) -> Fingerprint {
    Fingerprint::of(text.as_bytes())
}

impl UserList {
    /// The identifiers of a user, most reliable first.
    pub const NAMES: [&'static str; 4] = ["DN", "sAMAccountName", "userPrincipalName", "mail"];

    /// Whether a line looks like a user's name: a DN, or a word. An empty line does, too.
    pub fn is_name(line: &str) -> bool {
        let line = line.trim_matches(is_unseen);
        ldif::dn::normalize(line).is_ok() || !line.contains([' ', '\t', ',', ';', '|', '<', ':', '='])
    }

    /// Creates an empty list.
    pub fn new(file: String) -> Self {
        Self { file, ..Self::default() }
    }

    /// Appends a line, unless it is empty.
    pub fn push(&mut self, listed: &ListedName<'_>) {
        let text = listed.name.trim_matches(is_unseen);
        if text.is_empty() {
            return;
        }
        for other in &listed.others {
            let other = self.intern(other, None);
            self.others.push(other);
        }
        // No object has a name with this character, which stays out of the text that messages show.
        let sought = if listed.is_unreadable { format!("\0{text}").into() } else { Cow::Borrowed(text) };
        let account = listed.account.as_ref().map(|account| account_key(account.trim_matches(is_unseen)));
        let name = self.intern(&sought, account.as_deref().map(fingerprint));
        self.text.push_str(text);
        self.lines.push(StoredLine {
            number: listed.line,
            name,
            others: index(self.others.len()),
            end: self.text.len(),
        });
    }

    /// Returns the index of a name, and adds the name if it is new.
    fn intern(&mut self, text: &str, account: Option<Fingerprint>) -> u32 {
        let text = text.trim_matches(is_unseen);
        let (key, domain) = match ldif::dn::normalize(text) {
            Ok(dn) => (fingerprint(&alike_dn(&dn)), None),
            Err(_) => (fingerprint(&account_key(text)), domain_and_account(text).map(|(domain, _)| domain)),
        };
        let domain = domain.map(domain_key);
        let is_same = |&name: &u32| {
            let name = &self.names[name as usize];
            (name.account, name.domain) == (account, domain)
        };
        if let Some(known) = self.with_key(key).find(is_same) {
            return known;
        }
        self.domains.extend(domain);
        let new = index(self.names.len());
        let previous = self.last.insert(key, new);
        self.names.push(Name { account, domain, previous });
        new
    }

    /// The indexes of the names with this key, the last first.
    fn with_key(&self, key: Fingerprint) -> impl Iterator<Item = u32> {
        let last = self.last.get(&key).copied();
        std::iter::successors(last, |&name| self.names[name as usize].previous)
    }

    /// The number of different names.
    pub fn names(&self) -> usize {
        self.names.len()
    }

    /// The lines as written, with their physical line numbers.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = ListedLine<'_>> {
        (0..self.lines.len()).map(|line| self.line(line))
    }

    /// The line of this index.
    pub fn line(&self, index: usize) -> ListedLine<'_> {
        let StoredLine { number, name, others, end } = self.lines[index];
        let before = index.checked_sub(1).map(|before| self.lines[before]);
        let (start, first) = before.map_or((0, 0), |before| (before.end, before.others as usize));
        ListedLine {
            number,
            text: &self.text[start..end],
            name,
            others: &self.others[first..others as usize],
        }
    }

    /// Whether the name is a DN with an account beside it.
    pub fn has_account(&self, name: u32) -> bool {
        self.names[name as usize].account.is_some()
    }

    /// The domain before the account in a name.
    pub fn domain(&self, name: u32) -> Option<Fingerprint> {
        self.names[name as usize].domain
    }

    /// Iterates over the domains in names that are surely the object's.
    pub fn own_domains(&self, object: &Object<'_>) -> impl Iterator<Item = Fingerprint> {
        let own = if self.domains.is_empty() { Vec::new() } else { object.own_domains() };
        own.into_iter().map(|name| domain_key(&name)).filter(|domain| self.domains.contains(domain))
    }

    /// Returns how well the domain of the name fits that of the object.
    pub fn domain_fit(&self, name: u32, object: &Object<'_>) -> DomainFit {
        let Some(domain) = self.domain(name) else { return DomainFit::Own };
        match () {
            () if self.own_domains(object).any(|own| own == domain) => DomainFit::Own,
            () if object.domains().any(|label| domain_key(label) == domain) => DomainFit::Parent,
            () => DomainFit::Unknown,
        }
    }

    /// Whether the object is in another domain than the name, and the list mentions that domain.
    fn is_elsewhere(&self, name: u32, object: &Object<'_>) -> bool {
        let is_mentioned = |label: &str| self.domains.contains(&domain_key(label));
        self.domain_fit(name, object) == DomainFit::Unknown
            && object.domains().next().is_some_and(is_mentioned)
    }

    /// Returns the indexes of the names that match the object.
    pub fn naming(&self, object: &Object<'_>) -> Vec<u32> {
        let names = [Attr::SAM_ACCOUNT_NAME, Attr::USER_PRINCIPAL_NAME, Attr::MAIL];
        let texts = names.iter().filter_map(|&attr| object.text(attr));
        let keys = texts.map(|text| fingerprint(&text.to_lowercase())).chain([fingerprint(object.alike())]);
        let mut found: Vec<u32> = keys.flat_map(|key| self.with_key(key)).collect();
        found.sort_unstable();
        found.dedup();
        // The account beside a DN must be the same user's.
        let is_same_user = |account: Fingerprint| {
            object
                .text(Attr::SAM_ACCOUNT_NAME)
                .is_none_or(|name| fingerprint(&name.to_lowercase()) == account)
        };
        found.retain(|&name| self.names[name as usize].account.is_none_or(is_same_user));
        found.retain(|&name| !self.is_elsewhere(name, object));
        found
    }
}

fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Value;

    /// A list of lines without columns.
    fn list<'t>(lines: impl IntoIterator<Item = &'t str>) -> UserList {
        let mut list = UserList::default();
        for (name, line) in lines.into_iter().zip(1..) {
            list.push(&ListedName { line, name: name.into(), ..ListedName::default() });
        }
        list
    }

    /// The physical lines that name an object.
    fn lines(list: &UserList, object: &Object<'_>) -> Vec<u64> {
        let names = list.naming(object);
        list.lines().filter(|line| names.contains(&line.name)).map(|line| line.number).collect()
    }

    #[test]
    fn a_line_names_a_user_by_any_of_its_names() {
        let list = list([
            "SMTP:ann@contoso.com",
            "",
            "ANN\u{200b}",
            "cn=Ann Doe, dc=contoso,dc=com",
            "bob",
            "CONTOSO\\ann",
            " Ann\u{a0}",
        ]);
        let mut ann = Object::new("CN=Ann Doe,DC=contoso,DC=com".into(), 0).unwrap();
        ann.values.push(Value::of_text(Attr::SAM_ACCOUNT_NAME, "ann", 0));
        // Two attributes match the same line.
        ann.values.push(Value::of_text(Attr::MAIL, "Ann@contoso.com", 0));
        ann.values.push(Value::of_text(Attr::USER_PRINCIPAL_NAME, "ann@contoso.com", 0));
        assert_eq!(lines(&list, &ann), [1, 3, 4, 6, 7]);
        assert_eq!(list.line(1).name, list.line(5).name);
        assert_eq!(list.line(5).text, "Ann");
    }

    #[test]
    fn an_account_of_another_domain_matches_no_user_if_the_list_mentions_their_domain() {
        const DN: &str = "CN=Ann,DC=contoso,DC=com";
        for (dn, named, expect) in [
            (DN, &["FABRIKAM\\ann"][..], &[1][..]),
            (DN, &["FABRIKAM\\ann", "CONTOSO\\bob"], &[]),
            (DN, &["FABRIKAM\\ann", "CONTOSO\\ann", "ann"], &[2, 3]),
            (DN, &["FABRIKAM\\ann", "ADATUM\\bob"], &[1]),
            // The domain above is not the user's own.
            (DN, &["FABRIKAM\\ann", "COM\\bob"], &[1]),
            // A directory without domains.
            ("CN=Ann,O=Contoso", &["FABRIKAM\\ann", "CONTOSO\\bob"], &[1]),
        ] {
            let mut ann = Object::new(dn.into(), 0).unwrap();
            ann.values.push(Value::of_text(Attr::SAM_ACCOUNT_NAME, "ann", 0));
            assert_eq!(lines(&list(named.iter().copied()), &ann), expect, "{dn} {named:?}");
        }
    }

    #[test]
    fn an_account_beside_a_dn_must_be_the_same_users() {
        let (dn, account) = ("CN=Ann,DC=contoso,DC=com", Some("CONTOSO\\Ann".into()));
        let mut list = UserList::default();
        list.push(&ListedName { line: 1, name: dn.into(), account, ..ListedName::default() });
        for (account, expect) in [(None, &[1][..]), (Some("ann"), &[1]), (Some("bob"), &[])] {
            let mut ann = Object::new(dn.into(), 0).unwrap();
            if let Some(account) = account {
                ann.values.push(Value::of_text(Attr::SAM_ACCOUNT_NAME, account, 0));
            }
            assert_eq!(lines(&list, &ann), expect, "{account:?}");
        }
    }

    #[test]
    fn bases_are_compared_as_dns() {
        let bases = vec![Base::new("OU=Paris, DC=contoso,DC=com").unwrap()];
        let selection = Selection { bases, ..Selection::default() };
        assert!(selection.admits(&Object::new("CN=Ann, OU=Paris, DC=contoso,DC=com".into(), 0).unwrap()));
        assert!(!selection.admits(&Object::new("CN=Ann,OU=Not Paris,DC=contoso,DC=com".into(), 0).unwrap()));
        let bases =
            ["OU=Lyon,DC=contoso,DC=com", "OU=Paris,DC=contoso,DC=com"].map(|dn| Base::new(dn).unwrap());
        let selection = Selection { bases: bases.into(), ..Selection::default() };
        assert!(
            selection.admits(&Object::new("CN=Ann,OU=Paris,DC=contoso,DC=com".into(), 0).unwrap()),
            "one of two"
        );
    }
}
