//! What is wrong, where, why, and what to do about it: one type for every message that a person reads.
//!
//! The first line is complete in itself and clickable, `file:line:column: severity[code]: what`; the source line with
//! its caret, the notes and the help follow. Lines and columns are 1-based and count the physical file in characters.

use std::borrow::Cow;
use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// How bad it is: only errors reject a record or end a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing, nothing to do.
    Note,
    /// The work goes on, somebody should look.
    Warning,
    /// The record, or the run, does not go on.
    Error,
}

impl Severity {
    /// The word of the message and of the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A place in a physical file: 1-based line and column, in characters as an editor shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the user typed it.
    pub file: String,
    /// The physical line.
    pub line: u64,
    /// The column in characters.
    pub column: u64,
}

/// The source line below a message, with the characters that the caret underlines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The physical line, without its line end.
    pub text: String,
    /// How many characters the caret underlines, one at least.
    pub length: usize,
    /// What stands beside the caret; may be empty.
    pub label: String,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How bad it is.
    pub severity: Severity,
    /// The kebab-case name of the fault, the same in the XML report.
    pub code: &'static str,
    /// The fact: lower case, no final period, no advice.
    pub what: String,
    /// Where it stands, if it stands anywhere.
    pub place: Option<Place>,
    /// The source line, if it helps.
    pub excerpt: Option<Excerpt>,
    /// Why: the rule's source, or the other place involved.
    pub notes: Vec<String>,
    /// Advice, imperative, ready to paste.
    pub help: Option<String>,
}

impl Message {
    /// An error without a place.
    #[must_use]
    pub fn error(code: &'static str, what: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, what)
    }

    /// A warning without a place.
    #[must_use]
    pub fn warning(code: &'static str, what: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, what)
    }

    /// A note without a place.
    #[must_use]
    pub fn note(code: &'static str, what: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, what)
    }

    /// A message of that severity, without a place.
    #[must_use]
    pub fn new(severity: Severity, code: &'static str, what: impl Into<String>) -> Self {
        Self { severity, code, what: what.into(), place: None, excerpt: None, notes: Vec::new(), help: None }
    }

    /// The same message at a place.
    #[must_use]
    pub fn at(mut self, file: impl Into<String>, line: u64, column: u64) -> Self {
        self.place = Some(Place { file: file.into(), line, column });
        self
    }

    /// The same message with its source line, `length` characters underlined.
    #[must_use]
    pub fn excerpt(mut self, text: impl Into<String>, length: usize, label: impl Into<String>) -> Self {
        self.excerpt = Some(Excerpt { text: text.into(), length: length.max(1), label: label.into() });
        self
    }

    /// The same message with one more reason.
    #[must_use]
    pub fn because(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same message with its advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The whole message as a terminal shows it, with a line end; `colour` adds ANSI colours.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let mut out = String::new();
        if let Some(place) = &self.place {
            out += &format!("{}:{}:{}: ", visible(&place.file), place.line, place.column);
        }
        let what = visible(&self.what);
        if colour {
            let paint = match self.severity {
                Severity::Note => "\x1b[1;36m",
                Severity::Warning => "\x1b[1;33m",
                Severity::Error => "\x1b[1;31m",
            };
            out += &format!("{paint}{}[{}]\x1b[0m\x1b[1m: {what}\x1b[0m\n", self.severity, self.code);
        } else {
            out += &format!("{}[{}]: {what}\n", self.severity, self.code);
        }
        if let (Some(place), Some(excerpt)) = (&self.place, &self.excerpt) {
            out += &snippet(place, excerpt, self.severity, colour);
        }
        for note in &self.notes {
            out += &format!("note: {}\n", visible(note));
        }
        if let Some(help) = &self.help {
            out += &format!("help: {}\n", visible(help));
        }
        out
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Message {}

/// Why a run ends without publishing anything.
#[derive(Debug)]
pub enum Failure {
    /// A file could not be read or written, the input is cut or changed while being read, or a fault of our own: exit
    /// code 1.
    Broken(Vec<Message>),
    /// The command line, the configuration or the export's attributes do not fit: exit code 2.
    Unfit(Vec<Message>),
    /// Ctrl-C: exit code 130.
    Interrupted,
}

impl Failure {
    /// One message, exit code 1.
    #[must_use]
    pub fn broken(told: Message) -> Self {
        Self::Broken(vec![told])
    }

    /// The run needs more memory than there is for this: exit code 1.
    #[must_use]
    pub fn out_of_memory(what: impl fmt::Display) -> Self {
        let told = Message::error("out-of-memory", format!("not enough memory for {what}"));
        Self::broken(told.help("raise the limit of memory, or use fewer --threads"))
    }

    /// One message, exit code 2.
    #[must_use]
    pub fn unfit(told: Message) -> Self {
        Self::Unfit(vec![told])
    }

    /// The process exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Broken(_) => 1,
            Self::Unfit(_) => 2,
            Self::Interrupted => 130,
        }
    }
}

/// The source line with its caret, without the head line that the renderer would put above it.
fn snippet(place: &Place, excerpt: &Excerpt, severity: Severity, colour: bool) -> String {
    const LONGEST: usize = 300; // a value of a megabyte is no help to anybody
    let column = usize::try_from(place.column).unwrap_or(usize::MAX).saturating_sub(1);
    let skip = column.saturating_sub(LONGEST / 2);
    let line: String = visible(&excerpt.text).chars().skip(skip).take(LONGEST).collect();
    let offset = |chars: usize| line.char_indices().nth(chars).map_or(line.len(), |(at, _)| at);
    let start = offset(column - skip);
    let end = offset((column - skip).saturating_add(excerpt.length)).max(start);
    let annotation = AnnotationKind::Primary.span(start..end).label(excerpt.label.as_str());
    let snippet = Snippet::source(line.as_str())
        .line_start(usize::try_from(place.line).unwrap_or(usize::MAX))
        .annotation(annotation);
    let level = match severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let group = Group::with_title(level.primary_title("")).element(snippet);
    let rendered = renderer.render(&[group]);
    // The first line is the head of an empty message: ours has said it all.
    rendered.lines().skip(1).fold(String::new(), |out, line| out + line.trim_end() + "\n")
}

/// The text with control characters (and what reorders a line) made visible, one character for one, so that columns stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().map(|c| match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => {
            '\u{fffd}'
        }
        _ => c,
    });
    Cow::Owned(shown.collect())
}

/// The candidate that the word is probably a slip for: one edit away, or two where the word is long enough; the nearest,
/// and the first of those. Without case.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let limit = if word.chars().count() < 8 { 1 } else { 2 };
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| (1..=limit).contains(distance))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_complete_in_its_first_line_and_points_at_the_character() {
        let told = Message::error("ldif-base64", "`!` is not a base64 character")
            .at("users.ldif", 131, 9)
            .excerpt(" YYS54RU!rT1FUZ0FFWGpp", 1, "in the value of `objectGUID`, which begins at line 129")
            .because("RFC 4648 section 4");
        insta::assert_snapshot!(told.render(false), @r"
        users.ldif:131:9: error[ldif-base64]: `!` is not a base64 character
            |
        131 |  YYS54RU!rT1FUZ0FFWGpp
            |         ^ in the value of `objectGUID`, which begins at line 129
        note: RFC 4648 section 4
        ");
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        assert_eq!(visible("a\x1b[31m\u{202e}b\r\n"), "a␛[31m\u{fffd}b␍␊");
    }
}
