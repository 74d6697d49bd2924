//! Values of the wrong syntax: the user is rejected if a decision rests on one, and warned of otherwise.

use super::values::sip_value;
use super::{Remark, Spec};
use crate::codes::Reason;
use crate::config::ProtectedAccounts;
use crate::input::classes::{self, Lack};
use crate::language::{Text, text};
use crate::message::Severity::{self, Error, Warning};
use crate::object::{Attr, Object, Value};
use crate::ocs;
use crate::schema::Syntax;
use crate::schema::damage::{self, Damage};
use crate::schema::lost::{TextKind, lost_character};
use crate::select::filter::Asked;
use crate::settings::Settings;
use crate::sip::AddressFaultKind;

/// The attributes that, in every wizard, identify the user and say whether the account may be changed.
const ALWAYS_JUDGED: [Attr; 9] = [
    Attr::DEPLOYMENT_LOCATOR,
    Attr::OBJECT_GUID,
    Attr::SAM_ACCOUNT_NAME,
    Attr::USER_PRINCIPAL_NAME,
    Attr::SAM_ACCOUNT_TYPE,
    Attr::USER_ACCOUNT_CONTROL,
    Attr::ENABLED,
    Attr::IS_DELETED,
    Attr::IS_CRITICAL_SYSTEM_OBJECT,
];

/// Whether a decision of the wizard rests on the attribute, because it is read or written or keeps accounts safe.
fn is_judged(attr: Attr, spec: &Spec, settings: &Settings) -> bool {
    let protects = settings.safety.protected_accounts != ProtectedAccounts::Include;
    is_always_judged(attr, spec.scope.judged, protects)
        || settings.reading.needed.contains(&attr) && !spec.scope.erases
        || settings.reading.shown.contains(&attr) && is_strict(attr)
}

/// Whether a decision rests on the attribute whatever the run reads and writes. `judged` are the wizard's own
/// attributes; `protects` says whether adminCount matters.
pub(crate) fn is_always_judged(attr: Attr, judged: &[Attr], protects: bool) -> bool {
    ALWAYS_JUDGED.contains(&attr) || attr == Attr::ADMIN_COUNT && protects || judged.contains(&attr)
}

/// Whether a directory refuses values of another syntax. A wrong value in the export is then not the real one and
/// cannot be removed.
fn is_strict(attr: Attr) -> bool {
    matches!(
        attr.syntax(),
        Syntax::Integer | Syntax::Boolean | Syntax::Dn | Syntax::DnBinary | Syntax::Sid | Syntax::AccountSid
    )
}

/// The maximum number of values to report for one attribute.
const MOST: usize = 20;

/// Reports the object's values of the wrong syntax, and returns the reason to reject the user, if one decides
/// something. The present SIP address is checked elsewhere by wizards that need it.
pub(super) fn judge(object: &Object<'_>, spec: &Spec, settings: &Settings) -> (Option<Reason>, Vec<Remark>) {
    let mut reason = None;
    let mut remarks: Vec<Remark> = Vec::new();
    for value in object.values.invalid() {
        let is_judged = is_judged(value.attr, spec, settings);
        if value.attr == Attr::PRIMARY_USER_ADDRESS && is_judged {
            continue;
        }
        let is_judged = is_judged || spec.scope.erases && is_destroyed(value);
        if is_judged {
            let fault = Reason::of_address(value.attr.syntax().fault());
            reason = Some(reason.map_or(fault, |first: Reason| first.min(fault)));
        }
        // An object may have a hundred thousand values.
        if remarks.iter().filter(|known| known.place.attr == Some(value.attr)).count() < MOST {
            let mut remark = remark(value, if is_judged { Error } else { Warning }, settings);
            remark.place.value =
                object.values(value.attr).position(|own| own.at == value.at).unwrap_or_default();
            remarks.push(remark);
        }
    }
    let is_unclassed = Lack::Class.concerns(object) && !settings.reading.absent.asserts(Attr::OBJECT_CLASS);
    if classes::is_misclassed(object) || is_unclassed {
        reason = Some(Reason::VALUE_INVALID);
        let (what, help) = classes::wrong_classes();
        remarks.push(Remark::new(Error, "value-invalid", Attr::OBJECT_CLASS, what).help(help));
    }
    if reason.is_none()
        && let Some((misread, remark)) = misread_value(object, spec, settings)
    {
        reason = Some(misread);
        remarks.push(remark);
    }
    (reason, remarks)
}

/// Finds a value that a filter or rule compares but that is uncertain: of the wrong syntax, with letters lost, or
/// decoded by a guess.
pub(super) fn unsure_letters(object: &Object<'_>, settings: &Settings) -> Option<(Reason, Remark)> {
    let named = &settings.reading.named;
    let has_unsure = |attr: &Attr| object.values(*attr).any(is_unsure);
    if !named.iter().any(has_unsure) || !settings.selection.is_within(object) {
        return None;
    }
    let unsure = |attr: Attr, asked| match asked {
        // Several values, or none, may have been written as the name of a type.
        Asked::Presence => object.values(attr).any(is_type_name),
        Asked::Ascii => object.values(attr).any(|value| is_type_name(value) || is_misread(value)),
        Asked::Letters => has_unsure(&attr),
    };
    let attr = settings.unsure(object, &unsure)?;
    let note = text!("a filter or a rule compares it", "un filtre ou une règle le compare");
    unsure_value(object, attr, note, settings)
}

/// Finds uncertain letters in the value of `keep_together`, by which the pool is drawn.
pub(super) fn unsure_group(object: &Object<'_>, settings: &Settings) -> Option<(Reason, Remark)> {
    let attr = settings.placement.keep_together?;
    let note = text!("it decides the pool (`keep_together`)", "il décide du pool (`keep_together`)");
    unsure_value(object, attr, note, settings)
}

/// Why the letters of a removed value must be certain.
pub(crate) static REPLACES: Text = Text::new(
    "a change names the value that it replaces",
    "une modification nomme la valeur qu’elle remplace",
);

/// Finds a removed value with uncertain letters, so that the directory may have another one.
fn misread_value(object: &Object<'_>, spec: &Spec, settings: &Settings) -> Option<(Reason, Remark)> {
    let reading = &settings.reading;
    let is_removed = |value: &&Value<'_>| match value.attr {
        Attr::PROXY_ADDRESSES => spec.scope.erases && value.text().and_then(sip_value).is_some(),
        // Other wizards check the address themselves.
        Attr::PRIMARY_USER_ADDRESS => spec.scope.erases,
        attr => reading.wants_whole(attr) && ocs::is_attribute(reading.attributes.name(attr)),
    };
    let fault = |value| fault_of(value).or_else(|| lost_sign(value));
    let mut removed = object.values.iter().filter(is_removed);
    let (value, fault) = removed.find_map(|value| Some((value, fault(value)?)))?;
    let mut remark = Remark::of_fault(&fault, value.attr, settings).because(REPLACES.clone());
    remark.place.value = object.values(value.attr).position(|own| own.at == value.at).unwrap_or_default();
    Some((Reason::of_address(fault.code()), remark))
}

/// Returns the reason and the remark for the first uncertain value of the attribute.
fn unsure_value(
    object: &Object<'_>,
    attr: Attr,
    note: Text,
    settings: &Settings,
) -> Option<(Reason, Remark)> {
    let (at, value) = object.values(attr).enumerate().find(|(_, value)| is_unsure(value))?;
    let name = settings.reading.attributes.name(attr);
    let mut remark = match fault_of(value) {
        Some(fault) => Remark::of_fault(&fault, attr, settings),
        None if is_misread(value) => remark(value, Error, settings),
        None => {
            let what = text!("`{name}` is the name of a type", "`{name}` est le nom d’un type");
            Remark::new(Error, "value-invalid", Some(attr), what)
        }
    };
    remark.notes.push(note);
    remark.place.value = at;
    Some((Reason::of_address(remark.code), remark))
}

fn is_type_name(value: &Value<'_>) -> bool {
    damage::is_type_name(value.bytes())
}

/// Whether the value is of the wrong syntax, in a syntax other than text.
fn is_misread(value: &Value<'_>) -> bool {
    value.is_invalid() && !value.attr.syntax().is_text()
}

/// Whether a comparison with the value is uncertain.
fn is_unsure(value: &Value<'_>) -> bool {
    fault_of(value).is_some() || is_type_name(value) || is_misread(value)
}

/// The fault in the letters of a text or a DN: guessed or lost.
fn fault_of(value: &Value<'_>) -> Option<AddressFaultKind> {
    let kind = match value.attr.syntax() {
        Syntax::Dn | Syntax::DnBinary => TextKind::Dn,
        syntax if syntax.is_text() => TextKind::Free,
        _ => return None,
    };
    let text = value.text()?;
    let letter = |at: usize| text[at..].chars().next();
    if value.is_guessed {
        return text.find(|c: char| !c.is_ascii()).and_then(letter).map(AddressFaultKind::Guessed);
    }
    lost_character(text.as_bytes(), kind).and_then(letter).map(AddressFaultKind::Lost)
}

/// Finds a `?` in an address or a line, which contain none but in place of a letter that an encoding lacked.
fn lost_sign(value: &Value<'_>) -> Option<AddressFaultKind> {
    let is_uri = matches!(value.attr.syntax(), Syntax::SipAddress | Syntax::ProxyAddress)
        || matches!(value.attr, Attr::LINE | Attr::PRIVATE_LINE);
    (is_uri && value.bytes().contains(&b'?')).then_some(AddressFaultKind::Lost('?'))
}

/// Whether a tool has destroyed the address: the directory has another value, and refuses the removal of this one. A
/// malformed address that people or scripts write, such as `NULL`, may be the directory's own.
fn is_destroyed(value: &Value<'_>) -> bool {
    let text = value.bytes();
    let is_listed = matches!(text.first(), Some(b'{' | b'[' | b'(' | b'"'));
    let has_several = text.iter().filter(|c| **c == b'@').count() > 1;
    value.attr == Attr::PRIMARY_USER_ADDRESS && (is_listed || has_several || Damage::of_text(text).is_some())
}

/// Reports a malformed present SIP address. None of it is copied, and what it may mean counts as held.
pub(super) fn malformed_address(object: &Object<'_>, settings: &Settings) -> Option<Remark> {
    let value = object.values.invalid().find(|value| value.attr == Attr::PRIMARY_USER_ADDRESS)?;
    Some(remark(value, Error, settings))
}

fn remark(value: &Value<'_>, severity: Severity, settings: &Settings) -> Remark {
    let (attr, name) = (value.attr, settings.reading.attributes.name(value.attr));
    let invalid = value.fault(name);
    let remark = Remark::new(severity, attr.syntax().fault(), Some(attr), invalid.what);
    remark.because(invalid.note).help(invalid.help)
}
