//! What is wrong with a `userprep.toml`, and where.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::language::{Text, text};
use crate::message::{Message, did_you_mean};

/// Words of flags and reports for keys with another name.
const SYNONYMS: [(&str, &str); 4] =
    [("from", "format"), ("sip_from", "format"), ("sip_domain", "domains"), ("name", "label")];

/// Turns the parser's error into a message; a misspelled key gets the nearest known one as help.
pub(super) fn refusal(file: &str, text: &str, error: &toml::de::Error) -> Message {
    let english = error.message().trim().trim_end_matches('.');
    let span = error.span().unwrap_or(0..0);
    let written = text.get(span.clone()).unwrap_or_default();
    let is_word = english == "wanted string or table";
    let (head, expected) = match english.strip_prefix("expected ") {
        Some(expected) => ("invalid ", expected),
        None => english.split_once(", expected ").unwrap_or((english, "")),
    };
    let expected = if is_word { "a string" } else { expected };
    let unknown = |kind: &str| head.strip_prefix(kind).map(|word| word.trim_matches('`'));
    let known = || expected.split('`').skip(1).step_by(2).collect::<Vec<_>>();
    let message = if let Some(word) = unknown("unknown field ") {
        let message = Message::error("config-key", text!("unknown key `{word}`", "clé inconnue `{word}`"));
        let known = known();
        let is_meant =
            |&&(synonym, key): &&(&str, &str)| synonym == word.replace('-', "_") && known.contains(&key);
        match SYNONYMS.iter().find(is_meant) {
            Some((_, key)) => message.help(did_you_mean(key)),
            None => message.suggest(word, &known),
        }
    } else if let Some(word) = unknown("unknown variant ") {
        Message::error("config-value", text!("unknown value `{word}`", "valeur inconnue `{word}`"))
            .suggest(word, &known())
    } else if let Some(key) = unknown("missing field ") {
        let what = text!("the key `{key}` is missing", "la clé `{key}` manque");
        let help = text!("add {key} = \"…\"", "ajoutez {key} = \"…\"");
        Message::error("config-syntax", what).help(help)
    } else if english.starts_with("duplicate key") {
        let what = text!("`{written}` is given twice", "`{written}` est donné deux fois");
        Message::error("config-syntax", what)
    } else if let Some(form) = form(expected).filter(|_| is_word || head.starts_with("invalid ")) {
        let message = other_form(form);
        if expected == "a sequence" {
            message.help(text!("write [{written}]", "écrivez [{written}]"))
        } else {
            message
        }
    } else {
        let message = Message::error("config-syntax", syntax(english, written.trim()));
        // A DN or a path, pasted as it is.
        let help = text!(
            "put a text with backslashes between single quotes: '…'",
            "mettez un texte avec des barres obliques inverses entre apostrophes\u{a0}: '…'"
        );
        if is_escape(english) { message.help(help) } else { message }
    };
    point(file, text, span, message)
}

fn is_escape(english: &str) -> bool {
    english.starts_with("missing escaped value") || english.contains("unicode")
}

/// Says in our words what the parser reports about the syntax; `written` is the text that it points at.
fn syntax(english: &str, written: &str) -> Text {
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| english.starts_with(beginning));
    match written {
        _ if is_escape(english) => text!(
            "a backslash begins an escape sequence here, which TOML does not know",
            "une barre oblique inverse commence ici une séquence que TOML ne connaît pas"
        ),
        _ if begins(&["unclosed table", "unclosed array table"]) => {
            text!("the name of the table has no `]`", "le nom de la table n’a pas de `]`")
        }
        _ if begins(&["unclosed array"]) => text!("the list has no `]`", "la liste n’a pas de `]`"),
        _ if begins(&["unclosed inline table"]) => text!("the table has no `}}`", "la table n’a pas de `}}`"),
        _ if begins(&["invalid basic string", "invalid literal string", "invalid multi-line"]) => {
            text!("the text has no closing quote", "le texte n’a pas de guillemet fermant")
        }
        _ if begins(&["missing comma"]) => text!("a comma is missing here", "il manque ici une virgule"),
        _ if begins(&["extra comma"]) => text!("there is a comma too many", "il y a une virgule de trop"),
        _ if begins(&["key with no value", "missing assignment"]) => {
            text!("`=` is missing here", "il manque ici `=`")
        }
        _ if begins(&["extra `=`", "extra assignment"]) => {
            text!("there is a `=` too many", "il y a un `=` de trop")
        }
        "" if begins(&["string values must be quoted"]) => {
            text!("a value is missing here", "il manque ici une valeur")
        }
        _ if begins(&["string values must be quoted", "invalid boolean"]) => text!(
            "`{written}` is neither in quotes nor true, false or a number",
            "`{written}` n’est ni entre guillemets, ni true, false ou un nombre"
        ),
        _ if begins(&["unquoted keys", "invalid unquoted key", "invalid key-value pair"]) => {
            text!("a key is expected here", "on attend ici une clé")
        }
        _ if begins(&["unexpected key or value", "unexpected content"]) => {
            text!("the line should end here", "la ligne devrait se terminer ici")
        }
        _ if begins(&["unexpected leading zero", "`_` may", "radix", "redundant", "integers with"]) => {
            text!("TOML does not write a number like this", "TOML n’écrit pas ainsi un nombre")
        }
        _ => text!("this is not TOML", "ceci n’est pas du TOML"),
    }
}

/// Explains two mistakes that the parser misreads: a list of a table's values without their keys, and a table with the
/// word as its only key.
pub(super) fn misshapen(file: &str, text: &str) -> Option<Message> {
    let table = DeTable::parse(text).ok()?;
    let (span, expected) = other_shape(table.get_ref())?;
    Some(point(file, text, span, other_form(form(expected)?)))
}

/// Finds a value whose shape does not fit its key, and returns the expected shape.
fn other_shape(table: &DeTable<'_>) -> Option<(Range<usize>, &'static str)> {
    const TABLES: [&str; 8] = ["input", "select", "sip", "fold", "assign", "options", "output", "safety"];
    const OF_WORDS: [&str; 2] = ["columns", "map"];
    const LISTS_OF_TABLES: [&str; 2] = ["pool", "rule"];
    table.iter().find_map(|(key, value)| {
        let is_one_of = |keys: &[&str]| keys.contains(&key.get_ref().as_ref());
        match value.get_ref() {
            DeValue::Table(_) if is_one_of(&OF_WORDS) => None,
            DeValue::Table(inner) if is_one_of(&TABLES) => other_shape(inner),
            DeValue::Table(_) => Some((value.span(), "a string")),
            DeValue::Array(items) if is_one_of(&LISTS_OF_TABLES) => {
                items.iter().find_map(|item| match item.get_ref() {
                    DeValue::Table(inner) => other_shape(inner),
                    _ => Some((item.span(), "a map")),
                })
            }
            _ if is_one_of(&TABLES) || is_one_of(&OF_WORDS) => Some((value.span(), "a map")),
            _ => None,
        }
    })
}

/// Says which form is expected.
fn other_form(form: Text) -> Message {
    Message::error("config-syntax", text!("{form} is expected here", "on attend ici {form}"; form = form))
}

/// Translates the parser's expectation.
fn form(expected: &str) -> Option<Text> {
    Some(match expected {
        "u64" | "u32" | "usize" => text!("a whole number from 0 on", "un nombre entier à partir de 0"),
        "a boolean" => text!("true or false", "true ou false"),
        "a string" | "path string" => text!("a text in quotes", "un texte entre guillemets"),
        "a sequence" => text!("a list", "une liste"),
        // A date is read as a table, of which the value has no place.
        "a map" | "a spanned value" => text!("a table", "une table"),
        _ if expected.starts_with("struct ") => text!("a table", "une table"),
        _ if expected.starts_with("a number, or a share") => {
            text!("a number, or a share such as \"5%\",", "un nombre, ou une part telle que \"5%\",")
        }
        _ => return None,
    })
}

/// Places a message at a span of the file, and quotes its line.
pub(super) fn point(file: &str, text: &str, span: Range<usize>, message: Message) -> Message {
    let before = &text[..span.start.min(text.len())];
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before[begin..].chars().count() as u64 + 1;
    let whole = text[begin..].lines().next().unwrap_or_default();
    let meant = text.get(span.start.min(text.len())..span.end.min(text.len())).unwrap_or_default();
    let length = meant.lines().next().unwrap_or_default().chars().count();
    message.at(file, line, column).excerpt(whole, length, Text::default())
}
