//! Codes about the selection: which users take part, and which do not.

super::section! { SECTION "Who takes part" "Qui participe" {
    "base-unmatched" [Error Warning] WIZARDS
        "A base matches no user in the inputs (nor in the references, for a rule or [safety] protect); for protect, the run stops"
        "Une base ne correspond à aucun utilisateur des entrées, ni des références si elle est d’une règle ou de [safety] protect\u{202f}; pour protect, l’exécution s’arrête"
        advice "Compare the DN with those of the export." "Comparez le DN avec ceux de l’export.";
    "rule-unmatched" [Warning] WIZARDS
        "A rule applies to no user in the inputs" "Une règle ne s’applique à aucun utilisateur des entrées"
        advice "Check the base and the filter of the rule." "Vérifiez la base et le filtre de la règle.";
    "users-list" [Note] "check"
        "The file is a list of users, not an export" "Le fichier est une liste d’utilisateurs, et non un export";
    "users-unmatched" [Warning] WIZARDS
        "A line of --users matches no user" "Une ligne de --users ne correspond à aucun utilisateur"
        advice "Correct the line, or export the part of the directory where the user is."
            "Corrigez la ligne, ou exportez la partie de l’annuaire où se trouve l’utilisateur.";
    "rename-unmatched" [Warning] "rename"
        "No user has an address in the domain that --domain names"
        "Aucun utilisateur n’a d’adresse dans le domaine que nomme --domain"
        advice "Check the spelling of the domain." "Vérifiez l’orthographe du domaine.";
    "move-unmatched" [Warning] "move"
        "No user has the pool that --from names" "Aucun utilisateur n’a le pool que nomme --from"
        advice "Check the name of the pool." "Vérifiez le nom du pool.";
    "users-ambiguous" [Warning] WIZARDS
        "A line of --users matches several users, and selects none"
        "Une ligne de --users correspond à plusieurs utilisateurs, et n’en sélectionne aucun"
        advice "Name the user by DN or sAMAccountName." "Désignez l’utilisateur par son DN ou son sAMAccountName.";
    OVER_LIMIT "over-limit" skips [] WIZARDS
        "Beyond the number of users that --limit allows" "Au-delà des premiers que --limit retient"
        advice "Nothing: a later run takes them." "Rien\u{a0}: une exécution ultérieure les prendra.";
    REPLICATION_CONFLICT "replication-conflict" rejects [Error] WIZARDS
        "Leftover of a replication conflict" "Reste d’un conflit de réplication"
        advice "Delete or rename one of the two objects, then export again."
            "Supprimez ou renommez l’un des deux objets, puis refaites l’export.";
    VALUE_RANGE_INCOMPLETE "value-range-incomplete" rejects [Error] WIZARDS
        "The export shows only some values of an attribute"
        "L’export ne montre qu’une partie des valeurs d’un attribut"
        advice "Export again with a tool that asks for all ranges, such as ldifde."
            "Refaites l’export avec un outil qui demande toutes les plages, ldifde par exemple.";
    RECORD_CUT "record-cut" rejects [Error] USERS
        "The record is cut: what follows it has no DN" "L’enregistrement est coupé\u{a0}: ce qui le suit n’a pas de DN"
        advice "Remove what cuts the record, or export again."
            "Supprimez ce qui coupe l’enregistrement, ou refaites l’export.";
    DN_CONFLICT "dn-conflict" rejects [Error] USERS
        "Two records of one object contradict each other" "Deux enregistrements du même objet se contredisent"
        advice "Export again, or leave one of the files out."
            "Refaites l’export, ou laissez l’un des fichiers de côté.";
    DUPLICATE_RECORD "duplicate-record" skips [] WIZARDS
        "Duplicate record" "Enregistrement en double"
        advice "Nothing: the first record counts." "Rien\u{a0}: le premier enregistrement compte.";
    VALUE_INVALID "value-invalid" rejects [Error Warning] EXPORTS
        "A value does not have the syntax of its attribute" "Une valeur n’a pas la syntaxe de son attribut"
        advice "Correct the attribute in the directory, or export again with another tool."
            "Corrigez l’attribut dans l’annuaire, ou refaites l’export avec un autre outil.";
    VALUE_MISSING "value-missing" rejects [Error Warning] EXPORTS
        "The record lacks userAccountControl or objectClass, which the export shows for others"
        "userAccountControl ou objectClass manque, que l’export montre pour d’autres"
        advice "Export the user again, with an account that may read both attributes."
            "Refaites l’export de l’utilisateur, avec un compte autorisé à lire ces deux attributs.";
    CRITICAL_OBJECT "critical-object" skips [Error Warning] USERS
        "A critical system object" "Objet système critique"
        advice "Nothing: such accounts are never changed." "Rien\u{a0}: ces comptes ne sont jamais modifiés.";
    TRUST_ACCOUNT "trust-account" skips [Error Warning] USERS
        "The account of a trust, not of a person" "Compte d’une relation d’approbation, non d’une personne"
        advice "Nothing: such accounts are never changed." "Rien\u{a0}: ces comptes ne sont jamais modifiés.";
    PROTECTED_BASE "protected-base" skips [Error Warning] USERS
        "Below a DN of [safety] protect" "Sous un DN de [safety] protect"
        advice "Nothing, or remove the DN from [safety] protect." "Rien, ou retirez ce DN de [safety] protect.";
    PROTECTED_ACCOUNT "protected-account" skips [Error Warning] USERS
        "A protected account (adminCount)" "Compte protégé (adminCount)"
        advice "Enable it by hand as a domain administrator, or set [safety] protected_accounts."
            "Activez-le à la main comme administrateur du domaine, ou réglez [safety] protected_accounts.";
    HOMED_ONLINE "homed-online" skips [Error Warning] USERS
        "Homed online, or in another deployment" "Hébergé en ligne, ou dans un autre déploiement"
        advice "Nothing: such users are administered where they are homed."
            "Rien\u{a0}: ces utilisateurs sont administrés là où ils sont hébergés.";
    SYSTEM_MAILBOX "system-mailbox" skips [Warning] "enable, verify"
        "One of Exchange's own mailboxes" "Boîte aux lettres d’Exchange même"
        advice "Nothing: no person uses such mailboxes."
            "Rien\u{a0}: personne n’utilise ces boîtes.";
    RESOURCE_MAILBOX "resource-mailbox" skips [Warning] "enable, verify"
        "A shared, room or equipment mailbox" "Boîte aux lettres partagée, de salle ou d’équipement"
        advice "Nothing, or set [select] resource_mailboxes = \"include\"."
            "Rien, ou réglez [select] resource_mailboxes = \"include\".";
    ACCOUNT_DISABLED "account-disabled" skips [Warning] "enable, audit, verify"
        "The account is disabled" "Le compte est désactivé"
        advice "Enable the account first, or set [select] disabled_accounts = \"include\"."
            "Activez d’abord le compte, ou réglez [select] disabled_accounts = \"include\".";
    NO_RULE "no-rule" skips [] RULES
        "No rule matches" "Aucune règle ne s’applique"
        advice "Add a [[rule]] that gives these users a pool."
            "Ajoutez une [[rule]] qui donne un pool à ces utilisateurs.";
    RULE_SKIP "rule-skip" skips [] RULES
        "A rule leaves these users out" "Une règle laisse ces utilisateurs de côté"
        advice "Nothing: the rule says so." "Rien\u{a0}: la règle le veut ainsi.";
    SIP_EXISTS "sip-exists" rejects [Error] "enable"
        "Has a SIP URI already" "Possède déjà une URI SIP"
        advice "Set [sip] existing to \"keep\" or \"replace\", or leave these users as they are."
            "Réglez [sip] existing sur \"keep\" ou \"replace\", ou laissez ces utilisateurs tels quels.";
    NOT_ENABLED "not-enabled" skips [] OF_ENABLED
        "Not enabled for Communications Server" "Non activé pour Communications Server"
        advice "Nothing, or enable the user with `enable`." "Rien, ou activez l’utilisateur avec `enable`.";
    SWITCHED_OFF "switched-off" skips [] "audit"
        "Switched off for Communications Server, with all settings kept"
        "Désactivé pour Communications Server, réglages conservés"
        advice "Nothing, or switch the user on with `enable --re-enable`."
            "Rien, ou réactivez l’utilisateur avec `enable --re-enable`.";
    OCS_DISABLED "ocs-disabled" skips [] OF_SWITCHED_ON
        "Was disabled for Communications Server on purpose" "A été désactivé à dessein pour Communications Server"
        advice "Take them with `enable --re-enable` if they should come back, or with `rename --switched-off`."
            "Prenez-les par `enable --re-enable` s’ils doivent revenir, ou par `rename --switched-off`.";
    OTHER_POOL "other-pool" skips [] "move"
        "On a pool other than the one to move from" "Sur un autre pool que celui de départ"
        advice "Nothing." "Rien.";
    HOMED "homed" skips [] "move"
        "Has a pool that exists" "A un pool qui existe"
        advice "Move the users in homed.txt with the Move Users wizard, which keeps contact lists and meetings."
            "Déplacez les utilisateurs de homed.txt avec l’assistant de déplacement, qui emporte listes de contacts et réunions.";
    "mailbox-suspected" [Warning] "enable"
        "The name looks like one of Exchange's own mailboxes" "Le nom ressemble à ceux des boîtes d’Exchange même"
        advice "Export msExchRecipientTypeDetails as well, or leave the user out with a filter."
            "Exportez aussi msExchRecipientTypeDetails, ou écartez l’utilisateur par un filtre.";
    "safety-not-shown" [Warning] WIZARDS
        "The export does not show an attribute that tells accounts apart"
        "L’export ne montre pas un attribut qui distingue des comptes"
        advice "Export all attributes, or assert with --absent that the attribute is empty everywhere."
            "Exportez tous les attributs, ou affirmez par --absent que l’attribut est vide partout.";
}}
