//! Distinguished names (RFC 4514): parse, compare, normalise, write.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

mod normal;
mod parse;

pub(crate) use normal::validate;
pub use normal::{domain, is_under_normalized, normalize};
pub(crate) use parse::is_type;

/// Why a string is not a DN.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DnFaultKind {
    /// An empty RDN: two commas in a row, or one at an end.
    #[error("an empty RDN")]
    EmptyRdn,
    /// No `=` after the attribute type.
    #[error("an RDN without `=`")]
    NoEquals,
    /// An attribute type that is neither a name nor an OID.
    #[error("`{}` is not an attribute type", .0.escape_debug())]
    Type(String),
    /// A `\` that is not followed by a special character or two hexadecimal digits.
    #[error("`\\` escapes nothing")]
    Escape,
    /// A character that must be escaped.
    #[error("`{}` is not escaped", .0.escape_debug())]
    Unescaped(char),
    /// A `#` value that is not an even number of hexadecimal digits.
    #[error("a value after `#` that is not hexadecimal")]
    Hex,
    /// `\/`, which ADSI writes for `/` in a path.
    #[error("`\\/` is how ADSI writes `/` in a path, and no escape of a DN")]
    AdsiEscape,
    /// No RDN at all, although an entry has one.
    #[error("the DN is empty")]
    Empty,
    /// An unclosed `"`.
    #[error("a `\"` that is not closed")]
    Quote,
    /// Another number of RDNs than required.
    #[error("not one RDN")]
    NotOneRdn,
}

impl DnFaultKind {
    /// Returns the rule that the fault breaks, or its consequence.
    #[must_use]
    pub fn note(&self) -> &'static str {
        match self {
            Self::AdsiEscape => "ADSI escapes `/` in ADsPath alone; the DN has it as it is",
            Self::Empty => "RFC 4512 section 5.1: the empty DN is that of the root DSE, which is no user",
            Self::Quote => "RFC 2253 section 4: a quoted value ends with a `\"`",
            _ => "RFC 4514 section 3",
        }
    }
}

/// A fault with its byte offset in the string.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{kind}")]
pub struct DnFault {
    /// What is wrong.
    pub kind: DnFaultKind,
    /// Byte offset in the string.
    pub at: usize,
}

impl DnFault {
    fn new(kind: DnFaultKind, at: usize) -> Self {
        Self { kind, at }
    }
}

/// An attribute type with its value (AVA).
#[derive(Debug, Clone)]
pub struct Ava {
    /// The type as written, such as `CN` or `2.5.4.3`.
    pub kind: String,
    /// The value, without escapes. UTF-8 for every attribute in common use.
    pub value: Vec<u8>,
}

/// One relative distinguished name: an AVA, or several joined by `+`.
pub type Rdn = Vec<Ava>;

/// A distinguished name, the entry's own RDN first.
///
/// Equality, order and hash are those of the [normalised](normalize) form.
///
/// ```
/// use ldif::Dn;
///
/// let ann: Dn = r"CN=Doe\, Ann,OU=Paris,DC=contoso,DC=com".parse()?;
/// assert_eq!(ann.rdns()[0][0].value, b"Doe, Ann");
/// assert_eq!(ann.parent().unwrap().to_string(), "OU=Paris,DC=contoso,DC=com");
/// assert!(ann.is_under(&"dc=CONTOSO, dc=com".parse()?));
/// # Ok::<(), ldif::dn::DnFault>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Dn {
    rdns: Vec<Rdn>,
}

impl Dn {
    /// Parses a DN (RFC 4514); the empty string is the root. Spaces around `,`, `+` and `=` are ignored.
    ///
    /// # Errors
    ///
    /// The first fault, with its offset.
    pub fn parse(dn: &str) -> Result<Self, DnFault> {
        Ok(Self { rdns: parse::rdns(dn)? })
    }

    /// Returns the RDNs, the entry's own first.
    #[must_use]
    pub fn rdns(&self) -> &[Rdn] {
        &self.rdns
    }

    /// Returns the DN one level up; `None` at the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.rdns.split_first().map(|(_, rest)| Self { rdns: rest.to_vec() })
    }

    /// Whether the DN is `base`, or below it.
    #[must_use]
    pub fn is_under(&self, base: &Self) -> bool {
        let Some(depth) = self.rdns.len().checked_sub(base.rdns.len()) else { return false };
        Self { rdns: self.rdns[depth..].to_vec() } == *base
    }

    /// Returns the form in which equal DNs are equal strings; see [`normalize`].
    #[must_use]
    pub fn normalized(&self) -> String {
        let mut out = String::new();
        for (i, rdn) in self.rdns.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            if let [ava] = &rdn[..] {
                ava.normalize(&mut out);
                continue;
            }
            let mut avas: Vec<String> = rdn
                .iter()
                .map(|ava| {
                    let mut text = String::new();
                    ava.normalize(&mut text);
                    text
                })
                .collect();
            avas.sort_unstable();
            out.push_str(&avas.join("+"));
        }
        out
    }
}

impl Ava {
    fn normalize(&self, out: &mut String) {
        match normal::short(&self.kind) {
            Some(short) => out.push_str(short),
            None => out.push_str(&self.kind.to_ascii_lowercase()),
        }
        out.push('=');
        for part in self.value.utf8_chunks() {
            for c in part.valid().to_lowercase().chars() {
                if matches!(c, ',' | '+' | '\\') {
                    out.push('\\');
                }
                out.push(c);
            }
            for byte in part.invalid() {
                push_hex(*byte, out);
            }
        }
    }
}

fn push_hex(byte: u8, out: &mut String) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    out.push('\\');
    out.push(DIGITS[usize::from(byte >> 4)]);
    out.push(DIGITS[usize::from(byte & 15)]);
}

impl FromStr for Dn {
    type Err = DnFault;

    fn from_str(dn: &str) -> Result<Self, DnFault> {
        Self::parse(dn)
    }
}

/// Formats the DN as in RFC 4514. Characters are escaped where necessary, with `\` and the character if that form
/// exists, else in hexadecimal.
impl fmt::Display for Dn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, rdn) in self.rdns.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            for (j, ava) in rdn.iter().enumerate() {
                if j > 0 {
                    f.write_str("+")?;
                }
                ava.fmt(f)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Ava {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.kind)?;
        let len = self.value.len();
        let mut at = 0;
        for part in self.value.utf8_chunks() {
            for c in part.valid().chars() {
                let edge = c == ' ' && (at == 0 || at + 1 == len) || c == '#' && at == 0;
                match c {
                    _ if edge => write!(f, "\\{c}")?,
                    '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{c}")?,
                    '\0'..='\x1F' | '\x7F' => write!(f, "\\{:02X}", u32::from(c))?,
                    _ => write!(f, "{c}")?,
                }
                at += c.len_utf8();
            }
            for byte in part.invalid() {
                write!(f, "\\{byte:02X}")?;
            }
            at += part.invalid().len();
        }
        Ok(())
    }
}

impl PartialEq for Dn {
    fn eq(&self, other: &Self) -> bool {
        self.rdns.len() == other.rdns.len() && self.normalized() == other.normalized()
    }
}

impl Eq for Dn {}

impl PartialOrd for Dn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.normalized().cmp(&other.normalized())
    }
}

impl Hash for Dn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normalized().hash(state);
    }
}
