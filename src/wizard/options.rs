//! Remarks on the options that a user gets: enhanced presence, Enterprise Voice, remote call control.

use super::Remark;
use super::values::{self, integer};
use crate::config::UserOptions;
use crate::language::{Text, text};
use crate::message::Severity::Warning;
use crate::object::{Attr, Object};
use crate::ocs::flags;

/// Returns remarks on voice and remote call control for a user who ends up with this line.
pub(super) fn remarks(object: &Object<'_>, options: &UserOptions, line: Option<&str>) -> Vec<Remark> {
    let missing = line_missing(object, options).filter(|_| line.is_none());
    let both = voice_and_remote_call_control(object, options);
    [missing, both, line_server_missing(object, options)].into_iter().flatten().collect()
}

/// Whether msRTCSIP-OptionFlags has the bit.
fn has(object: &Object<'_>, bit: i32) -> bool {
    integer(object, Attr::OPTION_FLAGS).is_some_and(|flags| flags & bit != 0)
}

/// Warns that a user loses enhanced presence.
pub(super) fn presence_cleared(object: &Object<'_>, options: &UserOptions) -> Option<Remark> {
    let is_cleared = options.enhanced_presence == Some(false) && has(object, flags::ENHANCED_PRESENCE);
    is_cleared.then(|| {
        let what = text!(
            "bit 256 (enhanced presence) is cleared, and Communicator cannot sign in without it",
            "le bit 256 (présence enrichie) est retiré, et Communicator ne peut pas se connecter sans lui"
        );
        let why = text!(
            "it cannot be removed from a user who has signed in",
            "il ne peut pas être retiré à un utilisateur qui s’est connecté"
        );
        warning("enhanced-presence-cleared", what).because(why)
    })
}

fn line_missing(object: &Object<'_>, options: &UserOptions) -> Option<Remark> {
    let has_voice = options.enterprise_voice.unwrap_or_else(|| has(object, flags::ENTERPRISE_VOICE));
    has_voice.then(|| {
        let what = text!(
            "Enterprise Voice is on, but the user has no line (msRTCSIP-Line)",
            "Enterprise Voice est activé, mais l’utilisateur n’a pas de ligne (msRTCSIP-Line)"
        );
        let help = text!("give one with `configure --line`", "donnez-en une par `configure --line`");
        warning("line-missing", what).help(help)
    })
}

fn voice_and_remote_call_control(object: &Object<'_>, options: &UserOptions) -> Option<Remark> {
    let after = values::flags_after(object, &values::bits(options, options.enhanced_presence));
    let sets_either = options.remote_call_control.or(options.enterprise_voice).is_some();
    let both = flags::REMOTE_CALL_CONTROL | flags::ENTERPRISE_VOICE;
    (sets_either && after & both == both).then(|| {
        let what = text!(
            "remote call control (bit 16) and Enterprise Voice (bit 128) are both on",
            "le contrôle d’appel distant (bit 16) et Voix Entreprise (bit 128) sont tous deux activés"
        );
        let is_voice = options.enterprise_voice == Some(true);
        let other = if is_voice { "remote_call_control" } else { "enterprise_voice" };
        warning("voice-and-remote-call-control", what).help(text!(
            "set {other} to false, unless the PBX rings alongside Communicator",
            "mettez {other} à false, sauf si l’autocommutateur sonne à côté de Communicator"
        ))
    })
}

fn line_server_missing(object: &Object<'_>, options: &UserOptions) -> Option<Remark> {
    let has_server = options.line_server.is_some() || object.has(Attr::LINE_SERVER);
    (options.remote_call_control == Some(true) && !has_server).then(|| {
        let what = text!(
            "remote call control is on, but there is no gateway (msRTCSIP-LineServer)",
            "le contrôle d’appel distant est activé, mais il n’y a pas de passerelle (msRTCSIP-LineServer)"
        );
        let help = text!(
            "name it with --line-server, or with line_server in [options]",
            "nommez-la par --line-server, ou par line_server dans [options]"
        );
        warning("line-server-missing", what).help(help)
    })
}

fn warning(code: &'static str, what: Text) -> Remark {
    Remark::new(Warning, code, Attr::OPTION_FLAGS, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Value;

    #[test]
    fn a_bit_is_set_or_not_whatever_the_others_are() {
        for (text, expect) in [("256", true), ("257", true), ("1", false), ("0", false)] {
            let mut object = Object::new("CN=Ann,DC=contoso,DC=com".into(), 0).unwrap();
            assert!(!has(&object, flags::ENHANCED_PRESENCE), "without flags");
            object.values.push(Value::of_text(Attr::OPTION_FLAGS, text, 0));
            assert_eq!(has(&object, flags::ENHANCED_PRESENCE), expect, "{text}");
        }
    }
}
