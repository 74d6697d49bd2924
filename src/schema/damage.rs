//! Damage that tools do to values: how each kind looks, and what to do about it.

use super::lost::utf7;
use crate::language::{Text, text};

/// Damage that is visible in the value itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A spreadsheet's scientific notation: `3,31E+10`.
    ScientificNotation,
    /// An integer with a decimal point: `514.0`.
    DecimalPoint,
    /// A date, which a spreadsheet makes of text such as `MAR1`: `1-Mar`.
    Date,
    /// The apostrophe with which a spreadsheet marks a number as text: `'514`.
    TextMark,
    /// The name of a PowerShell or .NET type: `System.String[]`.
    TypeName,
    /// UTF-7: `J+AOk-r+APQ-me`.
    Utf7,
    /// A string of Python as it is in a program: `b'Doe'`.
    PythonString,
    /// A word for no value: `NULL`.
    NoValue,
}

impl Damage {
    /// Detects damage in a value of any attribute.
    pub fn of(text: &[u8]) -> Option<Self> {
        Self::of_first_bytes(text).or_else(|| has_utf7(text).then_some(Self::Utf7))
    }

    /// Detects the damage that the first byte of nearly all values rules out.
    #[inline]
    fn of_first_bytes(text: &[u8]) -> Option<Self> {
        match text.first()? {
            b'0'..=b'9' | b'+' | b'-' => is_scientific(text).then_some(Self::ScientificNotation),
            b'\'' => is_text_mark(text).then_some(Self::TextMark),
            _ => is_type_name(text).then_some(Self::TypeName),
        }
    }

    /// Detects damage in a value that should be a number.
    pub fn of_number(text: &[u8]) -> Option<Self> {
        Self::of(text).or_else(|| has_decimals(text).then_some(Self::DecimalPoint))
    }

    /// Detects damage in free text, except UTF-7, which is detected together with lost letters.
    #[inline]
    pub fn of_text(text: &[u8]) -> Option<Self> {
        Self::of_first_bytes(text).or_else(|| is_decimal(text).then_some(Self::DecimalPoint))
    }

    /// Detects damage in a part of a name, which is neither a version nor a date.
    pub fn of_name(text: &[u8]) -> Option<Self> {
        let short = || is_decimal_of(text, 1).then_some(Self::DecimalPoint);
        Self::of_text(text)
            .or_else(short)
            .or_else(|| is_date(text).then_some(Self::Date))
            .or_else(|| is_python_string(text).then_some(Self::PythonString))
    }

    /// Describes the value, to follow "`userAccountControl` is".
    pub fn what(self) -> Text {
        match self {
            Self::ScientificNotation => text!(
                "a number in a spreadsheet's scientific notation",
                "un nombre dans la notation scientifique d’un tableur"
            ),
            Self::DecimalPoint => text!("a number with a decimal point", "un nombre à virgule"),
            Self::Date => text!("a date of a spreadsheet", "une date d’un tableur"),
            Self::TextMark => text!(
                "a value after a spreadsheet's text mark `'`",
                "une valeur derrière la marque de texte `'` d’un tableur"
            ),
            Self::TypeName => text!(
                "the name of a PowerShell type, which replaces the values",
                "le nom d’un type PowerShell, qui remplace les valeurs"
            ),
            Self::Utf7 => text!("text in UTF-7", "du texte en UTF-7"),
            Self::PythonString => {
                text!("a string as Python prints it", "une chaîne telle que Python l’affiche")
            }
            Self::NoValue => text!("a word for no value", "un mot qui tient lieu de valeur"),
        }
    }

    /// Gives advice on how to get the real value.
    pub fn help(self) -> Text {
        match self {
            Self::ScientificNotation | Self::DecimalPoint | Self::Date | Self::TextMark => text!(
                "format the column as text before the spreadsheet reads the file, or export again",
                "mettez la colonne au format texte avant que le tableur ne lise le fichier, ou refaites l’export"
            ),
            Self::TypeName => text!(
                "export with ldifde or csvde, or join the values by `-join ';'` in PowerShell",
                "exportez avec ldifde ou csvde, ou joignez les valeurs par `-join ';'` dans PowerShell"
            ),
            Self::PythonString => text!(
                "export with `value.decode()` in Python, or with ldapsearch",
                "exportez avec `value.decode()` dans Python, ou avec ldapsearch"
            ),
            Self::NoValue => text!(
                "leave the cell empty, or correct the value in the directory",
                "laissez la cellule vide, ou corrigez la valeur dans l’annuaire"
            ),
            Self::Utf7 => text!(
                "export again with `Export-Csv -Encoding Unicode`",
                "refaites l’export avec `Export-Csv -Encoding Unicode`"
            ),
        }
    }
}

/// What databases, scripts and people write for no value. `Null` and `Nan` are names, and so may be others in capitals.
const NO_VALUES: &[&str] =
    &["NULL", "null", "(null)", "<null>", "None", "none", "nan", "NaN", "N/A", "n/a", "nil", "undefined"];

/// Whether the text means that there is no value.
pub(crate) fn is_no_value(text: &str) -> bool {
    NO_VALUES.contains(&text)
}

/// What spreadsheets show in place of a value, in English, French and German.
const CELL_ERRORS: &[&str] = &[
    "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#VALEUR!",
    "#NOM?", "#NOMBRE!", "#NUL!", "#NV", "#BEZUG!", "#WERT!", "#ZAHL!",
];

/// Types with a name of one or two words.
const SHORT_TYPES: &[&str] = &[
    "array",
    "boolean",
    "byte",
    "char",
    "datetime",
    "decimal",
    "double",
    "guid",
    "int16",
    "int32",
    "int64",
    "object",
    "single",
    "string",
    "timespan",
    "type",
    "uint32",
    "uint64",
    "uri",
    "version",
    "__comobject",
];

/// The beginnings of type names that are neither in brackets nor in braces.
const TYPE_BEGINNINGS: [&[u8]; 6] =
    [b"System.", b"Microsoft.", b"Deserialized.", b"Selected.", b"ARRAY(0x", b"HASH(0x"];

/// Whether the text is the name of a type, which PowerShell, .NET and others print for values that they cannot print,
/// or the error that a spreadsheet shows in place of a value.
#[inline]
pub(crate) fn is_type_name(text: &[u8]) -> bool {
    // Hardly any value begins like this, so hardly any is searched.
    match text.first() {
        Some(b'@' | b'#' | b'[' | b'<' | b'{') => names_type(text),
        Some(b'S' | b'M' | b'D' | b'A' | b'H') => {
            TYPE_BEGINNINGS.iter().any(|beginning| text.starts_with(beginning)) && names_type(text)
        }
        _ => false,
    }
}

/// Decides for a text that begins like the name of a type.
fn names_type(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    match text.as_bytes() {
        [b'@', b'{', .., b'}'] => true,
        [b'#', ..] => CELL_ERRORS.contains(&text) || is_cell_error(text),
        [b'[', ..] => text.starts_with("[object ") || text.starts_with("[L") && text.contains(";@"),
        [b'<', ..] => text.contains(" object at 0x"),
        [b'{', .., b'}'] => text.ends_with("...}") || text.ends_with("…}"),
        [b'A'..=b'Z', ..] => {
            is_dotnet_type(text) || text.starts_with("ARRAY(0x") || text.starts_with("HASH(0x")
        }
        _ => false,
    }
}

/// Whether the text is a cell error in another language: `#¡VALOR!`, `#N/D`.
fn is_cell_error(text: &str) -> bool {
    let is_shouted = text.chars().skip(1).all(|c| c.is_uppercase() || "¡!?/0".contains(c));
    is_shouted && text.len() > 2 && (text.ends_with(['!', '?']) || text.starts_with("#N/"))
}

/// Whether the text is a .NET type: ``System.Collections.Generic.List`1[System.String]``,
/// `Deserialized.System.String[]`, `System.__ComObject`.
fn is_dotnet_type(text: &str) -> bool {
    let prefixed = ["Deserialized.", "Selected."].iter().find_map(|prefix| text.strip_prefix(prefix));
    let name = prefixed.unwrap_or(text);
    if !name.starts_with("System.") && !name.starts_with("Microsoft.") {
        return false;
    }
    let end = name.find(['[', '`']).unwrap_or(name.len());
    let (plain, generic) = name.split_at(end);
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    if !plain.split(['.', '+']).all(is_word) {
        return false;
    }
    if !generic.is_empty() {
        return generic.ends_with(']') || generic.starts_with('`');
    }
    let words = plain.split(['.', '+']).count();
    let last = plain.rsplit('.').next().unwrap_or_default();
    prefixed.is_some() || words > 2 || SHORT_TYPES.iter().any(|known| known.eq_ignore_ascii_case(last))
}

/// Whether the text is a number in a spreadsheet's scientific notation, `3,31E+10`, which has lost most of its digits.
pub(crate) fn is_scientific(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let Some(b'0'..=b'9') = text.first() else { return false };
    let Some(at) = memchr::memchr2(b'E', b'e', text) else { return false };
    let mantissa = &text[..at];
    let (is_signed, exponent) = match &text[at + 1..] {
        [b'+' | b'-', exponent @ ..] => (true, exponent),
        exponent => (false, exponent),
    };
    let are_digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let has_point = mantissa.iter().any(|&c| c == b',' || c == b'.');
    // `12E4` may also be a room or a building.
    (is_signed || has_point)
        && are_digits(exponent)
        && mantissa.splitn(2, |&c| c == b',' || c == b'.').all(are_digits)
}

/// Whether the text is an integer followed by a decimal point or comma and digits.
fn has_decimals(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let are_digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let point = memchr::memchr2(b',', b'.', text);
    point.is_some_and(|at| are_digits(&text[..at]) && are_digits(&text[at + 1..]))
}

/// Whether the text begins with the `'` that marks text in a spreadsheet. `'t Hooft` and `'s Gravesande` are names.
pub(crate) fn is_text_mark(text: &[u8]) -> bool {
    let [b'\'', rest @ ..] = text else { return false };
    let is_article = matches!(rest, [b't' | b'T' | b's' | b'S' | b'n' | b'N', b' ' | b'-', ..]);
    !is_article && rest.iter().any(|&c| c.is_ascii_digit() || b"@+=:".contains(&c))
}

/// Whether the text is bytes, or text of Python 2, as Python prints them: `b'Doe'`, `u"Doe"`.
fn is_python_string(text: &[u8]) -> bool {
    matches!(
        text,
        [b'b' | b'B' | b'u' | b'U', b'\'', .., b'\''] | [b'b' | b'B' | b'u' | b'U', b'"', .., b'"']
    )
}

/// Whether a logon name begins with the mark of text: no logon name begins with an apostrophe.
pub(crate) fn is_marked_name(text: &[u8]) -> bool {
    matches!(text, [b'\'', _, ..])
}

/// Whether the text is a whole number with a decimal part of zeros, `514.0`, as written for a column with gaps.
pub(crate) fn is_decimal(text: &[u8]) -> bool {
    // `1.0` is a version
    is_decimal_of(text, 3)
}

/// Whether the text is a whole number of at least this many digits with a decimal part of zeros.
fn is_decimal_of(text: &[u8], least: usize) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let Some(b'0'..=b'9') = text.first() else { return false };
    let Some(at) = memchr::memchr2(b'.', b',', text) else { return false };
    let (whole, zeros) = (&text[..at], &text[at + 1..]);
    whole.len() >= least && whole.iter().all(u8::is_ascii_digit) && matches!(zeros, b"0" | b"00")
}

/// The months of dates without a year, in English, French, German, Spanish, Italian and Dutch.
const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "janv",
    "févr", "mars", "avr", "mai", "juin", "juil", "août", "déc", "mrz", "okt", "dez", "ene", "abr", "ago",
    "dic", "gen", "mag", "giu", "lug", "set", "ott", "mrt", "mei",
];

/// Whether the text is a date as spreadsheets show it: `1-Mar`, `Mar-09`, `01. Mrz`, `2009-03-01`, `01.03.2009`,
/// `3/1/2009`.
fn is_date(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let Some(separator) = text.chars().find(|c| matches!(c, '-' | '.' | '/')) else { return false };
    let is_number = |part: &str| part.bytes().all(|c| c.is_ascii_digit()) && matches!(part.len(), 1 | 2 | 4);
    let is_month = |part: &str| MONTHS.contains(&part.to_lowercase().trim_end_matches('.'));
    match text.split(separator).collect::<Vec<_>>()[..] {
        [day, month] if separator == '.' => is_number(day) && month.strip_prefix(' ').is_some_and(is_month),
        [one, other] => {
            separator == '-' && (is_number(one) && is_month(other) || is_month(one) && is_number(other))
        }
        [first, second, third] => {
            [first, second, third].into_iter().all(is_number) && first.len().max(third.len()) == 4
        }
        _ => false,
    }
}

/// Whether the text contains a letter in UTF-7: `+AOk-` for `é` (RFC 2152). Only letters of names count, so that
/// `ann+team-a@contoso.com` is not UTF-7.
fn has_utf7(text: &[u8]) -> bool {
    let run_at = |at: usize| std::str::from_utf8(&text[at..]).ok().and_then(utf7);
    memchr::memchr_iter(b'+', text).any(|at| run_at(at).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_former_whole_number_ends_with_one_zero_or_two() {
        for (text, expect) in [
            ("514.0", true),
            ("514,00", true),
            ("-512.0", true),
            ("514.000", false),
            ("514.5", false),
            ("5a4.0", false),
            // versions
            ("51.0", false),
            ("1.0", false),
        ] {
            assert_eq!(is_decimal(text.as_bytes()), expect, "{text}");
        }
    }

    #[test]
    fn a_part_of_a_name_is_neither_a_decimal_nor_a_date() {
        for (text, expect) in [
            ("7.0", Some(Damage::DecimalPoint)),
            ("1-Mar", Some(Damage::Date)),
            ("01-févr.", Some(Damage::Date)),
            ("Mrz-09", Some(Damage::Date)),
            ("01. Mrz", Some(Damage::Date)),
            ("1-ene", Some(Damage::Date)),
            ("1. Graf", None),
            ("b'Doe'", Some(Damage::PythonString)),
            ("u\"Doe\"", Some(Damage::PythonString)),
            ("b'Doe", None),
            ("B'Elanna", None),
            ("2009-03-01", Some(Damage::Date)),
            ("01.03.2009", Some(Damage::Date)),
            ("3/1/2009", Some(Damage::Date)),
            ("mar-jan", None),
            ("ann-1", None),
            ("1.2.3", None),
            ("a.7.2009", None),
            ("12-34", None),
            ("7.5", None),
        ] {
            assert_eq!(Damage::of_name(text.as_bytes()), expect, "{text}");
        }
    }

    #[test]
    fn damage_is_recognised_by_its_look() {
        use Damage::{DecimalPoint, ScientificNotation, TextMark, TypeName, Utf7};
        for (text, expect) in [
            ("Microsoft.ActiveDirectory.Management.ADPropertyValueCollection", Some(TypeName)),
            ("System.String[]", Some(TypeName)),
            ("System.Byte[]", Some(TypeName)),
            ("System.Collections.ArrayList", Some(TypeName)),
            ("System.Collections.Generic.List`1[System.String]", Some(TypeName)),
            ("System.Collections.Generic.List`1", Some(TypeName)),
            ("System.Collections.Generic.List[x", None),
            ("Deserialized.System.Frob", Some(TypeName)),
            ("System.Frob", None),
            ("System..Frob", None),
            ("System.Frob nicator.List", None),
            ("Deserialized.Frob", None),
            ("HASH(0x55d0c8)", Some(TypeName)),
            ("Ann ARRAY(0x", None),
            ("<user.User object at 0x7f>", Some(TypeName)),
            ("<ann@contoso.com>", None),
            ("{SMTP:ann.doe@contoso.com, sip:ann.doe@contoso.com…}", Some(TypeName)),
            ("{...SMTP:ann.doe@contoso.com}", None),
            ("[Ljubljana]", None),
            ("[L", None),
            ("[a];@b", None),
            ("#NV", Some(TypeName)),
            ("#", None),
            ("#!", None),
            ("#N/", Some(TypeName)),
            ("#Team!", None),
            ("#0", None),
            ("System.__ComObject", Some(TypeName)),
            ("Deserialized.System.Int32", Some(TypeName)),
            ("@{mail=ann@contoso.com}", Some(TypeName)),
            ("System.Object[]", Some(TypeName)),
            ("System.__ComObject", Some(TypeName)),
            ("System.DateTime", Some(TypeName)),
            ("Microsoft.ActiveDirectory.Management.ADUser", Some(TypeName)),
            ("Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]", Some(TypeName)),
            ("System.Collections.Hashtable+KeyCollection", Some(TypeName)),
            ("Deserialized.Microsoft.Exchange.Data.ProxyAddressCollection", Some(TypeName)),
            ("Deserialized.System.Collections.ArrayList", Some(TypeName)),
            ("@{PrefixString=SMTP; AddressString=ann.doe@contoso.com}", Some(TypeName)),
            ("{SMTP:ann.doe@contoso.com, sip:ann.doe@contoso.com...}", Some(TypeName)),
            ("[object Object]", Some(TypeName)),
            ("[Ljava.lang.String;@1b6d3586", Some(TypeName)),
            ("ARRAY(0x55d0c8)", Some(TypeName)),
            ("#N/A", Some(TypeName)),
            ("#NOM?", Some(TypeName)),
            ("#¡VALOR!", Some(TypeName)),
            ("#N/D", Some(TypeName)),
            ("#ВЫЧИСЛ!", Some(TypeName)),
            ("#TEAM", None),
            // from a column that was too narrow: a telephone number without digits
            ("########", None),
            ("#1 sales", None),
            ("{SMTP:ann.doe@contoso.com}", None),
            ("System.Administrator", None),
            ("System.com Administrator", None),
            ("'ann.doe@contoso.com", Some(TextMark)),
            ("'+33123456789", Some(TextMark)),
            ("O'Brien", None),
            ("+3,31E+10", Some(ScientificNotation)),
            ("Microsoft.com", None),
            ("ann.doe@contoso.com", None),
            ("3,31E+10", Some(ScientificNotation)),
            ("3.31E+10", Some(ScientificNotation)),
            ("5.14e+02", Some(ScientificNotation)),
            ("3,31E10", Some(ScientificNotation)),
            ("3.31E10", Some(ScientificNotation)),
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
            ("'t Hart 2", None),
            ("'Hart", None),
            ("'", None),
            ("514.0", Some(DecimalPoint)),
            ("514,00", Some(DecimalPoint)),
            ("J+AOk-r+APQ-me", Some(Utf7)),
            ("Ren+AOk-", Some(Utf7)),
            ("ann+team-a@contoso.com", None),
            ("ann+abc-d@contoso.com", None),
            ("+33-1", None),
            ("514.", None),
            ("v.2", None),
            ("514", None),
        ] {
            assert_eq!(Damage::of_number(text.as_bytes()), expect, "{text}");
        }
    }
}
