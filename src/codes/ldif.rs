//! Codes about LDIF, as in the package `ldif`.

super::section! { SECTION "LDIF" "LDIF (RFC 2849)" {
    "ldif-fold-first" [Error] EXPORTS
        "A continuation line has no line before it" "Une ligne de continuation n’a pas de ligne avant elle"
        advice "Remove the space that begins the line, or export again."
            "Supprimez l’espace en début de ligne, ou refaites l’export.";
    "ldif-no-colon" [Error] EXPORTS
        "A line without a colon" "Une ligne sans deux-points"
        advice "Write the line as `name: value`; begin it with a space if it continues the line above."
            "Écrivez la ligne sous la forme `nom: valeur`\u{202f}; commencez-la par une espace si elle continue la précédente.";
    "ldif-no-dn" [Error] EXPORTS
        "A record does not begin with its DN" "Un enregistrement ne commence pas par son DN"
        advice "Begin the record with its `dn:` line, or remove the record."
            "Faites commencer l’enregistrement par sa ligne `dn:`, ou supprimez-le.";
    "ldif-second-dn" [Error] EXPORTS
        "A second DN in a record: a blank line is missing"
        "Un second DN dans un enregistrement\u{a0}: il manque une ligne vide"
        advice "Put a blank line before the second `dn:` line; export again if many are missing."
            "Mettez une ligne vide avant la seconde ligne `dn:`\u{202f}; refaites l’export s’il en manque beaucoup.";
    "ldif-space-before-colon" [Error] EXPORTS
        "A space between the name and the colon" "Une espace entre le nom et les deux-points"
        advice "Remove the space before the colon."
            "Supprimez l’espace avant les deux-points.";
    "ldif-tab-line" [Error] EXPORTS
        "A tab before an attribute, as written by curl" "Une tabulation devant un attribut, comme l’écrit curl"
        advice "Export with ldapsearch or ldifde, or remove the tabs at the beginning of lines."
            "Exportez avec ldapsearch ou ldifde, ou supprimez les tabulations en début de ligne.";
    "dn-invalid" [Error] EXPORTS
        "The DN is invalid" "Le DN n’est pas valide"
        advice "Correct the DN in the export, or export again."
            "Corrigez le DN dans l’export, ou refaites l’export.";
    "ldif-dn" [Error] LDIF
        "The DN is invalid; userprep says `dn-invalid`" "Le DN n’est pas valide\u{202f}; userprep dit `dn-invalid`";
    "ldif-dn-utf8" [Error] LDIF
        "The DN is not UTF-8; userprep says `dn-invalid`" "Le DN n’est pas en UTF-8\u{202f}; userprep dit `dn-invalid`";
    "ldif-name" [Error Warning] EXPORTS
        "The name of the attribute is invalid" "Le nom de l’attribut n’est pas valide";
    "ldif-base64" [Error Warning] EXPORTS
        "A character that is not base64" "Un caractère que base64 ne connaît pas"
        advice "Export again: the value was damaged on its way."
            "Refaites l’export\u{a0}: la valeur a été abîmée en chemin.";
    "ldif-base64-padding" [Error Warning] EXPORTS
        "The base64 text is cut off, or its padding is wrong"
        "Le texte base64 est coupé, ou son remplissage ne convient pas"
        advice "Export again: the value was damaged on its way."
            "Refaites l’export\u{a0}: la valeur a été abîmée en chemin.";
    "ldif-base64-bits" [Error Warning] EXPORTS
        "The last base64 character has more bits than the last byte needs"
        "Le dernier caractère base64 porte plus de bits que le dernier octet n’en demande"
        advice "Export again: the value was damaged on its way."
            "Refaites l’export\u{a0}: la valeur a été abîmée en chemin.";
    "ldif-url" [Error Warning] EXPORTS
        "The value is a URL, which is never opened: it counts as unknown"
        "La valeur est une URL, qui n’est jamais ouverte\u{a0}: elle compte comme inconnue"
        advice "Put the value itself in place of its URL."
            "Mettez la valeur elle-même à la place de son URL.";
    "ldif-version" [Error] EXPORTS
        "An LDIF version other than 1" "Une autre version de LDIF que la 1"
        advice "Export again as LDIF version 1, the only one there is."
            "Refaites l’export en LDIF version 1, la seule qui existe.";
    "ldif-changetype" [Error] EXPORTS
        "An unknown change type" "Un type de modification qui n’existe pas"
        advice "Write `add`, `modify`, `delete`, `modrdn` or `moddn`."
            "Écrivez `add`, `modify`, `delete`, `modrdn` ou `moddn`.";
    "ldif-changetype-late" [Error] EXPORTS
        "The change type is among the attributes" "Le type de modification se trouve parmi les attributs"
        advice "Put the `changetype:` line right below the `dn:` line."
            "Mettez la ligne `changetype:` juste sous la ligne `dn:`.";
    "ldif-control" [Error] EXPORTS
        "The control is invalid" "Le contrôle n’est pas valide"
        advice "Remove the `control:` line, or correct it."
            "Supprimez la ligne `control:`, ou corrigez-la.";
    "ldif-control-in-content" [Error] EXPORTS
        "A control in a record that is not a change" "Un contrôle dans un enregistrement qui n’est pas une modification"
        advice "Remove the `control:` line."
            "Supprimez la ligne `control:`.";
    "ldif-operation" [Error] EXPORTS
        "A modification other than add, delete, replace, increment"
        "Une modification autre que add, delete, replace, increment";
    "ldif-operation-name" [Error] EXPORTS
        "A modification names no attribute" "Une modification ne nomme pas d’attribut";
    "ldif-operation-attribute" [Error] EXPORTS
        "A value of an attribute other than the modification's"
        "Une valeur d’un autre attribut que celui de la modification";
    "ldif-no-modification" [Error] EXPORTS
        "A modify record without modifications" "Un enregistrement modify sans modification";
    "ldif-delete-attributes" [Error] EXPORTS
        "A delete record with attributes" "Un enregistrement delete avec des attributs";
    "ldif-rename-lacks" [Error] EXPORTS
        "A rename that lacks one of its lines" "Un renommage auquel il manque une ligne";
    "ldif-rename-line" [Error] EXPORTS
        "A line that does not belong in a rename" "Une ligne qui n’a pas sa place dans un renommage";
    "ldif-deleteoldrdn" [Error] EXPORTS
        "`deleteoldrdn` is neither 0 nor 1" "`deleteoldrdn` n’est ni 0 ni 1"
        advice "Write 0 or 1."
            "Écrivez 0 ou 1.";
    "ldif-stray-dash" [Error] EXPORTS
        "A `-` where no modification can end" "Un `-` là où aucune modification ne peut finir"
        advice "Remove the line."
            "Supprimez la ligne.";
    "ldif-too-long" [Error] EXPORTS
        "A record longer than the limit, usually because blank lines are missing"
        "Un enregistrement plus long que la limite, le plus souvent faute de lignes vides"
        advice "Put blank lines between the records, or export again."
            "Mettez des lignes vides entre les enregistrements, ou refaites l’export.";
    "ldif-half-unit" [Error] LDIF
        "The file is UTF-16 and ends in half a unit: it was cut"
        "Le fichier est en UTF-16 et finit par une demi-unité\u{a0}: il a été coupé";
    "ldif-surrogate" [Warning] LDIF
        "Half of a UTF-16 surrogate pair" "Une moitié de paire de substitution UTF-16";
    "ldif-bom" [Warning] EXPORTS
        "A byte order mark inside the file: files were joined"
        "Une marque d’ordre des octets au milieu du fichier\u{a0}: des fichiers ont été accolés";
    "ldif-tab-fold" [Warning] EXPORTS
        "A continuation line begins with a tab" "Une ligne de continuation commence par une tabulation";
    "ldif-trailing-space" [Warning] EXPORTS
        "A value ends in a space, which is kept" "Une valeur finit par une espace, qui est gardée";
    "ldif-control-character" [Warning] EXPORTS
        "A control character in a plain value" "Un caractère de contrôle dans une valeur en clair";
    "ldif-not-utf8" [Error] EXPORTS
        "A byte that is not UTF-8, although `--encoding utf-8` was given"
        "Un octet qui n’est pas de l’UTF-8, malgré `--encoding utf-8`";
    "ldif-duplicate-value" [Warning] EXPORTS
        "The same value twice in one attribute, kept once"
        "La même valeur deux fois dans un attribut, gardée une fois";
    "ldif-dash-space" [Warning] EXPORTS
        "A space after `-`" "Une espace derrière `-`";
    "ldif-space-line" [Warning] EXPORTS
        "A line of spaces where a blank line was meant" "Une ligne d’espaces à la place d’une ligne vide";
    "ldif-comment-dn" [Warning] EXPORTS
        "A folded comment that may hide a record" "Un commentaire plié qui cache peut-être un enregistrement";
    "ldif-schema-record" [Note] EXPORTS
        "A schema change, ignored" "Une modification du schéma, laissée de côté";
    "ldif-preamble" [Note] EXPORTS
        "A line that the exporting tool meant for the terminal: ignored"
        "Une ligne que l’outil d’export destinait au terminal\u{a0}: ignorée";
    "ldif-cr-cr-lf" [Warning] EXPORTS
        "Lines end in CR CR LF: read as one line end"
        "Les lignes finissent par CR CR LF\u{a0}: lu comme une seule fin de ligne";
    "ldif-referral" [Note] EXPORTS
        "A part of the directory is not in the export" "Une partie de l’annuaire n’est pas dans l’export";
}}
