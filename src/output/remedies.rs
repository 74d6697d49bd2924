//! What each code means and what to do about it, in the languages of the page.

use super::Language;

/// What a code means, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What it means: a phrase without a final period.
    pub meaning: &'static str,
    /// What to do: a sentence.
    pub remedy: &'static str,
}

const fn advice(meaning: &'static str, remedy: &'static str) -> Advice {
    Advice { meaning, remedy }
}

/// The advice on a code; none for a code that is not known here.
#[must_use]
pub fn on(code: &str, language: Language) -> Option<Advice> {
    let syntax = code.starts_with("ldif-") || code.starts_with("csv-");
    let code = if syntax { "syntax" } else { code };
    let (_, english, french) = ADVICE.iter().find(|(known, ..)| *known == code)?;
    Some(match language {
        Language::En => *english,
        Language::Fr => *french,
    })
}

/// Code, English, French; `syntax` stands for all faults of an input's format.
const ADVICE: &[(&str, Advice, Advice)] = &[
    (
        "syntax",
        advice(
            "The record cannot be read",
            "Correct the line that the table names, or export again with another tool.",
        ),
        advice(
            "L’enregistrement est illisible",
            "Corrigez la ligne indiquée dans le tableau, ou refaites l’export avec un autre outil.",
        ),
    ),
    (
        "dn-invalid",
        advice("The DN is invalid", "Correct the DN in the export, or export again."),
        advice("Le DN n’est pas valide", "Corrigez le DN dans l’export, ou refaites l’export."),
    ),
    (
        "join-no-key",
        advice("The row of the list names nobody", "Fill in the column that names the user."),
        advice(
            "La ligne de la liste ne désigne personne",
            "Remplissez la colonne qui désigne l’utilisateur.",
        ),
    ),
    (
        "join-unmatched",
        advice(
            "No user of the --join exports bears the name",
            "Correct the row, or give the export that shows the user by --join, too.",
        ),
        advice(
            "Aucun utilisateur des exports --join ne porte ce nom",
            "Corrigez la ligne, ou donnez aussi par --join l’export où figure l’utilisateur.",
        ),
    ),
    (
        "join-ambiguous",
        advice(
            "Several users bear the name",
            "Name the user by an attribute that nobody shares (--join-key), or by DN.",
        ),
        advice(
            "Plusieurs utilisateurs portent ce nom",
            "Désignez l’utilisateur par un attribut que nul ne partage (--join-key), ou par son DN.",
        ),
    ),
    (
        "join-twice",
        advice("Several rows name the user", "Leave one of them, with what is true of the user."),
        advice(
            "Plusieurs lignes désignent l’utilisateur",
            "N’en gardez qu’une, avec ce qui est vrai de l’utilisateur.",
        ),
    ),
    (
        "over-limit",
        advice("Beyond the first users that --limit takes", "Nothing: a later run takes them."),
        advice(
            "Au-delà des premiers que --limit retient",
            "Rien\u{a0}: une exécution ultérieure les prendra.",
        ),
    ),
    (
        "replication-conflict",
        advice(
            "What a replication conflict left over",
            "Delete or rename one of the two objects, then export again.",
        ),
        advice(
            "Reste d’un conflit de réplication",
            "Supprimez ou renommez l’un des deux objets, puis refaites l’export.",
        ),
    ),
    (
        "value-range-incomplete",
        advice(
            "The export shows only some values of an attribute",
            "Export again with a tool that asks for all ranges, such as ldifde.",
        ),
        advice(
            "L’export ne montre qu’une partie des valeurs d’un attribut",
            "Refaites l’export avec un outil qui demande toutes les plages, ldifde par exemple.",
        ),
    ),
    (
        "dn-conflict",
        advice(
            "Two records of one object contradict each other",
            "Export again, or leave one of the files out.",
        ),
        advice(
            "Deux enregistrements du même objet se contredisent",
            "Refaites l’export, ou laissez l’un des fichiers de côté.",
        ),
    ),
    (
        "duplicate-record",
        advice("The same object once more", "Nothing: the first record counts."),
        advice("Le même objet une seconde fois", "Rien\u{a0}: le premier enregistrement compte."),
    ),
    (
        "critical-object",
        advice("A critical system object", "Nothing: such accounts are never touched."),
        advice("Objet système critique", "Rien\u{a0}: ces comptes ne sont jamais modifiés."),
    ),
    (
        "trust-account",
        advice("The account of a trust, not of a person", "Nothing: such accounts are never touched."),
        advice("Compte d’une relation d’approbation", "Rien\u{a0}: ces comptes ne sont jamais modifiés."),
    ),
    (
        "protected-base",
        advice("Below a DN of [safety] protect", "Nothing, or take the DN out of [safety] protect."),
        advice("Sous un DN de [safety] protect", "Rien, ou retirez ce DN de [safety] protect."),
    ),
    (
        "protected-account",
        advice(
            "A protected account (adminCount=1)",
            "Enable it by hand as a domain administrator, or set [safety] protected_accounts.",
        ),
        advice(
            "Compte protégé (adminCount=1)",
            "Activez-le à la main comme administrateur du domaine, ou réglez [safety] protected_accounts.",
        ),
    ),
    (
        "resource-mailbox",
        advice(
            "A shared, room or equipment mailbox",
            "Nothing: Communications Server is not for such mailboxes.",
        ),
        advice(
            "Boîte aux lettres partagée, de salle ou d’équipement",
            "Rien\u{a0}: Communications Server n’est pas prévu pour ces boîtes.",
        ),
    ),
    (
        "account-disabled",
        advice(
            "The account is disabled",
            "Enable the account first, or set [select] disabled_accounts = \"include\".",
        ),
        advice(
            "Le compte est désactivé",
            "Activez d’abord le compte, ou réglez [select] disabled_accounts = \"include\".",
        ),
    ),
    (
        "no-rule",
        advice("No rule matches", "Add a [[rule]] that gives these users a pool."),
        advice("Aucune règle ne s’applique", "Ajoutez une [[rule]] qui donne un pool à ces utilisateurs."),
    ),
    (
        "rule-skip",
        advice("A rule leaves these users out", "Nothing: the rule says so."),
        advice("Une règle laisse ces utilisateurs de côté", "Rien\u{a0}: la règle le veut ainsi."),
    ),
    (
        "sip-exists",
        advice(
            "Has a SIP URI already",
            "Set [sip] existing to \"keep\" or \"replace\", or leave these users as they are.",
        ),
        advice(
            "Possède déjà une URI SIP",
            "Réglez [sip] existing sur \"keep\" ou \"replace\", ou laissez ces utilisateurs tels quels.",
        ),
    ),
    (
        "ocs-disabled",
        advice(
            "Was disabled for Communications Server on purpose",
            "Run again with --re-enable if they should come back.",
        ),
        advice(
            "A été désactivé pour Communications Server",
            "Relancez avec --re-enable s’ils doivent revenir.",
        ),
    ),
    (
        "flags-invalid",
        advice(
            "OptionFlags or ArchivingEnabled is no integer",
            "Correct the attribute in the directory, then export again.",
        ),
        advice(
            "OptionFlags ou ArchivingEnabled n’est pas un entier",
            "Corrigez l’attribut dans l’annuaire, puis refaites l’export.",
        ),
    ),
    (
        "attribute-missing",
        advice(
            "The attribute that gives the address, or the line, is empty",
            "Fill it in the directory, or name another one in [sip] fallback.",
        ),
        advice(
            "L’attribut qui donne l’adresse, ou la ligne, est vide",
            "Remplissez-le dans l’annuaire, ou nommez-en un autre dans [sip] fallback.",
        ),
    ),
    (
        "sip-spaces",
        advice("The address begins or ends with a space", "Remove the space in the directory."),
        advice("L’adresse commence ou finit par une espace", "Supprimez l’espace dans l’annuaire."),
    ),
    (
        "sip-invalid",
        advice(
            "The attribute holds no address",
            "Correct it in the directory: one @, something on both sides.",
        ),
        advice(
            "L’attribut ne contient pas d’adresse",
            "Corrigez-le dans l’annuaire\u{a0}: un seul @, du texte des deux côtés.",
        ),
    ),
    (
        "sip-characters",
        advice(
            "The address holds characters not permitted",
            "Correct the attribute, or choose a built format such as first.last.",
        ),
        advice(
            "L’adresse contient des caractères non admis",
            "Corrigez l’attribut, ou choisissez un format construit tel que first.last.",
        ),
    ),
    (
        "sip-domain",
        advice(
            "The domain of the address is not in the list",
            "Correct the address, or add the domain to [sip] domains if the servers know it.",
        ),
        advice(
            "Le domaine de l’adresse n’est pas dans la liste",
            "Corrigez l’adresse, ou ajoutez le domaine à [sip] domains si les serveurs le connaissent.",
        ),
    ),
    (
        "sip-too-long",
        advice("The address is too long", "Shorten the attribute that it is made of."),
        advice("L’adresse est trop longue", "Raccourcissez l’attribut dont elle est faite."),
    ),
    (
        "name-empty",
        advice(
            "Nothing of the name is left to make an address of",
            "Correct the name, or map its letters in [sip.fold] map.",
        ),
        advice(
            "Il ne reste rien du nom pour former une adresse",
            "Corrigez le nom, ou traduisez ses lettres dans [sip.fold] map.",
        ),
    ),
    (
        "name-not-folded",
        advice("The name holds a letter that the profile does not fold", "Map the letter in [sip.fold] map."),
        advice(
            "Le nom contient une lettre que le profil ne convertit pas",
            "Traduisez la lettre dans [sip.fold] map.",
        ),
    ),
    (
        "name-script",
        advice(
            "The name is written in another script",
            "Map its letters in [sip.fold] map, or set other_scripts = \"transliterate\".",
        ),
        advice(
            "Le nom est écrit dans une autre écriture",
            "Traduisez ses lettres dans [sip.fold] map, ou réglez other_scripts = \"transliterate\".",
        ),
    ),
    (
        "sip-duplicate",
        advice(
            "Somebody else has the address, or would get it too",
            "Decide who keeps it (see the conflicts) and change the attribute of the others, or set [sip] on_duplicate.",
        ),
        advice(
            "Quelqu’un d’autre a l’adresse, ou la recevrait aussi",
            "Décidez qui la garde (voir les conflits) et changez l’attribut des autres, ou réglez [sip] on_duplicate.",
        ),
    ),
    (
        "drifted",
        advice(
            "Has changed since the run",
            "Look at what the user has now (see the findings) and change it by hand, or leave it.",
        ),
        advice(
            "A changé depuis l’exécution",
            "Voyez ce que l’utilisateur a maintenant (dans les constats) et modifiez-le à la main, ou laissez-le.",
        ),
    ),
    (
        "gone",
        advice(
            "Is in no export",
            "Nothing if the user was deleted; else export the part of the directory where he is.",
        ),
        advice(
            "Ne figure dans aucun export",
            "Rien si l’utilisateur a été supprimé\u{202f}; sinon, exportez la partie de l’annuaire où il se trouve.",
        ),
    ),
    (
        "not-enabled",
        advice("Not enabled for Communications Server", "Nothing, or enable the user with `enable`."),
        advice("Non activé pour Communications Server", "Rien, ou activez l’utilisateur avec `enable`."),
    ),
    (
        "switched-off",
        advice(
            "Switched off for Communications Server, with all settings kept",
            "Nothing, or switch the user on with `enable --re-enable`.",
        ),
        advice(
            "Désactivé pour Communications Server, réglages conservés",
            "Rien, ou réactivez l’utilisateur avec `enable --re-enable`.",
        ),
    ),
    (
        "other-pool",
        advice("On another pool than the one to move from", "Nothing."),
        advice("Sur un autre pool que celui de départ", "Rien."),
    ),
    (
        "homed",
        advice(
            "Has a pool that stands",
            "Move the users of homed.txt with the wizard Move Users, which takes contact lists and meetings along.",
        ),
        advice(
            "A un pool qui existe",
            "Déplacez les utilisateurs de homed.txt avec l’assistant de déplacement, qui emporte listes de contacts et réunions.",
        ),
    ),
    (
        "no-address",
        advice("Enabled without a SIP address", "Run `enable`, which adds what is absent."),
        advice("Activé sans adresse SIP", "Lancez `enable`, qui ajoute ce qui manque."),
    ),
    (
        "no-pool",
        advice("Enabled without a pool", "Run `move`, which gives a pool."),
        advice("Activé sans pool", "Lancez `move`, qui donne un pool."),
    ),
    (
        "pool-gone",
        advice("The pool is gone", "Run `move`, which gives another pool."),
        advice("Le pool n’existe plus", "Lancez `move`, qui donne un autre pool."),
    ),
    (
        "no-enhanced-presence",
        advice(
            "Enhanced presence (bit 256) is not set",
            "Run `audit --fix` or `configure --enhanced-presence true`.",
        ),
        advice(
            "La présence enrichie (bit 256) n’est pas activée",
            "Lancez `audit --fix` ou `configure --enhanced-presence true`.",
        ),
    ),
    (
        "sip-twin",
        advice(
            "Somebody else has the address, too",
            "Decide who keeps it, and change the others with `rename` or in the directory.",
        ),
        advice(
            "Quelqu’un d’autre a aussi l’adresse",
            "Décidez qui la garde, et changez les autres avec `rename` ou dans l’annuaire.",
        ),
    ),
    (
        "domain-foreign",
        advice(
            "The domain of the address is not in the list of SIP domains",
            "Add it by --sip-domain, or run `rename --domain OLD=NEW`.",
        ),
        advice(
            "Le domaine de l’adresse n’est pas dans la liste des domaines SIP",
            "Ajoutez-le par --sip-domain, ou lancez `rename --domain ANCIEN=NOUVEAU`.",
        ),
    ),
    (
        "line-invalid",
        advice("The number gives no E.164 line", "Correct the attribute, or the pattern of --line."),
        advice("Le numéro ne donne pas de ligne E.164", "Corrigez l’attribut, ou le modèle de --line."),
    ),
    (
        "line-duplicate",
        advice("Somebody else has the line, or would get it too", "Give each user a number of his own."),
        advice(
            "Quelqu’un d’autre a la ligne, ou la recevrait aussi",
            "Donnez à chaque utilisateur un numéro propre.",
        ),
    ),
    (
        "pool-unknown-target",
        advice(
            "Nothing describes the pool that the list names",
            "Correct the row, or describe the pool in [[pool]] or by --pools.",
        ),
        advice(
            "Rien ne décrit le pool que nomme la liste",
            "Corrigez la ligne, ou décrivez le pool dans [[pool]] ou par --pools.",
        ),
    ),
    (
        "pool-full",
        advice("No pool has room", "Raise a capacity, or add a pool to the rule."),
        advice("Aucun pool n’a de place", "Augmentez une capacité, ou ajoutez un pool à la règle."),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Reason;

    #[test]
    fn every_reason_has_advice() {
        for code in Reason::all().map(Reason::code).chain(["dn-invalid", "ldif-base64", "csv-fields"]) {
            assert!(on(code, Language::En).is_some(), "{code}");
        }
        assert_eq!(on("unheard-of", Language::En), None);
    }
}
