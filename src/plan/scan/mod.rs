//! The first pass: each record becomes a few bytes that the decision needs, and nothing of its text is kept.

// one batch
mod scanner;

use super::Exports;
use crate::input::asides::{self, Account, Located};
use crate::input::{self, Export, Shown, join};
use crate::language::text;
use crate::message::{Failure, Message};
use crate::object::{Attr, Attributes};
use crate::output::store::Store;
use crate::pool::PoolId;
use crate::records::Records;
use crate::report::{Reason, Status};
use crate::settings::Settings;
use crate::sip::claims::{ClaimRole, Fingerprint, MOST_RECORDS, Register};
use crate::wizard::Wizard;
use scanner::Scanner;

pub use scanner::group_of;

/// No rule, no pool, no series: an index that means none.
pub const NONE: u16 = u16::MAX;

/// What the decision knows of a record of an input.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// What it is so far; [`Status::Changed`] and [`Status::Unchanged`] are still open.
    pub status: Status,
    /// Why, if it is skipped or rejected for a reason of the list.
    pub reason: Option<Reason>,
    /// What else is true of it.
    pub is: Is,
    /// The rule that matches, by index, or [`NONE`].
    pub rule: u16,
    /// The pool that it has: an index, or [`NONE`].
    pub pool: u16,
    /// Its domain and whether it is protected: an index into [`Scan::series`], or [`NONE`].
    pub series: u16,
    /// Where its pools are in [`Scan::rankings`].
    pub ranking: u32,
    /// Which of the flags in [`Wizard::sought`] the user matches.
    pub matched: Option<u8>,
}

/// What is true of a record: a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Is(u8);

impl Is {
    /// It wants a pool.
    pub const TO_PLACE: Self = Self(1);
    /// Something is written for it, whatever pool it gets.
    pub const DIFFERENT: Self = Self(2);
    /// It has an address before the run.
    pub const ADDRESSED: Self = Self(4);
    /// It would lose the address that it has.
    pub const REPLACED: Self = Self(8);
    /// It is an account of which the record does not show userAccountControl.
    pub const UNCONTROLLED: Self = Self(16);
    /// It has attributes and no DN: it may be the rest of the record before it.
    pub const REMAINDER: Self = Self(32);
    /// It is a user by an assertion alone: the record shows no class.
    pub const CLASSLESS: Self = Self(64);

    /// Whether all bits of `other` are set.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The same with these bits set, or not.
    #[must_use]
    pub fn with(self, other: Self, wanted: bool) -> Self {
        Self(if wanted { self.0 | other.0 } else { self.0 & !other.0 })
    }
}

/// Who a record speaks of: objects are the same by objectGUID, else by DN.
#[derive(Clone, Copy, Debug)]
pub struct Identity {
    /// The normalised DN.
    pub dn: Fingerprint,
    /// The GUID; `None` if the export does not show it.
    pub guid: Option<Fingerprint>,
    /// The record's number.
    pub record: u32,
}

/// An export as it was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// Its records.
    pub records: u64,
    /// Which wanted attributes occur in it.
    pub shown: Shown,
    /// Whether it holds users, and a full dump of them.
    users: bool,
    dump: bool,
    /// The number of its first record.
    first: u32,
    /// How many of its records are objects, and how many changes.
    entries: u64,
    changes: u64,
}

/// What the first pass brings home.
#[derive(Debug, Default)]
pub struct Scan {
    /// One a record of the inputs.
    pub facts: Vec<Fact>,
    /// One a record, references included.
    pub identities: Vec<Identity>,
    /// Who holds and who claims which address.
    pub register: Register,
    /// Domains, ordinary accounts and protected ones apart, in the order in which they are met.
    pub series: Vec<(String, bool)>,
    /// For each user to place: the first wish, or all wishes in order where pools can be full.
    pub rankings: Vec<u16>,
    /// Users to place that share a rule and a value: record → group.
    pub groups: Vec<(u32, Fingerprint)>,
    /// Users homed on a pool, with the groups they belong to.
    pub homed_groups: Vec<(Fingerprint, PoolId, u32)>,
    /// Records of inputs and of earlier runs with a pool of the run: each object counts once.
    pub homed: Vec<(u32, PoolId)>,
    /// Lines of `--users` and the records they name.
    pub listed: Vec<(u32, u32)>,
    /// The exports.
    pub exports: Vec<Read>,
    /// What is between records: referrals, trailers.
    pub asides: Vec<(usize, Message)>,
    /// How long each user's ranking is, by rule.
    pub ranked: Vec<u16>,
    /// Whether each of [`crate::settings::Settings::bases`] holds a user of the inputs.
    pub bases: Vec<bool>,
}

/// What one batch brings home; record numbers count from the batch's first.
struct ScanPart {
    export: usize,
    records: u32,
    facts: Vec<Fact>,
    identities: Vec<Identity>,
    held: Vec<(Fingerprint, u32, ClaimRole)>,
    series: Vec<(String, bool)>,
    rankings: Vec<u16>,
    groups: Vec<(u32, Fingerprint)>,
    homed_groups: Vec<(Fingerprint, PoolId, u32)>,
    homed: Vec<(u32, PoolId)>,
    listed: Vec<(u32, u32)>,
    asides: Option<Located>,
    bases: Vec<bool>,
    shown: Shown,
    users: bool,
    dump: bool,
    entries: u32,
    changes: u32,
}

/// Reads all exports once; their records are kept in the store.
///
/// # Errors
/// What reading gives; `export-incomplete` for an export that is cut; `attribute-not-shown` for one that does not show
/// what the run needs.
pub fn scan<'e>(
    wizard: &dyn Wizard,
    exports: &'e Exports,
    store: Store,
) -> Result<(Scan, Records<'e>), Failure> {
    let settings = wizard.settings();
    let is_bounded = settings.placement.pools.iter().any(|pool| pool.capacity > 0);
    let is_grouped = settings.placement.keep_together.is_some();
    let ranked = |pools: &[PoolId]| if is_bounded || is_grouped { pools.len() } else { pools.len().min(1) };
    let mut scan = Scan {
        ranked: settings
            .rules
            .iter()
            .map(|rule| u16::try_from(ranked(&rule.pools)).unwrap_or(NONE))
            .collect(),
        bases: vec![false; settings.bases().count()],
        ..Scan::default()
    };
    let read = |_: &Export| Read {
        records: 0,
        shown: Shown::new(&settings.reading.attributes),
        users: false,
        dump: false,
        first: 0,
        entries: 0,
        changes: 0,
    };
    scan.exports = exports.all.iter().map(read).collect();
    let ranked = scan.ranked.clone();
    let mut accounts: Vec<Account> = exports.all.iter().map(|_| Account::default()).collect();
    let records = Records::read(
        "reading",
        &exports.all,
        &settings.reading.attributes,
        store,
        |batch| {
            let is_input = batch.index < exports.inputs;
            Scanner::new(wizard, batch.export, batch.index, is_input, &ranked).batch(batch)
        },
        |part| scan.take(part, exports, &mut accounts),
    )?;
    scan.asides = asides::finish(accounts, &exports.all)?;
    no_objects(exports, &scan)?;
    not_shown(wizard, exports, &scan)?;
    Ok((scan, records))
}

/// The exports that are none: change files, which say what becomes of objects and not what they hold; text of another
/// kind; reports of runs; and references that hold nothing, beside which addresses would be given twice.
fn no_objects(exports: &Exports, scan: &Scan) -> Result<(), Failure> {
    let mut faults = Vec::new();
    let is_none = |(export, read): &(&Export, &Read)| read.entries == 0 || export.is_report();
    for (export, read) in exports.all.iter().zip(&scan.exports).filter(is_none) {
        let name = &export.name;
        let is_reference = export.role == input::Role::Reference;
        let help = if is_reference {
            text!(
                "name the whole run directory by --reference, with its manifest.json",
                "nommez par --reference tout le dossier de l’exécution, avec son manifest.json"
            )
        } else {
            text!("name an export of the directory", "nommez un export de l’annuaire")
        };
        let is_text = read.records > 0 && export.table().is_none();
        match export.role {
            input::Role::Run | input::Role::Pools => {}
            _ if read.changes > 0 => {
                let what = text!(
                    "`{name}` is a change file: it holds change records and no object",
                    "`{name}` est un fichier de modification\u{a0}: il ne contient aucun objet"
                );
                faults.push(Message::error("input-changes", what).help(help));
            }
            _ if export.is_report() => {
                let what = text!(
                    "`{name}` is the report of a run: it says what users get, and not what they hold",
                    "`{name}` est le rapport d’une exécution\u{a0}: il dit ce que les utilisateurs reçoivent, et non ce qu’ils détiennent"
                );
                faults.push(Message::error("input-report", what).help(help));
            }
            _ if is_text => {
                let what = text!(
                    "`{name}` is neither an LDIF nor a CSV export: no record in it is an object",
                    "`{name}` n’est ni un export LDIF ni un export CSV\u{a0}: aucun enregistrement n’est un objet"
                );
                faults.push(Message::error("input-foreign", what).help(input::detect::EXPORT));
            }
            _ if is_reference => {
                let message = Message::error(
                    "reference-empty",
                    text!("`{name}` holds no object", "`{name}` ne contient aucun objet"),
                );
                let why = text!(
                    "nothing in it counts as taken, and an address could be given twice",
                    "rien n’y compte comme pris, et une adresse pourrait être donnée deux fois"
                );
                faults.push(message.because(why).help(text!(
                    "name another export, or leave the flag out",
                    "nommez un autre export, ou retirez l’option"
                )));
            }
            _ => {}
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::Unfit(faults)) }
}

/// The inputs that do not show what the run needs.
fn not_shown(wizard: &dyn Wizard, exports: &Exports, scan: &Scan) -> Result<(), Failure> {
    let settings = wizard.settings();
    let mut faults = Vec::new();
    let all = || exports.all.iter().zip(&scan.exports);
    let lists: Vec<&Read> =
        all().filter(|(export, _)| export.key().is_some()).map(|(_, read)| read).collect();
    // What each list gives may be missing from the exports that they are joined to.
    let is_given = |attr: Attr| !lists.is_empty() && lists.iter().all(|read| read.shown.has(attr));
    for (export, read) in all().filter(|(export, _)| shows_users(export)) {
        let is_listed = |attr| export.role == input::Role::Join && join::is_given(attr) && is_given(attr);
        let concerns = |attr: Attr| read.users || attr == Attr::OBJECT_CLASS && read.records > 0;
        let is_lacking = |attr: Attr| match read.shows(attr) {
            // What says the same also says that the attribute is not empty, whatever is asserted.
            true => settings.reading.named.contains(&attr) && !read.shows_itself(attr),
            false => !settings.reading.absent.asserts(attr),
        };
        let needed = settings.reading.needed.iter().copied();
        let lacking: Vec<Attr> =
            needed.filter(|&attr| concerns(attr) && is_lacking(attr) && !is_listed(attr)).collect();
        if !lacking.is_empty() {
            faults.push(lacks(export, read, &lacking, &settings.reading.attributes));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::Unfit(faults)) }
}

/// Whether an export shows the users themselves: a list shows what its rows give, and the rest is looked up in the exports
/// that it is joined to.
fn shows_users(export: &Export) -> bool {
    match export.role {
        input::Role::Input => export.key().is_none(),
        input::Role::Join => true,
        _ => false,
    }
}

impl Read {
    /// Whether the export shows the attribute; a full dump shows all that the directory has.
    fn shows_itself(&self, attr: Attr) -> bool {
        self.shown.has(attr) || self.dump && attr != Attr::ENABLED
    }

    /// Whether the export shows the attribute, or what says the same.
    fn shows(&self, attr: Attr) -> bool {
        self.shows_itself(attr)
            || match attr {
                Attr::OBJECT_CLASS => self.shown.has(Attr::SAM_ACCOUNT_TYPE),
                Attr::USER_ACCOUNT_CONTROL => self.shown.has(Attr::ENABLED),
                // Windows' own accounts have relative identifiers below 1000.
                Attr::IS_CRITICAL_SYSTEM_OBJECT => self.shown.has(Attr::OBJECT_SID),
                _ => false,
            }
    }
}

/// The error about an export that does not show these attributes: of a table, at its heading.
fn lacks(export: &Export, read: &Read, lacking: &[Attr], attributes: &Attributes) -> Message {
    let may_be_empty = lacking.iter().filter(|&&attr| !read.shows(attr));
    let absent: Vec<String> =
        may_be_empty.map(|&attr| format!("--absent {}", attributes.name(attr))).collect();
    let lacking: Vec<&str> = lacking.iter().map(|&attr| attributes.name(attr)).collect();
    let what = text!("`{}` does not show {}", "`{}` ne montre pas {}", export.name, lacking.join(", "));
    let message = Message::error("attribute-not-shown", what).because(text!(
        "an attribute that was not exported looks like one that is empty, and would be overwritten",
        "un attribut qui n’a pas été exporté a l’air vide, et serait écrasé"
    ));
    let recipe = export.table().and_then(|table| table.powershell(&lacking));
    let recipe = recipe.unwrap_or_else(|| "ldifde -f users.ldif; ldapsearch … '*'".to_owned());
    let mut help = text!("export all attributes ({recipe})", "exportez tous les attributs ({recipe})");
    if !absent.is_empty() {
        help = text!(
            "{help}, or assert that they are empty everywhere: {absent}",
            "{help}, ou affirmez qu’ils sont vides partout\u{a0}: {absent}",
            absent = absent.join(" "); help = help
        );
    }
    let Some(table) = export.table() else { return message.help(help) };
    let (headings, line) = table.headings();
    let message = message.because(headings).at(&export.name, line, 1);
    match lacking.iter().find_map(|name| Some((name, table.nearest(name)?))) {
        Some((name, near)) => message.help(text!(
            "did you mean `{near}` for {name}? name it in [input.columns]; or {help}",
            "vouliez-vous dire `{near}` pour {name}\u{a0}? nommez-le dans [input.columns]\u{202f}; ou {help}";
            help = help
        )),
        None => message.help(help),
    }
}

impl Scan {
    /// The pools that a user to place may get, in the user's order.
    pub(super) fn ranking(&self, fact: &Fact) -> &[u16] {
        let from = fact.ranking as usize;
        &self.rankings[from..from + usize::from(self.ranked[usize::from(fact.rule)])]
    }

    /// Takes over what a batch brought home, in order.
    fn take(&mut self, part: ScanPart, exports: &Exports, accounts: &mut [Account]) -> Result<(), Failure> {
        let first = u32::try_from(self.identities.len()).unwrap_or(u32::MAX);
        if first.saturating_add(part.records) > MOST_RECORDS {
            let what = text!(
                "more than {MOST_RECORDS} records in one run",
                "plus de {MOST_RECORDS} enregistrements en une exécution"
            );
            return Err(Failure::broken(Message::error("too-many-records", what)));
        }
        // What grows with the users. All else that a run holds is in the room that each pass begins with.
        let room = (self.facts.try_reserve(part.facts.len()))
            .and_then(|()| self.identities.try_reserve(part.identities.len()))
            .and_then(|()| self.register.reserve(part.held.len()))
            .and_then(|()| self.rankings.try_reserve(part.rankings.len()));
        room.map_err(|_| {
            Failure::out_of_memory(&text!("more than {first} records", "plus de {first} enregistrements"))
        })?;
        let series: Vec<u16> = part.series.into_iter().map(|one| self.series_of(one)).collect();
        let rankings = u32::try_from(self.rankings.len()).unwrap_or(u32::MAX);
        let is_input = part.export < exports.inputs;
        self.facts.extend(part.facts.into_iter().filter(|_| is_input).map(|mut fact| {
            fact.series = series.get(usize::from(fact.series)).copied().unwrap_or(NONE);
            fact.ranking += rankings;
            fact
        }));
        let so_far = usize::try_from(self.exports[part.export].records).unwrap_or(usize::MAX);
        let known = exports.guids.get(&part.export).map_or(&[][..], Vec::as_slice);
        let guid = |record: u32| known.get(so_far + record as usize).copied().flatten();
        self.identities.extend(part.identities.into_iter().map(|who| Identity {
            guid: who.guid.or_else(|| guid(who.record)),
            record: first + who.record,
            ..who
        }));
        for (address, record, role) in part.held {
            self.register.note(address, first + record, role);
        }
        self.rankings.extend(part.rankings);
        self.groups.extend(part.groups.into_iter().map(|(record, group)| (first + record, group)));
        self.homed_groups
            .extend(part.homed_groups.into_iter().map(|(group, pool, record)| (group, pool, first + record)));
        self.homed.extend(part.homed.into_iter().map(|(record, pool)| (first + record, pool)));
        self.listed.extend(part.listed.into_iter().map(|(line, record)| (line, first + record)));
        if let Some(asides) = part.asides {
            accounts[part.export].take(asides, part.records.into(), &exports.all[part.export].name);
        }
        self.bases.iter_mut().zip(part.bases).for_each(|(all, met)| *all |= met);
        let read = &mut self.exports[part.export];
        if read.records == 0 {
            read.first = first;
        }
        read.records += u64::from(part.records);
        read.shown.merge(&part.shown);
        read.users |= part.users;
        read.dump |= part.dump;
        read.entries += u64::from(part.entries);
        read.changes += u64::from(part.changes);
        Ok(())
    }

    fn series_of(&mut self, (domain, protected): (String, bool)) -> u16 {
        let same = |one: &(String, bool)| one.0.eq_ignore_ascii_case(&domain) && one.1 == protected;
        let at = self.series.iter().position(same).unwrap_or_else(|| {
            self.series.push((domain, protected));
            self.series.len() - 1
        });
        u16::try_from(at).unwrap_or(NONE)
    }

    /// The accounts that nobody can tell apart, because an export does not show what they are known by.
    #[must_use]
    pub fn indistinct(&self, settings: &Settings, exports: &Exports) -> Option<Message> {
        let lacks = |attr: Attr| {
            let mut exports = exports.all.iter().zip(&self.exports).filter(|(export, _)| shows_users(export));
            !settings.reading.absent.asserts(attr) && exports.any(|(_, read)| read.users && !read.shows(attr))
        };
        let what = match (lacks(Attr::ADMIN_COUNT), lacks(Attr::IS_CRITICAL_SYSTEM_OBJECT)) {
            (false, false) => return None,
            (true, false) => text!(
                "protected accounts look like any other: adminCount is not shown",
                "les comptes protégés ne se distinguent pas\u{a0}: adminCount n’est pas exporté"
            ),
            (false, true) => text!(
                "critical system objects look like any other user: neither isCriticalSystemObject nor objectSid is shown",
                "les objets système critiques ne se distinguent pas\u{a0}: ni isCriticalSystemObject ni objectSid n’est exporté"
            ),
            (true, true) => text!(
                "protected accounts and critical system objects look like any other user: neither adminCount, isCriticalSystemObject nor objectSid is shown",
                "les comptes protégés et les objets système critiques ne se distinguent pas\u{a0}: ni adminCount, ni isCriticalSystemObject, ni objectSid n’est exporté"
            ),
        };
        Some(Message::warning("safety-not-shown", what))
    }

    /// Whether one of the attributes is shown of others of the export that a record is in, or of those that a list is
    /// joined to.
    #[must_use]
    pub fn shows(&self, record: u32, exports: &[Export], attrs: [Attr; 2]) -> bool {
        let own = self.export_of(record);
        exports.iter().zip(&self.exports).enumerate().any(|(at, (export, read))| {
            (at == own || export.role == input::Role::Join) && attrs.iter().any(|&attr| read.shown.has(attr))
        })
    }

    /// The export that a record is in.
    #[must_use]
    pub fn export_of(&self, record: u32) -> usize {
        self.exports.iter().rposition(|read| read.records > 0 && read.first <= record).unwrap_or_default()
    }
}
