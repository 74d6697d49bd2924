//! *Configure Users*: options of enabled users, bit by bit, and the line that the wizard cannot give in bulk.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::values::{self, integer};
use super::{Claims, Given, Participation, Remark, Spec, Verdict, Wizard, account, ruled_out};
use crate::change::{Change, Matching};
use crate::config::UserOptions;
use crate::language::text;
use crate::message::Severity::{Error, Warning};
use crate::message::{Failure, Message};
use crate::object::{Attr, Object};
use crate::ocs::{flags, pool_version};
use crate::pool::Home;
use crate::report::{Mode, Reason};
use crate::schema::value::is_host_name;
use crate::settings::{Scope, Settings};
use crate::sip::line::{LineFault, LinePattern};
use crate::sip::telephone::{NumberFault, Region};
use crate::sip::{Candidate, Origin};

/// The pattern of lines where the region alone is named.
const WHOLE_NUMBER: &str = "tel:{telephoneNumber}";
/// The pattern of lines that the rows of a list give.
const LISTED_NUMBER: &str = "tel:{line}";

/// What sets the wizard apart.
pub static SPEC: Spec = Spec {
    mode: Mode::Configure,
    scope: Scope { rules: true, places: false },
    claims: Claims::Line(None),
    twin: None,
    needs,
    prepare: read_lines,
};

/// The wizard, by these settings.
#[derive(Debug)]
pub struct Configure<'s> {
    settings: &'s Settings,
    /// The pattern of the line, by rule.
    lines: Vec<Option<LinePattern<Attr>>>,
    /// That of a line that a list gives, which comes before it.
    listed: Vec<Option<LinePattern<Attr>>>,
    /// The country of lines that do not state theirs.
    region: Option<Region>,
}

/// What the wizard reads or writes of users, and each input with users must therefore show.
fn needs(settings: &Settings) -> Vec<Attr> {
    let names = |wanted: fn(&UserOptions) -> bool| settings.rules.iter().any(|rule| wanted(&rule.options));
    let is_flag = |options: &UserOptions| {
        values::bits(options, options.enhanced_presence).iter().any(|(_, bit)| bit.is_some())
    };
    let mut needed = vec![Attr::USER_ENABLED];
    needed.extend(names(is_flag).then_some(Attr::OPTION_FLAGS));
    needed.extend(names(|options| options.archiving.is_some()).then_some(Attr::ARCHIVING_ENABLED));
    let gives_line = settings.reading.list.is_some() || names(|options| pattern(options).is_some());
    needed.extend(gives_line.then_some(Attr::LINE));
    needed.extend(names(|options| options.line_server.is_some()).then_some(Attr::LINE_SERVER));
    needed.extend(values::access_named(settings));
    needed
}

/// The pattern of lines that options name.
fn pattern(options: &UserOptions) -> Option<&str> {
    options.line.as_deref().or_else(|| options.line_region.as_ref().map(|_| WHOLE_NUMBER))
}

/// Reads what options say of telephones; the attributes that patterns of lines are made of are read of users, too.
///
/// # Errors
/// `line-pattern` for a text that is no pattern, `line-region` for a country that has no numbering plan, and
/// `line-server` for what is no SIP URI.
fn read_lines(settings: &mut Settings) -> Result<(), Failure> {
    if let Some(list) = &mut settings.reading.list {
        list.line = Some(settings.reading.attributes.add("line"));
    }
    for options in settings.rules.iter().map(|rule| &rule.options) {
        let region = options.line_region.as_deref();
        if let Some(code) = region.filter(|code| Region::parse(code).is_none()) {
            let what = text!(
                "`{code}` is no country with a numbering plan",
                "`{code}` n’est pas un pays qui a un plan de numérotation"
            );
            let help = match code.to_ascii_uppercase().as_str() {
                "UK" => text!("did you mean `GB`?", "vouliez-vous dire `GB`\u{a0}?"),
                _ => text!(
                    "name it by its two letters, such as FR, IT or US",
                    "nommez-le par ses deux lettres, telles que FR, IT ou US"
                ),
            };
            return Err(Failure::unfit(Message::error("line-region", what).help(help)));
        }
        if let Some(uri) = options.line_server.as_deref().filter(|uri| !is_sip_uri(uri)) {
            let what = text!(
                "the line server `{uri}` is no SIP URI",
                "le serveur de ligne `{uri}` n’est pas un URI SIP"
            );
            return Err(Failure::unfit(Message::error("line-server", what).help(text!(
                "write it as `sip:rcc@pbx.contoso.com`",
                "écrivez-le sous la forme `sip:rcc@pbx.contoso.com`"
            ))));
        }
        if let Some(pattern) = pattern(options) {
            let add = |name: &str| settings.reading.attributes.add(name);
            LinePattern::parse(pattern, region.and_then(Region::parse), add).map_err(|fault| {
                let what = text!(
                    "the line `{pattern}`: {fault}", "la ligne `{pattern}`\u{a0}: {fault}"; fault = fault.what()
                );
                Failure::unfit(Message::error("line-pattern", what).help(text!(
                    "write it as `tel:+33{{telephoneNumber:national}}`",
                    "écrivez-la sous la forme `tel:+33{{telephoneNumber:national}}`"
                )))
            })?;
        }
    }
    Ok(())
}

/// The country whose numbering plan options name.
fn region(options: &UserOptions) -> Option<Region> {
    options.line_region.as_deref().and_then(Region::parse)
}

/// `sip:`, perhaps a user, and a host with perhaps a port, parameters or headers (RFC 3261, section 19.1.1).
fn is_sip_uri(uri: &str) -> bool {
    let scheme = uri.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("sip:"));
    let Some(rest) = scheme.and_then(|scheme| uri.get(scheme.len()..)) else { return false };
    let (user, place) = rest.split_once('@').unwrap_or(("pbx", rest));
    let place = place.split([';', '?']).next().unwrap_or_default();
    let at = place.rfind(':').filter(|_| !place.ends_with(']')).unwrap_or(place.len());
    let (host, port) = place.split_at(at);
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => is_host_name(host) || host.parse::<Ipv4Addr>().is_ok(),
    };
    let is_port = port.is_empty() || port[1..].parse::<u16>().is_ok();
    let is_plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'"');
    !user.is_empty() && is_host && is_port && rest.bytes().all(is_plain)
}

impl<'s> Configure<'s> {
    /// The wizard by these settings, whose lines were read.
    ///
    /// # Errors
    /// `configure-nothing` if no flag, no option and no rule says what to set.
    pub fn new(settings: &'s Settings) -> Result<Self, Failure> {
        let is_silent = |options: &UserOptions| {
            let kept = UserOptions { originator_sid: options.originator_sid, ..UserOptions::default() };
            *options == kept
        };
        if settings.reading.list.is_none() && settings.rules.iter().all(|rule| is_silent(&rule.options)) {
            let message = Message::error(
                "configure-nothing",
                text!(
                    "no flag and no key says what to configure",
                    "aucune option ni clé ne dit ce qu’il faut configurer"
                ),
            );
            return Err(Failure::unfit(message.help(text!(
                "give a flag such as --federation true, set [options] in userprep.toml, or join a list with line",
                "donnez une option telle que --federation true, réglez [options] dans userprep.toml, ou joignez une liste avec line"
            ))));
        }
        let key =
            |name: &str| settings.reading.attributes.find(name.as_bytes()).unwrap_or(Attr::OBJECT_CLASS);
        let line =
            |options: &UserOptions, pattern: &str| LinePattern::parse(pattern, region(options), key).ok();
        let options = || settings.rules.iter().map(|rule| &rule.options);
        let lines = options().map(|options| line(options, pattern(options)?)).collect();
        // A pattern that names the list's line says what is made of it.
        let is_listed = |options: &UserOptions| {
            settings.reading.list.is_some() && !pattern(options).is_some_and(|text| text.contains("{line"))
        };
        let listed =
            options().map(|options| is_listed(options).then(|| line(options, LISTED_NUMBER))?).collect();
        // Lines of several countries compare: a held one that does not state its country is of the first that is named.
        let region = settings.rules.iter().find_map(|rule| region(&rule.options));
        Ok(Self { settings, lines, listed, region })
    }

    fn options(&self, verdict: &Verdict<'_>) -> Option<&'s UserOptions> {
        verdict.rule.map(|rule| &self.settings.rules[rule].options)
    }

    /// The pattern by which the user gets a line: that of the list, if the user's row gives one, else that of the rule.
    fn line(&self, rule: usize, object: &Object<'_>) -> Option<&LinePattern<Attr>> {
        let attr = self.settings.reading.list.as_ref().and_then(|list| list.line);
        let listed = self.listed[rule].as_ref().filter(|_| attr.is_some_and(|attr| object.has(attr)));
        listed.or(self.lines[rule].as_ref())
    }

    /// The line that the pattern gives the user.
    fn claim<'o>(
        &self,
        line: &LinePattern<Attr>,
        object: &Object<'_>,
        verdict: &mut Verdict<'_>,
    ) -> Participation<'o> {
        match line.of(object) {
            Ok(address) => {
                let (origin, folded, rehomed, refusals) = (Origin::Other, Vec::new(), None, Vec::new());
                Participation::Claims(Candidate { address, origin, folded, rehomed, refusals })
            }
            Err((attr, fault)) => {
                let reason = match fault {
                    LineFault::Number(NumberFault::Missing) => Reason::ATTRIBUTE_MISSING,
                    _ => Reason::LINE_INVALID,
                };
                let name = self.settings.reading.attributes.name(attr);
                let what = fault.what().map(|fault| format!("`{name}` {fault}"));
                let remark = Remark::new(Error, reason.code(), Some(attr), what);
                let has_region = self.options(verdict).is_some_and(|options| options.line_region.is_some());
                let needs_region = !has_region && reason == Reason::LINE_INVALID;
                verdict.remarks.push(if needs_region {
                    remark.help(text!(
                        "name the country of the numbers by --line-region, such as FR, or correct the number",
                        "nommez le pays des numéros par --line-region, tel que FR, ou corrigez le numéro"
                    ))
                } else {
                    remark
                });
                Participation::Out(reason)
            }
        }
    }

    /// What is said of remote call control.
    fn remote_call_control(&self, object: &Object<'_>, options: &UserOptions, remarks: &mut Vec<Remark>) {
        let after = values::flags_after(object, &values::bits(options, options.enhanced_presence));
        let names_one = options.remote_call_control.or(options.enterprise_voice).is_some();
        let both = flags::REMOTE_CALL_CONTROL | flags::ENTERPRISE_VOICE;
        let attr = Some(Attr::OPTION_FLAGS);
        if names_one && after & both == both {
            let what = text!(
                "remote call control (bit 16) and Enterprise Voice (bit 128) are both on",
                "le contrôle d’appel distant (bit 16) et Voix Entreprise (bit 128) sont tous deux activés"
            );
            let remark = Remark::new(Warning, "voice-and-remote-call-control", attr, what);
            let is_voice = options.enterprise_voice == Some(true);
            let flag = if is_voice { "--remote-call-control" } else { "--enterprise-voice" };
            remarks.push(remark.help(text!(
                "add {flag} false, unless the PBX rings beside Communicator",
                "ajoutez {flag} false, sauf si l’autocommutateur sonne à côté de Communicator"
            )));
        }
        let has_server = options.line_server.is_some() || object.has(Attr::LINE_SERVER);
        if options.remote_call_control == Some(true) && !has_server {
            let what = text!(
                "remote call control is on, and there is no gateway (msRTCSIP-LineServer)",
                "le contrôle d’appel distant est activé, et il n’y a pas de passerelle (msRTCSIP-LineServer)"
            );
            let remark = Remark::new(Warning, "line-server-missing", attr, what);
            remarks.push(remark.help(text!("name it by --line-server", "nommez-la par --line-server")));
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

    fn claims(&self) -> Claims {
        Claims::Line(self.region)
    }

    fn position<'o>(&self, object: &'o Object<'_>, verdict: &mut Verdict<'o>) -> Participation<'o> {
        if let Some(reason) = ruled_out(verdict, self.settings).or_else(|| account::not_in_use(object)) {
            return Participation::Out(reason);
        }
        match verdict.rule.and_then(|rule| self.line(rule, object)) {
            Some(line) => self.claim(line, object, verdict),
            None => Participation::Stays,
        }
    }

    fn remarks(&self, object: &Object<'_>, verdict: &Verdict<'_>, _: &str) -> Vec<Remark> {
        let mut remarks = Vec::new();
        let Some(options) = self.options(verdict) else { return remarks };
        let has = |bit| integer(object, Attr::OPTION_FLAGS).is_some_and(|flags| flags & bit != 0);
        if options.enhanced_presence == Some(false) && has(flags::ENHANCED_PRESENCE) {
            let what = text!(
                "bit 256 (enhanced presence) is cleared, and Communicator does not sign in without it",
                "le bit 256 (présence enrichie) est retiré, et Communicator ne se connecte pas sans lui"
            );
            let why = text!(
                "it cannot be taken back for a user who has signed in",
                "il ne peut pas être retiré à un utilisateur qui s’est connecté"
            );
            let attr = Some(Attr::OPTION_FLAGS);
            remarks.push(Remark::new(Warning, "enhanced-presence-cleared", attr, what).because(why));
        }
        remarks.extend(super::remark::archiving_leftover(object));
        let line = object.text(Attr::LINE);
        let new = match &verdict.position {
            Participation::Claims(candidate) => Some(candidate.address.as_str()),
            _ => None,
        };
        if let (Some(former), Some(new)) = (line, new)
            && self.claims().normalized(former) != self.claims().normalized(new)
        {
            let what = text!(
                "line `{former}` is replaced by `{new}`",
                "la ligne `{former}` est remplacée par `{new}`"
            );
            remarks.push(Remark::new(Warning, "line-replaced", Some(Attr::LINE), what));
        }
        let speaks = options.enterprise_voice.unwrap_or_else(|| has(flags::ENTERPRISE_VOICE));
        if speaks && line.or(new).is_none() {
            let what = text!(
                "Enterprise Voice is on, and the user has no line (msRTCSIP-Line)",
                "Enterprise Voice est activé, et l’utilisateur n’a pas de ligne (msRTCSIP-Line)"
            );
            let remark = Remark::new(Warning, "line-missing", Some(Attr::OPTION_FLAGS), what);
            remarks.push(remark.help(text!("give one by --line", "donnez-en une par --line")));
        }
        self.remote_call_control(object, options, &mut remarks);
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
        if let Some(server) = &options.line_server {
            let uri = server.as_bytes();
            values::set(&mut change, object, Attr::LINE_SERVER, Matching::IgnoreCase, uri, style);
        }
        if let Some(line) = given.claim {
            values::set(&mut change, object, Attr::LINE, Matching::IgnoreCase, line.as_bytes(), style);
        }
        change
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_server_is_a_sip_uri_that_names_a_host() {
        for uri in [
            "sip:rcc@pbx.contoso.com",
            "SIP:pbx.contoso.com",
            "sip:pbx:5065",
            "sip:rcc@10.0.0.1;transport=tcp",
            "sip:rcc@[2001:db8::1]:5061",
            "sip:+33123456789@pbx.contoso.com;user=phone?x=1",
        ] {
            assert!(is_sip_uri(uri), "{uri}");
        }
        for uri in [
            "pbx.contoso.com",
            "sips:pbx",
            "sip:",
            "sip:pbx@",
            "sip:@pbx",
            "sip:rcc@pbx contoso",
            "sip:rcc@pbx:x",
            "<sip:rcc@pbx>",
            "sip:rcc@-pbx",
            "sip:rcc@[::g]",
        ] {
            assert!(!is_sip_uri(uri), "{uri}");
        }
    }
}
