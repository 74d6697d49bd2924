//! The meaning of a `userprep.toml` in words: who takes part, how addresses are made, which pools exist, the rules in
//! order, and what is written for a new user under each.

use crate::change::Style;
use crate::cli::{KnownPoolsArgs, PlannedArgs};
use crate::config::{Config, ConfigFile, Existing, OriginatorSid, ProtectedAccounts};
use crate::language::{Language, Text, count, text, users};
use crate::message::{Failure, Message, visible};
use crate::object::Object;
use crate::output::Target;
use crate::output::ldif::profile;
use crate::pool::{OnFull, Pool, PoolId};
use crate::select::{DisabledAccounts, ResourceMailboxes};
use crate::settings::{Rule, Scope, Settings, Writing, silent_rules};
use crate::sip::claims::OnDuplicate;
use crate::sip::{ForeignDomain, LetterCase};
use crate::wizard::Given;
use crate::wizard::enable::Enable;

/// Explains a configuration; with `--pools`, its pools are looked up there.
pub(super) fn explained(source: ConfigFile, known: &KnownPoolsArgs) -> Result<(Text, Vec<Message>), Failure> {
    let mut typed = PlannedArgs::default();
    typed.pools.known = known.clone();
    // A configuration without a pool expects --pool: that is no mistake.
    let places = !source.config.pool.is_empty() || known.pools.is_some();
    let silent = if places { Vec::new() } else { silent_rules(&source) };
    let scope = Scope { rules: true, places, lines: true, ..Scope::NOTHING };
    let settings = match Settings::of(&typed, scope, source) {
        Ok(settings) if silent.is_empty() => settings,
        Ok(_) => return Err(Failure::Unfit(silent)),
        Err(Failure::Unfit(faults)) => {
            return Err(Failure::Unfit(faults.into_iter().chain(silent).collect()));
        }
        Err(other) => return Err(other),
    };
    // The file was read before; it is parsed again.
    let config: Config = toml::from_str(settings.report.config_text.english()).unwrap_or_default();
    let mut words = ConfigMeaning { settings: &settings, config: &config, lines: Vec::new() };
    words.users();
    words.addresses();
    words.pools(places);
    words.rules();
    words.files();
    words.safety();
    Ok((Text::join(&words.lines, ""), settings.warnings))
}

struct ConfigMeaning<'w> {
    settings: &'w Settings,
    config: &'w Config,
    lines: Vec<Text>,
}

impl ConfigMeaning<'_> {
    /// Adds lines under one heading, which is on the first line.
    fn section(&mut self, heading: &Text, lines: &[Text]) {
        for (at, what) in lines.iter().enumerate() {
            let line = |language| {
                let heading = if at == 0 { heading.in_language(language) } else { "" };
                format!("  {heading:<10} {}\n", visible(what.in_language(language)))
            };
            self.lines.push(Text::of(line(Language::En), line(Language::Fr)));
        }
    }

    fn users(&mut self) {
        let select = &self.config.select;
        let mut lines: Vec<Text> =
            select.base.iter().map(|base| text!("below {}", "sous {}", base.get_ref())).collect();
        lines.extend(
            select.filter.iter().map(|filter| text!("that match {}", "que retient {}", filter.get_ref())),
        );
        if lines.is_empty() {
            lines.push(text!("all of the exports", "tous ceux des exports"));
        }
        if select.resource_mailboxes == ResourceMailboxes::Include {
            lines.push(text!(
                "shared, room and equipment mailboxes, too",
                "aussi les boîtes partagées, de salle et d’équipement"
            ));
        }
        lines.push(match select.disabled_accounts {
            DisabledAccounts::Skip => text!(
                "disabled accounts are left alone, unless they are linked",
                "les comptes désactivés sont laissés tels quels, sauf s’ils sont liés"
            ),
            DisabledAccounts::Include => text!("disabled accounts, too", "aussi les comptes désactivés"),
        });
        if select.contacts {
            lines.push(text!("contacts, too", "aussi les contacts"));
        }
        self.section(&text!("users", "qui"), &lines);
    }

    fn addresses(&mut self) {
        let rules = self.settings.addresses.composer.rules();
        let formats: Vec<String> = rules.formats().map(ToString::to_string).collect();
        let case = match rules.case {
            LetterCase::Lower => text!(", in lower case", ", en minuscules"),
            LetterCase::Keep => Text::default(),
        };
        let from = text!(
            "from {english}{case}",
            "d’après {french}{case}",
            english = formats.join(", else "),
            french = formats.join(", sinon ");
            case
        );
        let domains = match rules.domains.split_first() {
            None => text!("in any domain", "dans tout domaine"),
            Some((first, others)) => {
                let others: String = others.iter().map(|other| format!(", {other}")).collect();
                let foreign = match rules.foreign_domain {
                    ForeignDomain::Reject => text!("any other is rejected", "tout autre est rejeté"),
                    ForeignDomain::First => {
                        text!("any other is replaced by the first", "tout autre cède la place au premier")
                    }
                };
                text!("in {first}{others}; {foreign}", "dans {first}{others}\u{202f}; {foreign}"; foreign)
            }
        };
        let existing = match self.settings.addresses.existing {
            Existing::Keep => text!("users with an address keep it", "qui a une adresse la garde"),
            Existing::Replace => {
                text!("users with an address get a new one", "qui a une adresse en reçoit une nouvelle")
            }
            Existing::Reject => text!("users with an address are rejected", "qui a une adresse est rejeté"),
        };
        let duplicates = match self.settings.addresses.on_duplicate {
            OnDuplicate::Reject => text!(
                "of several users who would get one address, none gets it",
                "de plusieurs utilisateurs qui recevraient une même adresse, aucun ne la reçoit"
            ),
            OnDuplicate::First => text!(
                "of several users who would get one address, the first gets it",
                "de plusieurs utilisateurs qui recevraient une même adresse, le premier la reçoit"
            ),
            OnDuplicate::Number => text!(
                "of several users who would get one address, all but the first get a number",
                "de plusieurs utilisateurs qui recevraient une même adresse, tous sauf le premier reçoivent un numéro"
            ),
            OnDuplicate::Abort => text!(
                "several users who would get one address stop the run",
                "plusieurs utilisateurs qui recevraient une même adresse arrêtent l’exécution"
            ),
        };
        self.section(&text!("addresses", "adresses"), &[from, domains, existing, duplicates]);
    }

    /// Explains the pools, and what happens when one is full.
    fn pools(&mut self, are_named: bool) {
        let mut lines = Vec::new();
        if !are_named {
            lines.push(text!(
                "none: name one with --pool, or describe it in [[pool]]",
                "aucun\u{a0}: nommez-en un par --pool, ou décrivez-le dans [[pool]]"
            ));
        }
        for (at, pool) in self.settings.placement.pools.iter().enumerate() {
            let is_given = |rule: &Rule| rule.pools.iter().any(|pool| pool.index() == at);
            let what = described(pool);
            lines.push(if self.settings.rules.iter().any(is_given) {
                what
            } else {
                text!("{what}; no rule gives it", "{what}\u{202f}; aucune règle ne le donne"; what)
            });
            lines.push(Text::same(format!("  {}", pool.dn)));
        }
        if self.settings.placement.pools.iter().any(|pool| pool.capacity > 0) {
            lines.push(match self.settings.placement.on_full {
                OnFull::Overflow => text!(
                    "if a pool is full, the user's next-ranked pool is used",
                    "si un pool est plein, le suivant dans l’ordre de l’utilisateur sert"
                ),
                OnFull::Reject => {
                    text!("users whose pool is full are rejected", "qui trouve un pool plein est rejeté")
                }
                OnFull::Abort => text!("a full pool stops the run", "un pool plein arrête l’exécution"),
            });
        }
        if let Some(attr) = self.settings.placement.keep_together {
            let name = self.settings.reading.attributes.name(attr);
            lines.push(text!(
                "users of one {name} share a pool",
                "les utilisateurs d’un même {name} partagent un pool"
            ));
        }
        self.section(&text!("pools", "pools"), &lines);
    }

    fn rules(&mut self) {
        let mut before: Vec<(usize, Vec<Text>)> = Vec::new();
        for (at, rule) in self.settings.rules.iter().enumerate() {
            let conditions = rule.conditions();
            let who = match conditions.as_slice() {
                [] => text!("everybody", "tous"),
                [one] => one.clone(),
                [first, second, ..] => text!("{first} and {second}", "{first} et {second}"; first, second),
            };
            let (heading, first) = match rule.label.as_str() {
                "" => (text!("rules", "règles"), text!("none: {who}", "aucune\u{a0}: {who}"; who)),
                label => (
                    text!("rule {number}", "règle {number}", number = at + 1),
                    text!("{label}: {who}", "{label}\u{a0}: {who}"; who),
                ),
            };
            if rule.skip {
                self.section(&heading, &[first, text!("  left alone", "  laissés tels quels")]);
                continue;
            }
            let mut lines = vec![first];
            let labels: Vec<&str> = rule
                .pools
                .iter()
                .map(|pool| self.settings.placement.pools[pool.index()].label.as_str())
                .collect();
            match labels.as_slice() {
                [] => {}
                [one] => lines.push(text!("  pool {one}", "  pool {one}")),
                several => {
                    let several = several.join(", ");
                    lines.push(text!("  one of the pools {several}", "  l’un des pools {several}"));
                }
            }
            let written = self.written(at, rule.pools.first().copied());
            let same = before.iter().find(|(_, other)| *other == written);
            if let Some((other, _)) = same {
                lines.push(text!(
                    "  writes what rule {number} writes",
                    "  écrit ce qu’écrit la règle {number}",
                    number = other + 1
                ));
            } else {
                lines.push(text!("  writes for a new user:", "  écrit pour un nouvel utilisateur\u{a0}:"));
                lines.extend(written.iter().map(|line| line.map(|line| format!("    {line}"))));
                before.push((at, written));
            }
            self.section(&heading, &lines);
        }
    }

    /// Lists what the wizard itself writes for a user without any of these attributes.
    fn written(&self, rule: usize, pool: Option<PoolId>) -> Vec<Text> {
        let wizard = Enable::plain(self.settings);
        let nobody = Object::default();
        let change =
            wizard.logic.change(&nobody, rule, Given { claim: Some("sip:ADDRESS"), pool, shared: false });
        let mut ldif = Vec::new();
        change.apply(&mut ldif, &profile(Target::Ldap, 0), "");
        let ldif = String::from_utf8_lossy(&ldif);
        let copies =
            self.settings.rules[rule].options.originator_sid.unwrap_or_default() == OriginatorSid::Copy;
        let linked = text!(
            "msRTCSIP-OriginatorSid: msExchMasterAccountSid, of a linked account",
            "msRTCSIP-OriginatorSid: msExchMasterAccountSid, d’un compte lié"
        );
        let values = ldif.lines().filter_map(|line| line.split_once(": "));
        values
            .filter(|(name, _)| !matches!(*name, "dn" | "changetype" | "add" | "replace" | "delete"))
            .map(|(name, value)| match name {
                "msRTCSIP-PrimaryHomeServer" => text!("{name}: the DN of the pool", "{name}: le DN du pool"),
                "msRTCSIP-OptionFlags" => text!(
                    "{name}: {value}, every other bit is kept",
                    "{name}: {value}, tout autre bit est gardé"
                ),
                "msRTCSIP-ArchivingEnabled" if value == "0" => {
                    text!("{name}: 0, if absent", "{name}: 0, si absent")
                }
                "proxyAddresses" => {
                    text!("{name}: sip:ADDRESS, one value more", "{name}: sip:ADRESSE, une valeur de plus")
                }
                "msRTCSIP-PrimaryUserAddress" => text!("{name}: sip:ADDRESS", "{name}: sip:ADRESSE"),
                _ => Text::same(format!("{name}: {value}")),
            })
            .chain(copies.then_some(linked))
            .collect()
    }

    fn files(&mut self) {
        let Writing { target, split, style, .. } = &self.settings.writing;
        let target = match target {
            Target::Ldifde => text!("ldifde", "ldifde"),
            Target::Ldap => {
                text!("ldapmodify, ldbmodify and slapmodify", "ldapmodify, ldbmodify et slapmodify")
            }
        };
        let split = match split {
            0 => text!("one file per domain", "un fichier par domaine"),
            split => {
                let records = count(*split, ["record", "records"], ["enregistrement", "enregistrements"]);
                text!("{records} per file", "{records} par fichier"; records)
            }
        };
        let files = text!("for {target}, {split}", "pour {target}, {split}"; target, split);
        let style = match style {
            Style::Guarded => text!(
                "guarded: a change fails if the directory has changed since",
                "guarded\u{a0}: une modification échoue là où l’annuaire a changé entre-temps"
            ),
            Style::Replace => text!(
                "replace: a change overwrites later values",
                "replace\u{a0}: une modification écrase ce que l’annuaire a entre-temps"
            ),
        };
        self.section(&text!("files", "fichiers"), &[files, style]);
    }

    fn safety(&mut self) {
        let safety = &self.config.safety;
        let mut lines = vec![match safety.protected_accounts {
            ProtectedAccounts::Last => text!(
                "accounts whose adminCount is not 0 come last, in files of their own",
                "les comptes dont adminCount n’est pas 0 viennent en dernier, dans leurs propres fichiers"
            ),
            ProtectedAccounts::Skip => text!(
                "accounts whose adminCount is not 0 are left alone",
                "les comptes dont adminCount n’est pas 0 sont laissés tels quels"
            ),
            ProtectedAccounts::Include => text!(
                "accounts whose adminCount is not 0 are among the others",
                "les comptes dont adminCount n’est pas 0 sont parmi les autres"
            ),
        }];
        lines.extend(
            safety.protect.iter().map(|base| {
                text!("left alone: below {}", "laissés tels quels\u{a0}: sous {}", base.get_ref())
            }),
        );
        lines.extend(safety.max_changes.map(|most| {
            text!(
                "more than {most} changes stop the run",
                "plus de {most} modifications arrêtent l’exécution"
            )
        }));
        lines.extend(safety.max_rejects.as_ref().map(|most| {
            text!(
                "more than {} rejected users stop the run",
                "plus de {} utilisateurs rejetés arrêtent l’exécution",
                most.get_ref().0
            )
        }));
        self.section(&text!("safety", "sécurité"), &lines);
    }
}

/// Describes a pool by its label, its host, and what the configuration says about it.
fn described(pool: &Pool) -> Text {
    let Pool { label, fqdn, capacity, homed, weight, .. } = pool;
    let host = (!fqdn.is_empty()).then(|| Text::same(fqdn.clone()));
    let weight = (*weight > 1).then(|| text!("weight {weight}", "poids {weight}"));
    let room = (*capacity > 0).then(|| text!("room for {capacity}", "place pour {capacity}"));
    let homed = (*homed > 0).then(
        || text!("{homed} that no export shows", "{homed} qu’aucun export ne montre"; homed = users(*homed)),
    );
    let more = [host, weight, room, homed].into_iter().flatten();
    Text::join(&std::iter::once(Text::same(label.clone())).chain(more).collect::<Vec<_>>(), ", ")
}
