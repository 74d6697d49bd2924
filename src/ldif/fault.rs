//! Faults of LDIF: each with its code, its message and the rule that it breaks.

use std::fmt;

use crate::dn::DnFaultKind;
use crate::line::Line;

/// The severity of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The record is complete; a fact worth knowing.
    Note,
    /// The record is read and its meaning is clear, but another reader may refuse it.
    Warning,
    /// The record, or the value, cannot be read.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// The kind of a fault, with one variant for each mistake.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// A continuation line without a line to continue.
    #[error("a continuation line with no line before it")]
    FoldFirst,
    /// A line without `:`.
    #[error("a line without `:`")]
    NoColon,
    /// A record that does not begin with `dn:`; the name with which it begins.
    #[error("the record begins with `{}`, not with `dn:`", .0.escape_debug())]
    NoDn(String),
    /// A `dn:` or `version:` line inside a record, usually because a blank line is missing.
    #[error("the next record begins here, without a blank line before it")]
    SecondDn,
    /// A space between the name and the `:`.
    #[error("a space before the `:`")]
    SpaceBeforeColon,
    /// An attribute after a tab, as written by curl.
    #[error("a tab before the attribute")]
    TabLine,
    /// An invalid DN.
    #[error("invalid DN: {0}")]
    Dn(DnFaultKind),
    /// A `dn::` whose bytes are not UTF-8.
    #[error("the DN is not UTF-8")]
    DnNotUtf8,
    /// A character that is not allowed in an attribute description (RFC 4512 section 2.5); the description.
    #[error("invalid attribute description `{}`", .0.escape_debug())]
    Name(String),
    /// A character outside the base64 alphabet.
    #[error("`{}` is not a base64 character", .0.escape_debug())]
    Base64Character(char),
    /// Base64 that ends before its padding is complete, or has wrong padding.
    #[error("wrong base64 padding")]
    Base64Padding,
    /// Base64 with unused bits in its last character.
    #[error("`{0}` cannot be the last base64 character: it has bits to spare")]
    Base64Bits(char),
    /// A value given as a URL (`:<`).
    #[error("the value is a URL")]
    Url,
    /// A `version:` other than 1; the version.
    #[error("LDIF version `{}`, expected 1", .0.escape_debug())]
    Version(String),
    /// An unknown `changetype:`; the type.
    #[error("unknown change type `{}`", .0.escape_debug())]
    ChangeType(String),
    /// A `changetype:` after attributes, which makes it one of them.
    #[error("`changetype:` among the attributes")]
    ChangeTypeLate,
    /// A `control:` line that is not OID, criticality and value.
    #[error("invalid control")]
    Control,
    /// A `control:` line in a record without a following `changetype:`.
    #[error("a control in a record without `changetype:`")]
    ControlInContent,
    /// A modification that is not add, delete, replace or increment; its keyword.
    #[error("unknown modification `{}`", .0.escape_debug())]
    Operation(String),
    /// A modification of an invalid attribute description.
    #[error("invalid attribute description `{}`", .0.escape_debug())]
    OperationName(String),
    /// A value line with another attribute than its modification.
    #[error("a value of `{}` in a modification of `{}`", .found.escape_debug(), .expected.escape_debug())]
    OperationAttribute {
        /// The attribute of the value line.
        found: String,
        /// The attribute of the modification.
        expected: String,
    },
    /// `changetype: modify` without any modification.
    #[error("a modify record without modifications")]
    NoModification,
    /// A line after `changetype: delete`.
    #[error("a delete record with attributes")]
    DeleteWithAttributes,
    /// A rename without the line of this name.
    #[error("a rename without `{0}:`")]
    RenameLacks(&'static str),
    /// A line that does not belong in a rename; its name.
    #[error("`{}` in a rename", .0.escape_debug())]
    RenameLine(String),
    /// A `deleteoldrdn:` that is neither 0 nor 1; its value.
    #[error("`deleteoldrdn` is `{}`, expected 0 or 1", .0.escape_debug())]
    DeleteOldRdn(String),
    /// A `-` where no modification can end.
    #[error("`-` with no modification to end")]
    StrayDash,
    /// A record longer than the limit; the limit in bytes.
    #[error("a record longer than {0} bytes")]
    TooLong(usize),
    /// A UTF-16 file with an odd number of bytes.
    #[error("the file ends in half a UTF-16 unit")]
    HalfUnit,
    /// Half of a UTF-16 surrogate pair.
    #[error("unpaired UTF-16 surrogate {0:04X}")]
    Surrogate(u16),
    /// A byte order mark inside the file.
    #[error("a byte order mark inside the file")]
    Bom,
    /// A continuation line that begins with a tab.
    #[error("a continuation line that begins with a tab")]
    TabFold,
    /// A plain value that ends in a space.
    #[error("the value ends in a space")]
    TrailingSpace,
    /// NUL or another control character in a plain value.
    #[error("control character U+{:04X} in a plain value", u32::from(*.0))]
    ControlCharacter(char),
    /// A byte of a plain value that is not UTF-8.
    #[error("byte {0:02X} is not UTF-8")]
    NotUtf8(u8),
    /// The same value twice in one attribute; the offset of the first.
    #[error("the same value again")]
    DuplicateValue {
        /// Offset of the first value's line in the slice that was walked.
        first: usize,
    },
    /// A space after `-`.
    #[error("a space after `-`")]
    DashSpace,
    /// A line of spaces instead of a blank line.
    #[error("a line of spaces instead of a blank line")]
    SpaceLine,
    /// A schema change (`ntdsSchemaAdd` and the like); the change type.
    #[error("schema record (`{}`) passed over", .0.escape_debug())]
    SchemaRecord(String),
}

impl FaultKind {
    /// Returns the kebab-case name of the fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::FoldFirst => "ldif-fold-first",
            Self::NoColon => "ldif-no-colon",
            Self::NoDn(_) => "ldif-no-dn",
            Self::SecondDn => "ldif-second-dn",
            Self::SpaceBeforeColon => "ldif-space-before-colon",
            Self::TabLine => "ldif-tab-line",
            Self::Dn(_) => "ldif-dn",
            Self::DnNotUtf8 => "ldif-dn-utf8",
            Self::Name(_) => "ldif-name",
            Self::Base64Character(_) => "ldif-base64",
            Self::Base64Padding => "ldif-base64-padding",
            Self::Base64Bits(_) => "ldif-base64-bits",
            Self::Url => "ldif-url",
            Self::Version(_) => "ldif-version",
            Self::ChangeType(_) => "ldif-changetype",
            Self::ChangeTypeLate => "ldif-changetype-late",
            Self::Control => "ldif-control",
            Self::ControlInContent => "ldif-control-in-content",
            Self::Operation(_) => "ldif-operation",
            Self::OperationName(_) => "ldif-operation-name",
            Self::OperationAttribute { .. } => "ldif-operation-attribute",
            Self::NoModification => "ldif-no-modification",
            Self::DeleteWithAttributes => "ldif-delete-attributes",
            Self::RenameLacks(_) => "ldif-rename-lacks",
            Self::RenameLine(_) => "ldif-rename-line",
            Self::DeleteOldRdn(_) => "ldif-deleteoldrdn",
            Self::StrayDash => "ldif-stray-dash",
            Self::TooLong(_) => "ldif-too-long",
            Self::HalfUnit => "ldif-half-unit",
            Self::Surrogate(_) => "ldif-surrogate",
            Self::Bom => "ldif-bom",
            Self::TabFold => "ldif-tab-fold",
            Self::TrailingSpace => "ldif-trailing-space",
            Self::ControlCharacter(_) => "ldif-control-character",
            Self::NotUtf8(_) => "ldif-not-utf8",
            Self::DuplicateValue { .. } => "ldif-duplicate-value",
            Self::DashSpace => "ldif-dash-space",
            Self::SpaceLine => "ldif-space-line",
            Self::SchemaRecord(_) => "ldif-schema-record",
        }
    }

    /// Whether this is a fault of the record as a whole, not of a single value or name.
    #[must_use]
    pub fn is_structural(&self) -> bool {
        !matches!(
            self,
            Self::Name(_)
                | Self::Base64Character(_)
                | Self::Base64Padding
                | Self::Base64Bits(_)
                | Self::Url
                | Self::TabFold
                | Self::TrailingSpace
                | Self::ControlCharacter(_)
                | Self::NotUtf8(_)
                | Self::DuplicateValue { .. }
        )
    }

    /// Returns the severity, unless a stricter rule applies.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::Surrogate(_)
            | Self::Bom
            | Self::TabFold
            | Self::TrailingSpace
            | Self::ControlCharacter(_)
            | Self::NotUtf8(_)
            | Self::DuplicateValue { .. }
            | Self::DashSpace
            | Self::SpaceLine => Severity::Warning,
            Self::SchemaRecord(_) => Severity::Note,
            _ => Severity::Error,
        }
    }

    /// Returns the rule that the fault breaks, or its consequence.
    #[must_use]
    pub fn note(&self) -> &'static str {
        match self {
            Self::FoldFirst => {
                "RFC 2849 note 2: a continuation line begins with a space and continues the line before it"
            }
            Self::NoColon => {
                "RFC 2849: attrval-spec = AttributeDescription value-spec SEP, value-spec = \":\" …"
            }
            Self::NoDn(_) => "RFC 2849: a record begins with its dn-spec",
            Self::SecondDn => "RFC 2849: a blank line separates two records",
            Self::SpaceBeforeColon => "RFC 2849: attrval-spec = AttributeDescription value-spec SEP",
            Self::TabLine => "RFC 2849: an attribute begins its line; curl writes a tab before it",
            Self::Dn(kind) => kind.note(),
            Self::DnNotUtf8 => "RFC 4514 section 3",
            Self::Name(_) | Self::OperationName(_) => "RFC 4512 section 2.5",
            Self::Base64Character(_) | Self::Base64Padding | Self::Base64Bits(_) => "RFC 4648 section 4",
            Self::Url => "RFC 2849: the value is what the URL names; it is not opened, and counts as unknown",
            Self::Version(_) => "RFC 2849 note 1: the version must be 1",
            Self::ChangeType(_) => "RFC 2849: changerecord is add, delete, modify, modrdn or moddn",
            Self::ChangeTypeLate => "RFC 2849: `changetype:` follows `dn:` and the controls",
            Self::Control => {
                "RFC 2849: control = \"control:\" FILL ldap-oid [1*SPACE (\"true\" / \"false\")] [value-spec] SEP"
            }
            Self::ControlInContent => "RFC 2849: controls belong to change records",
            Self::Operation(_) => {
                "RFC 2849: mod-spec = (\"add:\" / \"delete:\" / \"replace:\") …; RFC 4525: `increment:`"
            }
            Self::OperationAttribute { .. } => "RFC 2849: the lines of a mod-spec name its attribute",
            Self::NoModification => "RFC 2849: change-modify holds mod-specs",
            Self::DeleteWithAttributes => "RFC 2849: change-delete holds nothing else",
            Self::RenameLacks(_) | Self::RenameLine(_) => {
                "RFC 2849: change-modrdn is `newrdn:`, `deleteoldrdn:` and perhaps `newsuperior:`"
            }
            Self::DeleteOldRdn(_) => "RFC 2849: deleteoldrdn is 0 or 1",
            Self::StrayDash => "RFC 2849: `-` ends a mod-spec",
            Self::TooLong(_) => "the limit keeps memory bounded when a file has no blank lines",
            Self::HalfUnit | Self::Surrogate(_) => "RFC 2781 section 2",
            Self::Bom => "it belongs to the first bytes of a file only",
            Self::TabFold => {
                "RFC 2849: a line is folded by a line end and one space; several readers refuse a tab"
            }
            Self::TrailingSpace => "RFC 2849 note 8: a value that ends in a space should be base64",
            Self::ControlCharacter(_) => "RFC 2849: SAFE-CHAR; a plain value never has NUL, LF or CR",
            Self::NotUtf8(_) => {
                "RFC 2849 notes 4 and 7: what is not ASCII is UTF-8 in base64; read as Windows-1252"
            }
            Self::DuplicateValue { .. } => "RFC 4512 section 2.2: the values of an attribute are a set",
            Self::DashSpace => "RFC 2849: mod-spec ends with \"-\" SEP; several readers refuse the space",
            Self::SpaceLine => "several readers take it as a continuation, and two records become one",
            Self::SchemaRecord(_) => "ldifde's own change type, for the schema of Active Directory",
        }
    }
}

/// A fault at its place in a slice of LDIF text.
///
/// Offsets are bytes into the slice given to [`blocks`](crate::blocks); [`Positions`](crate::Positions) converts them
/// to line and column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct Fault {
    kind: FaultKind,
    severity: Severity,
    at: usize,
    len: usize,
    value_of: Option<(usize, Box<str>)>,
}

impl Fault {
    pub(crate) fn new(kind: FaultKind, at: usize, len: usize) -> Self {
        Self { severity: kind.severity(), kind, at, len, value_of: None }
    }

    /// Places the fault in the value of a line.
    pub(crate) fn in_line(mut self, line: &Line<'_>) -> Self {
        let name = line.description();
        if !name.is_empty() {
            self.value_of = Some((line.at(), excerpt(&name).into()));
        }
        self
    }

    /// Moves the place by the offset of a slice that begins `by` bytes later.
    pub(crate) fn moved_back(mut self, by: usize) -> Self {
        self.at = self.at.saturating_sub(by);
        self
    }

    /// Returns the kind of the fault.
    #[must_use]
    pub fn kind(&self) -> &FaultKind {
        &self.kind
    }

    /// Returns the kebab-case name of the kind, such as `ldif-base64`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Returns the severity.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Raises the severity to an error, for stricter rules.
    #[must_use]
    pub fn raised(mut self) -> Self {
        self.severity = Severity::Error;
        self
    }

    /// Returns the rule that the fault breaks, or its consequence.
    #[must_use]
    pub fn note(&self) -> &'static str {
        self.kind.note()
    }

    /// Returns the byte offset of the place.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Returns the number of bytes from [`Fault::at`] on, all on one physical line; 0 if something is missing there.
    #[expect(clippy::len_without_is_empty, reason = "a fault is a place, not a collection")]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns the attribute description, as written, of the line with the fault, and the offset where that line
    /// begins.
    #[must_use]
    pub fn line(&self) -> Option<(usize, &str)> {
        self.value_of.as_ref().map(|(at, name)| (*at, &**name))
    }
}

/// Shortens bytes of the file for a message.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    const LONGEST: usize = 80;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * LONGEST)]);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}
