//! The languages that people read the program in, and text that is written in all of them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};

/// A language of messages, pages and help. Codes and `report.xml` are the same in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// English
    #[default]
    En,
    /// French, with the terms of the French Communications Server.
    Fr,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// The language of a locale such as `fr_FR.UTF-8`, of a language tag such as `fr-CA`, or of `fr` alone.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("fr") { Self::Fr } else { Self::En }
    }

    /// The language of the environment: the first of LC_ALL, LC_MESSAGES and LANG that is set.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| variable(name).filter(|locale| !locale.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set);
        locale.as_deref().map_or(Self::En, Self::of_locale)
    }
}

/// A text in each language; programs read the English one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    english: Cow<'static, str>,
    french: Cow<'static, str>,
}

impl Text {
    /// How many names a sentence lists.
    pub const MOST_NAMED: usize = 20;

    /// A text that is written in both languages from the start.
    pub const fn new(english: &'static str, french: &'static str) -> Self {
        Self { english: Cow::Borrowed(english), french: Cow::Borrowed(french) }
    }

    /// A text made of its parts in each language; see `text!`.
    pub fn of(english: impl Into<Cow<'static, str>>, french: impl Into<Cow<'static, str>>) -> Self {
        Self { english: english.into(), french: french.into() }
    }

    /// A text that is the same in each language: a value, a place, the words of another program.
    pub fn same(text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self { french: text.clone(), english: text }
    }

    /// The text in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.english,
            Language::Fr => &self.french,
        }
    }

    /// The text in English, as `report.xml` has it.
    pub fn english(&self) -> &str {
        &self.english
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.english.is_empty()
    }

    /// The texts one after another, apart by a separator.
    pub fn join<'t>(texts: impl IntoIterator<Item = &'t Self>, separator: &str) -> Self {
        let (english, french): (Vec<_>, Vec<_>) =
            texts.into_iter().map(|text| (&*text.english, &*text.french)).unzip();
        Self::of(english.join(separator), french.join(separator))
    }

    /// Names, as many as a person reads; of how many is said where there are more.
    pub fn first_of(names: impl Iterator<Item = String>, count: usize) -> Self {
        Self::and_more(names.take(Self::MOST_NAMED).collect::<Vec<_>>().join(", "), count)
    }

    /// The same of names that are listed already.
    pub fn and_more(named: String, count: usize) -> Self {
        match count.saturating_sub(Self::MOST_NAMED) {
            0 => Self::same(named),
            more => text!("{named}, and {more} more", "{named}, et {more} autres"),
        }
    }

    /// The text with each language's words changed in the same way.
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self::of(change(&self.english), change(&self.french))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.english())
    }
}

/// A [`Text`] of two formats, English and French, that take the same arguments: `text!("`{name}` is empty", "`{name}` est
/// vide", name = attribute)`. A [`Text`] among the arguments appears in its own language: name it behind a semicolon.
macro_rules! text {
    ($english:literal, $french:literal $(, $name:ident = $value:expr)* $(; $($text:ident $(= $inner:expr)?),+)? $(,)?) => {{
        $(let $name = $value;)*
        $($($(let $text: &$crate::language::Text = &$inner;)?)+)?
        $crate::language::Text::of(
            {
                $($(let $text = $text.in_language($crate::language::Language::En);)+)?
                $crate::language::words(format_args!($english))
            },
            {
                $($(let $text = $text.in_language($crate::language::Language::Fr);)+)?
                $crate::language::words(format_args!($french))
            },
        )
    }};
    ($english:literal, $french:literal, $($value:expr),+ $(,)?) => {
        $crate::language::Text::of(
            $crate::language::words(format_args!($english, $($value),+)),
            $crate::language::words(format_args!($french, $($value),+)),
        )
    };
}

pub(crate) use text;

/// A number of something: one, or several; French counts none as one.
pub fn count(number: u64, english: [&str; 2], french: [&str; 2]) -> Text {
    let ([one, many], [un, plusieurs]) = (english, french);
    Text::of(
        format!("{number} {}", if number == 1 { one } else { many }),
        format!("{number} {}", if number < 2 { un } else { plusieurs }),
    )
}

/// A number of users.
pub fn users(number: u64) -> Text {
    count(number, ["user", "users"], ["utilisateur", "utilisateurs"])
}

/// What a format says; a literal without arguments is not copied.
pub fn words(format: std::fmt::Arguments<'_>) -> Cow<'static, str> {
    format.as_str().map_or_else(|| Cow::Owned(format.to_string()), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_its_language() {
        for (locale, expect) in [
            ("fr", Language::Fr),
            ("fr_FR.UTF-8", Language::Fr),
            ("fr-CA", Language::Fr),
            ("FR", Language::Fr),
            ("C", Language::En),
            ("en_GB.UTF-8", Language::En),
            ("frr_DE", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(Language::of_locale(locale), expect, "{locale}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let of = |set: &[(&str, &str)]| {
            let value = |name: &str| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            Language::of_environment(value)
        };
        assert_eq!(of(&[]), Language::En);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8")]), Language::Fr);
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "fr_FR.UTF-8")]), Language::En);
        assert_eq!(of(&[("LC_ALL", ""), ("LC_MESSAGES", "fr_CH"), ("LANG", "de_CH")]), Language::Fr);
    }

    #[test]
    fn arguments_and_texts_stand_in_both_languages() {
        let inner = Text::new("a mail address", "une adresse de messagerie");
        let name = "mail";
        let text = text!("`{name}` is {count} times {what}", "`{name}` est {count} fois {what}", count = 1 + 1; what = inner);
        assert_eq!(text.in_language(Language::En), "`mail` is 2 times a mail address");
        assert_eq!(text.in_language(Language::Fr), "`mail` est 2 fois une adresse de messagerie");
    }
}
