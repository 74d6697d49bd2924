//! Codes about files that are read or written.

super::section! { SECTION "Files" "Fichiers" {
    "input-unreadable" [Error] EXPORTS
        "The file cannot be opened or read" "Le fichier ne peut être ni ouvert ni lu";
    "input-read" [Error] EXPORTS
        "Reading the table failed partway" "La lecture du tableau a échoué en cours de route";
    "input-empty" [Error] EXPORTS
        "The file is empty" "Le fichier est vide";
    "input-no-exports" [Error] EXPORTS
        "The folder contains no file that could be an export" "Le dossier ne contient aucun fichier qui puisse être un export";
    "input-foreign" [Error] EXPORTS
        "The file is neither LDIF nor CSV: a workbook, an archive, a binary file"
        "Le fichier n’est ni LDIF ni CSV\u{a0}: un classeur, une archive, un fichier binaire";
    "export-change-record" [Warning] EXPORTS
        "A change record sets values that the run reads; they count as held, but the object is not judged by them"
        "Un enregistrement de modification donne des valeurs que l’exécution lit\u{202f}; elles comptent comme détenues, mais l’objet n’est pas jugé d’après elles"
        advice "Export the object again, so that its record shows all values."
            "Refaites l’export de l’objet, afin que son enregistrement montre toutes les valeurs.";
    "input-changed" [Error] EXPORTS
        "The file changed while it was read" "Le fichier a été modifié pendant sa lecture";
    "too-many-records" [Error] EXPORTS
        "More records than a run can count (134,217,728)"
        "Plus d’enregistrements qu’une exécution n’en compte (134 217 728)";
    "temporary-unreadable" [Error] EXPORTS
        "The temporary file of the run cannot be read back"
        "Le fichier temporaire de l’exécution ne peut pas être relu";
    "out-of-memory" [Error] EXPORTS
        "The run needs more memory than is available" "L’exécution demande plus de mémoire qu’il n’y en a";
    "encoding-fallback" [Warning] EXPORTS
        "Some text is not UTF-8; its encoding is a guess"
        "Une partie du texte n’est pas en UTF-8\u{202f}; son codage est supposé"
        advice "Check the names in the report; if they are wrong, specify the encoding with --encoding."
            "Contrôlez les noms dans le rapport\u{202f}; s’ils sont faux, indiquez le codage par --encoding.";
    "encoding-mixed" [Error] EXPORTS
        "The file continues in another encoding" "Le fichier continue dans un autre codage"
        advice "Export again into a new file." "Exportez de nouveau dans un nouveau fichier.";
    "encoding-half-unit" [Error] EXPORTS
        "The file is UTF-16 and ends in half a unit: it was cut"
        "Le fichier est en UTF-16 et finit par une demi-unité\u{a0}: il a été coupé"
        advice "Copy or export the file again." "Copiez ou exportez de nouveau le fichier.";
    "export-incomplete" [Error Warning] EXPORTS
        "The export itself says that it is incomplete: entries are missing"
        "L’export dit de lui-même qu’il est coupé\u{a0}: il manque des entrées";
    "export-cut-line" [Warning] EXPORTS
        "The last line of the export has no line end: it may be cut"
        "La dernière ligne de l’export n’a pas de fin de ligne\u{a0}: elle est peut-être coupée"
        advice "Look at the last line; if it is cut, export again."
            "Regardez la dernière ligne\u{202f}; si elle est coupée, refaites l’export.";
    "output-leftover" [Warning] RUNS
        "A run that was killed has left a hidden directory" "Une exécution interrompue a laissé un dossier caché";
    "input-changes" [Error] USERS
        "The file contains change records, but no object" "Le fichier contient des enregistrements de modification, mais aucun objet";
    "input-report" [Error Warning] EXPORTS
        "The file is the report of a run, not an export" "Le fichier est le rapport d’une exécution, et non un export"
        advice "Name an export of the directory; as a reference, the whole run directory."
            "Nommez un export de l’annuaire\u{202f}; comme référence, tout le dossier de l’exécution.";
    "reference-empty" [Error] USERS
        "The reference contains nothing that counts, or not the addresses that its users keep"
        "La référence ne contient rien qui compte, ou pas les adresses que gardent ses utilisateurs";
    "rejects-alone" [Error Note] EXPORTS
        "Rejects are fed back without their run and its exports"
        "Des rejets sont repris sans leur exécution et ses exports";
    "attribute-not-shown" [Error] USERS
        "No record of the export shows an attribute that the run needs"
        "Aucun enregistrement de l’export ne montre un attribut dont l’exécution a besoin";
    "output-exists" [Error] "all"
        "The file or folder to write already exists" "Le fichier ou le dossier à écrire existe déjà";
    "output-unwritable" [Error] "all"
        "A file cannot be written, or another program has it open"
        "Un fichier ne peut pas être écrit, ou un autre programme l’a ouvert";
    "xml-character" [Warning] WIZARDS
        "A value contains a character that XML does not allow: U+FFFD replaces it"
        "Une valeur contient un caractère que XML n’admet pas\u{a0}: U+FFFD le remplace"
        advice "Remove the character from the attribute in the directory."
            "Supprimez ce caractère de l’attribut dans l’annuaire.";
    "csv-formula" [Warning] WIZARDS
        "A rejected cell begins like a spreadsheet formula"
        "Une cellule rejetée commence comme une formule de tableur"
        advice "Do not let a spreadsheet evaluate the file of rejects."
            "N’ouvrez pas le fichier des rejets de sorte qu’un tableur l’évalue.";
    "threads" [Error] "all"
        "The worker threads cannot be started" "Les fils d’exécution ne peuvent pas être lancés";
    "internal-sums" [Error] WIZARDS
        "Internal error: written totals differ from planned totals"
        "Erreur interne\u{a0}: les totaux écrits diffèrent des totaux prévus";
    "internal-man" [Error] "man"
        "Internal error: a man page cannot be generated"
        "Erreur interne\u{a0}: une page de manuel ne peut pas être produite";
}}
