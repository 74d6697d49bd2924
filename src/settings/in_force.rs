//! The configuration in force, for the run directory: the file, with the keys that flags replace.

use std::mem;

use serde::Serialize;
use toml_edit::ser::ValueSerializer;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, table, value};

use super::rules::RuleTargets;
use crate::config::ConfigFile;
use crate::flags::{OutputArgs, PlannedArgs, ReadingArgs, SafetyArgs, SelectArgs};
use crate::language::{Language, Text};
use crate::pool::Pool;

static FLAGS: Text = Text::new(
    "# No configuration file: what the flags of the run say.\n",
    "# Aucun fichier de configuration : ce que disent les options de l’exécution.\n",
);
static FILE_AND_FLAGS: Text = Text::new(
    "# The configuration file, with what the flags of the run say in its place.\n",
    "# Le fichier de configuration, avec ce que disent les options de l’exécution à sa place.\n",
);

/// Returns the text of the file if no flag takes precedence over it, else an equivalent text that needs no flags.
pub(super) fn configuration(
    source: &ConfigFile,
    args: &PlannedArgs,
    pools: &[Pool],
    targets: &RuleTargets<'_>,
) -> Text {
    let mut file = InForce { document: source.text.parse().unwrap_or_default(), is_source: true };
    let ReadingArgs { absent, dialect } = &args.input.reading;
    let absent = [&source.config.input.absent[..], absent].concat();
    file.set("input", "absent", list(&absent).filter(|_| absent != source.config.input.absent));
    file.set("input", "encoding", dialect.encoding.as_ref());
    file.set("input", "delimiter", dialect.delimiter.as_ref());
    file.set("input", "format", dialect.input_format);
    file.set("input", "join_key", args.input.join_key.as_ref());
    let SelectArgs { base, filter, users, limit } = &args.select;
    file.set("select", "base", list(base));
    file.set("select", "filter", filter.as_ref());
    file.set("select", "users", users.as_ref().map(|path| path.to_string_lossy()));
    file.set("select", "limit", *limit);
    file.set("sip", "domains", list(&args.sip.sip_domain));
    file.set("sip", "format", args.sip.sip_from.as_ref());
    let OutputArgs { target, split, wrap, style, .. } = args.output;
    file.set("output", "target", target);
    file.set("output", "split", split);
    file.set("output", "wrap", wrap);
    file.set("output", "style", style);
    file.set("output", "language", args.run.language);
    let SafetyArgs { max_changes, max_rejects } = &args.safety;
    file.set("safety", "max_changes", *max_changes);
    file.set("safety", "max_rejects", max_rejects.as_ref());
    file.set("safety", "replace_many", args.replace_many.then_some(true));
    for (key, option) in toml::Table::try_from(&args.options).unwrap_or_default() {
        file.change_rules(|rule| {
            let options = rule.get_mut("options").and_then(Item::as_table_like_mut);
            options.map(|options| options.remove(&key));
        });
        file.set("options", &key, Some(option));
    }
    if targets.are_typed || source.config.pool.is_empty() && !pools.is_empty() {
        file.set_pools(source, pools, targets);
    }
    let heading = match source.text.as_str() {
        text if file.is_source && !text.is_empty() => return Text::same(text.to_owned()),
        "" => &FLAGS,
        _ => &FILE_AND_FLAGS,
    };
    let written = file.document.to_string();
    // A configuration written by a run already has such a heading.
    let known =
        [&FLAGS, &FILE_AND_FLAGS].into_iter().flat_map(|one| Language::ALL.map(|of| one.in_language(of)));
    let rest = known.into_iter().find_map(|heading| written.strip_prefix(heading)).unwrap_or(&written);
    heading.clone().map(|heading| format!("{heading}{rest}"))
}

/// Returns the texts, if there are any.
fn list(texts: &[String]) -> Option<&[String]> {
    Some(texts).filter(|texts| !texts.is_empty())
}

/// The configuration in force while it is made.
struct InForce {
    document: DocumentMut,
    /// Whether no flag has changed it yet.
    is_source: bool,
}

impl InForce {
    /// Writes the value of a flag, if it was typed.
    fn set<T: Serialize>(&mut self, section: &str, key: &str, typed: Option<T>) {
        let Some(Ok(typed)) = typed.map(|typed| typed.serialize(ValueSerializer::new())) else { return };
        let section = self.document.entry(section).or_insert_with(table).as_table_like_mut();
        section.map(|section| section.insert(key, value(typed)));
        self.is_source = false;
    }

    /// Returns the tables of an array in either notation.
    fn tables(&mut self, name: &str) -> Option<&mut ArrayOfTables> {
        let item = self.document.entry(name).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
        let tables = mem::take(item).into_array_of_tables().unwrap_or_default();
        *item = Item::ArrayOfTables(tables);
        item.as_array_of_tables_mut()
    }

    /// Appends a table to an array.
    fn push(&mut self, name: &str, table: Table) {
        if let Some(tables) = self.tables(name) {
            tables.push(table);
        }
    }

    /// Changes each rule of the file.
    fn change_rules(&mut self, change: impl Fn(&mut dyn TableLike)) {
        if self.document.contains_key("rule") {
            let rules = self.tables("rule").into_iter();
            rules.flat_map(ArrayOfTables::iter_mut).for_each(|rule| change(rule));
        }
    }

    /// Describes the target pools, and names them in each rule.
    fn set_pools(&mut self, source: &ConfigFile, pools: &[Pool], targets: &RuleTargets<'_>) {
        let described = &source.config.pool;
        let mut labels = Array::new();
        for target in targets.all {
            let pool = &pools[target.index()];
            if let Some(known) = described.get(target.index()) {
                labels.push(known.label.get_ref());
                continue;
            }
            let is_taken = described.iter().any(|known| *known.label.get_ref() == pool.label);
            let label = if is_taken { &pool.dn } else { &pool.label };
            let fqdn = Some(("fqdn", &pool.fqdn)).filter(|(_, fqdn)| !fqdn.is_empty());
            let keys = [("label", label)].into_iter().chain(fqdn).chain([("dn", &pool.dn)]);
            self.push("pool", keys.map(|(key, text)| (key, value(text))).collect());
            labels.push(label);
        }
        if !source.config.rule.is_empty() {
            self.change_rules(|rule| {
                if rule.get("skip").and_then(Item::as_bool) != Some(true) {
                    rule.insert("pools", value(labels.clone()));
                }
            });
        } else if labels.len() < pools.len() {
            self.push("rule", [("label", value("")), ("pools", value(labels))].into_iter().collect());
        }
        self.is_source = false;
    }
}
