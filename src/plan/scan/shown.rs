//! Checks that exports show objects, and the attributes that a run needs.

use super::super::Exports;
use crate::input::csv::Table;
use crate::input::{self, Export, join};
use crate::language::text;
use crate::message::{Failure, Message};
use crate::object::Attr;
use crate::records::Read;
use crate::schema::Syntax;
use crate::settings::{Reading, Settings};
use crate::wizard::{Claims, Wizard};

/// Refuses files that are not exports, and empty references, beside which addresses would be given twice.
pub(super) fn no_objects(exports: &Exports, reads: &[Read]) -> Result<(), Failure> {
    let mut faults = Vec::new();
    let holds_users =
        |(export, _): &(&Export, &Read)| !matches!(export.role, input::Role::Run | input::Role::Pools);
    for (export, read) in exports.all.iter().zip(reads).filter(holds_users) {
        let is_reference = export.role == input::Role::Reference;
        match read.refusal(export) {
            Some(message) if is_reference && message.code != "input-foreign" => {
                faults.push(message.help(text!(
                    "name the whole run directory with --reference, with its manifest.json",
                    "nommez par --reference tout le dossier de l’exécution, avec son manifest.json"
                )));
            }
            Some(message) => faults.push(message),
            None if is_reference && read.objects == 0 => {
                let what = text!("`{}` holds no object", "`{}` ne contient aucun objet", export.name);
                let message = Message::error("reference-empty", what);
                let why = text!(
                    "nothing in it counts as taken, and an address could be given twice",
                    "rien n’y compte comme pris, et une adresse pourrait être donnée deux fois"
                );
                faults.push(message.because(why).help(text!(
                    "name another export, or leave the flag out",
                    "nommez un autre export, ou retirez l’option"
                )));
            }
            None => {}
        }
    }
    Failure::any_unfit(faults)
}

/// Refuses inputs that lack attributes the run needs.
pub(super) fn not_shown(wizard: &Wizard<'_>, exports: &Exports, reads: &[Read]) -> Result<(), Failure> {
    let settings = wizard.settings;
    let mut faults = slips(&settings.reading, exports, reads);
    let all = || exports.all.iter().zip(reads);
    let lists: Vec<&Read> =
        all().filter(|(export, _)| export.key().is_some()).map(|(_, read)| read).collect();
    // The exports may lack what every list gives.
    let is_given = |attr: Attr| !lists.is_empty() && lists.iter().all(|read| read.shown.has(attr));
    let mut needed = settings.reading.needed.clone();
    needed.extend(wizard.logic.sources().into_iter().filter(|_| settings.reading.list.is_none()));
    needed.sort_unstable();
    needed.dedup();
    // Rejects come from exports among the references, which may show attributes that these few records lack.
    let references = || all().filter(|(export, _)| export.role == input::Role::Reference);
    let is_referenced = |attr: Attr| references().any(|(_, read)| read.users && read.shows(attr));
    for (export, read) in all().filter(|(export, _)| export.key().is_some()) {
        let lacking = meant_by_list(wizard, export, read);
        if !lacking.is_empty() {
            faults.push(attributes_not_shown(export, read, &lacking, &settings.reading));
        }
    }
    for (export, read) in references() {
        let holds = |attr: &Attr| matches!(attr.syntax(), Syntax::ProxyAddress | Syntax::SipAddress);
        let lacking: Vec<Attr> = in_other_columns(export, read, &settings.reading).filter(holds).collect();
        if !lacking.is_empty() {
            faults.push(attributes_not_shown(export, read, &lacking, &settings.reading));
        }
    }
    for (export, read) in all().filter(|(export, _)| shows_users(export)) {
        let is_listed = |attr| export.role == input::Role::Join && join::is_given(attr) && is_given(attr);
        let concerns = |attr: Attr| read.users || attr == Attr::OBJECT_CLASS && read.records > 0;
        let has_status = || export.table().is_some_and(|table| table.of_disabled().is_some());
        // Columns that are not read contradict the assertion.
        let others: Vec<Attr> = in_other_columns(export, read, &settings.reading).collect();
        let is_lacking = |attr: Attr| {
            if others.contains(&attr) {
                true
            } else if read.shows(attr) {
                // An equivalent attribute shows that this one is not empty, whatever is asserted.
                settings.reading.named.contains(&attr) && !read.shows_itself(attr)
            } else if attr == Attr::USER_ACCOUNT_CONTROL && has_status() {
                true
            } else {
                !(settings.reading.absent.asserts(attr) || export.is_rejects && is_referenced(attr))
            }
        };
        // Safety rules also rest on attributes that an export may lack.
        let decides = |attr: &&Attr| !needed.contains(attr) && attr.syntax() != Syntax::Mail;
        let lacking: Vec<Attr> = needed
            .iter()
            .chain(others.iter().filter(decides))
            .copied()
            .filter(|&attr| concerns(attr) && is_lacking(attr) && !is_listed(attr))
            .collect();
        if !lacking.is_empty() {
            faults.push(attributes_not_shown(export, read, &lacking, &settings.reading));
        }
    }
    Failure::any_unfit(faults)
}

/// Reports names of attributes that are probably mistyped: no export shows them, though a full dump would.
fn slips(reading: &Reading, exports: &Exports, reads: &[Read]) -> Vec<Message> {
    let is_shown = |attr: Attr| reads.iter().any(|read| read.shown.has(attr));
    let holds_users = exports.all.iter().zip(reads).any(|(export, read)| shows_users(export) && read.users);
    let slips = reading.slips.iter().filter(|(attr, _)| !is_shown(*attr) && !reading.absent.names(*attr));
    slips.filter(|_| holds_users).map(|(_, message)| message.clone()).collect()
}

/// Returns the sources of addresses and lines that headings of a list resemble, if the list gives none: the values of the
/// exports would be taken in their place.
fn meant_by_list(wizard: &Wizard<'_>, list: &Export, read: &Read) -> Vec<Attr> {
    let reading = &wizard.settings.reading;
    let mut given = match wizard.claims {
        Claims::Sip => reading.sources.clone(),
        Claims::Line(_) | Claims::None => wizard.logic.sources(),
    };
    given.retain(|&attr| join::is_given(attr) && !reading.absent.names(attr));
    given.sort_unstable();
    given.dedup();
    let whole = [Attr::PRIMARY_USER_ADDRESS, Attr::LINE];
    if given.iter().chain(&whole).any(|&attr| read.shown.has(attr)) {
        return Vec::new();
    }
    let is_meant = |attr: &Attr| {
        list.table().is_some_and(|table| table.nearest(reading.attributes.name(*attr)).is_some())
    };
    given.into_iter().filter(is_meant).collect()
}

/// Iterates over the attributes that no column shows, but one with a misspelled heading that is not read, unless they are
/// asserted by name to be empty.
fn in_other_columns(export: &Export, read: &Read, reading: &Reading) -> impl Iterator<Item = Attr> {
    let misspelled = export.table().into_iter().flat_map(Table::misspelled).map(|(attr, _)| attr);
    misspelled.filter(|&attr| !read.shown.has(attr) && !reading.absent.names(attr))
}

/// Whether an export shows users themselves. A list only shows what its rows give; the rest comes from the exports it
/// is joined to.
fn shows_users(export: &Export) -> bool {
    match export.role {
        input::Role::Input => export.key().is_none(),
        input::Role::Join => true,
        _ => false,
    }
}

/// Reports that an export lacks these attributes; for a table, at its heading.
fn attributes_not_shown(export: &Export, read: &Read, lacking: &[Attr], reading: &Reading) -> Message {
    let Reading { attributes, sources, list, .. } = reading;
    let may_be_empty = lacking.iter().filter(|&&attr| !read.shows(attr));
    let absent: Vec<String> =
        may_be_empty.map(|&attr| format!("--absent {}", attributes.name(attr))).collect();
    let names: Vec<&str> = lacking.iter().map(|&attr| attributes.name(attr)).collect();
    let what = text!("`{}` does not show {}", "`{}` ne montre pas {}", export.name, names.join(", "));
    let message = Message::error("attribute-not-shown", what).because(text!(
        "an attribute that was not exported looks like an empty one",
        "un attribut qui n’a pas été exporté a l’air vide"
    ));
    // Attributes that are only useful are named as well, so that the next export may have them.
    let sources = sources.iter().copied().filter(|_| list.is_none());
    let better = sources.chain([Attr::ADMIN_COUNT]).filter(|&attr| !read.shows(attr));
    let better = names.iter().copied().chain(better.map(|attr| attributes.name(attr))).collect::<Vec<_>>();
    let recipe = export.table().and_then(|table| table.powershell(&better));
    let recipe = recipe.unwrap_or_else(|| "ldifde -f users.ldif; ldapsearch … '*'".to_owned());
    let mut help = text!("export all attributes ({recipe})", "exportez tous les attributs ({recipe})");
    if !absent.is_empty() {
        help = text!(
            "{help}, or assert that they are empty everywhere: {absent}",
            "{help}, ou affirmez qu’ils sont vides partout\u{a0}: {absent}",
            absent = absent.join(" "); help
        );
    }
    let Some(table) = export.table() else { return message.help(help) };
    let (headings, line) = table.headings();
    let message = message.because(headings).at(&export.name, line, 1);
    if lacking.contains(&Attr::USER_ACCOUNT_CONTROL)
        && let Some(status) = table.of_disabled()
    {
        return message.help(text!(
            "`{status}` seems to say which accounts are disabled: give the numbers as userAccountControl, or TRUE and FALSE as Enabled",
            "`{status}` semble dire quels comptes sont désactivés\u{a0}: donnez les nombres comme userAccountControl, ou TRUE et FALSE comme Enabled"
        ));
    }
    let misspelled = table.misspelled().find(|(attr, _)| lacking.contains(attr));
    let nearest = || lacking.iter().find_map(|&attr| Some((attr, table.nearest(attributes.name(attr))?)));
    match misspelled.or_else(nearest).map(|(attr, near)| (attributes.name(attr), near)) {
        Some((name, near)) => message.help(text!(
            "did you mean `{near}` for {name}? name it in [input.columns]; or {help}",
            "vouliez-vous dire `{near}` pour {name}\u{a0}? nommez-le dans [input.columns]\u{202f}; ou {help}";
            help
        )),
        None => message.help(help),
    }
}

/// Warns of accounts that cannot be distinguished, because an export lacks what identifies them.
pub(crate) fn indistinct(settings: &Settings, exports: &Exports, reads: &[Read]) -> Option<Message> {
    let lacks = |attr: Attr| {
        let mut exports = exports.all.iter().zip(reads).filter(|(export, _)| shows_users(export));
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
