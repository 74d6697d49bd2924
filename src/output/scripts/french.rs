//! The French sentences of the scripts, each in place of an English one of a template.

/// English and French. A sentence that contains another comes first.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    // both
    (": imports the ", " : importe les fichiers "),
    (
        " files with ldifde, batch after batch, up to the first that fails.",
        " par ldifde, lot après lot, jusqu’au premier échec.",
    ),
    (" files, batch after batch, up to the first that fails.", ", lot après lot, jusqu’au premier échec."),
    ("Batches:", "Lots :"),
    (": nothing is imported.", " : rien n’est importé."),
    ("Digest of the run:", "Empreinte de l’exécution :"),
    ("Export the users again, then type", "Exportez de nouveau les utilisateurs, puis tapez"),
    ("which writes what is left to do.", "qui écrit ce qui reste à faire."),
    ("To go on with the next batch instead:", "Pour passer plutôt au lot suivant :"),
    (
        "To see what the directory holds now, export the users and type",
        "Pour voir ce que contient maintenant l’annuaire, exportez les utilisateurs et tapez",
    ),
    // cmd
    ("[FIRST [LAST]]", "[PREMIER [DERNIER]]"),
    (
        "the domain controller to write to (ldifde -s); without it any of the batch's own domain. In a run over",
        "le contrôleur de domaine où écrire (ldifde -s) ; sans lui, l’un de ceux du domaine du lot. Si",
    ),
    (
        "several domains it is used for the batches of its own domain, by its full name",
        "l’exécution a plusieurs domaines, il sert aux lots du sien, par son nom complet",
    ),
    (
        "FIRST  the number of the batch to begin with, LAST of the one to end with",
        "PREMIER  le numéro du premier lot à importer, DERNIER du dernier",
    ),
    (
        "Needs cmd and ldifde of Windows Server 2003 or later.",
        "Il faut cmd et ldifde de Windows Server 2003 ou plus récent.",
    ),
    ("No DC and no number of a batch begins with -", "Ni un DC ni un numéro de lot ne commence par -"),
    ("SHA256SUMS is missing", "SHA256SUMS manque"),
    (
        "Notice: certutil has no SHA256 here, so the change files are not checked.",
        "Remarque : certutil ne sait pas SHA256 ici, les fichiers ne sont donc pas contrôlés.",
    ),
    (
        "The files above are not those that userprep wrote",
        "Les fichiers ci-dessus ne sont pas ceux que userprep a écrits",
    ),
    ("No batch is from %first% to %last%", "Aucun lot de %first% à %last%"),
    ("Done: batches %first% and up are imported.", "Terminé : les lots à partir de %first% sont importés."),
    (
        "%2 is not named in SHA256SUMS as this script knows it",
        "%2 n’est pas dans SHA256SUMS tel que ce script le connaît",
    ),
    ("Batch %2: ldifde should report %3 entries", "Lot %2 : ldifde devrait annoncer %3 entrées"),
    (
        "Stopped in batch %2. The error is in %log%\\ldif.err.",
        "Arrêt dans le lot %2. L’erreur est dans %log%\\ldif.err.",
    ),
    (
        "The records before the one that failed are imported; that one and those behind it are not.",
        "Les enregistrements avant celui qui a échoué sont importés ; celui-ci et les suivants ne le sont pas.",
    ),
    // sh
    ("Every OPTION goes to ldapmodify, such as:", "Chaque OPTION va à ldapmodify, par exemple :"),
    (
        "Without -H each batch of a run over several domains goes to its own domain.",
        "Sans -H, chaque lot d’une exécution sur plusieurs domaines va à son propre domaine.",
    ),
    ("$1 takes the number of a batch, and not", "$1 prend le numéro d’un lot, et non"),
    (
        "is not an option of ldapmodify, and --first N and --last N come before those",
        "n’est pas une option de ldapmodify ; --first N et --last N viennent avant celles-ci",
    ),
    ("is not an option of ldapmodify", "n’est pas une option de ldapmodify"),
    ("This folder cannot be entered", "Impossible d’entrer dans ce dossier"),
    (
        "SHA256SUMS does not name the files of this script",
        "SHA256SUMS ne nomme pas les fichiers de ce script",
    ),
    (
        "A file of the run is missing, or is not a regular file",
        "Un fichier de l’exécution manque, ou n’est pas un fichier ordinaire",
    ),
    (
        "Notice: neither sha256sum nor shasum is here, so the change files are not checked.",
        "Remarque : ni sha256sum ni shasum n’est ici, les fichiers ne sont donc pas contrôlés.",
    ),
    ("The files are not those that userprep wrote", "Les fichiers ne sont pas ceux que userprep a écrits"),
    ("Neither a pipe nor a device ends.", "Ni un tube ni un périphérique ne finit."),
    (
        "Prints a path for a command line: a shell interprets nothing in it, and ? replaces what steers a terminal.",
        "Écrit un chemin pour une ligne de commande : le shell n’y interprète rien, et ? remplace ce qui pilote un terminal.",
    ),
    ("Whether the options of ldapmodify name a server.", "Si les options de ldapmodify nomment un serveur."),
    (
        "ldapmodify names each record before it tries it; a record that it never saw leaves the return code at 0.",
        "ldapmodify nomme chaque enregistrement avant de l’essayer ; un enregistrement jamais vu laisse le code de retour à 0.",
    ),
    ("Batch $name: $imported of $records records", "Lot $name : $imported enregistrements sur $records"),
    (
        "Stopped in batch $name: $imported imported, $refused refused, $((records - named)) not tried.",
        "Arrêt dans le lot $name : $imported importés, $refused refusés, $((records - named)) non essayés.",
    ),
    (
        "To try this batch again, once the cause is removed:",
        "Pour réessayer ce lot, une fois la cause levée :",
    ),
    ("No batch is from --first $first to --last $last", "Aucun lot de --first $first à --last $last"),
    ("Done. ", "Terminé. "),
    // the table of batches
    (", protected accounts, records: ", ", comptes protégés, enregistrements : "),
    (", records: ", ", enregistrements : "),
];
