//! The mistakes that can be made in a filter, each with its place and its advice.

use super::MAX_DEPTH;
use crate::language::{Text, text};
use crate::schema::Syntax;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterFault {
    /// Where in the filter, in bytes from its start; always at a character, or at the end.
    pub at: usize,
    pub kind: FilterFaultKind,
}

/// What is wrong in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilterFaultKind {
    /// Nothing but white space.
    Empty,
    /// More than [`MAX_DEPTH`] parentheses inside one another.
    TooDeep,
    /// Something else where a filter must begin.
    ParenthesisExpected {
        /// The character there.
        found: char,
    },
    /// An opening parenthesis without its partner.
    NeverClosed,
    /// A closing parenthesis without its partner.
    NeverOpened,
    /// `((cn=x))`.
    ParenthesesDoubled,
    /// `(&)`. RFC 4526 reads it as "every entry", which is too easily typed by mistake.
    NothingToCombine {
        /// `&`, `|` or `!`.
        operator: char,
    },
    /// `(!(a=b)(c=d))`.
    NotTakesOne,
    /// Something after the closing parenthesis of the whole filter.
    TextAfterEnd,
    /// `(=x)`.
    AttributeMissing,
    /// A character that RFC 4512 knows in no attribute description, or not there.
    AttributeInvalid {
        /// The character.
        found: char,
    },
    /// `(cn)`, `(cn>5)`.
    ComparisonExpected,
    /// An opening parenthesis in a value.
    ParenthesisInValue,
    /// `(cn>=a*)`.
    AsteriskInValue,
    /// A backslash without two hexadecimal digits.
    EscapeInvalid,
    /// `(ou:dn:=Paris)`.
    DnAttributes,
    /// The rule 1.2.840.113556.1.4.1941.
    RuleInChain,
    /// `(anr=ann)`.
    NameResolution,
    /// Any other rule.
    RuleUnknown,
    /// A bit rule with something else than a number.
    BitsInvalid,
    /// A bit rule on an attribute that is no number.
    NoBits,
    /// A value that no value of the attribute can equal.
    ValueInvalid {
        /// What its values are.
        syntax: Syntax,
        /// The fact.
        what: Text,
    },
}

impl FilterFaultKind {
    /// The fact, without the place.
    pub fn what(&self) -> Text {
        match self {
            Self::Empty => text!("the filter is empty", "le filtre est vide"),
            Self::TooDeep => text!(
                "the filter is nested more than {MAX_DEPTH} levels deep",
                "le filtre a plus de {MAX_DEPTH} niveaux de parenthèses"
            ),
            Self::ParenthesisExpected { found } => {
                text!("expected `(`, found `{}`", "`(` attendu, `{}` trouvé", found.escape_debug())
            }
            Self::NeverClosed => {
                text!("this parenthesis is never closed", "cette parenthèse n’est jamais fermée")
            }
            Self::NeverOpened => text!("this parenthesis closes nothing", "cette parenthèse ne ferme rien"),
            Self::ParenthesesDoubled => {
                text!("the filter has two pairs of parentheses", "le filtre a deux paires de parenthèses")
            }
            Self::NothingToCombine { operator } => {
                text!("no filter follows `{operator}`", "aucun filtre ne suit `{operator}`")
            }
            Self::NotTakesOne => text!(
                "`!` takes one filter, and more follows it",
                "`!` prend un seul filtre, et il en suit d’autres"
            ),
            Self::TextAfterEnd => text!("the filter has ended before this", "le filtre est déjà fini ici"),
            Self::AttributeMissing => text!(
                "the comparison has no attribute before it",
                "la comparaison n’a pas d’attribut devant elle"
            ),
            Self::AttributeInvalid { found } => text!(
                "the name of an attribute cannot have `{}` here",
                "le nom d’un attribut ne peut pas avoir `{}` ici",
                found.escape_debug()
            ),
            Self::ComparisonExpected => text!(
                "expected a comparison after the attribute",
                "une comparaison est attendue après l’attribut"
            ),
            Self::ParenthesisInValue => {
                text!("a value has an unescaped `(`", "une valeur contient un `(` sans échappement")
            }
            Self::AsteriskInValue => text!(
                "this comparison does not support wildcards",
                "cette comparaison n’admet pas de caractère générique"
            ),
            Self::EscapeInvalid => text!(
                "two hexadecimal digits must follow `\\`",
                "deux chiffres hexadécimaux doivent suivre `\\`"
            ),
            Self::DnAttributes => text!(
                "`:dn` is not supported: the parts of a DN are no attributes of an export",
                "`:dn` n’est pas pris en charge\u{a0}: les parties d’un DN ne sont pas des attributs d’un export"
            ),
            Self::RuleInChain => text!(
                "the in-chain rule 1.2.840.113556.1.4.1941 follows links through a directory, and there is none here",
                "la règle en chaîne 1.2.840.113556.1.4.1941 suit des liens dans un annuaire, et il n’y en a pas ici"
            ),
            Self::NameResolution => text!(
                "`anr` looks for a name in several attributes of a directory, and there is none here",
                "`anr` cherche un nom dans plusieurs attributs d’un annuaire, et il n’y en a pas ici"
            ),
            Self::RuleUnknown => {
                text!("the matching rule is not known", "la règle de correspondance n’est pas connue")
            }
            Self::BitsInvalid => text!(
                "a bit rule compares with an integer of 64 bits",
                "une règle de bits compare avec un entier de 64 bits"
            ),
            Self::NoBits => text!(
                "the attribute is no integer, and a bit rule holds for none of its values",
                "l’attribut n’est pas un entier, et une règle de bits n’est vraie pour aucune de ses valeurs"
            ),
            Self::ValueInvalid { what, .. } => what.clone(),
        }
    }

    /// The way out.
    pub fn help(&self) -> Text {
        match self {
            Self::Empty => Text::new(
                "write a filter such as (objectClass=user), or leave it out",
                "écrivez un filtre tel que (objectClass=user), ou omettez-le",
            ),
            Self::TooDeep => Text::new(
                "put the conditions of one kind side by side: (&(a=1)(b=2)(c=3))",
                "mettez côte à côte les conditions de même sorte\u{a0}: (&(a=1)(b=2)(c=3))",
            ),
            Self::ParenthesisExpected { .. } => Text::new(
                "put parentheses around each filter: (&(a=1)(b=2))",
                "mettez chaque filtre entre parenthèses\u{a0}: (&(a=1)(b=2))",
            ),
            Self::NeverClosed => Text::new(
                "add a `)`; a parenthesis in a value is written \\28 or \\29",
                "ajoutez un `)`\u{202f}; dans une valeur, une parenthèse s’écrit \\28 ou \\29",
            ),
            Self::NeverOpened => Text::new(
                "remove it; a parenthesis in a value is written \\28 or \\29",
                "supprimez-la\u{202f}; dans une valeur, une parenthèse s’écrit \\28 ou \\29",
            ),
            Self::ParenthesesDoubled => {
                Text::new("remove one pair of parentheses", "supprimez une paire de parenthèses")
            }
            Self::NothingToCombine { .. } => Text::new(
                "put a filter after it, or remove it; (objectClass=*) selects everyone",
                "mettez un filtre après, ou supprimez-le\u{202f}; (objectClass=*) sélectionne tout le monde",
            ),
            Self::NotTakesOne => Text::new(
                "write (!(|(a=1)(b=2))) for neither, (!(&(a=1)(b=2))) for not both",
                "écrivez (!(|(a=1)(b=2))) pour ni l’un ni l’autre, (!(&(a=1)(b=2))) pour pas les deux",
            ),
            Self::TextAfterEnd => Text::new(
                "join filters with (&…) for all or (|…) for any of them",
                "joignez des filtres par (&…) pour tous ou (|…) pour l’un d’eux",
            ),
            Self::AttributeMissing => Text::new(
                "write the name of an attribute first: (department=Sales)",
                "écrivez d’abord le nom d’un attribut\u{a0}: (department=Sales)",
            ),
            Self::AttributeInvalid { .. } => Text::new(
                "write the LDAP display name: letters, digits and `-`, without spaces around it",
                "écrivez le nom LDAP\u{a0}: lettres, chiffres et `-`, sans espace autour",
            ),
            Self::ComparisonExpected => Text::new(
                "write =, >=, <= or ~=; (attribute=*) asks for any value, (!(a<=5)) for more than 5",
                "écrivez =, >=, <= ou ~=\u{202f}; (attribut=*) demande une valeur quelconque, (!(a<=5)) plus de 5",
            ),
            Self::ParenthesisInValue => {
                Text::new("write it as \\28, and `)` as \\29", "écrivez-le \\28, et `)` \\29")
            }
            Self::AsteriskInValue => {
                Text::new("write it as \\2a, or compare with =", "écrivez-le \\2a, ou comparez avec =")
            }
            Self::EscapeInvalid => Text::new(
                "write a backslash that belongs to the value as \\5c",
                "écrivez \\5c une barre oblique inverse qui fait partie de la valeur",
            ),
            Self::DnAttributes => Text::new(
                "select by place in the tree with --base",
                "sélectionnez par l’emplacement dans l’arbre avec --base",
            ),
            Self::RuleInChain => Text::new(
                "export the members of the nested groups and select them with --users",
                "exportez les membres des groupes imbriqués et sélectionnez-les avec --users",
            ),
            Self::NameResolution => Text::new(
                "name the attributes: (|(displayName=ann*)(sAMAccountName=ann*))",
                "nommez les attributs\u{a0}: (|(displayName=ann*)(sAMAccountName=ann*))",
            ),
            Self::RuleUnknown => Text::new(
                "use 1.2.840.113556.1.4.803 (all of these bits) or 1.2.840.113556.1.4.804 (one of these bits)",
                "utilisez 1.2.840.113556.1.4.803 (tous ces bits) ou 1.2.840.113556.1.4.804 (l’un de ces bits)",
            ),
            Self::BitsInvalid => Text::new(
                "write the bits as one decimal number, such as 2 for a disabled account",
                "écrivez les bits en un nombre décimal, tel que 2 pour un compte désactivé",
            ),
            Self::NoBits => Text::new("compare with =, >= or <=", "comparez avec =, >= ou <="),
            Self::ValueInvalid { syntax, .. } => syntax_help(*syntax),
        }
    }
}

/// How a value of the syntax is written in a filter.
fn syntax_help(syntax: Syntax) -> Text {
    match syntax {
        Syntax::Boolean => text!("write TRUE or FALSE", "écrivez TRUE ou FALSE"),
        Syntax::Dn | Syntax::DnBinary => text!(
            "write the whole DN, or compare a part of it: (manager=CN=Ann *)",
            "écrivez le DN entier, ou comparez-en une partie\u{a0}: (manager=CN=Ann *)"
        ),
        Syntax::Sid => text!("write it as S-1-5-21-…", "écrivez-le S-1-5-21-…"),
        Syntax::Guid => text!(
            "write it as 12345678-9abc-def0-1234-56789abcdef0",
            "écrivez-le 12345678-9abc-def0-1234-56789abcdef0"
        ),
        _ => text!("write a decimal number, such as 512", "écrivez un nombre décimal, tel que 512"),
    }
}
