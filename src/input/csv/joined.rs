//! Detection of values joined by anything other than the separator: how they are joined, and which values they are.
//!
//! A value that includes its neighbours would be compared, claimed and written as a whole, so that such a cell is
//! rejected, with the separator that would read it. The values that can be read in it still count as held.

use std::ops::Range;

use super::column::named;
use super::value::{ADDRESS_TYPES, has_type, hexadecimal, split};
use crate::language::{Text, text};
use crate::schema::Syntax;

/// How the values of a cell are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JoinedForm {
    /// One character.
    Separator(u8),
    /// `{a, b}`, as PowerShell shows a collection.
    Braces,
    /// `["a","b"]`: JSON, or a list of Python.
    Brackets,
    /// `"a","b"`
    Quotes,
    /// `a<br>b`
    Markup,
    /// Without anything between them: `toppersonuser`.
    Nothing,
}

impl JoinedForm {
    /// Describes the form of the values in this column.
    pub(super) fn what(self, name: &str) -> Text {
        match self {
            Self::Separator(by) => text!(
                "the values of `{name}` are joined by {by}",
                "les valeurs de `{name}` sont jointes par {by}"; by = named(by)
            ),
            Self::Braces => text!(
                "the values of `{name}` are a list in braces",
                "les valeurs de `{name}` sont une liste entre accolades"
            ),
            Self::Brackets => text!(
                "the values of `{name}` are a list in brackets",
                "les valeurs de `{name}` sont une liste entre crochets"
            ),
            Self::Quotes => text!(
                "the values of `{name}` are a list in quotes",
                "les valeurs de `{name}` sont une liste entre guillemets"
            ),
            Self::Markup => text!(
                "the values of `{name}` are joined by `<br>`",
                "les valeurs de `{name}` sont jointes par `<br>`"
            ),
            Self::Nothing => text!(
                "the values of `{name}` are joined without a known separator",
                "les valeurs de `{name}` ne sont jointes par aucun séparateur connu"
            ),
        }
    }
}

/// The values of a cell that the separator does not split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JoinedValues {
    pub(super) form: JoinedForm,
    /// Where the second value begins, or the first if the form is visible before it.
    pub(super) at: usize,
    /// The values that can be read.
    pub(super) values: Vec<Range<usize>>,
}

/// Characters that join values, the more common first.
const SEPARATORS: &[u8] = b",;|\n\r\t%$/#&^~! ";

impl JoinedValues {
    /// Detects several values in a part of a cell that has no separator; `None` if it is a single value.
    pub(super) fn of(part: &[u8], syntax: Syntax) -> Option<Self> {
        // Hexadecimal digits of csvde are a single value.
        if part.len() < 3 || hexadecimal(part).is_some() {
            return None;
        }
        if let Some(listed) = Self::listed(part, syntax) {
            return Some(listed);
        }
        if is_plainly_one(part, syntax) {
            return None;
        }
        let begins = match syntax {
            Syntax::Class => classes(part),
            Syntax::ProxyAddress | Syntax::SipAddress => addresses(part),
            Syntax::Mail => mails(part),
            Syntax::Dn | Syntax::DnBinary => dns(part),
            Syntax::Sid | Syntax::AccountSid => begins_of(part, |rest| rest.starts_with(b"S-1-")),
            Syntax::Telephone => telephones(part),
            Syntax::Pair => pairs(part),
            _ => Vec::new(),
        };
        let begins = if begins.len() > 1 { begins } else { lines(part) };
        let [first, second, ..] = begins[..] else { return None };
        let form = form(&part[first..second]);
        let ends = begins.iter().skip(1).copied().chain([part.len()]);
        let values = begins.iter().zip(ends).map(|(&from, to)| trim(part, from..to, form)).collect();
        Some(Self { form, at: second, values })
    }

    /// Returns the separator that would read the whole cell instead of the present one: it must give exactly the values
    /// that were detected. A comma has another meaning in a DN, and a cell may be joined in two ways.
    pub(super) fn separator(&self, cell: &[u8], present: u8, syntax: Syntax) -> Option<u8> {
        let JoinedForm::Separator(by) = self.form else { return None };
        let parts = |separator| {
            let parts = split(cell, separator, syntax == Syntax::ProxyAddress);
            parts.map(|part| cell[part].trim_ascii()).filter(|part| !part.is_empty())
        };
        let detected = parts(present).flat_map(|part| match Self::of(part, syntax) {
            Some(joined) => joined.values.into_iter().map(|value| &part[value]).collect(),
            None => vec![part],
        });
        detected.eq(parts(by)).then_some(by)
    }

    /// Detects a list in braces, brackets or quotes, even with a single value.
    pub(super) fn listed(part: &[u8], syntax: Syntax) -> Option<Self> {
        let form = match part {
            [b'{', .., b'}'] => JoinedForm::Braces,
            [b'[', .., b']'] | [b'(', .., b')'] => JoinedForm::Brackets,
            [b'"', .., b'"'] | [b'\'', .., b'\''] | [b'<', .., b'>'] => JoinedForm::Quotes,
            _ => return None,
        };
        // none of these contains `{…}` or quotes, but a text or a name may
        if matches!(syntax, Syntax::Text | Syntax::Telephone)
            && !part.windows(3).any(|three| matches!(three, [b'"' | b'\'', b',' | b';', _]))
        {
            return None;
        }
        let is_mark = |c: &u8| b"{}[]()\"'<>, ;\t\r\n".contains(c);
        if matches!(syntax, Syntax::ProxyAddress | Syntax::SipAddress) {
            let begins = |at: &usize| may_begin(part, *at) && has_type(&part[*at..], ADDRESS_TYPES);
            let end =
                |at: usize| part[at..].iter().position(is_mark).map_or(part.len(), |length| at + length);
            let values: Vec<Range<usize>> = (0..part.len()).filter(begins).map(|at| at..end(at)).collect();
            if !values.is_empty() {
                return Some(Self { form, at: 0, values });
            }
        }
        let mut values = Vec::new();
        let mut from = None;
        let is_parted = |c: &u8| b"\"',;\r\n".contains(c);
        for (at, c) in part.iter().enumerate() {
            match from {
                None if !is_mark(c) => from = Some(at),
                Some(start) if is_parted(c) || at + 1 == part.len() => {
                    values.push(start..at);
                    from = None;
                }
                _ => {}
            }
        }
        Some(Self { form, at: 0, values })
    }
}

/// Whether a part is obviously a single value, as nearly all are, and needs no search for further ones.
fn is_plainly_one(part: &[u8], syntax: Syntax) -> bool {
    let has_several = |sign: u8| part.iter().filter(|&&byte| byte == sign).nth(1).is_some();
    let is_one = match syntax {
        Syntax::Class => return CLASSES.iter().any(|class| class.as_bytes().eq_ignore_ascii_case(part)),
        Syntax::ProxyAddress | Syntax::SipAddress => !has_several(b'@') && !has_several(b':'),
        Syntax::Mail => !has_several(b'@'),
        Syntax::Pair => !has_several(b'='),
        Syntax::Dn | Syntax::DnBinary | Syntax::Sid | Syntax::AccountSid | Syntax::Telephone => false,
        _ => true,
    };
    is_one && !has_breaks(part)
}

/// Returns the form of what is between two values.
fn form(between: &[u8]) -> JoinedForm {
    let tail = between.trim_ascii_end();
    if tail.ends_with(b">") {
        return JoinedForm::Markup;
    }
    let is_separator = |c: &u8| SEPARATORS.contains(c) && *c != b' ';
    match tail.last().filter(|c| is_separator(c)) {
        Some(&separator) => JoinedForm::Separator(separator),
        None => match between.last() {
            Some(&space) if space.is_ascii_whitespace() => {
                // CR LF is represented by its LF
                let line = between.iter().rev().take_while(|c| c.is_ascii_whitespace());
                JoinedForm::Separator(
                    line.copied().find(|&c| c == b'\n' || c == b'\r' || c == b'\t').unwrap_or(space),
                )
            }
            Some(&other) if other.is_ascii_punctuation() => JoinedForm::Separator(other),
            _ => JoinedForm::Nothing,
        },
    }
}

/// Trims what joins a value to the next off its range.
fn trim(part: &[u8], range: Range<usize>, form: JoinedForm) -> Range<usize> {
    let mut value = &part[range.clone()];
    loop {
        value = value.trim_ascii_end();
        match (form, value) {
            (JoinedForm::Separator(separator), [rest @ .., last]) if *last == separator => value = rest,
            (JoinedForm::Markup, _) => {
                let end = value.iter().rposition(|&c| c == b'<').unwrap_or(value.len());
                return range.start..range.start + if value.ends_with(b">") { end } else { value.len() };
            }
            _ => return range.start..range.start + value.len(),
        }
    }
}

/// Whether a value may begin at this byte: it is not within a word.
fn may_begin(part: &[u8], at: usize) -> bool {
    at == 0
        || !(part[at - 1].is_ascii_alphanumeric()
            || b"-_.=:@".contains(&part[at - 1])
            || part[at - 1] >= 0x80)
}

/// Returns where values begin: at the first byte, and wherever the typical beginning of a value is not within a word.
fn begins_of(part: &[u8], begins: impl Fn(&[u8]) -> bool) -> Vec<usize> {
    (0..part.len()).filter(|&at| at == 0 || may_begin(part, at) && begins(&part[at..])).collect()
}

/// Returns where proxy addresses begin: at their types, or, without types, after the separator between two `@`.
///
/// After the `@` of an internet address, another type begins a value, whatever precedes it: a no-break space, a comma
/// of another script, an escape such as `\n`, or nothing. Other addresses contain no such type, but words.
fn addresses(part: &[u8]) -> Vec<usize> {
    let is_internet = !has_type(part, &["x400", "x500", "ex", "eum"]);
    let sign = memchr::memchr(b'@', part).filter(|_| is_internet).unwrap_or(part.len());
    let is_within_word = |at: usize| match part[..at] {
        [.., b'\\', _] => false,
        [.., last] => last.is_ascii_alphanumeric(),
        [] => true,
    };
    let is_typed = |at: usize| {
        may_begin(part, at) && has_type(&part[at..], ADDRESS_TYPES)
            || (at > sign || !is_internet && !is_within_word(at)) && has_type(&part[at..], &["smtp", "sip"])
    };
    // A type ends in `:`, and nearly all parts have a single one.
    let has_types = memchr::memchr_iter(b':', part).nth(1).is_some();
    let typed: Vec<usize> = (0..part.len()).filter(|&at| at == 0 || has_types && is_typed(at)).collect();
    if typed.len() > 1 || !is_internet {
        return typed;
    }
    let begins = mails(part);
    match memchr::memrchr(b'@', part) {
        // There is a second address, although no separator shows where it begins.
        Some(last) if begins.len() == 1 && last > sign => vec![0, last],
        _ => begins,
    }
}

/// Returns where mail addresses begin: each has one `@`.
fn mails(part: &[u8]) -> Vec<usize> {
    let mut begins = vec![0];
    let signs = memchr::memchr_iter(b'@', part);
    for (sign, next) in signs.clone().zip(signs.skip(1)) {
        let is_separator = |c: &u8| b",;|/ \t\r\n<>&^~!%$#".contains(c);
        let Some(at) = part[sign..next].iter().rposition(is_separator) else { continue };
        begins.push(sign + at + 1);
    }
    begins
}

/// Classes of which an object has several.
const CLASSES: [&str; 9] = [
    "top",
    "person",
    "organizationalperson",
    "user",
    "inetorgperson",
    "computer",
    "contact",
    "group",
    "leaf",
];

/// Returns where class names begin: they consist of letters, digits and hyphens.
fn classes(part: &[u8]) -> Vec<usize> {
    let is_word = |c: &u8| c.is_ascii_alphanumeric();
    let is_known = |word: &[u8]| CLASSES.iter().any(|class| class.as_bytes().eq_ignore_ascii_case(word));
    let mut begins: Vec<usize> = Vec::new();
    let mut named = 0;
    for (at, word) in words(part, is_word) {
        named += usize::from(is_known(word));
        begins.push(at);
    }
    let is_name = part.iter().all(|c| c.is_ascii_alphanumeric() || b"-.".contains(c));
    match begins.as_slice() {
        [] => vec![0],
        [_] if is_name => glued_classes(part, &CLASSES),
        // `ms-DS-Group-Managed-Service-Account` is one class, `top-person-user` is three
        _ if is_name && named < 2 => vec![0],
        // an odd character before or after a class is part of what joined it
        [only] => vec![*only, part.len()],
        _ => begins,
    }
}

/// Iterates over the words of a text, each with its place.
fn words(text: &[u8], is_word: impl Fn(&u8) -> bool + Copy) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + text[at..].iter().position(is_word)?;
        let length = text[from..].iter().position(|c| !is_word(c)).unwrap_or(text.len() - from);
        at = from + length;
        Some((from, &text[from..at]))
    })
}

/// Returns where classes begin that are joined without a separator: `toppersonuser`.
fn glued_classes(part: &[u8], classes: &[&str]) -> Vec<usize> {
    let mut begins = vec![0];
    let mut at = 0;
    while at < part.len() {
        let next = |class: &&&str| {
            part.get(at..at + class.len()).is_some_and(|here| here.eq_ignore_ascii_case(class.as_bytes()))
        };
        // the longer one that fits, such as `personal` rather than `person`
        let Some(class) = classes.iter().filter(next).max_by_key(|class| class.len()) else { return vec![0] };
        at += class.len();
        begins.push(at);
    }
    begins.pop();
    begins
}

/// Returns where DNs begin: after a `DC=`, a DN contains only further ones.
fn dns(part: &[u8]) -> Vec<usize> {
    const TYPES: [&[u8]; 5] = [b"CN=", b"OU=", b"B:", b"S:", b"O="];
    let begins_with =
        |rest: &[u8], kind: &[u8]| rest.get(..kind.len()).is_some_and(|here| here.eq_ignore_ascii_case(kind));
    let mut has_domain = false;
    let mut begins = vec![0];
    for at in 1..part.len() {
        if !may_begin(part, at) {
            continue;
        }
        let rest = &part[at..];
        if begins_with(rest, b"DC=") {
            has_domain = true;
        } else if has_domain && TYPES.iter().any(|kind| begins_with(rest, kind)) {
            begins.push(at);
            has_domain = false;
        }
    }
    begins
}

/// Returns where telephone numbers begin: after a separator, or at a second `+`.
fn telephones(part: &[u8]) -> Vec<usize> {
    begins_of(part, |rest| rest.starts_with(b"+") && rest.get(1).is_some_and(u8::is_ascii_digit))
}

/// Returns where pairs begin: with a word before `=`.
fn pairs(part: &[u8]) -> Vec<usize> {
    let is_name = |c: &u8| c.is_ascii_alphanumeric() || b"-_.".contains(c);
    begins_of(part, |rest| {
        let length = rest.iter().take_while(|c| is_name(c)).count();
        length > 0 && rest.get(length) == Some(&b'=')
    })
}

/// Whether a part may have several lines.
fn has_breaks(part: &[u8]) -> bool {
    memchr::memchr3(b'\n', b'\r', b'<', part).is_some()
}

/// Returns where lines begin, in text or markup: several lines in a cell are several values.
fn lines(part: &[u8]) -> Vec<usize> {
    const BREAKS: [&[u8]; 3] = [b"<br>", b"<br/>", b"<br />"];
    if !has_breaks(part) {
        return vec![0];
    }
    let is_break = |at: usize| {
        let ends = |tag: &&[u8]| {
            at.checked_sub(tag.len()).is_some_and(|from| part[from..at].eq_ignore_ascii_case(tag))
        };
        part[at - 1] == b'>' && BREAKS.iter().any(ends)
    };
    let is_end = |c: u8| c == b'\n' || c == b'\r';
    let is_line = |at: usize| is_end(part[at - 1]) && !is_end(part[at]);
    std::iter::once(0).chain((1..part.len()).filter(|&at| is_line(at) || is_break(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separator_is_named_if_it_reads_the_whole_cell() {
        for (syntax, cell, expect) in [
            (Syntax::ProxyAddress, "SMTP:a@x, sip:b@x", Some(b',')),
            (Syntax::ProxyAddress, "SMTP:a@x | sip:b@x|smtp:c@x", Some(b'|')),
            (Syntax::ProxyAddress, "SMTP:a@x##sip:b@x", Some(b'#')),
            (Syntax::ProxyAddress, "SMTP:a@x\r\nsip:b@x", Some(b'\n')),
            (Syntax::ProxyAddress, "SMTP:a@x sip:b@x", Some(b' ')),
            (Syntax::ProxyAddress, "SMTP:a@x, sip:b@x|smtp:c@x", None),
            (Syntax::ProxyAddress, "smtp:c@x;SMTP:a@x,sip:b@x", None),
            (Syntax::ProxyAddress, "SMTP:a@x - sip:b@x", None),
            (Syntax::ProxyAddress, "SMTP:a@x::sip:b@x", None),
            (Syntax::ProxyAddress, "SMTP:a@x<br>sip:b@x", None),
            (Syntax::ProxyAddress, "{SMTP:a@x, sip:b@x}", None),
            (Syntax::Class, "top-person-user", Some(b'-')),
            (Syntax::Class, "top, person, user", Some(b',')),
            (Syntax::Dn, "CN=a,DC=x|CN=b,DC=x", Some(b'|')),
            (Syntax::Dn, "CN=a,DC=x,CN=b,DC=x", None),
            (Syntax::Dn, "CN=a b,DC=x CN=b,DC=x", None),
        ] {
            let mut parts = cell.split(';').filter_map(|part| JoinedValues::of(part.as_bytes(), syntax));
            let reader = parts.next().unwrap().separator(cell.as_bytes(), b';', syntax);
            assert_eq!(reader, expect, "{cell}");
        }
    }

    #[test]
    fn values_are_also_parted_by_other_separators() {
        let separator = |c: u8| Some(JoinedForm::Separator(c));
        for (syntax, part, form, values) in [
            (Syntax::ProxyAddress, "SMTP:a@x,sip:b@x", separator(b','), &["SMTP:a@x", "sip:b@x"][..]),
            (Syntax::ProxyAddress, "SMTP:a@x, sip:b@x", separator(b','), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x | sip:b@x", separator(b'|'), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x sip:b@x", separator(b' '), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x\nsip:b@x", separator(b'\n'), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x\r\nsip:b@x", separator(b'\n'), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x\rsip:b@x", separator(b'\r'), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x%sip:b@x", separator(b'%'), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x$sip:b@x", separator(b'$'), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x/sip:b@x", separator(b'/'), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x^sip:b@x", separator(b'^'), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x<br>sip:b@x", Some(JoinedForm::Markup), &["SMTP:a@x", "sip:b@x"]),
            (
                Syntax::ProxyAddress,
                "SMTP:a@x<BR />sip:b@x",
                Some(JoinedForm::Markup),
                &["SMTP:a@x", "sip:b@x"],
            ),
            (Syntax::ProxyAddress, "{SMTP:a@x, sip:b@x}", Some(JoinedForm::Braces), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "{SMTP:a@x}", Some(JoinedForm::Braces), &["SMTP:a@x"]),
            (
                Syntax::ProxyAddress,
                "[\"SMTP:a@x\",\"sip:b@x\"]",
                Some(JoinedForm::Brackets),
                &["SMTP:a@x", "sip:b@x"],
            ),
            (
                Syntax::ProxyAddress,
                "['SMTP:a@x', 'sip:b@x']",
                Some(JoinedForm::Brackets),
                &["SMTP:a@x", "sip:b@x"],
            ),
            (
                Syntax::ProxyAddress,
                "\"SMTP:a@x\",\"sip:b@x\"",
                Some(JoinedForm::Quotes),
                &["SMTP:a@x", "sip:b@x"],
            ),
            (Syntax::ProxyAddress, "a@x, b@x", separator(b','), &["a@x", "b@x"]),
            (Syntax::ProxyAddress, "smtp:a@x b@x", separator(b' '), &["smtp:a@x", "b@x"]),
            (
                Syntax::ProxyAddress,
                "SMTP:a@x\u{a0}sip:b@x",
                Some(JoinedForm::Nothing),
                &["SMTP:a@x\u{a0}", "sip:b@x"],
            ),
            (
                Syntax::ProxyAddress,
                "SMTP:a@x\u{3001}sip:b@x",
                Some(JoinedForm::Nothing),
                &["SMTP:a@x\u{3001}", "sip:b@x"],
            ),
            (
                Syntax::ProxyAddress,
                "SMTP:a@x\\nsip:b@x",
                Some(JoinedForm::Nothing),
                &["SMTP:a@x\\n", "sip:b@x"],
            ),
            (
                Syntax::ProxyAddress,
                "SMTP:a@x`nsip:b@x",
                Some(JoinedForm::Nothing),
                &["SMTP:a@x`n", "sip:b@x"],
            ),
            (Syntax::ProxyAddress, "SMTP:a@x::sip:b@x", separator(b':'), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@x=sip:b@x", separator(b'='), &["SMTP:a@x", "sip:b@x"]),
            (Syntax::ProxyAddress, "SMTP:a@xsip:b@x", Some(JoinedForm::Nothing), &["SMTP:a@x", "sip:b@x"]),
            (
                Syntax::ProxyAddress,
                "SMTP:a@x\u{b7}b@x",
                Some(JoinedForm::Nothing),
                &["SMTP:a@x\u{b7}b", "@x"],
            ),
            (Syntax::ProxyAddress, "sip:a@x;opaque=user:epid:b", None, &[]),
            (Syntax::ProxyAddress, "SMTP:a.b-c@x", None, &[]),
            (Syntax::ProxyAddress, "X400:C=US;A= ;P=Contoso;O=Exchange;S=Doe;G=Ann;", None, &[]),
            (Syntax::ProxyAddress, "x400:c=US;DDA:RFC-822=a(a)x", None, &[]),
            (Syntax::ProxyAddress, "X500:/o=Contoso/ou=First Group/cn=Recipients/cn=ann", None, &[]),
            (
                Syntax::ProxyAddress,
                "X400:c=US\u{b7}smtp:b@x",
                Some(JoinedForm::Nothing),
                &["X400:c=US\u{b7}", "smtp:b@x"],
            ),
            (
                Syntax::ProxyAddress,
                "X500:/o=C/cn=a\\nsip:b@x",
                Some(JoinedForm::Nothing),
                &["X500:/o=C/cn=a\\n", "sip:b@x"],
            ),
            (Syntax::ProxyAddress, "X500:/o=C/cn=gossip:a", None, &[]),
            (Syntax::ProxyAddress, "EUM:101;phone-context=dial.contoso.com", None, &[]),
            (Syntax::Class, "top,person,user", separator(b','), &["top", "person", "user"]),
            (Syntax::Class, "top person user", separator(b' '), &["top", "person", "user"]),
            (Syntax::Class, "top\nperson\nuser", separator(b'\n'), &["top", "person", "user"]),
            (Syntax::Class, "top|person|user", separator(b'|'), &["top", "person", "user"]),
            (Syntax::Class, "top-person-user", separator(b'-'), &["top", "person", "user"]),
            (Syntax::Class, "{top, person, user}", Some(JoinedForm::Braces), &["top", "person", "user"]),
            (
                Syntax::Class,
                "toppersonorganizationalPersonuser",
                Some(JoinedForm::Nothing),
                &["top", "person", "organizationalPerson", "user"],
            ),
            (Syntax::Class, "user", None, &[]),
            (Syntax::Class, "inetOrgPerson", None, &[]),
            (Syntax::Class, "ms-DS-Group-Managed-Service-Account", None, &[]),
            (Syntax::Class, "msExchPersonalFolder", None, &[]),
            (
                Syntax::Dn,
                "CN=a,DC=x,DC=y,CN=b,DC=x,DC=y",
                separator(b','),
                &["CN=a,DC=x,DC=y", "CN=b,DC=x,DC=y"],
            ),
            (Syntax::Dn, "CN=a,DC=x CN=b,DC=x", separator(b' '), &["CN=a,DC=x", "CN=b,DC=x"]),
            (Syntax::Dn, "CN=a|b,OU=c,DC=x", None, &[]),
            (Syntax::Sid, "S-1-5-21-1-2 S-1-5-21-1-3", separator(b' '), &["S-1-5-21-1-2", "S-1-5-21-1-3"]),
            (Syntax::Telephone, "+33 1 23 45, +33 1 23 46", separator(b','), &["+33 1 23 45", "+33 1 23 46"]),
            (Syntax::Telephone, "+33 (1) 23-45", None, &[]),
            (Syntax::Mail, "a@x|b@x", separator(b'|'), &["a@x", "b@x"]),
            (Syntax::Pair, "0=1,1=2", separator(b','), &["0=1", "1=2"]),
            (Syntax::Pair, "a=b | c=d", separator(b'|'), &["a=b", "c=d"]),
            (Syntax::Pair, "{0=1, 1=2}", Some(JoinedForm::Braces), &["0=1", "1=2"]),
            (Syntax::Pair, "a=b c, d", None, &[]),
            (Syntax::Pair, "a=b==", None, &[]),
            (Syntax::Text, "one, two", None, &[]),
            (Syntax::Text, "one\r\ntwo", separator(b'\n'), &["one", "two"]),
        ] {
            let found = JoinedValues::of(part.as_bytes(), syntax);
            assert_eq!(found.as_ref().map(|joined| joined.form), form, "{part}");
            let found = found.map(|joined| joined.values).unwrap_or_default();
            let found: Vec<&str> = found.into_iter().map(|range| &part[range]).collect();
            assert_eq!(found, values, "{part}");
        }
    }
}
