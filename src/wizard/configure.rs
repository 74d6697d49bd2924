//! *Configure Users*: options of enabled users, bit by bit, and the line that the wizard cannot give in bulk.

use super::values::{self, flags, integer};
use super::{Claims, Given, Position, Remark, Spec, Verdict, Wizard, account, ruled_out};
use crate::change::{Change, Matching};
use crate::config::Options;
use crate::message::Severity::{Error, Warning};
use crate::message::{Failure, Message};
use crate::object::{Attr, Object};
use crate::pool::Home;
use crate::report::{Mode, Reason};
use crate::settings::{Scope, Settings};
use crate::sip::line::{self, Line, LineFault};
use crate::sip::{Candidate, Origin};

/// msRTCSIP-PoolVersion of Office Communications Server 2007 R2.
const R2: u32 = 4;

/// What sets the wizard apart.
pub static SPEC: Spec = Spec {
    mode: Mode::Configure,
    scope: Scope { rules: true, places: false },
    claims: Claims::Line,
    twin: None,
    needs,
    prepare: read_lines,
};

/// The wizard, by these settings.
#[derive(Debug)]
pub struct Configure<'s> {
    settings: &'s Settings,
    /// The pattern of the line, by rule.
    lines: Vec<Option<Line<Attr>>>,
}

/// What the wizard reads or writes of users, and each input with users must therefore show.
fn needs(settings: &Settings) -> Vec<Attr> {
    let names = |wanted: fn(&Options) -> bool| settings.rules.iter().any(|rule| wanted(&rule.options));
    let is_flag = |options: &Options| {
        values::bits(options, options.enhanced_presence).iter().any(|(_, bit)| bit.is_some())
    };
    let mut needed = vec![Attr::USER_ENABLED];
    needed.extend(names(is_flag).then_some(Attr::OPTION_FLAGS));
    needed.extend(names(|options| options.archiving.is_some()).then_some(Attr::ARCHIVING_ENABLED));
    needed.extend(names(|options| options.line.is_some()).then_some(Attr::LINE));
    needed.extend(values::access_named(settings));
    needed
}

/// The attributes that the patterns of lines are made of must be read, too.
///
/// # Errors
/// `line-pattern` for a text that is no pattern.
fn read_lines(settings: &mut Settings) -> Result<(), Failure> {
    let patterns: Vec<String> = settings.rules.iter().filter_map(|rule| rule.options.line.clone()).collect();
    for pattern in patterns {
        Line::parse(&pattern, |name| settings.attributes.add(name)).map_err(|fault| {
            let told = Message::error("line-pattern", format!("the line `{pattern}`: {fault}"));
            Failure::unfit(told.help("write it as `tel:+33{telephoneNumber:national}`"))
        })?;
    }
    Ok(())
}

impl<'s> Configure<'s> {
    /// The wizard by these settings, whose lines were read.
    ///
    /// # Errors
    /// `configure-nothing` if no flag, no option and no rule says what to set.
    pub fn new(settings: &'s Settings) -> Result<Self, Failure> {
        let is_silent = |options: &Options| {
            let kept = Options { originator_sid: options.originator_sid, ..Options::default() };
            *options == kept
        };
        if settings.rules.iter().all(|rule| is_silent(&rule.options)) {
            let told = Message::error("configure-nothing", "nothing says what to configure");
            return Err(Failure::unfit(
                told.help("give a flag such as --federation true, or set [options] in userprep.toml"),
            ));
        }
        let line = |pattern: &String| {
            let key = |name: &str| settings.attributes.find(name.as_bytes()).unwrap_or(Attr::OBJECT_CLASS);
            Line::parse(pattern, key).ok()
        };
        let lines = settings.rules.iter().map(|rule| rule.options.line.as_ref().and_then(line)).collect();
        Ok(Self { settings, lines })
    }

    fn options(&self, verdict: &Verdict<'_>) -> Option<&'s Options> {
        verdict.rule.map(|rule| &self.settings.rules[rule].options)
    }

    /// The line that the rule gives the user.
    fn claim<'o>(&self, line: &Line<Attr>, object: &Object<'_>, verdict: &mut Verdict<'_>) -> Position<'o> {
        match line.of(object) {
            Ok(made) => {
                verdict.remarks.extend(made.trunk.map(|attr| {
                    let what = format!("a zero stands behind the country code: `{}`", made.uri);
                    let remark = Remark::new(Warning, "line-trunk", Some(attr), what);
                    remark.help("write `:national` for `:digits` where that zero is not dialled from abroad")
                }));
                let address = made.uri;
                let (origin, folded, rehomed, refusals) = (Origin::Other, Vec::new(), None, Vec::new());
                Position::Claims(Candidate { address, origin, folded, rehomed, refusals })
            }
            Err((attr, fault)) => {
                let reason = match fault {
                    LineFault::Missing => Reason::ATTRIBUTE_MISSING,
                    LineFault::CountryTwice | LineFault::NotE164(_) => Reason::LINE_INVALID,
                };
                let what = format!("`{}` {fault}", self.settings.attributes.name(attr));
                let remark = Remark::new(Error, reason.code(), Some(attr), what);
                verdict.remarks.push(match fault {
                    LineFault::CountryTwice => remark
                        .help("write the pattern as `tel:+{…:digits}` where numbers have their country code"),
                    _ => remark,
                });
                Position::Out(reason)
            }
        }
    }
}

impl Wizard for Configure<'_> {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn settings(&self) -> &Settings {
        self.settings
    }

    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Position<'o> {
        if let Some(reason) = ruled_out(verdict, self.settings).or_else(|| account::not_in_use(object)) {
            return Position::Out(reason);
        }
        if let Some(invalid) = values::invalid_integer(object, self.settings) {
            verdict.remarks.push(invalid);
            return Position::Out(Reason::FLAGS_INVALID);
        }
        match verdict.rule.and_then(|rule| self.lines[rule].as_ref()) {
            Some(line) => self.claim(line, object, verdict),
            None => Position::Stays,
        }
    }

    fn remarks(&self, object: &Object<'_>, verdict: &Verdict<'_>, _: &str) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let Some(options) = self.options(verdict) else { return remarks };
        let has = |bit| integer(object, Attr::OPTION_FLAGS).is_some_and(|flags| flags & bit != 0);
        if options.enhanced_presence == Some(false) && has(flags::ENHANCED_PRESENCE) {
            let what = "bit 256 (enhanced presence) is cleared, and Communicator does not sign in without it";
            let why = "it cannot be taken back for a user who has signed in";
            let attr = Some(Attr::OPTION_FLAGS);
            remarks.push(Remark::new(Warning, "enhanced-presence-cleared", attr, what).because(why));
        }
        remarks.extend(super::remark::archiving_leftover(object));
        let line = object.text(Attr::LINE);
        let new = match &verdict.position {
            Position::Claims(candidate) => Some(candidate.address.as_str()),
            _ => None,
        };
        if let (Some(former), Some(new)) = (line, new)
            && line::normalize(former) != line::normalize(new)
        {
            let what = format!("the line `{former}` gives way to `{new}`");
            remarks.push(Remark::new(Warning, "line-replaced", Some(Attr::LINE), what));
        }
        let speaks = options.enterprise_voice.unwrap_or_else(|| has(flags::ENTERPRISE_VOICE));
        if speaks && line.or(new).is_none() {
            let what = "Enterprise Voice is on, and there is no line (msRTCSIP-Line)";
            let remark = Remark::new(Warning, "line-missing", Some(Attr::OPTION_FLAGS), what);
            remarks.push(remark.help("give one by --line"));
        }
        if let Home::Known(pool) = verdict.home
            && let pool = &self.settings.placement.pools[pool.index()]
            && pool.version.is_some_and(|version| version < R2)
        {
            let what = format!("`{}` is a pool of OCS 2007, not of R2", pool.label);
            let why = "the R2 wizard silently does nothing for its users; these change files do";
            let attr = Some(Attr::PRIMARY_HOME_SERVER);
            remarks.push(Remark::new(Warning, "pool-before-r2", attr, what).because(why));
        }
        remarks
    }

    fn change<'c>(&'c self, object: &'c Object<'_>, rule: usize, given: Given<'c>) -> Change<'c> {
        let (options, style) = (&self.settings.rules[rule].options, self.settings.writing.style);
        let mut change = Change::default();
        values::set_flags(&mut change, object, &values::bits(options, options.enhanced_presence));
        if options.archiving.is_some() {
            values::set_archiving(&mut change, object, options.archiving);
        }
        values::set_access(&mut change, object, options, |_| true, style);
        if let Some(line) = given.claim {
            values::set(&mut change, object, Attr::LINE, Matching::IgnoreCase, line.as_bytes(), style);
        }
        change
    }
}
