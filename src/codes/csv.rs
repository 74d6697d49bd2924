//! Codes about tables, and about lists joined to an export.

super::section! { SECTION "CSV" "CSV" {
    "csv-delimiter" [Error] EXPORTS
        "The character that separates the cells cannot be determined"
        "Le caractère qui sépare les cellules ne peut pas être déterminé";
    "csv-heading" [Error Warning] EXPORTS
        "The headings are missing, or one appears twice" "Les en-têtes manquent, ou l’un d’eux figure deux fois";
    "csv-heading-empty" [Note] EXPORTS
        "Columns without a heading are not read" "Les colonnes sans en-tête ne sont pas lues";
    "csv-heading-other" [Error] EXPORTS
        "Headings with other columns appear among the rows: files were joined"
        "D’autres en-têtes figurent parmi les lignes\u{a0}: des fichiers ont été accolés"
        advice "Name the files one by one." "Nommez les fichiers un par un.";
    "column-unread" [Warning] EXPORTS
        "A column is not read" "Une colonne n’est pas lue"
        advice "Rename its heading, or name it in [input.columns], if it holds what the run needs."
            "Renommez son en-tête, ou nommez-le dans [input.columns], si elle contient ce qu’il faut.";
    "csv-heading-again" [Note] EXPORTS
        "The headings appear again here: files were joined"
        "Les en-têtes figurent ici une seconde fois\u{a0}: des fichiers ont été accolés";
    "csv-column-missing" [Warning Note] EXPORTS
        "No column has the heading that `[input.columns]` names"
        "Aucune colonne n’a l’en-tête que nomme `[input.columns]`";
    "csv-no-dn" [Error] EXPORTS
        "No column of DNs, or a row without one" "Pas de colonne de DN, ou une ligne sans DN";
    "csv-no-key" [Error] EXPORTS
        "No column by which a list could name users (--join)"
        "Pas de colonne par laquelle une liste puisse désigner des utilisateurs (--join)";
    "join-key" [Note] EXPORTS
        "The column by which the list names users" "La colonne par laquelle la liste désigne les utilisateurs";
    "csv-quote" [Error] EXPORTS
        "A cell is badly quoted" "Les guillemets d’une cellule sont mal placés";
    "csv-open-quote" [Error] EXPORTS
        "A quote that is never closed, or only behind other rows"
        "Un guillemet qui n’est jamais fermé, ou seulement après d’autres lignes";
    "csv-long-row" [Error] EXPORTS
        "A row longer than the limit, usually because a closing quote is missing"
        "Une ligne plus longue que la limite, le plus souvent faute d’un guillemet fermant";
    "csv-fields" [Error] EXPORTS
        "More or fewer cells than headings" "Plus ou moins de cellules que d’en-têtes";
    "csv-newlines" [Warning] EXPORTS
        "A cell of many lines: a quote may be missing"
        "Une cellule de plusieurs lignes\u{a0}: il manque peut-être un guillemet";
    "csv-trimmed" [Warning] EXPORTS
        "Spaces around a value are dropped" "Les espaces autour d’une valeur sont supprimées";
    "csv-hex" [Error] EXPORTS
        "A value that csvde writes as X'…' is not hexadecimal"
        "Une valeur que csvde écrit X'…' n’est pas un texte hexadécimal";
    "csv-nul" [Error] EXPORTS
        "A NUL character in a value" "Un caractère NUL dans une valeur";
    "csv-time" [Warning] EXPORTS
        "A time in the exporter's own format, which filters cannot compare"
        "Une date dans la forme propre à l’outil, que les filtres ne peuvent pas comparer";
    "csv-joined-values" [Error] EXPORTS
        "Another separator joins the values of a cell" "Un autre séparateur réunit les valeurs d’une cellule"
        advice "Set multi_value_separator in [input] as the message says, or export the values separated by `;`."
            "Réglez multi_value_separator dans [input] comme l’indique le message, ou exportez les valeurs séparées par `;`.";
    "csv-lost-values" [Error Warning] EXPORTS
        "PowerShell wrote the name of a type instead of the values"
        "PowerShell a écrit le nom d’un type à la place des valeurs"
        advice "Export again with a column that joins the values, such as @{n='proxyAddresses';e={$_.proxyAddresses -join ';'}}."
            "Refaites l’export avec une colonne qui réunit les valeurs, par exemple @{n='proxyAddresses';e={$_.proxyAddresses -join ';'}}.";
    "csv-sip-column" [Warning] EXPORTS
        "A column is read as the users' existing SIP addresses"
        "Une colonne est lue comme les adresses SIP que les utilisateurs ont"
        advice "If these are the addresses that users should get, join the list to an export with --join."
            "Si ce sont les adresses que les utilisateurs doivent recevoir, joignez la liste à un export par --join.";
    "csv-text-mark" [Error Warning] EXPORTS
        "The apostrophe with which spreadsheets mark text is part of the value"
        "L’apostrophe par laquelle les tableurs marquent un texte fait partie de la valeur"
        advice "Remove the apostrophe, or export again." "Supprimez l’apostrophe, ou refaites l’export.";
    "csv-damaged-number" [Error Warning] EXPORTS
        "A spreadsheet has rewritten the number" "Un tableur a réécrit le nombre"
        advice "Export again, and do not save the file with a spreadsheet."
            "Refaites l’export, et n’enregistrez pas le fichier avec un tableur.";
}}

super::section! { LISTS "Lists joined to an export" "Listes jointes à un export" {
    "join-no-list" [Error] WIZARDS
        "An input is not a list that --join can use" "Une entrée n’est pas une liste à laquelle --join puisse servir";
    "join-key-not-shown" [Error] WIZARDS
        "No --join export shows the attribute by which the list names users"
        "Aucun export --join ne montre l’attribut par lequel la liste désigne les utilisateurs";
    "join-no-key" [Error] WIZARDS
        "The row of the list names no user" "La ligne de la liste ne désigne aucun utilisateur"
        advice "Fill in the column that names the user." "Remplissez la colonne qui désigne l’utilisateur.";
    "join-unmatched" [Error] WIZARDS
        "No user of the --join exports has this name" "Aucun utilisateur des exports --join ne porte ce nom"
        advice "Correct the row, or also give the export that shows the user with --join."
            "Corrigez la ligne, ou donnez aussi par --join l’export où figure l’utilisateur.";
    "join-ambiguous" [Error] WIZARDS
        "Several users have this name" "Plusieurs utilisateurs portent ce nom"
        advice "Name the user by an attribute that no two users share (--join-key), or by DN."
            "Désignez l’utilisateur par un attribut que deux utilisateurs ne partagent pas (--join-key), ou par son DN.";
    "join-twice" [Error] WIZARDS
        "Several rows name the user" "Plusieurs lignes désignent l’utilisateur"
        advice "Keep one of them, with the right values for the user."
            "N’en gardez qu’une, avec les valeurs justes pour l’utilisateur.";
    "join-kept" [Warning] "enable"
        "The list gives an address or pool other than the one that the user keeps"
        "La liste donne une autre adresse ou un autre pool que celui que l’utilisateur garde"
        advice "Correct the list, or change these users with `rename` or the Move Users wizard."
            "Corrigez la liste, ou changez ces utilisateurs avec `rename` ou l’assistant de déplacement.";
}}
