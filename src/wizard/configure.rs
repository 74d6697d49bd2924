//! *Configure Users*: sets options of enabled users bit by bit, and the line, which the original wizard cannot set in
//! bulk.

use clap::Args;

use super::registry::{Flags, Spec, WizardFlags};
use super::values::{self, Edits};
use super::{Claims, Given, Logic, Made, Participation, Remark, Verdict, account, options, ruled_out};
use crate::change::{Change, Matching};
use crate::config::UserOptions;
use crate::flags::{KnownPoolsArgs, PlannedArgs, PoolsArgs, Reads, Writes};
use crate::language::{Text, text};
use crate::message::Severity::{Error, Warning};
use crate::message::{Failure, Message};
use crate::object::{Attr, Object};
use crate::ocs::pool_version;
use crate::pool::Home;
use crate::report::{Deed, Mode, Reason};
use crate::settings::{Rule, Scope, Settings};
use crate::sip::line::LinePattern;
use crate::sip::telephone::NumberFault;
use crate::sip::{Candidate, Origin};

/// Additions to `--help`; see [`Spec::help`].
const HELP: &str = r#"
help
  Configurer les utilisateurs : fédération, archivage, voix et plus
  Tient lieu de l’assistant « Configurer les utilisateurs ». Met et ôte, bit par bit, ce que nomment les options, ou
  [options] et les règles de la configuration, chez les utilisateurs activés ; tout le reste est laissé tel quel. En
  plus de l’assistant, donne à chacun une ligne (msRTCSIP-Line) selon un modèle.
federation
  La fédération avec d’autres sociétés
remote_access
  La connexion de l’extérieur du réseau
public_im
  Messagerie publique (MSN, AOL, Yahoo!)
enhanced_presence
  La présence enrichie (sans retour)
anonymous_meetings
  Les réunions avec des anonymes
archiving
  none, internal, federated ou all
  Les conversations qui sont archivées.
enterprise_voice
  Enterprise Voice ; exige une ligne
line
  Son numéro : `tel:{telephoneNumber}`
  Un modèle ; `tel:+33{telephoneNumber:national}` met un indicatif devant les numéros qui n’en ont pas.
line_region
  Le pays des numéros, comme `FR`
  Ils sont lus selon son plan de numérotation, sauf s’ils indiquent un autre pays. Seule, cette option tient aussi
  lieu de `--line tel:{telephoneNumber}`.
remote_call_control
  Le contrôle d’appel à distance (PBX)
line_server
  Sa passerelle, une URI SIP
examples
  Federation and remote access for one OU:
  Fédération et accès à distance pour une OU :
    userprep configure users.ldif --base "OU=Sales,DC=contoso,DC=com" --federation true --remote-access true --out run4
  Enterprise Voice, each with a line made of telephoneNumber:
  Enterprise Voice, chacun avec une ligne faite de telephoneNumber :
    userprep configure users.ldif --filter "(telephoneNumber=*)" --enterprise-voice true --line "tel:+33{telephoneNumber:national}" --out run5
  What [options] and the rules of the configuration say:
  Ce que disent [options] et les règles de la configuration :
    userprep configure users.ldif --config userprep.toml --out run6
"#;

pub(crate) static SPEC: Spec = Spec {
    mode: Mode::changing(
        "configure",
        Text::new(
            "Configure Communications Server Users",
            "Configuration des utilisateurs de Communications Server",
        ),
        Deed::new(["would be configured"; 2], ["serait configuré", "seraient configurés"]),
        Deed::new(
            ["is ready to be configured", "are ready to be configured"],
            ["est prêt à être configuré", "sont prêts à être configurés"],
        ),
    ),
    flags: Flags::of::<ConfigureArgs>(),
    help: HELP,
    brief: &[
        "federation",
        "remote_access",
        "public_im",
        "enhanced_presence",
        "anonymous_meetings",
        "archiving",
        "enterprise_voice",
        "line",
        "line_region",
        "remote_call_control",
        "line_server",
    ],
    scope: Scope { rules: true, lines: true, needs, ..Scope::NOTHING },
    claims: Claims::Line(None),
};

/// Configure users: federation, remote access, archiving, voice
///
/// Replaces the wizard "Configure Users". Sets and clears, bit by bit, the options of enabled users that are given by
/// flags, or by [options] and the rules of the configuration; everything else stays. Unlike the wizard, it can give
/// each user a line (msRTCSIP-Line) by a pattern.
#[derive(Clone, Debug, Args)]
pub(crate) struct ConfigureArgs {
    #[command(flatten)]
    pub reads: Reads,
    #[command(flatten)]
    pub options: UserOptions,
    #[command(flatten)]
    pub known: KnownPoolsArgs,
    #[command(flatten)]
    pub writes: Writes,
}

impl WizardFlags for ConfigureArgs {
    fn planned(&self) -> PlannedArgs {
        let pools = PoolsArgs { known: self.known.clone(), ..PoolsArgs::default() };
        PlannedArgs { pools, options: self.options.clone(), ..PlannedArgs::of(&self.reads, &self.writes) }
    }

    fn logic<'s>(&self, settings: &'s Settings) -> Made<'s> {
        Ok(Box::new(Configure::new(settings)?))
    }
}

/// The attributes that the wizard reads or writes, which each input with users must therefore show.
fn needs(rules: &[Rule], is_joined: bool) -> Vec<Attr> {
    let some_rule = |sets: fn(&UserOptions) -> bool| rules.iter().any(|rule| sets(&rule.options));
    let sets_flag = |options: &UserOptions| {
        values::bits(options, options.enhanced_presence).iter().any(|(_, bit)| bit.is_some())
    };
    let mut needed = vec![Attr::USER_ENABLED];
    needed.extend(some_rule(sets_flag).then_some(Attr::OPTION_FLAGS));
    needed.extend(some_rule(|options| options.archiving.is_some()).then_some(Attr::ARCHIVING_ENABLED));
    let gives_line =
        is_joined || some_rule(|options| options.line.is_some() || options.line_region.is_some());
    needed.extend(gives_line.then_some(Attr::LINE));
    needed.extend(values::access_named(rules));
    needed
}

#[derive(Debug)]
pub(crate) struct Configure<'s> {
    settings: &'s Settings,
    claims: Claims,
}

impl<'s> Configure<'s> {
    /// Creates the wizard from the settings.
    ///
    /// # Errors
    /// `configure-nothing` if no flag, no option and no rule says what to set.
    fn new(settings: &'s Settings) -> Result<Self, Failure> {
        // `configure` does not write msRTCSIP-OriginatorSid.
        let is_silent = |options: &UserOptions| {
            let silent = UserOptions { originator_sid: options.originator_sid, ..UserOptions::default() };
            *options == silent
        };
        if settings.reading.list.is_none() && settings.rules.iter().all(|rule| is_silent(&rule.options)) {
            let what = text!(
                "no flag and no key says what to configure",
                "aucune option ni clé ne dit ce qu’il faut configurer"
            );
            let message = Message::error("configure-nothing", what);
            return Err(Failure::unfit(message.help(text!(
                "give a flag such as --federation true, set [options] in userprep.toml, or join a list with line",
                "donnez une option telle que --federation true, réglez [options] dans userprep.toml, ou joignez une liste avec line"
            ))));
        }
        Ok(Self { settings, claims: SPEC.claims.under(settings) })
    }

    fn options(&self, verdict: &Verdict<'_>) -> Option<&'s UserOptions> {
        verdict.rule.map(|rule| &self.settings.rules[rule].options)
    }

    /// Returns the user's claim on the line that the pattern gives.
    fn claim<'o>(
        &self,
        line: &LinePattern,
        object: &Object<'_>,
        verdict: &mut Verdict<'_>,
    ) -> Participation<'o> {
        match line.of(object) {
            Ok(address) => Participation::Claims(Candidate::plain(address, Origin::Other)),
            Err((attr, fault)) => {
                let reason = match fault {
                    NumberFault::Missing => Reason::ATTRIBUTE_MISSING,
                    _ => Reason::LINE_INVALID,
                };
                let name = self.settings.reading.attributes.name(attr);
                let what = fault.what().map(|fault| format!("`{name}` {fault}"));
                let remark = Remark::new(Error, reason.code(), Some(attr), what);
                let has_region =
                    self.options(verdict).and_then(|options| options.line_region.as_ref()).is_some();
                let needs_region = !has_region && reason == Reason::LINE_INVALID;
                verdict.remarks.push(remark.help(needs_region.then(|| {
                    text!(
                        "name the country of the numbers with --line-region, such as FR, or correct the number",
                        "nommez le pays des numéros par --line-region, tel que FR, ou corrigez le numéro"
                    )
                })));
                Participation::Out(reason)
            }
        }
    }
}

impl Logic for Configure<'_> {
    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        if let Some(reason) = ruled_out(verdict, self.settings).or_else(|| account::not_in_use(object)) {
            return Participation::Out(reason);
        }
        let line = verdict.rule.and_then(|rule| self.settings.rules[rule].lines.of(object));
        line.map_or(Participation::Stays, |line| self.claim(line, object, verdict))
    }

    fn sources(&self) -> Vec<Attr> {
        self.settings.rules.iter().flat_map(|rule| rule.lines.attributes()).collect()
    }

    fn remarks(&self, object: &Object<'_>, verdict: &Verdict<'_>, _: &str) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let Some(options) = self.options(verdict) else { return remarks };
        remarks.extend(options::presence_cleared(object, options));
        remarks.extend(super::remark::archiving_leftover(object));
        let line = object.text(Attr::LINE);
        let new = verdict.candidate().map(|candidate| candidate.address.as_str());
        if let (Some(former), Some(new)) = (line, new)
            && self.claims.normalized(former) != self.claims.normalized(new)
        {
            let what = text!(
                "line `{former}` is replaced by `{new}`",
                "la ligne `{former}` est remplacée par `{new}`"
            );
            remarks.push(Remark::new(Warning, "line-replaced", Attr::LINE, what));
        }
        remarks.extend(options::remarks(object, options, line.or(new)));
        if let Home::Known(pool) = verdict.home
            && let pool = &self.settings.placement.pools[pool.index()]
            && pool.version.is_some_and(|version| version < pool_version::R2)
        {
            let what = text!(
                "`{}` is a pool of OCS 2007, not of R2",
                "`{}` est un pool d’OCS 2007, non de R2",
                pool.label
            );
            let why = text!(
                "the R2 wizard silently does nothing for its users; these change files do",
                "l’assistant de R2 ne fait rien pour ses utilisateurs, sans le dire\u{202f}; ces fichiers de modification, si"
            );
            remarks
                .push(Remark::new(Warning, "pool-before-r2", Attr::PRIMARY_HOME_SERVER, what).because(why));
        }
        remarks
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, rule: usize, given: Given<'c>) -> Change<'c> {
        let options = &self.settings.rules[rule].options;
        let mut edits = Edits::new(object, self.settings);
        edits.flags(&values::bits(options, options.enhanced_presence));
        if options.archiving.is_some() {
            edits.archiving(options.archiving);
        }
        edits.access(options, |_| true);
        if let Some(line) = given.claim {
            edits.set(Attr::LINE, Matching::IgnoreCase, line.as_bytes());
        }
        edits.change()
    }
}
