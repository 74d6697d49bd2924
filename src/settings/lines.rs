//! Telephone lines: what the options of each rule say about them.

use core::net::{Ipv4Addr, Ipv6Addr};

use toml::Spanned;

use super::compiler::Compiler;
use super::{List, Rule};
use crate::config::UserOptions;
use crate::input::columns;
use crate::language::text;
use crate::message::Message;
use crate::object::{Attr, Object};
use crate::schema::value::is_host_name;
use crate::sip::line::LinePattern;
use crate::sip::telephone::Region;

/// The pattern if only the region is given.
const WHOLE_NUMBER: &str = "tel:{telephoneNumber}";
/// The pattern for lines in the rows of a list.
const LISTED_NUMBER: &str = "tel:{line}";

/// How the users of a rule get their lines.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The country of numbers without a country code.
    pub region: Option<Region>,
    /// The pattern of the rule.
    own: Option<LinePattern>,
    /// The attribute with the lines of a list, and the pattern for them.
    listed: Option<(Attr, LinePattern)>,
}

impl Lines {
    /// Returns the pattern for a user's line: that of the list, if the user's row has a line, else that of the rule.
    pub fn of(&self, object: &Object<'_>) -> Option<&LinePattern> {
        let listed = self.listed.as_ref().filter(|(attr, _)| object.has(*attr));
        listed.map(|(_, pattern)| pattern).or(self.own.as_ref())
    }

    /// Iterates over the attributes in the rule's own pattern.
    pub fn attributes(&self) -> impl Iterator<Item = Attr> {
        self.own.iter().flat_map(LinePattern::attributes)
    }

    /// Reads the options; `line` is the attribute with the lines of a list.
    fn read(
        options: &UserOptions,
        region: Option<Region>,
        line: Option<Attr>,
        compiler: &mut Compiler<'_>,
    ) -> Result<Self, Message> {
        let source = compiler.source;
        let mut read = |key: &Spanned<String>| {
            let text = key.get_ref();
            let pattern =
                LinePattern::parse(text, region, |name| columns::want(name, &mut compiler.attributes));
            let pattern = pattern.map_err(|fault| {
                let what = text!("the line `{text}`: {fault}", "la ligne `{text}`\u{a0}: {fault}"; fault);
                source.fault("line-pattern", key, what).help(text!(
                    "write it as `tel:+33{{telephoneNumber:national}}`",
                    "écrivez-la sous la forme `tel:+33{{telephoneNumber:national}}`"
                ))
            })?;
            for attr in pattern.attributes() {
                compiler.suspect(attr, |_, what| source.fault("line-pattern", key, what));
            }
            Ok(pattern)
        };
        let unplaced = |pattern: &str| Spanned::new(0..0, pattern.to_owned());
        let pattern = options.line.clone().or_else(|| region.map(|_| unplaced(WHOLE_NUMBER)));
        let own = pattern.as_ref().map(&mut read).transpose()?;
        // A pattern that names the list's line already says how it is used.
        let line = line.filter(|_| !pattern.is_some_and(|text| text.get_ref().contains("{line")));
        let listed = line.map(|attr| Ok((attr, read(&unplaced(LISTED_NUMBER))?))).transpose()?;
        Ok(Self { region, own, listed })
    }
}

impl Compiler<'_> {
    /// Reads the line options of each rule, and stores the result in the rules if lines are written. The attributes
    /// that lines are made from are then read of users, too.
    pub(super) fn lines(&mut self, rules: &mut [Rule], list: Option<&mut List>, are_written: bool) {
        let list = list.filter(|_| are_written);
        let line = list.map(|list| *list.line.insert(self.attributes.add("line")));
        for rule in rules {
            let server = self.check_line_server(&rule.options);
            self.keep_once(server);
            let region = self.region(&rule.options);
            let region = self.keep_once(region).flatten();
            if are_written {
                let lines = Lines::read(&rule.options, region, line, self);
                rule.lines = self.keep_once(lines).unwrap_or_default();
            }
        }
    }

    /// Returns the country of numbers without a country code.
    fn region(&self, options: &UserOptions) -> Result<Option<Region>, Message> {
        let Some(key) = &options.line_region else { return Ok(None) };
        let code = key.get_ref();
        Region::parse(code).map(Some).ok_or_else(|| {
            let what = text!(
                "`{code}` is not a country with a numbering plan",
                "`{code}` n’est pas un pays qui a un plan de numérotation"
            );
            let help = match code.to_ascii_uppercase().as_str() {
                "UK" => text!("did you mean `GB`?", "vouliez-vous dire `GB`\u{a0}?"),
                _ => text!(
                    "name it by its two letters, such as FR, IT or US",
                    "nommez-le par ses deux lettres, telles que FR, IT ou US"
                ),
            };
            self.source.fault("line-region", key, what).help(help)
        })
    }

    /// Checks that the line server is a SIP URI.
    fn check_line_server(&self, options: &UserOptions) -> Result<(), Message> {
        let Some(key) = options.line_server.as_ref().filter(|uri| !is_sip_uri(uri.get_ref())) else {
            return Ok(());
        };
        let uri = key.get_ref();
        let what = text!(
            "the line server `{uri}` is not a SIP URI",
            "le serveur de ligne `{uri}` n’est pas un URI SIP"
        );
        Err(self.source.fault("line-server", key, what).help(text!(
            "write it as `sip:rcc@pbx.contoso.com`",
            "écrivez-le sous la forme `sip:rcc@pbx.contoso.com`"
        )))
    }
}

/// Whether a text is `sip:`, an optional user, and a host with an optional port, parameters or headers (RFC 3261,
/// section 19.1.1).
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
