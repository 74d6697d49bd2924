//! Codes about published runs: verify, undo, explain.

super::section! { SECTION "Runs, verify, undo, explain" "Exécutions, verify, undo, explain" {
    "run-unreadable" [Error] RUNS
        "The directory is not a run, or cannot be read" "Le dossier n’est pas une exécution, ou ne peut pas être lu";
    "run-changed" [Error] RUNS
        "A file of the run differs from its manifest" "Un fichier de l’exécution diffère de son manifeste";
    "run-plan" [Error] RUNS
        "The directory is a plan (--dry-run): it has no change files"
        "Le dossier est un plan (--dry-run)\u{a0}: il n’a pas de fichiers de modification";
    "sums-invalid" [Error] "verify --files"
        "A line of SHA256SUMS is damaged" "Une ligne de SHA256SUMS est abîmée";
    "sums-incomplete" [Error] "verify --files"
        "SHA256SUMS does not name a file of the run" "SHA256SUMS ne nomme pas un fichier de l’exécution";
    "sums-differ" [Error] "verify --files"
        "manifest.json and SHA256SUMS have different hashes for a file"
        "manifest.json et SHA256SUMS ont des hachages différents d’un fichier";
    "file-unlisted" [Error] "verify --files"
        "A file that does not belong to the run" "Un fichier qui n’est pas de l’exécution";
    "file-changed" [Error] "verify --files"
        "A file of the run has another hash" "Un fichier de l’exécution a un autre hachage";
    "file-missing" [Error] "verify --files"
        "A file of the run is gone" "Un fichier de l’exécution a disparu";
    "log-empty" [Warning] COMPARISONS
        "The importer's log (--log) names no refused record of the run"
        "Le journal de l’import (--log) ne nomme aucun enregistrement refusé de l’exécution";
    "import-refused" [Warning] COMPARISONS
        "The importer refused the record, as its log shows" "L’import a refusé l’enregistrement, d’après son journal"
        advice "Look up the importer's error, correct its cause, and import what is left (verify --out)."
            "Cherchez le sens de l’erreur, corrigez sa cause, et importez ce qui reste (verify --out).";
    "moved" [] "verify"
        "The user has another DN than at the time of the run"
        "L’utilisateur a un autre DN que lors de l’exécution"
        advice "Nothing: the present DN is used." "Rien\u{a0}: le DN actuel est utilisé.";
    "missing" [Warning] "verify"
        "Has nothing of what the run planned" "N’a rien de ce que l’exécution prévoyait"
        advice "Import what is left (verify --out)." "Importez ce qui reste (verify --out).";
    "drifted" [Error Warning] COMPARISONS
        "Has changed since the run" "A changé depuis l’exécution"
        advice "Compare with the values that the user has now (see the findings); change them by hand, or leave them."
            "Comparez avec les valeurs actuelles de l’utilisateur (dans les constats)\u{202f}; modifiez-les à la main, ou laissez-les.";
    "gone" [Error Warning] COMPARISONS
        "Is not in any export" "Ne figure dans aucun export"
        advice "Nothing if the user was deleted; otherwise export the part of the directory where the user is."
            "Rien si l’utilisateur a été supprimé\u{202f}; sinon, exportez la partie de l’annuaire où il se trouve.";
    "undo-partial" [Warning] USERS
        "An undo does not restore a value that names a missing pool or policy"
        "Un retour ne rétablit pas une valeur qui nomme un pool ou une stratégie qui n’existe plus"
        advice "After the undo, assign another policy by hand; `move` assigns a pool."
            "Après le retour, attribuez une autre stratégie à la main\u{202f}; `move` attribue un pool.";
    "undo-limits" [Note] USERS
        "Data that an undo cannot restore" "Données qu’un retour ne peut pas rétablir";
    "user-unknown" [Error] "explain"
        "The run has no user of this name" "L’exécution n’a pas d’utilisateur de ce nom";
    "decision-not-taken-again" [Warning] "explain"
        "The inputs of the run are missing or have changed; its report is shown instead"
        "Les entrées de l’exécution ne sont plus là telles quelles\u{a0}: voici son rapport";
    "explain-differs" [Warning] "explain"
        "The repeated decision differs from the report" "La décision reprise diffère du rapport";
}}
