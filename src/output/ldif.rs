//! The change files: batches of a single domain, each with its apply and its undo file.

use std::collections::BTreeMap;

use ldif::writer::{self, Profile};
use serde::{Deserialize, Serialize};

use super::buffer::buffer;
use super::{OutputFile, RunDirectory, Target, Written};
use crate::change::{Change, Renderer};
use crate::language::{Text, text};
use crate::message::Failure;
use crate::parallel::both;

/// The narrowest useful line: of a narrower one, nobody sees what it is a part of.
const NARROWEST: usize = 10;

/// Whether lines of change files may be folded at this column; 0 is for never.
pub(crate) fn is_wrap(columns: usize) -> bool {
    columns == 0 || columns >= NARROWEST
}

/// Says where lines may be folded.
pub(crate) fn wraps() -> Text {
    text!(
        "give at least {NARROWEST}, so that a line can be recognised, or 0 for lines that are never folded",
        "donnez au moins {NARROWEST}, pour qu’une ligne reste reconnaissable, ou 0 pour des lignes sans plis"
    )
}

/// Returns the writer's profile for an importer; lines fold at column `wrap`, or never for 0.
pub(crate) fn profile(target: Target, wrap: usize) -> Profile {
    match target {
        Target::Ldifde => Profile::ldifde(),
        Target::Ldap => Profile::ldap(),
    }
    .wrap(wrap)
}

/// Renders a comment for the head of a file.
pub(crate) fn comment(profile: &Profile, text: &str) -> Vec<u8> {
    let mut head = Vec::new();
    writer::comment(&mut head, profile, text);
    head
}

/// A series of batches for one domain and one kind of account, ordinary or protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Series {
    /// The domain's DN as first written; empty for DNs without `DC=`.
    pub domain: String,
    /// Whether its accounts are protected (adminCount is not 0).
    pub protected: bool,
    pub records: u64,
}

impl Series {
    /// Returns the index of a domain's series in `all`, adding a new one if necessary. A domain may be written in
    /// several notations, but rarely is.
    pub(crate) fn index_in(all: &mut Vec<Self>, domain: &str, protected: bool) -> u16 {
        let normalized =
            |domain: &str| ldif::dn::normalize(domain).map_or_else(|_| domain.to_owned(), Into::into);
        let matches = |one: &Self| one.protected == protected && one.domain.eq_ignore_ascii_case(domain);
        let at = all.iter().position(matches).or_else(|| {
            let wanted = normalized(domain);
            all.iter().position(|one| one.protected == protected && normalized(&one.domain) == wanted)
        });
        let at = at.unwrap_or_else(|| {
            all.push(Self { domain: domain.to_owned(), protected, records: 0 });
            all.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }
}

/// Assigns each change record of a run to a batch.
#[derive(Clone, Debug)]
pub(crate) struct Numbering {
    /// The number of the first batch of each series.
    first: Vec<u64>,
    split: u64,
}

impl Numbering {
    /// Numbers the batches: the batches of a series are consecutive, and ordinary accounts come before protected ones.
    /// A batch contains at most `split` records; 0 means no limit.
    pub(crate) fn new(series: &[Series], split: u64) -> Self {
        let split = if split == 0 { u64::MAX } else { split };
        let mut first = vec![0; series.len()];
        let mut next = 1;
        for protected in [false, true] {
            for (at, one) in series.iter().enumerate().filter(|(_, one)| one.protected == protected) {
                first[at] = next;
                next += one.records.div_ceil(split);
            }
        }
        Self { first, split }
    }

    /// Returns the batch of a change record (counted from 0 in its series), and its number in that batch (from 1).
    pub(crate) fn place(&self, series: usize, record: u64) -> (u64, u64) {
        (self.first[series] + record / self.split, record % self.split + 1)
    }
}

/// Returns the name of a batch's apply file.
pub(crate) fn apply_name(batch: u64) -> String {
    format!("{batch:04}-apply.ldif")
}

/// Returns the name of a batch's undo file.
pub(crate) fn undo_name(batch: u64) -> String {
    format!("{batch:04}-undo.ldif")
}

/// Returns the DNS name of a domain's DN: `contoso.com` for `DC=contoso,DC=com`; empty for a DN without `DC=`.
pub(crate) fn dns_name(domain: &str) -> String {
    let label = |rdn: &str| {
        let (name, value) = rdn.split_once('=')?;
        name.trim().eq_ignore_ascii_case("dc").then(|| value.trim().to_owned())
    };
    domain.split(',').filter_map(label).collect::<Vec<_>>().join(".")
}

/// Returns the DNS name of a domain's DN, at which any of its controllers answers. The name is pasted into shells, so
/// there is none unless it is a valid host name (RFC 1123 section 2.1).
pub(crate) fn host(domain: &str) -> Option<String> {
    let is_label = |label: &str| {
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        (1..=63).contains(&label.len()) && label.bytes().all(is_part) && !label.starts_with('-')
    };
    Some(dns_name(domain)).filter(|name| name.len() <= 253 && name.split('.').all(is_label))
}

/// Returns the command that imports one of a batch's files, to be typed in the run directory.
pub(crate) fn import_command(target: Target, file: &str, domain: &str) -> String {
    let server = host(domain);
    let server = server.as_deref().unwrap_or("SERVER");
    match target {
        Target::Ldifde => format!("ldifde -i -f {file} -s {server} -j ."),
        Target::Ldap => {
            let skipped = file.strip_suffix(".ldif").unwrap_or(file);
            format!("ldapmodify -H ldap://{server} -ZZ -x -D BINDDN -W -S {skipped}.skipped -f {file}")
        }
    }
}

/// Rendered change records with their undo, one after another.
#[derive(Debug)]
pub(crate) struct Rendered<'p> {
    profile: &'p Profile,
    renderer: Renderer<'p>,
    apply: Vec<u8>,
    undo: Vec<u8>,
    records: Vec<RenderedAt>,
}

/// The series of a change record, and where it and its undo end in the rendered text.
#[derive(Clone, Copy, Debug)]
struct RenderedAt {
    series: usize,
    number: u64,
    apply_end: usize,
    undo_end: usize,
}

impl<'p> Rendered<'p> {
    /// An empty buffer for this importer, with room for this many records.
    pub(crate) fn new(profile: &'p Profile, records: usize) -> Self {
        Self {
            profile,
            renderer: Renderer::new(profile),
            apply: buffer(records),
            undo: buffer(records),
            records: Vec::with_capacity(records),
        }
    }

    /// Appends the change record with this number (from 0) in its series, and its undo, each after the comment.
    pub(crate) fn push(
        &mut self,
        (series, number): (usize, u64),
        comment: &str,
        dn: &str,
        change: &Change<'_>,
    ) {
        let comment_start = self.apply.len();
        writer::comment(&mut self.apply, self.profile, comment);
        let undo_start = self.undo.len();
        self.undo.extend_from_slice(&self.apply[comment_start..]);
        if !self.renderer.render(change, dn, &mut self.apply, &mut self.undo) {
            self.undo.truncate(undo_start);
        }
        self.records.push(RenderedAt {
            series,
            number,
            apply_end: self.apply.len(),
            undo_end: self.undo.len(),
        });
    }
}

/// A written batch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct ChangeBatch {
    pub number: u64,
    /// The domain of all its entries.
    pub domain: String,
    pub protected: bool,
    pub records: u64,
    pub apply: Written,
    pub undo: Written,
}

/// The files of a batch that is being written.
struct Open {
    apply: OutputFile,
    undo: OutputFile,
    records: u64,
}

/// The comments at the head of each apply and each undo file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heads {
    /// Rendered, with line ends.
    pub apply: Vec<u8>,
    pub undo: Vec<u8>,
}

/// The change files of a run while they are written.
pub(crate) struct ChangeFiles<'r> {
    run: &'r RunDirectory,
    series: &'r [Series],
    numbering: Option<&'r Numbering>,
    heads: Heads,
    open: BTreeMap<usize, (u64, Open)>,
    done: Vec<ChangeBatch>,
}

impl<'r> ChangeFiles<'r> {
    /// Starts without any file; without a numbering, none will be written.
    pub(crate) fn new(
        run: &'r RunDirectory,
        series: &'r [Series],
        numbering: Option<&'r Numbering>,
        heads: Heads,
    ) -> Self {
        Self { run, series, numbering, heads, open: BTreeMap::new(), done: Vec::new() }
    }

    /// Writes change records and their undo. The records of a series must come in the order of their numbers.
    pub(crate) fn write(&mut self, rendered: &Rendered<'_>) -> Result<(), Failure> {
        let Some(numbering) = self.numbering else { return Ok(()) };
        let batch = |place: &RenderedAt| (place.series, numbering.place(place.series, place.number).0);
        let (mut apply, mut undo) = (0, 0);
        for group in rendered.records.chunk_by(|a, b| batch(a) == batch(b)) {
            let Some(last) = group.last() else { continue };
            let texts = (&rendered.apply[apply..last.apply_end], &rendered.undo[undo..last.undo_end]);
            self.append(batch(last), group.len() as u64, texts)?;
            (apply, undo) = (last.apply_end, last.undo_end);
        }
        Ok(())
    }

    /// Appends records and their undo to a batch of a series.
    fn append(
        &mut self,
        (series, batch): (usize, u64),
        records: u64,
        (apply_text, undo_text): (&[u8], &[u8]),
    ) -> Result<(), Failure> {
        if self.open.get(&series).is_none_or(|(number, _)| *number != batch) {
            self.close(series)?;
            let mut apply = self.run.create(&apply_name(batch))?;
            let mut undo = self.run.create(&undo_name(batch))?;
            apply.write(&self.heads.apply)?;
            undo.write(&self.heads.undo)?;
            self.open.insert(series, (batch, Open { apply, undo, records: 0 }));
        }
        if let Some((_, open)) = self.open.get_mut(&series) {
            let (applied, undone) = both(|| open.apply.write(apply_text), || open.undo.write(undo_text));
            applied.and(undone)?;
            open.records += records;
        }
        Ok(())
    }

    /// Closes the open batch of a series, if any.
    fn close(&mut self, series: usize) -> Result<(), Failure> {
        if let Some((number, open)) = self.open.remove(&series) {
            let Series { domain, protected, .. } = self.series[series].clone();
            let (apply, undo) = (open.apply.finish()?, open.undo.finish()?);
            self.done.push(ChangeBatch { number, domain, protected, records: open.records, apply, undo });
        }
        Ok(())
    }

    /// Flushes all files to the disk and returns the batches.
    pub(crate) fn finish(mut self) -> Result<Vec<ChangeBatch>, Failure> {
        for series in 0..self.series.len() {
            self.close(series)?;
        }
        self.done.sort_by_key(|batch| batch.number);
        Ok(self.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_names_the_domain_of_the_batch() {
        let check = |target, domain, expect: &str| {
            assert_eq!(import_command(target, "0001-apply.ldif", domain), expect);
        };
        check(Target::Ldifde, "DC=contoso,DC=com", "ldifde -i -f 0001-apply.ldif -s contoso.com -j .");
        check(Target::Ldifde, "", "ldifde -i -f 0001-apply.ldif -s SERVER -j .");
        check(
            Target::Ldap,
            "dc=example, dc=com",
            "ldapmodify -H ldap://example.com -ZZ -x -D BINDDN -W -S 0001-apply.skipped -f 0001-apply.ldif",
        );
    }

    #[test]
    fn a_domain_has_one_series_in_any_notation_and_another_for_protected_accounts() {
        let mut all = Vec::new();
        for (domain, protected, expect) in [
            ("DC=a,DC=com", false, 0),
            ("dc=a,dc=com", false, 0),
            ("DC=a, DC=com", false, 0),
            ("DC=a,DC=com", true, 1),
            ("DC=b,DC=com", false, 2),
            ("dc=b, dc=com", false, 2),
            ("dc=b, dc=com", true, 3),
        ] {
            assert_eq!(Series::index_in(&mut all, domain, protected), expect, "{domain} {protected}");
        }
    }

    #[test]
    fn batches_of_a_domain_follow_one_another_and_protected_accounts_come_last() {
        let series = |domain: &str, protected, records| Series { domain: domain.into(), protected, records };
        let numbering =
            Numbering::new(&[series("a", false, 5), series("a", true, 1), series("b", false, 2)], 2);
        assert_eq!(numbering.place(0, 0), (1, 1));
        assert_eq!(numbering.place(0, 3), (2, 2));
        assert_eq!(numbering.place(0, 4), (3, 1));
        assert_eq!(numbering.place(2, 1), (4, 2));
        assert_eq!(numbering.place(1, 0), (5, 1));
        let whole = Numbering::new(&[series("a", false, 5), series("b", false, 2)], 0);
        assert_eq!(whole.place(0, 4), (1, 5));
        assert_eq!(whole.place(1, 1), (2, 2));
    }

    #[test]
    fn an_undo_without_values_to_restore_has_no_comment() {
        let profile = Profile::ldap();
        let mut rendered = Rendered::new(&profile, 2);
        for (is_gone, undo) in [(false, "add: msRTCSIP-Line"), (true, "")] {
            let before = rendered.undo.len();
            let mut change = Change::default();
            change.clear("msRTCSIP-Line", &[b"tel:+33123456701"], is_gone);
            rendered.push((0, 0), "Ann", "CN=Ann", &change);
            let text = String::from_utf8(rendered.undo[before..].to_vec()).unwrap();
            assert_eq!((text.is_empty(), text.contains(undo)), (undo.is_empty(), true), "{text}");
        }
    }

    #[test]
    fn pasted_commands_contain_only_host_names() {
        let others =
            ["foo & calc.exe", "foo$(touch pwned)", "foo|calc", "x\u{1b}[2Jx", "-s", "\u{e9}", "a b", "a."];
        for domain in others {
            let dn = format!("DC={domain},DC=com");
            assert_eq!(host(&dn), None, "{domain:?}");
            let command = import_command(Target::Ldifde, "0001-apply.ldif", &dn);
            assert_eq!(command, "ldifde -i -f 0001-apply.ldif -s SERVER -j .", "{domain:?}");
        }
        assert_eq!(host("DC=emea,dc=Contoso,DC=com").as_deref(), Some("emea.Contoso.com"));
        // The longest label has 63 characters, the longest name 253.
        let domain =
            |last: usize| format!("DC=a-b_c,DC={0},DC={0},DC={0},DC={1}", "d".repeat(63), "e".repeat(last));
        assert_eq!(host(&domain(55)).map(|name| name.len()), Some(253));
        assert_eq!(host(&domain(56)), None);
        assert_eq!(host(&format!("DC={}", "d".repeat(64))), None);
    }
}
