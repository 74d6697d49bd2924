//! The faults in filters, each with its place and a remedy.

use super::MAX_DEPTH;
use crate::language::{Text, text};
use crate::schema::Syntax;

/// A fault in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterFault {
    /// The place in bytes from the start of the filter; always at a character boundary.
    pub at: usize,
    /// States the fault without its place.
    pub what: Text,
    /// Suggests a remedy.
    pub help: Text,
}

impl FilterFault {
    pub(super) fn new(at: usize, [what, help]: [Text; 2]) -> Self {
        Self { at, what, help }
    }
}

/// Pairs a fault with its remedy, each in both languages.
const fn words(
    what: &'static str,
    french_what: &'static str,
    help: &'static str,
    french_help: &'static str,
) -> [Text; 2] {
    [Text::new(what, french_what), Text::new(help, french_help)]
}

pub(super) const EMPTY: [Text; 2] = words(
    "the filter is empty",
    "le filtre est vide",
    "write a filter such as (objectClass=user), or leave it out",
    "écrivez un filtre tel que (objectClass=user), ou omettez-le",
);
pub(super) const NEVER_CLOSED: [Text; 2] = words(
    "this parenthesis is never closed",
    "cette parenthèse n’est jamais fermée",
    "add a `)`; a parenthesis in a value is written \\28 or \\29",
    "ajoutez un `)`\u{202f}; dans une valeur, une parenthèse s’écrit \\28 ou \\29",
);
pub(super) const NEVER_OPENED: [Text; 2] = words(
    "this parenthesis closes nothing",
    "cette parenthèse ne ferme rien",
    "remove it; a parenthesis in a value is written \\28 or \\29",
    "supprimez-la\u{202f}; dans une valeur, une parenthèse s’écrit \\28 ou \\29",
);
pub(super) const PARENTHESES_DOUBLED: [Text; 2] = words(
    "the filter has two pairs of parentheses",
    "le filtre a deux paires de parenthèses",
    "remove one pair of parentheses",
    "supprimez une paire de parenthèses",
);
pub(super) const NOT_TAKES_ONE: [Text; 2] = words(
    "`!` takes one filter, and more follows it",
    "`!` prend un seul filtre, et il en suit d’autres",
    "write (!(|(a=1)(b=2))) for neither, (!(&(a=1)(b=2))) for not both",
    "écrivez (!(|(a=1)(b=2))) pour ni l’un ni l’autre, (!(&(a=1)(b=2))) pour pas les deux",
);
pub(super) const TEXT_AFTER_END: [Text; 2] = words(
    "the filter has ended before this",
    "le filtre est déjà fini ici",
    "join filters with (&…) for all or (|…) for any of them",
    "joignez des filtres par (&…) pour tous ou (|…) pour l’un d’eux",
);
pub(super) const ATTRIBUTE_MISSING: [Text; 2] = words(
    "the comparison has no attribute before it",
    "la comparaison n’a pas d’attribut devant elle",
    "write the name of an attribute first: (department=Sales)",
    "écrivez d’abord le nom d’un attribut\u{a0}: (department=Sales)",
);
pub(super) const COMPARISON_EXPECTED: [Text; 2] = words(
    "expected a comparison after the attribute",
    "une comparaison est attendue après l’attribut",
    "write =, >=, <= or ~=; (attribute=*) asks for any value, (!(a<=5)) for more than 5",
    "écrivez =, >=, <= ou ~=\u{202f}; (attribut=*) demande une valeur quelconque, (!(a<=5)) plus de 5",
);
pub(super) const PARENTHESIS_IN_VALUE: [Text; 2] = words(
    "a value has an unescaped `(`",
    "une valeur contient un `(` sans échappement",
    "write it as \\28, and `)` as \\29",
    "écrivez-le \\28, et `)` \\29",
);
pub(super) const ASTERISK_IN_VALUE: [Text; 2] = words(
    "this comparison does not support wildcards",
    "cette comparaison n’admet pas de caractère générique",
    "write it as \\2a, or compare with =",
    "écrivez-le \\2a, ou comparez avec =",
);
pub(super) const ESCAPE_INVALID: [Text; 2] = words(
    "two hexadecimal digits must follow `\\`",
    "deux chiffres hexadécimaux doivent suivre `\\`",
    "write a backslash that belongs to the value as \\5c",
    "écrivez \\5c une barre oblique inverse qui fait partie de la valeur",
);
pub(super) const DN_ATTRIBUTES: [Text; 2] = words(
    "`:dn` is not supported: the parts of a DN are not attributes of an export",
    "`:dn` n’est pas pris en charge\u{a0}: les parties d’un DN ne sont pas des attributs d’un export",
    "select by place in the tree with --base",
    "sélectionnez par l’emplacement dans l’arbre avec --base",
);
pub(super) const RULE_IN_CHAIN: [Text; 2] = words(
    "the in-chain rule 1.2.840.113556.1.4.1941 follows links through a directory, and there is none here",
    "la règle en chaîne 1.2.840.113556.1.4.1941 suit des liens dans un annuaire, et il n’y en a pas ici",
    "export the members of the nested groups and select them with --users",
    "exportez les membres des groupes imbriqués et sélectionnez-les avec --users",
);
pub(super) const NAME_RESOLUTION: [Text; 2] = words(
    "`anr` looks for a name in several attributes of a directory, and there is none here",
    "`anr` cherche un nom dans plusieurs attributs d’un annuaire, et il n’y en a pas ici",
    "name the attributes: (|(displayName=ann*)(sAMAccountName=ann*))",
    "nommez les attributs\u{a0}: (|(displayName=ann*)(sAMAccountName=ann*))",
);
pub(super) const RULE_UNKNOWN: [Text; 2] = words(
    "the matching rule is not known",
    "la règle de correspondance n’est pas connue",
    "use 1.2.840.113556.1.4.803 (all of these bits) or 1.2.840.113556.1.4.804 (one of these bits)",
    "utilisez 1.2.840.113556.1.4.803 (tous ces bits) ou 1.2.840.113556.1.4.804 (l’un de ces bits)",
);
pub(super) const BITS_INVALID: [Text; 2] = words(
    "a bit rule compares with an integer of 64 bits",
    "une règle de bits compare avec un entier de 64 bits",
    "write the bits as one decimal number, such as 2 for a disabled account",
    "écrivez les bits en un nombre décimal, tel que 2 pour un compte désactivé",
);
pub(super) const NO_BITS: [Text; 2] = words(
    "the attribute is not an integer, and a bit rule matches none of its values",
    "l’attribut n’est pas un entier, et une règle de bits n’est vraie pour aucune de ses valeurs",
    "compare with =, >= or <=",
    "comparez avec =, >= ou <=",
);

pub(super) fn too_deep() -> [Text; 2] {
    [
        text!(
            "the filter is nested more than {MAX_DEPTH} levels deep",
            "le filtre a plus de {MAX_DEPTH} niveaux de parenthèses"
        ),
        Text::new(
            "put the conditions of one kind side by side: (&(a=1)(b=2)(c=3))",
            "mettez côte à côte les conditions de même sorte\u{a0}: (&(a=1)(b=2)(c=3))",
        ),
    ]
}

pub(super) fn parenthesis_expected(found: char) -> [Text; 2] {
    [
        text!("expected `(`, found `{}`", "`(` attendu, `{}` trouvé", found.escape_debug()),
        Text::new(
            "put parentheses around each filter: (&(a=1)(b=2))",
            "mettez chaque filtre entre parenthèses\u{a0}: (&(a=1)(b=2))",
        ),
    ]
}

/// RFC 4526 reads `(&)` as "every entry", which is easily typed by mistake.
pub(super) fn nothing_to_combine(operator: char) -> [Text; 2] {
    [
        text!("no filter follows `{operator}`", "aucun filtre ne suit `{operator}`"),
        Text::new(
            "put a filter after it, or remove it; (objectClass=*) selects everyone",
            "mettez un filtre après, ou supprimez-le\u{202f}; (objectClass=*) sélectionne tout le monde",
        ),
    ]
}

pub(super) fn attribute_invalid(found: char) -> [Text; 2] {
    [
        text!(
            "the name of an attribute cannot have `{}` here",
            "le nom d’un attribut ne peut pas avoir `{}` ici",
            found.escape_debug()
        ),
        Text::new(
            "write the LDAP display name: letters, digits and `-`, without spaces around it",
            "écrivez le nom LDAP\u{a0}: lettres, chiffres et `-`, sans espace autour",
        ),
    ]
}

/// Explains how a value of the syntax is written in a filter.
pub(super) fn syntax_help(syntax: Syntax) -> Text {
    match syntax {
        Syntax::Boolean => text!("write TRUE or FALSE", "écrivez TRUE ou FALSE"),
        Syntax::Dn | Syntax::DnBinary => text!(
            "write the whole DN, or compare a part of it: (manager=CN=Ann *)",
            "écrivez le DN entier, ou comparez-en une partie\u{a0}: (manager=CN=Ann *)"
        ),
        Syntax::Sid | Syntax::AccountSid => text!("write it as S-1-5-21-…", "écrivez-le S-1-5-21-…"),
        Syntax::Guid => text!(
            "write it as 12345678-9abc-def0-1234-56789abcdef0",
            "écrivez-le 12345678-9abc-def0-1234-56789abcdef0"
        ),
        _ => text!("write a decimal number, such as 512", "écrivez un nombre décimal, tel que 512"),
    }
}
