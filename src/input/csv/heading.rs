//! The heading of a table: what stands before it, which delimiter it has, and which attribute each column
//! holds.

use std::collections::HashMap;

use super::cell::{Cell, Cells};
use super::column::{Column, Holds};
use super::{Options, delimiter_name, finding};
use crate::input::Finding;
use crate::input::columns;
use crate::input::join::{Key, is_given};
use crate::message::Severity;
use crate::object::Attributes;

/// A heading that could be understood.
pub(super) struct Heading {
    pub(super) delimiter: u8,
    pub(super) columns: Vec<Column>,
    /// The index of the column that names the objects.
    pub(super) naming: usize,
    /// What it names them by, in a list that is to be joined.
    pub(super) key: Option<Key>,
    /// Where the heading begins, and where it ends, its line end included.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// One heading as it stands in the file.
struct Title {
    at: usize,
    end: usize,
    shown: String,
    /// As it is compared.
    folded: String,
    quotes: Option<(usize, &'static str)>,
}

/// Reads the heading of a file that begins with `head`.
pub(super) fn read(
    head: &str,
    options: &Options,
    attributes: &Attributes,
) -> Result<(Heading, Vec<Finding>), Vec<Finding>> {
    let (start, preset) = preamble(head);
    let text = head.as_bytes();
    let delimiter = match options.delimiter.or(preset) {
        Some(delimiter) => delimiter,
        None => delimiter(text, start, options, attributes).map_err(|ambiguous| vec![ambiguous])?,
    };
    let titles = titles(text, start, delimiter);
    let faults = faults(&titles, start);
    if !faults.is_empty() {
        return Err(faults); // what the columns hold would be a second message about the same thing
    }
    let mut holds = claims(&titles, options, attributes)?;
    let mut findings = unmapped(&titles, &holds, options, attributes);
    let key = key(&holds, options, attributes);
    let naming = match key {
        Some((_, column)) => Some(column),
        None if options.keys.is_empty() => holds.iter().position(|holds| *holds == Holds::Dn),
        None => None,
    };
    let (Some(naming), Some(last)) = (naming, titles.last()) else {
        findings.push(if options.keys.is_empty() {
            no_dn(&titles, start)
        } else {
            no_key(&titles, start, options)
        });
        return Err(findings);
    };
    if let Some((key, column)) = key {
        findings.push(joined(&titles, &mut holds, key, column, attributes));
    }
    let key = key.map(|(key, _)| key);
    let end = last.end + line_end(&text[last.end..]);
    let columns =
        titles.into_iter().zip(holds).map(|(title, holds)| Column { heading: title.shown, holds }).collect();
    Ok((Heading { delimiter, columns, naming, key, start, end }, findings))
}

/// The column that names objects by one of these attributes, the surest first: the delimiter, the column's index, and
/// where the heading ends; none if the text does not begin with such a heading.
pub(super) fn naming(head: &str, options: &Options, names: &[&str]) -> Option<(u8, usize, usize)> {
    let (start, preset) = preamble(head);
    let text = head.as_bytes();
    let attributes = Attributes::default();
    let told = || delimiter(text, start, options, &attributes).ok();
    let delimiter = options.delimiter.or(preset).or_else(told)?;
    let titles = titles(text, start, delimiter);
    let holds = claims(&titles, options, &attributes).ok()?;
    let wanted = names.iter().filter_map(|name| mapped(name, &attributes));
    let column = wanted.filter_map(|wanted| holds.iter().position(|holds| *holds == wanted)).next()?;
    let end = titles.last()?.end;
    Some((delimiter, column, end + line_end(&text[end..])))
}

/// Where the heading begins, behind blank lines, PowerShell's `#TYPE` line and Excel's `sep=` line, and the
/// delimiter that the last sets.
fn preamble(head: &str) -> (usize, Option<u8>) {
    let (mut start, mut delimiter) = (0, None);
    loop {
        let rest = &head[start..];
        let line = rest.split(['\r', '\n']).next().unwrap_or_default();
        let plain = line.trim_matches('"');
        match plain.split_at_checked(4) {
            Some((name, set)) if name.eq_ignore_ascii_case("sep=") && set.len() == 1 => {
                delimiter = set.bytes().next()
            }
            _ if line.is_empty() || plain.starts_with("#TYPE ") => {}
            _ => return (start, delimiter),
        }
        let end = line_end(&rest.as_bytes()[line.len()..]);
        start += line.len() + end;
        if end == 0 {
            return (start, delimiter);
        }
    }
}

/// The length of the line end with which the text begins.
pub(super) fn line_end(text: &[u8]) -> usize {
    match text {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// The headings as a delimiter shows them.
fn titles(head: &[u8], start: usize, delimiter: u8) -> Vec<Title> {
    let mut row = Vec::new();
    Cells::new(delimiter, head, start).row(&mut row);
    let title = |cell: &Cell<'_>| {
        let shown = String::from_utf8_lossy(&cell.text[cell.trim(0..cell.text.len())]).into_owned();
        let (at, end) = (cell.at, cell.at + cell.raw.len());
        Title { at, end, folded: columns::fold(&shown), shown, quotes: cell.quote_fault() }
    };
    row.iter().map(title).collect()
}

/// The delimiter that gives the most known headings, then the most headings; or the error that two do so.
fn delimiter(head: &[u8], start: usize, options: &Options, attributes: &Attributes) -> Result<u8, Finding> {
    let is_known = |title: &Title| {
        columns::DN.contains(&title.folded.as_str())
            || attributes.find(title.folded.as_bytes()).is_some()
            || columns::is_synonym(&title.folded)
            || options.columns.values().any(|mapped| columns::fold(mapped) == title.folded)
    };
    let mut found = b",;\t".map(|delimiter| {
        let titles = titles(head, start, delimiter);
        (titles.iter().filter(|title| is_known(title)).count(), titles.len(), delimiter)
    });
    found.sort_unstable_by(|one, other| other.cmp(one));
    let [(known, count, first), (also_known, also_count, second), _] = found;
    match count {
        0 | 1 => Ok(b','), // one heading, whatever the delimiter
        _ if (known, count) == (also_known, also_count) => Err(Finding {
            help: Some("name the delimiter with `--delimiter`".into()),
            ..finding(
                Severity::Error,
                "csv-delimiter",
                start,
                format!("the delimiter may be {} or {}", delimiter_name(second), delimiter_name(first)),
            )
        }),
        _ => Ok(first),
    }
}

/// The error about a heading, or two.
fn fault(title: &Title, help: &str, what: String) -> Finding {
    Finding {
        length: title.shown.chars().count().max(1),
        help: Some(help.into()),
        ..finding(Severity::Error, "csv-heading", title.at, what)
    }
}

/// `` `mail` in column 3 ``.
fn named(titles: &[Title], column: usize) -> String {
    format!("`{}` in column {}", titles[column].shown, column + 1)
}

/// Headings that are none: missing altogether, badly quoted, empty, or the same as one before.
fn faults(titles: &[Title], start: usize) -> Vec<Finding> {
    if titles.is_empty() {
        return vec![finding(Severity::Error, "csv-heading", start, "no line of headings")];
    }
    let mut seen = HashMap::new();
    let fault = |(column, title): (usize, &Title)| {
        if let Some((at, what)) = title.quotes {
            return Some(finding(Severity::Error, "csv-quote", at, format!("{what} in a heading")));
        }
        if title.folded.is_empty() {
            let what = format!("the heading of column {} of {} is empty", column + 1, titles.len());
            return Some(fault(title, "give the column a heading, or delete it", what));
        }
        if columns::REJECT.contains(&title.folded.as_str()) {
            return None; // rejects of rejects, put together by hand
        }
        let first = *seen.entry(title.folded.clone()).or_insert(column);
        (first != column).then(|| {
            let what =
                format!("the headings {} and {} are the same", named(titles, first), named(titles, column));
            fault(title, "rename one of the columns, or delete it", what)
        })
    };
    titles.iter().enumerate().filter_map(fault).collect()
}

/// The headings that `[input.columns]` names and the file lacks, where no other heading stands in.
fn unmapped(titles: &[Title], holds: &[Holds], options: &Options, attributes: &Attributes) -> Vec<Finding> {
    let shown = || titles.iter().map(|title| title.shown.as_str());
    let start = titles.first().map_or(0, |title| title.at);
    let lacks = |(attribute, _): &(&String, &String)| {
        mapped(attribute, attributes).is_some_and(|wanted| !holds.contains(&wanted))
    };
    let warn = |(attribute, heading): (&String, &String)| Finding {
        note: Some(listed(titles)),
        help: nearest(heading, shown()).map(|near| format!("did you mean `{near}`?")),
        ..finding(
            Severity::Warning,
            "csv-column-missing",
            start,
            format!("no heading `{heading}`, which `[input.columns]` names for {attribute}"),
        )
    };
    options.columns.iter().filter(lacks).map(warn).collect()
}

/// What a key of `[input.columns]` stands for, if the run wants it.
fn mapped(attribute: &str, attributes: &Attributes) -> Option<Holds> {
    if columns::DN.contains(&columns::fold(attribute).as_str()) {
        return Some(Holds::Dn);
    }
    values(attribute, attributes)
}

/// The values of an attribute, by its LDAP name, if the run wants them.
fn values(name: &str, attributes: &Attributes) -> Option<Holds> {
    attributes.find(name.as_bytes()).map(Holds::Values)
}

/// How sure it is that a heading stands for an attribute, the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sureness {
    Mapped,
    Dn,
    LdapName,
    Synonym,
    Beside,
}

/// What each column holds. The surest claim to an attribute wins, so that `mail` and `EmailAddress`, which
/// `Get-ADUser -Properties *` both writes, go together; two claims as sure as each other are an error.
fn claims(titles: &[Title], options: &Options, attributes: &Attributes) -> Result<Vec<Holds>, Vec<Finding>> {
    let find = |folded: &str| titles.iter().position(|title| title.folded == folded);
    let mut claims = Vec::new();
    for (attribute, heading) in &options.columns {
        let claim = find(&columns::fold(heading)).zip(mapped(attribute, attributes));
        claims.extend(claim.map(|claim| (Sureness::Mapped, claim)));
    }
    let dn = columns::DN.iter().find_map(|name| find(name));
    claims.extend(dn.map(|column| (Sureness::Dn, (column, Holds::Dn))));
    for (column, title) in titles.iter().enumerate() {
        let names = [
            (Sureness::LdapName, Some(title.folded.as_str())),
            (Sureness::Synonym, columns::synonym(&title.folded)),
            (Sureness::Beside, columns::beside(&title.folded, |other| find(other).is_some())),
        ];
        for (sureness, name) in names {
            let holds = name.and_then(|name| values(name, attributes));
            claims.extend(holds.map(|holds| (sureness, (column, holds))));
        }
    }
    claims.sort_by_key(|&(sureness, _)| sureness);

    let mut held: Vec<Option<(Sureness, Holds)>> = vec![None; titles.len()];
    let mut conflicts = Vec::new();
    let help = "delete one of the columns, or name the right one in `[input.columns]`";
    let name = |holds| match holds {
        Holds::Values(attr) => attributes.name(attr),
        Holds::Dn | Holds::Nothing => "the DN",
    };
    for (sureness, (column, holds)) in claims {
        let rival = held.iter().position(|other| other.is_some_and(|(_, other)| other == holds));
        match (held[column], rival) {
            (Some((Sureness::Mapped, other)), _) if sureness == Sureness::Mapped => {
                let what = format!(
                    "`[input.columns]` names the heading {} for {} and for {}",
                    named(titles, column),
                    name(other),
                    name(holds)
                );
                conflicts.push(fault(&titles[column], "name one heading for each attribute", what));
            }
            (None, Some(rival)) if held[rival].is_some_and(|(other, _)| other == sureness) => {
                let [first, second] = if rival < column { [rival, column] } else { [column, rival] };
                let what = format!(
                    "the headings {} and {} both stand for {}",
                    named(titles, first),
                    named(titles, second),
                    name(holds)
                );
                conflicts.push(fault(&titles[second], help, what));
            }
            (None, None) => held[column] = Some((sureness, holds)),
            _ => {}
        }
    }
    if conflicts.is_empty() {
        Ok(held.into_iter().map(|claim| claim.map_or(Holds::Nothing, |(_, holds)| holds)).collect())
    } else {
        Err(conflicts)
    }
}

/// What names the rows of a list that is to be joined, and in which column.
fn key(holds: &[Holds], options: &Options, attributes: &Attributes) -> Option<(Key, usize)> {
    let find = |name: &String| {
        let wanted = mapped(name, attributes)?;
        let key = match wanted {
            Holds::Values(attr) => Key::Value(attr),
            Holds::Dn | Holds::Nothing => Key::Dn,
        };
        holds.iter().position(|holds| *holds == wanted).map(|column| (key, column))
    };
    options.keys.iter().find_map(find)
}

/// What a list that is to be joined gives, told once: columns that the directory alone answers for are not read.
fn joined(
    titles: &[Title],
    holds: &mut [Holds],
    key: Key,
    column: usize,
    attributes: &Attributes,
) -> Finding {
    let (mut read, mut left) = (Vec::new(), Vec::new());
    for (at, (title, held)) in titles.iter().zip(holds).enumerate() {
        match *held {
            _ if at == column || columns::REJECT.contains(&title.folded.as_str()) => {}
            Holds::Values(attr) if is_given(attr) => {
                read.push(format!("`{}` ({})", title.shown, attributes.name(attr)));
            }
            _ => {
                *held = Holds::Nothing;
                left.push(format!("`{}`", title.shown));
            }
        }
    }
    let listed = |what: &str, headings: Vec<String>| {
        if headings.is_empty() { String::new() } else { format!("; {what} {}", headings.join(", ")) }
    };
    let title = &titles[column];
    let what = format!(
        "the rows name users of the --join exports by {} in `{}`{}{}",
        key.name(attributes),
        title.shown,
        listed("they give", read),
        listed("not read:", left)
    );
    let dns = "an export that shows DNs and all that the run needs is read without --join";
    Finding {
        length: title.shown.chars().count().max(1),
        note: (key == Key::Dn).then(|| dns.to_owned()),
        ..finding(Severity::Note, "join-key", title.at, what)
    }
}

/// The error that no column names users.
fn no_key(titles: &[Title], start: usize, options: &Options) -> Finding {
    let near =
        options.keys.iter().find_map(|key| nearest(key, titles.iter().map(|title| title.shown.as_str())));
    Finding {
        note: Some(listed(titles)),
        help: Some(match near {
            Some(near) => format!("did you mean `{near}`? name it in `[input.columns]`"),
            None => {
                "name the attribute that the rows go by by --join-key, and its heading in `[input.columns]`"
                    .into()
            }
        }),
        ..finding(
            Severity::Error,
            "csv-no-key",
            start,
            format!("no heading for {}, by which --join names users", options.keys.join(", ")),
        )
    }
}

/// The error that no column holds the DN.
fn no_dn(titles: &[Title], start: usize) -> Finding {
    let near = nearest("distinguishedName", titles.iter().map(|title| title.shown.as_str()));
    Finding {
        note: Some(listed(titles)),
        help: Some(match near {
            Some(near) => format!("did you mean `{near}`? name it in `[input.columns]`"),
            None => "export `DN` or `distinguishedName`, or name its heading in `[input.columns]`; a list without DNs is \
                     joined to an export by `--join EXPORT`"
                .into(),
        }),
        ..finding(Severity::Error, "csv-no-dn", start, "no heading for the DN")
    }
}

fn listed(titles: &[Title]) -> String {
    named_all(titles.iter().map(|title| title.shown.as_str()))
}

/// The headings of a file, for a note.
pub(super) fn named_all<'a>(headings: impl Iterator<Item = &'a str>) -> String {
    let shown: Vec<_> = headings.map(|heading| format!("`{heading}`")).collect();
    format!("the headings are {}", shown.join(", "))
}

/// The heading that is most like the wanted one, if one is: a third of the characters may differ.
pub(super) fn nearest<'a>(wanted: &str, headings: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = columns::fold(wanted);
    let (far, near) = headings
        .map(|heading| (distance(&wanted, &columns::fold(heading)), heading))
        .min_by_key(|near| near.0)?;
    (far * 3 <= wanted.chars().count()).then_some(near)
}

/// The Levenshtein distance in characters.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, &b) in other.iter().enumerate() {
            let next = (corner + usize::from(a != b)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[other.len()]
}
