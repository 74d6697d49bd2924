//! The selection of users: bases, an RFC 4515 filter, a list of users.

pub mod filter;

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::input::ListedName;
use crate::object::{Attr, Object};
use crate::schema::alike_dn;
use crate::schema::value::account_name;
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
    /// The lines as written, with their physical line numbers.
    pub lines: Vec<(u64, String)>,
    /// The names on the lines, each once.
    names: Vec<Name>,
    /// The indexes of the lines that each of them begins.
    lines_by_name: Vec<Vec<usize>>,
    /// The indexes of the names, by key in lower case.
    keys: HashMap<String, Vec<u32>>,
    /// The domains in names, in lower case.
    domains: HashSet<String>,
}

/// A name on one or more lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Name {
    /// The name as compared.
    key: String,
    /// The account beside a DN.
    account: Option<String>,
    /// The domain before an account, in lower case.
    domain: Option<String>,
    /// The other names in the row, by index.
    others: Vec<u32>,
}

impl Name {
    fn of(text: &str) -> Self {
        let text = text.trim_matches(is_unseen);
        let (key, domain) = match ldif::dn::normalize(text) {
            Ok(dn) => (alike_dn(&dn).into_owned(), None),
            Err(_) => (account_key(text), text.split_once('\\').map(|(domain, _)| domain.to_lowercase())),
        };
        Self { key, domain, ..Self::default() }
    }
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

impl UserList {
    /// The identifiers of a user, most reliable first.
    pub const NAMES: [&'static str; 4] = ["DN", "sAMAccountName", "userPrincipalName", "mail"];

    /// Creates a list from lines; empty lines are dropped.
    pub fn new(file: String, lines: impl IntoIterator<Item = ListedName>) -> Self {
        let mut list = Self { file, ..Self::default() };
        let mut known = HashMap::new();
        for ListedName { line, name: text, account, others } in lines {
            let text = text.trim_matches(is_unseen);
            if text.is_empty() {
                continue;
            }
            let others = others.iter().map(|other| list.number(&mut known, Name::of(other))).collect();
            let account = account.map(|account| account_key(account.trim_matches(is_unseen)));
            let name = list.number(&mut known, Name { account, others, ..Name::of(text) });
            list.lines_by_name[name as usize].push(list.lines.len());
            list.lines.push((line, text.to_owned()));
        }
        list
    }

    /// Returns the index of a name.
    fn number(&mut self, known: &mut HashMap<Name, u32>, name: Name) -> u32 {
        if let Some(&number) = known.get(&name) {
            return number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.keys.entry(name.key.clone()).or_default().push(number);
        self.domains.extend(name.domain.clone());
        self.lines_by_name.push(Vec::new());
        self.names.push(name.clone());
        known.insert(name, number);
        number
    }

    /// The number of different names.
    pub fn names(&self) -> usize {
        self.names.len()
    }

    /// The indexes of the lines with this name.
    pub fn lines_of(&self, name: u32) -> &[usize] {
        self.lines_by_name.get(name as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether the name is a DN with an account beside it.
    pub fn has_account(&self, name: u32) -> bool {
        self.names.get(name as usize).is_some_and(|name| name.account.is_some())
    }

    /// The other names on the lines of this one.
    pub fn beside(&self, name: u32) -> &[u32] {
        self.names.get(name as usize).map_or(&[], |name| &name.others)
    }

    /// Whether the object is in the domain of the name, if it has one.
    pub fn is_of_domain(&self, name: u32, object: &Object<'_>) -> bool {
        let Some(domain) = &self.names[name as usize].domain else { return true };
        object.domains().any(|label| label.eq_ignore_ascii_case(domain))
    }

    /// Whether the object is in another domain than the name, and the list mentions that domain.
    fn is_elsewhere(&self, name: u32, object: &Object<'_>) -> bool {
        let is_called = |label: &str| self.domains.contains(&label.to_lowercase());
        !self.is_of_domain(name, object) && object.domains().next().is_some_and(is_called)
    }

    /// Returns the indexes of the names that match the object.
    pub fn naming(&self, object: &Object<'_>) -> Vec<u32> {
        let names = [Attr::SAM_ACCOUNT_NAME, Attr::USER_PRINCIPAL_NAME, Attr::MAIL];
        let texts = names.iter().filter_map(|&attr| object.text(attr)).map(str::to_lowercase);
        let mut found: Vec<u32> = texts
            .chain([object.alike().to_owned()])
            .filter_map(|key| self.keys.get(&key))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        // The account beside a DN must be the same user's.
        let is_theirs = |account: &String| {
            object.text(Attr::SAM_ACCOUNT_NAME).is_none_or(|own| own.to_lowercase() == *account)
        };
        found.retain(|&name| self.names[name as usize].account.as_ref().is_none_or(is_theirs));
        found.retain(|&name| !self.is_elsewhere(name, object));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Value;

    #[test]
    fn a_line_names_a_user_by_any_of_its_names() {
        let list = UserList::new(
            String::new(),
            [
                "SMTP:ann@contoso.com",
                "",
                "ANN\u{200b}",
                "cn=Ann Doe, dc=contoso,dc=com",
                "bob",
                "CONTOSO\\ann",
                " Ann\u{a0}",
            ]
            .map(String::from)
            .into_iter()
            .zip(1..)
            .map(|(name, line)| ListedName { line, name, ..ListedName::default() }),
        );
        let mut ann = Object::new("CN=Ann Doe,DC=contoso,DC=com".into(), 0).unwrap();
        ann.values.push(Value::of_text(Attr::SAM_ACCOUNT_NAME, "ann", 0));
        // Two attributes match the same line.
        ann.values.push(Value::of_text(Attr::MAIL, "Ann@contoso.com", 0));
        ann.values.push(Value::of_text(Attr::USER_PRINCIPAL_NAME, "ann@contoso.com", 0));
        let lines: Vec<&[usize]> = list.naming(&ann).into_iter().map(|name| list.lines_of(name)).collect();
        assert_eq!(lines, [&[0][..], &[1, 5], &[2], &[4]]);
        assert_eq!(list.lines[2].0, 4);
    }

    #[test]
    fn an_account_of_another_domain_matches_no_user_if_the_list_mentions_their_domain() {
        const DN: &str = "CN=Ann,DC=contoso,DC=com";
        for (dn, lines, expect) in [
            (DN, &["FABRIKAM\\ann"][..], &[0][..]),
            (DN, &["FABRIKAM\\ann", "CONTOSO\\bob"], &[]),
            (DN, &["FABRIKAM\\ann", "CONTOSO\\ann", "ann"], &[1, 2]),
            (DN, &["FABRIKAM\\ann", "ADATUM\\bob"], &[0]),
            // The domain above is not the user's own.
            (DN, &["FABRIKAM\\ann", "COM\\bob"], &[0]),
            // A directory without domains.
            ("CN=Ann,O=Contoso", &["FABRIKAM\\ann", "CONTOSO\\bob"], &[0]),
        ] {
            let listed = |(name, line): (&&str, u64)| ListedName {
                line,
                name: (*name).to_owned(),
                ..ListedName::default()
            };
            let list = UserList::new(String::new(), lines.iter().zip(1..).map(listed));
            let mut ann = Object::new(dn.into(), 0).unwrap();
            ann.values.push(Value::of_text(Attr::SAM_ACCOUNT_NAME, "ann", 0));
            assert_eq!(list.naming(&ann), expect, "{dn} {lines:?}");
        }
    }

    #[test]
    fn an_account_beside_a_dn_must_be_the_same_users() {
        let (dn, account) = ("CN=Ann,DC=contoso,DC=com", Some("CONTOSO\\Ann".to_owned()));
        let list = UserList::new(
            String::new(),
            [ListedName { line: 1, name: dn.to_owned(), account, others: Vec::new() }],
        );
        for (account, expect) in [(None, &[0][..]), (Some("ann"), &[0]), (Some("bob"), &[])] {
            let mut ann = Object::new(dn.into(), 0).unwrap();
            if let Some(account) = account {
                ann.values.push(Value::of_text(Attr::SAM_ACCOUNT_NAME, account, 0));
            }
            assert_eq!(list.naming(&ann), expect, "{account:?}");
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
