//! Which column an attribute is read from, where several headings could name it.

use super::{Headings, Title, Wanted};
use crate::input::csv::column::Holds;
use crate::input::join::{Key, is_given};
use crate::input::{Finding, columns};
use crate::language::{Text, text};
use crate::message::Severity;
use crate::object::{Attr, Attributes};

/// How reliably a heading names an attribute, the most reliable first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sureness {
    Mapped,
    Dn,
    LdapName,
    Synonym,
    Beside,
}

/// Assigns each column its content. `mail` and `EmailAddress`, or `sn` and `Surname`, which `Get-ADUser -Properties *`
/// writes both, are read together. Otherwise, the most reliable claim to an attribute wins, and equally reliable claims
/// are an error.
pub(super) fn claims(headings: &Headings<'_>) -> Result<Vec<Holds>, Vec<Finding>> {
    let titles = &headings.titles;
    let mut held: Vec<Option<(Sureness, Holds)>> = vec![None; titles.len()];
    let mut conflicts = Vec::new();
    let is_name = |sureness| matches!(sureness, Sureness::LdapName | Sureness::Synonym);
    for (sureness, (column, holds)) in sorted_claims(headings) {
        if held[column].is_some() {
            continue;
        }
        let is_rival = |(_, (_, other)): &(usize, (Sureness, Holds))| *other == holds;
        let mut claimed = (0..).zip(&held).filter_map(|(at, claim)| Some((at, (*claim)?)));
        match claimed.find(is_rival) {
            None => held[column] = Some((sureness, holds)),
            Some((_, (other, _))) if is_name(sureness) && is_name(other) => {
                let is_needed = matches!(holds, Holds::Values(attr) if attr.is_always_read())
                    || headings.wanted.attributes.is_called(&titles[column].folded);
                // Both are read: if they differ, the user has two values.
                held[column] = is_needed.then_some((sureness, holds));
            }
            Some((rival, (other, _))) if other == sureness => {
                conflicts.push(conflict(headings, rival.min(column), rival.max(column), holds));
            }
            Some(_) => {}
        }
    }
    if conflicts.is_empty() {
        Ok(held.into_iter().map(|claim| claim.map_or(Holds::Nothing, |(_, holds)| holds)).collect())
    } else {
        Err(conflicts)
    }
}

/// Returns the error that two columns claim the same content.
fn conflict(headings: &Headings<'_>, first: usize, second: usize, holds: Holds) -> Finding {
    let name = match holds {
        Holds::Values(attr) => Text::same(headings.wanted.attributes.name(attr).to_owned()),
        Holds::Dn | Holds::Nothing => text!("the DN", "le DN"),
    };
    let what = text!(
        "the headings {first} and {second} both stand for {name}",
        "les en-têtes {first} et {second} désignent tous deux {name}";
        first = headings.named(first), second = headings.named(second), name
    );
    headings.titles[second].finding(Severity::Error, "csv-heading", what).help(text!(
        "delete one of the columns, or name the right one in `[input.columns]`",
        "supprimez l’une des colonnes, ou nommez la bonne dans `[input.columns]`"
    ))
}

/// Lists what each heading may mean, the most reliable claims first.
fn sorted_claims(headings: &Headings<'_>) -> Vec<(Sureness, (usize, Holds))> {
    let wanted = headings.wanted;
    let mut claims = Vec::new();
    for (attribute, heading) in &wanted.options.columns {
        let claim = headings.position(&columns::fold(heading)).zip(wanted.mapped(attribute));
        claims.extend(claim.map(|claim| (Sureness::Mapped, claim)));
    }
    let dn = columns::DN.iter().find_map(|name| headings.position(name));
    claims.extend(dn.map(|column| (Sureness::Dn, (column, Holds::Dn))));
    let synonym = if wanted.options.keys.is_empty() { columns::synonym_in_export } else { columns::synonym };
    for (column, title) in headings.titles.iter().enumerate() {
        let beside = columns::beside(&title.folded, |other| headings.position(other).is_some());
        let names = [
            (Sureness::LdapName, Some(title.folded.as_str())),
            (Sureness::Synonym, synonym(&title.folded)),
            (Sureness::Beside, beside),
        ];
        for (sureness, name) in names {
            let holds = name.and_then(|name| wanted.values(name));
            claims.extend(holds.map(|holds| (sureness, (column, holds))));
        }
    }
    claims.sort_by_key(|&(sureness, _)| sureness);
    claims
}

/// Returns the key that names the rows of a list, and its column.
pub(super) fn key(holds: &[Holds], wanted: Wanted<'_>) -> Option<(Key, usize)> {
    let find = |name: &String| {
        let meant = wanted.mapped(name)?;
        holds.iter().position(|holds| *holds == meant).map(|column| (meant.key(), column))
    };
    wanted.options.keys.iter().find_map(find)
}

/// Attributes that only the directory provides, and what a list may give instead.
const INSTEAD: [(Attr, &str); 5] = [
    (Attr::PRIMARY_USER_ADDRESS, "sipUri"),
    (Attr::PRIMARY_HOME_SERVER, "pool"),
    (Attr::ORIGINATOR_SID, "originatorSid"),
    (Attr::MASTER_ACCOUNT_SID, "originatorSid"),
    (Attr::LINE, "line"),
];

/// Returns the note on what a joined list gives, and the warning about columns that only the directory provides, which
/// are not read.
pub(super) fn joined(
    headings: &Headings<'_>,
    holds: &mut [Holds],
    (key, column): (Key, usize),
) -> Vec<Finding> {
    let attributes = headings.wanted.attributes;
    let (mut read, mut unread, mut meant) = (Vec::new(), Vec::new(), Vec::new());
    for (at, (title, held)) in headings.titles.iter().zip(holds).enumerate() {
        match *held {
            _ if at == column || columns::is_reject(&title.folded) => {}
            Holds::Values(attr) if is_given(attr) => {
                read.push(format!("`{}` ({})", title.shown, attributes.name(attr)));
            }
            // Compared with that of the user with this DN.
            Holds::Values(Attr::SAM_ACCOUNT_NAME) if key == Key::Dn => {}
            Holds::Nothing => {}
            other => {
                *held = Holds::Nothing;
                unread.push(title);
                let is_read = |name: &str| attributes.find(name.as_bytes()).is_some();
                let instead =
                    INSTEAD.iter().find(|(attr, name)| other == Holds::Values(*attr) && is_read(name));
                meant.extend(
                    instead.map(|(_, name)| text!("`{name}` for `{}`", "`{name}` pour `{}`", title.shown)),
                );
            }
        }
    }
    let note = join_key(&headings.titles[column], key, attributes, &read.join(", "));
    std::iter::once(note).chain(not_given(&unread, &meant)).collect()
}

/// Returns the note on the column that names the users, and on what the list gives, which may be nothing.
fn join_key(title: &Title, key: Key, attributes: &Attributes, given: &str) -> Finding {
    let mut what = text!(
        "the rows name users of the --join exports by {} in `{}`",
        "les lignes désignent les utilisateurs des exports de --join par {} dans `{}`",
        key.name(attributes),
        title.shown
    );
    if !given.is_empty() {
        what = text!("{what}; they give {given}", "{what}\u{202f}; elles donnent {given}"; what);
    }
    let note = title.finding(Severity::Note, "join-key", what);
    if key != Key::Dn {
        return note;
    }
    note.because(text!(
        "an export that shows DNs and all that the run needs is read without --join",
        "un export qui montre les DN et tout ce dont l’exécution a besoin se lit sans --join"
    ))
}

/// Returns the warning about columns that a list cannot give; `meant` are the headings that may have been meant.
fn not_given(unread: &[&Title], meant: &[Text]) -> Option<Finding> {
    let names = unread.iter().map(|title| format!("`{}`", title.shown)).collect::<Vec<_>>().join(", ");
    let what = text!(
        "a list cannot give {names}: only the directory does",
        "une liste ne donne pas {names}\u{a0}: seul l’annuaire le fait"
    );
    let mut warning = unread.first()?.finding(Severity::Warning, "column-unread", what);
    warning.help = (!meant.is_empty()).then(|| {
        text!(
            "did you mean {meant}? rename the heading",
            "vouliez-vous dire {meant}\u{a0}? renommez l’en-tête"; meant = Text::join(meant, ", ")
        )
    });
    Some(warning)
}
