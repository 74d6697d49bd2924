//! What a `userprep.toml` means, in words: who takes part, how addresses are made, which pools there are, the rules in
//! order, and what is written for a new user of each.

use std::fmt::Write;

use crate::change::Style;
use crate::cli::{KnownPoolsArgs, PlannedArgs};
use crate::config::{Config, ConfigFile, Existing, OriginatorSid, ProtectedAccounts};
use crate::message::{Failure, Message, visible};
use crate::object::Object;
use crate::output::Target;
use crate::output::ldif::profile;
use crate::pool::{OnFull, Pool, PoolId};
use crate::select::{DisabledAccounts, ResourceMailboxes};
use crate::settings::{Rule, Scope, Settings, Writing};
use crate::sip::claims::OnDuplicate;
use crate::sip::{Case, ForeignDomain};
use crate::wizard::enable::Enable;
use crate::wizard::{Given, Wizard};

/// What a configuration means; with `--pools`, its pools are looked up there.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn explained(
    source: ConfigFile,
    known: &KnownPoolsArgs,
) -> Result<(String, Vec<Message>), Vec<Message>> {
    let mut typed = PlannedArgs::default();
    typed.pools.known = known.clone();
    // A configuration without a pool is one that wants --pool: no fault of its own.
    let places = !source.config.pool.is_empty() || known.pools.is_some();
    let settings =
        Settings::of(&typed, Scope { rules: true, places }, source).map_err(|failure| match failure {
            Failure::Broken(messages) | Failure::Unfit(messages) => messages,
            Failure::Interrupted => Vec::new(),
        })?;
    // What was read before is read again.
    let config: Config = toml::from_str(&settings.config_text).unwrap_or_default();
    let mut words = Words { settings: &settings, config: &config, text: String::new() };
    words.users();
    words.addresses();
    words.pools(places);
    words.rules();
    words.files();
    words.safety();
    Ok((words.text, settings.warnings))
}

struct Words<'w> {
    settings: &'w Settings,
    config: &'w Config,
    text: String,
}

impl Words<'_> {
    /// A line below its heading; the heading is on the first.
    fn line(&mut self, heading: &str, what: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "  {heading:<10} {}", visible(what));
    }

    fn users(&mut self) {
        let select = &self.config.select;
        let mut heading = "users";
        for base in &select.base {
            self.line(heading, &format!("below {}", base.get_ref()));
            heading = "";
        }
        if let Some(filter) = &select.filter {
            self.line(heading, &format!("that match {}", filter.get_ref()));
            heading = "";
        }
        if !heading.is_empty() {
            self.line(heading, "all of the exports");
        }
        if select.resource_mailboxes == ResourceMailboxes::Include {
            self.line("", "shared, room and equipment mailboxes, too");
        }
        self.line(
            "",
            match select.disabled_accounts {
                DisabledAccounts::Skip => "disabled accounts are left alone, unless they are linked",
                DisabledAccounts::Include => "disabled accounts, too",
            },
        );
        if select.contacts {
            self.line("", "contacts, too");
        }
    }

    fn addresses(&mut self) {
        let rules = self.settings.addresses.composer.rules();
        let formats: Vec<String> = rules.formats().map(ToString::to_string).collect();
        let case = if rules.case == Case::Lower { ", in lower case" } else { "" };
        self.line("addresses", &format!("from {}{case}", formats.join(", else ")));
        match rules.domains.split_first() {
            None => self.line("", "in any domain"),
            Some((first, others)) => {
                let others: String = others.iter().map(|other| format!(", {other}")).collect();
                let foreign = match rules.foreign_domain {
                    ForeignDomain::Reject => "any other is rejected",
                    ForeignDomain::First => "any other gives way to the first",
                };
                self.line("", &format!("in {first}{others}; {foreign}"));
            }
        }
        self.line(
            "",
            match self.settings.addresses.existing {
                Existing::Keep => "who has an address keeps it",
                Existing::Replace => "who has an address gets a new one",
                Existing::Reject => "who has an address is rejected",
            },
        );
        self.line(
            "",
            match self.settings.addresses.on_duplicate {
                OnDuplicate::Reject => "of several users who would get one address, none gets it",
                OnDuplicate::First => "of several users who would get one address, the first gets it",
                OnDuplicate::Number => {
                    "of several users who would get one address, all but the first get a number"
                }
                OnDuplicate::Abort => "several users who would get one address stop the run",
            },
        );
    }

    fn pools(&mut self, are_named: bool) {
        if !are_named {
            self.line("pools", "none: name one by --pool, or describe it in [[pool]]");
        }
        let mut heading = "pools";
        for (at, pool) in self.settings.placement.pools.iter().enumerate() {
            let Pool { label, fqdn, dn, capacity, homed, weight, .. } = pool;
            let mut what = label.clone();
            if !fqdn.is_empty() {
                what += &format!(", {fqdn}");
            }
            if *weight > 1 {
                what += &format!(", weight {weight}");
            }
            if *capacity > 0 {
                what += &format!(", room for {capacity}");
            }
            if *homed > 0 {
                what += &format!(", {homed} users that no export shows");
            }
            let is_given = |rule: &Rule| rule.pools.iter().any(|pool| pool.index() == at);
            if !self.settings.rules.iter().any(is_given) {
                what += "; no rule gives it";
            }
            self.line(heading, &what);
            self.line("", &format!("  {dn}"));
            heading = "";
        }
        let is_limited = self.settings.placement.pools.iter().any(|pool| pool.capacity > 0);
        if is_limited {
            self.line(
                "",
                match self.settings.placement.on_full {
                    OnFull::Overflow => "if a pool is full, the user's next-ranked pool is used",
                    OnFull::Reject => "who finds a pool full is rejected",
                    OnFull::Abort => "a full pool stops the run",
                },
            );
        }
        if let Some(attr) = self.settings.placement.keep_together {
            self.line("", &format!("users of one {} share a pool", self.settings.attributes.name(attr)));
        }
    }

    fn rules(&mut self) {
        let mut before: Vec<(usize, Vec<String>)> = Vec::new();
        for (at, rule) in self.settings.rules.iter().enumerate() {
            let conditions = rule.conditions();
            let who = match conditions.as_slice() {
                [] => "everybody".to_owned(),
                conditions => conditions.join(" and "),
            };
            let number = format!("rule {}", at + 1);
            match rule.label.as_str() {
                "" => self.line("rules", &format!("none: {who}")),
                label => self.line(&number, &format!("{label}: {who}")),
            }
            if rule.skip {
                self.line("", "  left alone");
                continue;
            }
            let labels: Vec<&str> = rule
                .pools
                .iter()
                .map(|pool| self.settings.placement.pools[pool.index()].label.as_str())
                .collect();
            match labels.as_slice() {
                [] => {}
                [one] => self.line("", &format!("  pool {one}")),
                several => self.line("", &format!("  one of the pools {}", several.join(", "))),
            }
            let written = self.written(at, rule.pools.first().copied());
            let same = before.iter().find(|(_, other)| *other == written);
            if let Some((other, _)) = same {
                self.line("", &format!("  writes what rule {} writes", other + 1));
            } else {
                self.line("", "  writes for a new user:");
                written.iter().for_each(|line| self.line("", &format!("    {line}")));
                before.push((at, written));
            }
        }
    }

    /// What the wizard itself writes for a user without any of these attributes.
    fn written(&self, rule: usize, pool: Option<PoolId>) -> Vec<String> {
        let wizard = Enable::plain(self.settings);
        let nobody = Object::default();
        let change = wizard.change(&nobody, rule, Given { claim: Some("ADDRESS"), pool, shared: false });
        let mut ldif = Vec::new();
        change.apply(&mut ldif, &profile(Target::Ldap, 0), "");
        let ldif = String::from_utf8_lossy(&ldif);
        let copies =
            self.settings.rules[rule].options.originator_sid.unwrap_or_default() == OriginatorSid::Copy;
        let linked = "msRTCSIP-OriginatorSid: msExchMasterAccountSid, of a linked account";
        let values = ldif.lines().filter_map(|line| line.split_once(": "));
        values
            .filter(|(name, _)| !matches!(*name, "dn" | "changetype" | "add" | "replace" | "delete"))
            .map(|(name, value)| match name {
                "msRTCSIP-PrimaryHomeServer" => format!("{name}: the DN of the pool"),
                "msRTCSIP-OptionFlags" => format!("{name}: {value}, every other bit is kept"),
                "msRTCSIP-ArchivingEnabled" if value == "0" => format!("{name}: 0, if absent"),
                "proxyAddresses" => format!("{name}: {value}, one value more"),
                _ => format!("{name}: {value}"),
            })
            .chain(copies.then(|| linked.to_owned()))
            .collect()
    }

    fn files(&mut self) {
        let Writing { target, split, style, .. } = &self.settings.writing;
        let target = match target {
            Target::Ldifde => "ldifde",
            Target::Ldap => "ldapmodify, ldbmodify and slapmodify",
        };
        let split = match split {
            0 => "one file a domain".to_owned(),
            split => format!("{split} records a file"),
        };
        self.line("files", &format!("for {target}, {split}"));
        self.line(
            "",
            match style {
                Style::Guarded => "guarded: a change fails where the directory has moved on",
                Style::Replace => "replace: a change overwrites what the directory has by then",
            },
        );
    }

    fn safety(&mut self) {
        let safety = &self.config.safety;
        self.line(
            "safety",
            match safety.protected_accounts {
                ProtectedAccounts::Last => "accounts with adminCount=1 come last, in files of their own",
                ProtectedAccounts::Skip => "accounts with adminCount=1 are left alone",
                ProtectedAccounts::Include => "accounts with adminCount=1 are among the others",
            },
        );
        for base in &safety.protect {
            self.line("", &format!("left alone: below {}", base.get_ref()));
        }
        if let Some(most) = safety.max_changes {
            self.line("", &format!("more than {most} changes stop the run"));
        }
        if let Some(most) = &safety.max_rejects {
            self.line("", &format!("more than {} rejected users stop the run", most.get_ref().0));
        }
    }
}
