//! Messages: one type for all that is reported to people.
//!
//! The first line is complete by itself and clickable, `file:line:column: severity[code]: what`. Below it are the
//! source line with a caret, the notes and the help. Lines and columns count from 1, in characters of the physical
//! file.

use std::borrow::Cow;
use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::language::{Language, Text, text};

/// The severity of a message; only errors reject a record or stop a run.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, EnumString, IntoStaticStr,
)]
#[strum(serialize_all = "lowercase")]
pub enum Severity {
    /// Information without a need to act.
    Note,
    /// Work continues, but somebody should look.
    Warning,
    /// The record is rejected, or the run stops.
    Error,
}

impl Severity {
    /// The name in messages and reports.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The word shown to people.
    pub fn word(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Fr, Self::Warning) => "avertissement",
            (Language::Fr, Self::Error) => "erreur",
            _ => self.name(),
        }
    }
}

/// A place in a file: line and column from 1, in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as typed.
    pub file: String,
    /// The physical line.
    pub line: u64,
    /// The column in characters.
    pub column: u64,
    /// The source line, if useful.
    pub excerpt: Option<Excerpt>,
}

/// The source line of a message and the characters to underline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The physical line, without its line end.
    pub text: String,
    /// The number of underlined characters, at least one.
    pub length: usize,
    /// The text beside the caret, or empty.
    pub label: Text,
}

/// A message. `P` is the kind of place: in a file ([`Place`]), in a batch being read, or on an attribute of the current
/// object. Each stage translates places for the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<P = Option<Place>> {
    /// The severity.
    pub severity: Severity,
    /// The code, in kebab case, as in the XML report.
    pub code: &'static str,
    /// The fact: lower case, without a final period or advice.
    pub what: Text,
    /// The place.
    pub place: P,
    /// The reasons: the source of the rule, or another place involved.
    pub notes: Vec<Text>,
    /// The advice: imperative, ready to paste.
    pub help: Option<Text>,
}

impl<P> Message<P> {
    /// Creates a message with a place.
    pub fn placed(severity: Severity, code: &'static str, place: P, what: Text) -> Self {
        Self { severity, code, what, place, notes: Vec::new(), help: None }
    }

    /// Adds a note.
    pub fn because(mut self, note: Text) -> Self {
        self.notes.push(note);
        self
    }

    /// Sets the advice, if any.
    pub fn help(mut self, help: impl Into<Option<Text>>) -> Self {
        self.help = help.into();
        self
    }

    /// Suggests the known word that was probably meant, or lists the known words.
    pub fn suggest(self, word: &str, known: &[&str]) -> Self {
        match nearest(word, known.iter().copied()) {
            Some(near) => self.help(did_you_mean(near)),
            None if known.is_empty() => self,
            None => self.because(text!("known here: {}", "connus ici\u{a0}: {}", known.join(", "))),
        }
    }

    /// Replaces the place by one of another kind.
    pub fn moved<Q>(self, place: Q) -> Message<Q> {
        let Self { severity, code, what, notes, help, .. } = self;
        Message { severity, code, what, place, notes, help }
    }
}

impl Message {
    /// Creates an error without a place.
    pub fn error(code: &'static str, what: Text) -> Self {
        Self::of(Severity::Error, code, what)
    }

    /// Creates a warning without a place.
    pub fn warning(code: &'static str, what: Text) -> Self {
        Self::of(Severity::Warning, code, what)
    }

    /// Creates a note without a place.
    pub fn note(code: &'static str, what: Text) -> Self {
        Self::of(Severity::Note, code, what)
    }

    /// Creates the error for a file that cannot be read.
    pub fn unreadable(code: &'static str, file: &str, error: &std::io::Error) -> Self {
        let what = text!("cannot read `{file}`: {why}", "impossible de lire `{file}`\u{a0}: {why}"; why = reason(error));
        Self::error(code, what)
    }

    /// Creates a message without a place.
    pub fn of(severity: Severity, code: &'static str, what: Text) -> Self {
        Self::placed(severity, code, None, what)
    }

    /// Sets the place.
    pub fn at(mut self, file: impl Into<String>, line: u64, column: u64) -> Self {
        self.place = Some(Place { file: file.into(), line, column, excerpt: None });
        self
    }

    /// Adds the source line, with `length` characters underlined.
    pub fn excerpt(mut self, text: impl Into<String>, length: usize, label: Text) -> Self {
        if let Some(place) = &mut self.place {
            place.excerpt = Some(Excerpt { text: text.into(), length: length.max(1), label });
        }
        self
    }

    /// Adds the name of the user concerned, unless empty.
    pub fn of_user(mut self, name: &str) -> Self {
        if !name.is_empty() {
            self.what = self.what.map(|what| format!("{name}: {what}"));
        }
        self
    }

    /// The message for programs.
    pub fn spoken(&self, language: Language) -> Spoken<'_> {
        let place = self.place.as_ref();
        Spoken {
            severity: self.severity.name(),
            code: self.code,
            file: place.map_or("", |place| &place.file),
            line: place.map_or(0, |place| place.line),
            column: place.map_or(0, |place| place.column),
            what: self.what.in_language(language),
            notes: self.notes.iter().map(|note| note.in_language(language)).collect(),
            help: self.help.as_ref().map(|help| help.in_language(language)),
        }
    }

    /// Renders the message for a terminal, with a line end; `colour` adds ANSI colours.
    pub fn render(&self, language: Language, colour: bool) -> String {
        let mut out = String::new();
        if let Some(place) = &self.place {
            out += &format!("{}:{}:{}: ", visible(&place.file), place.line, place.column);
        }
        let what = visible(self.what.in_language(language));
        let severity = self.severity.word(language);
        if colour {
            let paint = match self.severity {
                Severity::Note => "\x1b[1;36m",
                Severity::Warning => "\x1b[1;33m",
                Severity::Error => "\x1b[1;31m",
            };
            out += &format!("{paint}{severity}[{}]\x1b[0m\x1b[1m: {what}\x1b[0m\n", self.code);
        } else {
            out += &format!("{severity}[{}]: {what}\n", self.code);
        }
        if let Some(place) = &self.place {
            out += &snippet(place, self.severity, language, colour);
        }
        let (note, help) = match language {
            Language::En => ("note", "help"),
            Language::Fr => ("note", "aide"),
        };
        for text in &self.notes {
            out += &format!("{note}: {}\n", visible(text.in_language(language)));
        }
        if let Some(text) = &self.help {
            out += &format!("{help}: {}\n", visible(text.in_language(language)));
        }
        out
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(Language::En, false).trim_end())
    }
}

impl std::error::Error for Message {}

/// A message for programs, in one language. Unknown fields are empty.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the fields are those of the message and its place")]
pub struct Spoken<'m> {
    pub severity: &'static str,
    pub code: &'static str,
    pub file: &'m str,
    pub line: u64,
    pub column: u64,
    pub what: &'m str,
    pub notes: Vec<&'m str>,
    pub help: Option<&'m str>,
}

/// The reason why a run ends without publishing anything.
#[derive(Debug)]
pub enum Failure {
    /// A file cannot be read or written, an input is cut off or changed during the run, or the program itself is at
    /// fault: exit code 1.
    Broken(Vec<Message>),
    /// The command line, the configuration or the attributes of an export are unsuitable: exit code 2.
    Unfit(Vec<Message>),
    /// Ctrl-C: exit code 130.
    Interrupted,
}

impl Failure {
    /// Creates a failure of one message with exit code 1.
    pub fn broken(message: Message) -> Self {
        Self::Broken(vec![message])
    }

    /// Creates the failure for a lack of memory: exit code 1.
    pub fn out_of_memory(what: &Text) -> Self {
        let what = text!("not enough memory for {what}", "pas assez de mémoire pour {what}"; what = *what);
        let message = Message::error("out-of-memory", what);
        Self::broken(message.help(text!(
            "raise the limit of memory, or use fewer --threads",
            "augmentez la limite de mémoire, ou utilisez moins de --threads"
        )))
    }

    /// Creates a failure of one message with exit code 2.
    pub fn unfit(message: Message) -> Self {
        Self::Unfit(vec![message])
    }

    /// Fails with all messages and exit code 2, if there are any.
    pub fn any_unfit(messages: Vec<Message>) -> Result<(), Self> {
        if messages.is_empty() { Ok(()) } else { Err(Self::Unfit(messages)) }
    }

    /// The name in `--format json`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Broken(_) | Self::Unfit(_) => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    /// The process exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Broken(_) => 1,
            Self::Unfit(_) => 2,
            Self::Interrupted => 130,
        }
    }
}

/// Renders the source line with its caret, without the first line of the message.
fn snippet(place: &Place, severity: Severity, language: Language, colour: bool) -> String {
    const LONGEST: usize = 300; // nobody reads a value of a megabyte
    let Some(excerpt) = &place.excerpt else { return String::new() };
    let column = usize::try_from(place.column).unwrap_or(usize::MAX).saturating_sub(1);
    let skip = column.saturating_sub(LONGEST / 2);
    let mut rest = excerpt.text.chars().skip(skip).take(LONGEST);
    let mut part = |length: usize| visible(&rest.by_ref().take(length).collect::<String>()).into_owned();
    let mut line = part(column - skip);
    let start = line.len();
    line += &part(excerpt.length);
    let end = line.len();
    line += &part(LONGEST);
    let label = visible(excerpt.label.in_language(language));
    let annotation = AnnotationKind::Primary.span(start..end).label(&*label);
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
    // The renderer begins with a line for the message, which is printed already.
    rendered.lines().skip(1).fold(String::new(), |out, line| out + line.trim_end() + "\n")
}

/// Whether a character is invisible or controls the display: controls, direction marks, invisible spaces and joiners,
/// soft hyphens, line and paragraph separators, variation selectors and tags, and signs without ink, such as a braille
/// pattern without dots. Spaces as wide as they seem are not meant.
pub fn steers(c: char) -> bool {
    // Most characters are in this range and need no search.
    if matches!(c, ' '..='~') {
        return false;
    }
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Escapes the characters that [control the display](steers), as in `\u{202e}`, so that nobody is misled by what they
/// cannot see.
pub fn visible(text: &str) -> Cow<'_, str> {
    // Letters of Europe begin with these bytes, invisible characters do not. A loop without an early exit checks
    // sixteen bytes at once.
    let is_letter = |byte| matches!(byte, b' '..=b'~' | 0x80..=0xbf | 0xc3..=0xcc | 0xce..=0xd7);
    if text.bytes().fold(true, |all, byte| all & is_letter(byte)) || !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' => shown.extend(c.escape_default()),
            c if steers(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Finds the candidate that was probably meant: at most one edit away, or two for a long word, regardless of case. The
/// nearest candidate wins, then the first.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let limit = if word.chars().count() < 8 { 1 } else { 2 };
    let edits = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let (word, candidate) = differing(&word, &candidate);
        // An edit adds or removes at most one character, of at most 4 bytes.
        let is_far = word.len().abs_diff(candidate.len()) > 4 * limit;
        (!is_far).then(|| strsim::osa_distance(word, candidate))
    };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((edits(candidate)?, candidate)))
        .filter(|(distance, _)| (1..=limit).contains(distance))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Removes the common beginning and end of two words. Counting edits takes quadratic time, and the domains of one
/// company often differ in a character or two.
fn differing<'w>(a: &'w str, b: &'w str) -> (&'w str, &'w str) {
    let same = |(a, b): &(char, char)| a == b;
    let begin = a.chars().zip(b.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum::<usize>();
    let (a, b) = (&a[begin..], &b[begin..]);
    let end = a.chars().rev().zip(b.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum::<usize>();
    (&a[..a.len() - end], &b[..b.len() - end])
}

/// Suggests a word.
pub fn did_you_mean(near: &str) -> Text {
    text!("did you mean `{near}`?", "vouliez-vous dire `{near}`\u{a0}?")
}

/// Describes an error of the system, without its number.
pub fn reason(error: &std::io::Error) -> Text {
    use std::io::ErrorKind;

    let english = error.to_string();
    let english = english.split(" (os error ").next().unwrap_or_default().to_owned();
    let french = match error.kind() {
        ErrorKind::NotFound => "aucun fichier ou dossier de ce nom",
        ErrorKind::PermissionDenied => "accès refusé",
        ErrorKind::AlreadyExists => "ce nom existe déjà",
        ErrorKind::IsADirectory => "c’est un dossier",
        ErrorKind::NotADirectory => "ce n’est pas un dossier",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "il n’y a plus de place sur le disque",
        ErrorKind::ReadOnlyFilesystem => "le système de fichiers est en lecture seule",
        ErrorKind::FileTooLarge => "le fichier est trop grand",
        ErrorKind::InvalidFilename => "ce nom n’est pas admis",
        ErrorKind::InvalidInput => "ce n’est pas un fichier ordinaire",
        ErrorKind::InvalidData => "son contenu n’est pas celui attendu",
        ErrorKind::UnexpectedEof => "il finit trop tôt",
        ErrorKind::ResourceBusy => "il est utilisé ailleurs",
        _ => "le système l’a refusé",
    };
    Text::of(english, french)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_complete_in_its_first_line_and_points_at_the_character() {
        let label = Text::same("in the value of `objectGUID`, which begins at line 129");
        let message = Message::error("ldif-base64", Text::same("`!` is not a base64 character"))
            .at("users.ldif", 131, 9)
            .excerpt(" YYS54RU!rT1FUZ0FFWGpp", 1, label)
            .because(Text::same("RFC 4648 section 4"));
        insta::assert_snapshot!(message.render(Language::En, false), @r"
        users.ldif:131:9: error[ldif-base64]: `!` is not a base64 character
            |
        131 |  YYS54RU!rT1FUZ0FFWGpp
            |         ^ in the value of `objectGUID`, which begins at line 129
        note: RFC 4648 section 4
        ");
    }

    #[test]
    fn a_slip_is_one_edit_or_two_in_a_long_word() {
        let list = ["contoso.com", "fr.contoso.com", "tailspintoys.com", "ab.de"];
        for (domain, expect) in [
            ("contsoo.com", Some("contoso.com")),
            ("Contoso.co", Some("contoso.com")),
            ("contoso.cmo", Some("contoso.com")),
            ("r.contoso.com", Some("fr.contoso.com")),
            ("tailspintois.com", Some("tailspintoys.com")),
            ("cnotoso.co", Some("contoso.com")),
            ("ab.fr", None),
            ("ab.d", Some("ab.de")),
            ("contoso.com", None),
            ("fabrikam.com", None),
            ("", None),
        ] {
            assert_eq!(nearest(domain, list), expect, "{domain}");
        }
    }

    #[test]
    fn common_ends_of_words_do_not_change_the_number_of_edits() {
        let words: Vec<String> = (0..3_usize.pow(6))
            .map(|n| (0..6).map(|at| ["a", "é", ""][n / 3_usize.pow(at) % 3]).collect())
            .collect();
        for a in words.iter().step_by(7) {
            for b in &words {
                let (x, y) = differing(a, b);
                assert_eq!(strsim::osa_distance(x, y), strsim::osa_distance(a, b), "{a} {b}");
            }
        }
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        assert_eq!(visible("a\x1b[31m\u{202e}b\r\n"), r"a\u{1b}[31m\u{202e}b\r\n");
        assert_eq!(visible("Élodie"), "Élodie");
        for (what, c, is_escaped) in [
            ("a braille pattern without dots", '\u{2800}', true),
            ("a braille pattern with one", '\u{2801}', false),
            ("a letter of Hangul without ink", '\u{3164}', true),
            ("a note of music without a head", '\u{1d159}', true),
            ("a control of hieroglyphs", '\u{13430}', true),
            ("a control of shorthand", '\u{1bca0}', true),
            ("a space that does not break", '\u{a0}', false),
            ("a space of Chinese", '\u{3000}', false),
        ] {
            assert_eq!(steers(c), is_escaped, "{what}");
        }
        for steering in ('\0'..=char::MAX).filter(|&c| steers(c) && !matches!(c, '\t' | '\n' | '\r')) {
            assert_eq!(visible(&steering.to_string()), steering.escape_unicode().to_string());
        }
    }

    #[test]
    fn the_caret_stays_under_its_character_behind_escapes() {
        let message = Message::error("sip-characters", Text::same("it")).at("a.csv", 1, 4).excerpt(
            "a\u{202e}bcd",
            2,
            Text::same("here"),
        );
        let shown = message.render(Language::En, false);
        assert!(shown.contains("\n1 | a\\u{202e}bcd\n  |           ^^ here\n"), "{shown}");
    }
}
