//! Joins lists without DNs to other exports, before the first pass: their rows become records of the objects that they
//! name.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::Exports;
use crate::input::join::{FoundObject, Join, Key, Name, Names, RecordLine};
use crate::input::{Batch, Export, ExportRecord, Finding, RecordKind, Shown};
use crate::language::text;
use crate::message::{Failure, Message};
use crate::object::{Attributes, Object};
use crate::parallel::pass;
use crate::settings::List;
use crate::wizard::{Participation, Wizard};

/// Reads the lists and the `--join` exports once and joins them.
///
/// # Errors
/// Errors of reading; `join-no-list` if an input is not a list to join; `join-key-not-shown` if no `--join` export
/// shows the attribute that the rows name users by.
pub(crate) fn join(wizard: &Wizard<'_>, exports: &mut Exports) -> Result<(), Failure> {
    let settings = wizard.settings;
    let attributes = &settings.reading.attributes;
    let count = exports.joined();
    let (lists, others) = exports.all.split_at_mut(exports.inputs);
    let directory = &others[..count];
    if directory.is_empty() {
        return Ok(());
    }
    let no_lists = lists.iter().filter(|list| list.key().is_none());
    Failure::any_unfit(no_lists.map(no_list).collect())?;
    let keys: BTreeSet<Key> = lists.iter().filter_map(Export::key).collect();
    let names = |exports: &[Export]| exports.iter().map(|export| export.name.clone()).collect();
    let list_attributes = settings.reading.list.as_ref().map(List::row_attributes).unwrap_or_default();
    let mut join =
        Join::new(names(lists), names(directory), list_attributes, !settings.report.redaction.is_empty());
    pass(
        "joining",
        lists,
        None,
        |list, _, batch| rows(&lists[list], list, batch, attributes),
        |rows| {
            rows.into_iter().for_each(|(names, domain, row)| join.add_row(names, domain, row));
            Ok(())
        },
    )?;
    let (mut shown, mut shown_domains) = (Shown::new(attributes), HashSet::new());
    let (names, domains, objects) = join.looking();
    let search = DirectorySearch { wizard, directory, keys: &keys, names, domains };
    pass(
        "joining",
        directory,
        None,
        |export, _, batch| search.named(export, batch),
        |part| {
            shown.merge(&part.shown);
            shown_domains.extend(part.domains);
            part.found.into_iter().for_each(|(names, found)| objects.add(&names, found));
            Ok(())
        },
    )?;
    join.close(shown_domains);
    let is_hidden = |key: &Key| matches!(key, Key::Value(attr) if !shown.has(*attr));
    let unseen = lists.iter().filter_map(|list| Some((list, list.key().filter(is_hidden)?.name(attributes))));
    Failure::any_unfit(unseen.map(|(list, key)| key_not_shown(list, key)).collect())?;
    let join = Arc::new(join);
    lists.iter_mut().for_each(|list| list.join(&join, attributes));
    Ok(())
}

fn no_list(input: &Export) -> Message {
    let what = text!(
        "`{}` is not a CSV list that --join can use",
        "`{}` n’est pas une liste CSV à laquelle --join puisse servir",
        input.name
    );
    Message::error("join-no-list", what).help(text!(
        "run it by itself, and name the export with --reference where it only counts as taken",
        "traitez-le seul, et nommez l’export par --reference s’il ne compte que comme occupé"
    ))
}

fn key_not_shown(list: &Export, key: &str) -> Message {
    let what = text!(
        "no --join export shows {key}, by which `{}` names users",
        "aucun export --join ne montre {key}, par lequel `{}` désigne les utilisateurs",
        list.name
    );
    Message::error("join-key-not-shown", what).help(text!(
        "export {key}, or name another attribute with --join-key",
        "exportez {key}, ou nommez un autre attribut par --join-key"
    ))
}

/// Returns the names of each row in a batch of a list, and the domain that the row names.
fn rows(
    list: &Export,
    index: usize,
    batch: &Batch,
    attributes: &Attributes,
) -> Vec<(Vec<Name>, Option<String>, RecordLine)> {
    let mut found = Vec::new();
    let Some(key) = list.key() else { return found };
    let mut positions = batch.positions();
    list.records(batch, attributes, &mut Shown::new(attributes), &mut |record| {
        if let ExportRecord::Record(RecordKind::Entry, row, _) = record {
            let place = RecordLine::new(index, positions.of(row.at).line);
            let names = key.names(&row).into_iter().take(1).chain(key.names_in_domains(&row));
            found.push((names.collect(), key.domain(&row), place));
        }
    });
    found
}

/// Searches the `--join` exports for the objects that the rows name.
struct DirectorySearch<'s> {
    wizard: &'s Wizard<'s>,
    directory: &'s [Export],
    keys: &'s BTreeSet<Key>,
    names: &'s Names,
    /// The domains that rows name.
    domains: &'s HashSet<String>,
}

/// What a batch shows of the objects that rows name.
struct NamedPart {
    /// The objects, each with the numbers of its names.
    found: Vec<(Vec<u32>, FoundObject)>,
    /// The attributes that occur.
    shown: Shown,
    /// The domains that rows name and objects are in.
    domains: HashSet<String>,
}

impl DirectorySearch<'_> {
    /// Searches a batch.
    fn named(&self, index: usize, batch: &Batch) -> NamedPart {
        let (export, attributes) = (&self.directory[index], &self.wizard.settings.reading.attributes);
        let mut shown = Shown::new(attributes);
        let mut positions = batch.positions();
        let (mut all, mut domains) = (Vec::new(), HashSet::new());
        export.records(batch, attributes, &mut shown, &mut |record| {
            let (object, findings) = match &record {
                ExportRecord::Record(RecordKind::Change, ..) | ExportRecord::Aside(_) => return,
                ExportRecord::Record(_, object, findings) => (object, findings),
            };
            if !self.domains.is_empty() {
                domains
                    .extend(object.own_domains().into_iter().filter(|domain| self.domains.contains(domain)));
            }
            let names = self.keys.iter().flat_map(|key| key.names(object));
            let mut named: Vec<u32> = names.filter_map(|name| self.names.number(&name)).collect();
            if named.is_empty() {
                return;
            }
            let names = self.keys.iter().flat_map(|key| key.names_in_domains(object));
            named.extend(names.filter_map(|name| self.names.number(&name)));
            let Some(is_user) = is_user(self.wizard, object) else { return };
            let place = RecordLine::new(index, positions.of(object.at).line);
            let mut fault = |found: &Finding| {
                let at = positions.of(found.place.at);
                (found.clone(), format!("{}:{}:{}", export.name, at.line, at.column))
            };
            let faults = findings.iter().map(&mut fault).collect();
            all.push((named, FoundObject::new(object, place, is_user, faults)));
        });
        NamedPart { found: all, shown, domains }
    }
}

/// Whether the object is a user; `None` if it is deleted, so that no row can name it.
fn is_user(wizard: &Wizard<'_>, object: &Object<'_>) -> Option<bool> {
    match wizard.judge(object).position {
        Participation::Deleted => None,
        Participation::Other => Some(false),
        _ => Some(true),
    }
}
