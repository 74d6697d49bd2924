//! The languages of the program's texts, and a text in all of them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};

/// A language of messages, pages and help. Codes and `report.xml` are the same in every language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// English
    #[default]
    En,
    /// French, with the terms of the French edition of Communications Server.
    Fr,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// Returns the language of a locale such as `fr_FR.UTF-8`, of a language tag such as `fr-CA`, or of plain `fr`.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("fr") { Self::Fr } else { Self::En }
    }

    /// Returns the language of the environment: that of the first variable among LC_ALL, LC_MESSAGES and LANG that is
    /// set.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| variable(name).filter(|locale| !locale.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set);
        locale.as_deref().map_or(Self::En, Self::of_locale)
    }
}

/// A text in every language; programs read the English one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    english: Cow<'static, str>,
    french: Cow<'static, str>,
}

impl Text {
    /// How many names a sentence lists at most.
    pub const MOST_NAMED: usize = 20;

    /// Creates a constant text in both languages.
    pub const fn new(english: &'static str, french: &'static str) -> Self {
        Self { english: Cow::Borrowed(english), french: Cow::Borrowed(french) }
    }

    /// Creates a text from its parts in each language; see `text!`.
    pub fn of(english: impl Into<Cow<'static, str>>, french: impl Into<Cow<'static, str>>) -> Self {
        Self { english: english.into(), french: french.into() }
    }

    /// Creates a text that is the same in every language: a value, a place, the output of another program.
    pub fn same(text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        Self { french: text.clone(), english: text }
    }

    /// Returns the text in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.english,
            Language::Fr => &self.french,
        }
    }

    /// Returns the English text, which is also that of `report.xml`.
    pub fn english(&self) -> &str {
        &self.english
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.english.is_empty()
    }

    /// Joins texts with a separator.
    pub fn join<'t>(texts: impl IntoIterator<Item = &'t Self>, separator: &str) -> Self {
        let (english, french): (Vec<_>, Vec<_>) =
            texts.into_iter().map(|text| (&*text.english, &*text.french)).unzip();
        Self::of(english.join(separator), french.join(separator))
    }

    /// Lists the first of `count` names, and says how many more there are.
    pub fn first_of(names: impl Iterator<Item = String>, count: usize) -> Self {
        Self::and_more(names.take(Self::MOST_NAMED).collect::<Vec<_>>().join(", "), count)
    }

    /// Says how many more there are after names that are already listed.
    pub fn and_more(named: String, count: usize) -> Self {
        match count.saturating_sub(Self::MOST_NAMED) {
            0 => Self::same(named),
            more => text!("{named}, and {more} more", "{named}, et {more} autres"),
        }
    }

    /// Applies the same function to the text in each language.
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self::of(change(&self.english), change(&self.french))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.english())
    }
}

/// Creates a [`Text`] from an English and a French format string with the same arguments: `text!("`{name}` is empty",
/// "`{name}` est vide", name = attribute)`. An argument that is itself a [`Text`] is named after a semicolon, and
/// appears in each language.
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

/// Formats a number with its noun, singular or plural; French treats 0 as singular.
pub fn count(number: u64, english: [&str; 2], french: [&str; 2]) -> Text {
    let ([one, many], [un, plusieurs]) = (english, french);
    Text::of(
        format!("{number} {}", if number == 1 { one } else { many }),
        format!("{number} {}", if number < 2 { un } else { plusieurs }),
    )
}

/// Formats a number of users.
pub fn users(number: u64) -> Text {
    count(number, ["user", "users"], ["utilisateur", "utilisateurs"])
}

/// Formats text; a literal without arguments is not copied.
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
