//! What tools do to values: how each kind of damage looks, and what to do about it.

/// Damage that the value itself shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A spreadsheet's scientific notation: `3,31E+10`.
    ScientificNotation,
    /// An integer with a decimal point: `514.0`.
    DecimalPoint,
    /// The apostrophe by which a spreadsheet keeps a number as text: `'514`.
    TextMark,
    /// The name of a type of PowerShell or .NET: `System.String[]`.
    TypeName,
    /// UTF-7: `J+AOk-r+APQ-me`.
    Utf7,
}

impl Damage {
    /// The damage that a value shows, whatever its attribute.
    #[must_use]
    pub fn of(text: &[u8]) -> Option<Self> {
        if is_type_name(text) {
            Some(Self::TypeName)
        } else if is_scientific(text) {
            Some(Self::ScientificNotation)
        } else if has_text_mark(text) {
            Some(Self::TextMark)
        } else {
            has_utf7(text).then_some(Self::Utf7)
        }
    }

    /// The damage of a value that should have been a number.
    #[must_use]
    pub fn of_number(text: &[u8]) -> Option<Self> {
        Self::of(text).or_else(|| has_decimals(text).then_some(Self::DecimalPoint))
    }

    /// What the value is, behind "`userAccountControl` is".
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::ScientificNotation => "a number in a spreadsheet's scientific notation",
            Self::DecimalPoint => "a number with a decimal point",
            Self::TextMark => "a value behind a spreadsheet's text mark `'`",
            Self::TypeName => "the name of a PowerShell type, which replaces the values",
            Self::Utf7 => "text in UTF-7",
        }
    }

    /// How to get the value itself.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::ScientificNotation | Self::DecimalPoint | Self::TextMark => {
                "format the column as text before the spreadsheet reads the file, or export again"
            }
            Self::TypeName => "export with ldifde or csvde, or join the values by `-join ';'` in PowerShell",
            Self::Utf7 => "export again with `Export-Csv -Encoding Unicode`",
        }
    }
}

/// Whether the text is what .NET or PowerShell prints for an object that it does not unfold: the name of its type.
#[must_use]
pub fn is_type_name(text: &[u8]) -> bool {
    if text.starts_with(b"@{") && text.ends_with(b"}") {
        return true;
    }
    if text.starts_with(b"Deserialized.") || text == b"System.__ComObject" {
        return true;
    }
    let is_name = |c: &u8| c.is_ascii_alphanumeric() || b"._`[],+= ".contains(c);
    (text.starts_with(b"System.") || text.starts_with(b"Microsoft."))
        && text.iter().all(is_name)
        && (text.ends_with(b"]")
            || text.ends_with(b"List")
            || memchr::memmem::find(text, b"Collection").is_some())
}

/// Whether the text is a number in a spreadsheet's scientific notation, `3,31E+10`: most of its digits are gone.
#[must_use]
pub fn is_scientific(text: &[u8]) -> bool {
    let Some(b'0'..=b'9' | b'-') = text.first() else { return false };
    let Some(at) = memchr::memchr2(b'E', b'e', text) else { return false };
    let mantissa = text[..at].strip_prefix(b"-").unwrap_or(&text[..at]);
    let (is_signed, exponent) = match &text[at + 1..] {
        [b'+' | b'-', exponent @ ..] => (true, exponent),
        exponent => (false, exponent),
    };
    let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let has_point = mantissa.iter().any(|&c| c == b',' || c == b'.');
    // `12E4` is as well a room or a building.
    (is_signed || has_point)
        && digits(exponent)
        && mantissa.splitn(2, |&c| c == b',' || c == b'.').all(digits)
}

/// Whether the text is an integer with zeros behind a decimal point or comma.
fn has_decimals(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let mut parts = text.splitn(2, |&c| c == b',' || c == b'.');
    let mut digits =
        || parts.next().is_some_and(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit));
    digits() && digits()
}

/// Whether the text is a spreadsheet's text mark and what it keeps from being read as a number or a formula.
fn has_text_mark(text: &[u8]) -> bool {
    matches!(text, [b'\'', b'0'..=b'9' | b'+' | b'-' | b'=', ..])
}

/// Whether the text holds a letter of UTF-7: `+AOk-` for `é` (RFC 2152). Only Latin, Greek and Cyrillic letters count, so
/// that `ann+team-a@contoso.com` is none.
fn has_utf7(text: &[u8]) -> bool {
    let digit = |c: &u8| match c {
        b'A'..=b'Z' => Some(u32::from(c - b'A')),
        b'a'..=b'z' => Some(u32::from(c - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(c - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    memchr::memchr_iter(b'+', text).any(|at| {
        let run = text[at + 1..].split(|&c| c == b'-').next().unwrap_or_default();
        let Some(digits) = run.iter().map(digit).collect::<Option<Vec<u32>>>() else { return false };
        let is_closed = text.get(at + 1 + run.len()) == Some(&b'-');
        let first = digits.get(..3).map(|first| first.iter().fold(0, |bits, digit| bits << 6 | digit));
        let spare = digits.len() * 6 % 16;
        is_closed && spare < 6 && first.is_some_and(|bits| (0xa0..0x530).contains(&(bits >> 2)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_known_by_its_look() {
        use Damage::{DecimalPoint, ScientificNotation, TextMark, TypeName, Utf7};
        for (text, expect) in [
            ("Microsoft.ActiveDirectory.Management.ADPropertyValueCollection", Some(TypeName)),
            ("System.String[]", Some(TypeName)),
            ("System.Byte[]", Some(TypeName)),
            ("System.Collections.ArrayList", Some(TypeName)),
            ("System.Collections.Generic.List`1[System.String]", Some(TypeName)),
            ("System.__ComObject", Some(TypeName)),
            ("Deserialized.System.Int32", Some(TypeName)),
            ("@{mail=ann@contoso.com}", Some(TypeName)),
            ("System.Administrator", None),
            ("Microsoft.com", None),
            ("ann.doe@contoso.com", None),
            ("3,31E+10", Some(ScientificNotation)),
            ("3.31E+10", Some(ScientificNotation)),
            ("5.14e+02", Some(ScientificNotation)),
            ("3,31E10", Some(ScientificNotation)),
            ("-1E+05", Some(ScientificNotation)),
            ("1E-3", Some(ScientificNotation)),
            ("12E4", None),
            ("E+10", None),
            ("1,2,3E+10", None),
            (",3E+10", None),
            ("3,E+10", None),
            ("3,31E+", None),
            ("ANNE+1", None),
            ("'514", Some(TextMark)),
            ("'t Hart", None),
            ("514.0", Some(DecimalPoint)),
            ("514,00", Some(DecimalPoint)),
            ("J+AOk-r+APQ-me", Some(Utf7)),
            ("Ren+AOk-", Some(Utf7)),
            ("ann+team-a@contoso.com", None),
            ("ann+abc-d@contoso.com", None),
            ("+33-1", None),
            ("514.", None),
            ("514", None),
        ] {
            assert_eq!(Damage::of_number(text.as_bytes()), expect, "{text}");
        }
    }
}
