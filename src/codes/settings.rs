//! Codes about the configuration and the command line.

super::section! { SECTION "Configuration and command line" "Configuration et ligne de commande" {
    "command-line" [Error] SETTINGS
        "An unknown command or flag, or an invalid value"
        "Une commande ou une option qui n’existe pas, ou une valeur qu’elle n’admet pas";
    "config-unreadable" [Error] SETTINGS
        "The configuration cannot be read" "La configuration ne peut pas être lue";
    "config-encoding" [Error] SETTINGS
        "The configuration is not UTF-8" "La configuration n’est pas en UTF-8";
    "config-version" [Error] SETTINGS
        "An unknown version of userprep.toml" "Une version de userprep.toml qui n’est pas connue";
    "config-syntax" [Error] SETTINGS
        "The configuration is not TOML, or a value has the wrong type"
        "La configuration n’est pas du TOML, ou une valeur est du mauvais type";
    "config-key" [Error] SETTINGS
        "An unknown key in userprep.toml" "Une clé que userprep.toml ne connaît pas";
    "config-value" [Error] SETTINGS
        "An invalid value for a key" "Une valeur que la clé n’admet pas";
    "input-encoding" [Error] EXPORTS
        "An unknown encoding" "Un codage qui n’est pas connu";
    "input-delimiter" [Error] EXPORTS
        "The delimiter is not one ASCII character" "Le délimiteur n’est pas un unique caractère ASCII";
    "input-separator" [Error] EXPORTS
        "The separator of values is not one ASCII character"
        "Le séparateur des valeurs n’est pas un unique caractère ASCII";
    "base-invalid" [Error] SETTINGS
        "A base is not a DN" "Une base n’est pas un DN";
    "filter-invalid" [Error] SETTINGS
        "The filter cannot be read (RFC 4515)" "Le filtre ne peut pas être lu (RFC 4515)";
    "sip-domains" [Error] SETTINGS
        "No SIP domain is named, or one is not a host name"
        "Aucun domaine SIP n’est nommé, ou l’un n’est pas un nom d’hôte";
    "sip-format" [Error] SETTINGS
        "An unknown format of the sign-in name, or one without its template or domain"
        "Un format de nom de connexion qui n’est pas connu, ou auquel il manque modèle ou domaine";
    "sip-template" [Error] SETTINGS
        "The template cannot be read" "Le modèle ne peut pas être lu";
    "sip-fold-map" [Error] SETTINGS
        "A letter is folded to characters that an address does not allow"
        "Une lettre est convertie en caractères qu’une adresse n’admet pas";
    "pool-missing" [Error] SETTINGS
        "No pool is named, and there is not exactly one to choose from"
        "Aucun pool n’est nommé, et il n’y en a pas exactement un à choisir";
    "pool-dn" [Error] SETTINGS
        "The DN of a pool is missing, invalid, or not that of its CN=LC Services object"
        "Le DN d’un pool manque, n’est pas valide ou n’est pas celui de son objet CN=LC Services";
    "pool-twice" [Error] SETTINGS
        "A pool is described twice" "Un pool est décrit deux fois";
    "pool-weight" [Error] SETTINGS
        "The weight of a pool is 0, or too large" "Le poids d’un pool est nul, ou trop grand";
    "pools-too-many" [Error] SETTINGS
        "More pools than a run can handle" "Plus de pools qu’une exécution n’en connaît";
    "rules-too-many" [Error] SETTINGS
        "More rules than a run can handle" "Plus de règles qu’une exécution n’en suit";
    "pool-containers" [Warning] SETTINGS
        "The pools are in two containers, but a forest uses only one"
        "Les pools se trouvent dans deux conteneurs, dont une forêt n’utilise qu’un"
        advice "Check where the forest keeps its global settings: the System or the Configuration container."
            "Vérifiez où la forêt garde ses paramètres globaux\u{a0}: dans le conteneur System ou Configuration.";
    "pool-unknown-source" [Error] "move"
        "Nothing describes the pool that --from names" "Rien ne décrit le pool que nomme --from";
    "pools-none" [Error] SETTINGS
        "The export of the pools (--pools) shows no pool" "L’export des pools (--pools) ne montre aucun pool";
    "rule-pools" [Error] SETTINGS
        "A rule names no pool, names an unknown pool, or names pools although it skips its users"
        "Une règle ne nomme aucun pool, nomme un pool inconnu, ou nomme des pools bien qu’elle écarte ses utilisateurs";
    "rule-unreachable" [Warning] SETTINGS
        "The rule can never match" "La règle ne peut jamais s’appliquer"
        advice "Move the rule before the one that matches every user." "Placez-la avant celle qui s’applique à tous.";
    "max-rejects" [Error] SETTINGS
        "--max-rejects is neither a number nor a percentage"
        "--max-rejects n’est ni un nombre ni un pourcentage";
    "redact-unknown" [Warning] SETTINGS
        "The name of a masked attribute looks like a misspelling"
        "Le nom d’un attribut masqué ressemble à une faute de frappe"
        advice "Correct [output] redact if the other attribute was meant."
            "Corrigez [output] redact si l’autre attribut était visé.";
    "absent-unknown" [Warning] SETTINGS
        "The name of an attribute in --absent looks like a misspelling"
        "Le nom d’un attribut de --absent ressemble à une faute de frappe"
        advice "Correct the name if the other attribute was meant."
            "Corrigez le nom si l’autre attribut était visé.";
    "source-date-epoch" [Error] "all"
        "SOURCE_DATE_EPOCH is not a number of seconds from 1970 to 9999"
        "SOURCE_DATE_EPOCH n’est pas un nombre de secondes de 1970 à 9999";
    "init-no-terminal" [Error] "init"
        "There is neither a terminal for the questions nor --yes" "Il n’y a ni terminal où poser les questions, ni --yes";
    "configure-nothing" [Error] "configure"
        "No flag and no key says what to configure" "Aucune option ni clé ne dit ce qu’il faut configurer";
    "line-pattern" [Error] "configure"
        "The pattern of the line cannot be read" "Le modèle de la ligne ne peut pas être lu";
    "line-region" [Error] "configure"
        "The country of the lines has no numbering plan" "Le pays des lignes n’a pas de plan de numérotation";
    "line-server" [Error] "configure"
        "The gateway for remote call control is not a SIP URI"
        "La passerelle du contrôle d’appel à distance n’est pas un URI SIP";
    "rename-nothing" [Error] "rename"
        "No flag says what the new addresses are" "Aucune option ne dit quelles sont les nouvelles adresses";
    "rename-domain" [Error] "rename"
        "--domain is not OLD=NEW with two domains" "--domain n’est pas ANCIEN=NOUVEAU avec deux domaines";
}}
