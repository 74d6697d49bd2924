//! The commands and their examples in French.

use super::Help;

/// The commands, by name.
pub(super) const COMMANDS: &[Help] = &[
    (
        "enable",
        "Activer les utilisateurs : adresses, pools, modifications",
        "Lit des exports (LDIF de ldifde, ldapsearch, ldbsearch ; CSV de csvde, Export-Csv, Excel), calcule l’URI SIP et \
         le pool de chaque utilisateur comme l’assistant « Activer les utilisateurs pour Communications Server », et \
         écrit un dossier d’exécution : fichiers de modification, leur retour, report.xml et sommes de contrôle.",
    ),
    (
        "configure",
        "Configurer les utilisateurs : fédération, archivage, voix et plus",
        "Tient lieu de l’assistant « Configurer les utilisateurs ». Met et ôte, bit par bit, ce que nomment les options, ou \
         [options] et les règles de la configuration, chez les utilisateurs activés ; tout le reste est laissé tel quel. \
         En plus de l’assistant, donne à chacun une ligne (msRTCSIP-Line) selon un modèle.",
    ),
    (
        "move",
        "Donner un pool à ceux qui n’en ont pas, ou plus",
        "Tient lieu de l’assistant « Déplacer les utilisateurs » là où il n’a rien à déplacer : des utilisateurs avec une \
         adresse et sans pool, ou dont le pool n’existe plus. Ceux qui sont hébergés sont laissés et listés dans homed.txt \
         pour le vrai assistant, car leurs contacts et réunions sont dans SQL et y resteraient ; --rehome les déplace \
         malgré cela.",
    ),
    (
        "disable",
        "Désactiver des utilisateurs, en gardant tous leurs paramètres",
        "msRTCSIP-UserEnabled devient FALSE. `enable --re-enable` les réactive. Exige une sélection, ou --all.",
    ),
    (
        "delete",
        "Supprimer des utilisateurs : attributs msRTCSIP et adresse `sip:`",
        "Tient lieu de l’assistant « Supprimer les utilisateurs ». Retire chaque attribut msRTCSIP que montre l’export, que \
         l’utilisateur soit activé ou non, et la valeur `sip:` de proxyAddresses égale à l’ancienne adresse ; le retour \
         les rétablit tous. Exige une sélection, ou --all.",
    ),
    (
        "rename",
        "Changer les adresses SIP : autre domaine ou autre format",
        "Pour les utilisateurs activés, après une fusion par exemple. L’ancienne adresse et la nouvelle figurent côte à \
         côte dans les rapports ; ceux qui ont la fédération sont listés, car leurs contacts externes le remarqueront.",
    ),
    (
        "audit",
        "Dire qui a messagerie instantanée et présence, et ce qui manque",
        "Juge chaque utilisateur des exports : prêt pour Communications Server et son Web Service Provider (messagerie \
         instantanée et présence dans Outlook Live et Outlook Web App), pas prêt et pourquoi, ou non activé. N’écrit rien \
         dans l’annuaire ; avec --fix, écrit des fichiers pour les réparations qui n’appellent aucune décision. Code de \
         sortie 5 si quelqu’un n’est pas prêt.",
    ),
    (
        "check",
        "Vérifier des fichiers LDIF, CSV ou userprep.toml",
        "Juge chaque attribut de chaque enregistrement avec toute la rigueur possible, et affiche ce qui a été détecté et ce \
         qui ne va pas. Une configuration sans défaut est expliquée : utilisateurs, adresses, pools, règles dans l’ordre, \
         et ce que chacune écrit. Code de sortie 0 sans défaut ou avec de simples avertissements ; 5 s’il y a des erreurs.",
    ),
    (
        "verify",
        "Comparer une exécution à un nouvel export",
        "Tient lieu de la page « État de l’opération d’activation ». Les utilisateurs sont retrouvés par objectGUID, puis par \
         DN, de sorte que ceux qui ont été déplacés le sont aussi. Avec --out, écrit un dossier d’exécution qui fait ce \
         qui reste à faire. Code de sortie 0 si tous sont appliqués, 5 sinon.",
    ),
    (
        "undo",
        "Annuler une exécution, là où ses valeurs sont encore là",
        "Écrit un dossier d’exécution dont les fichiers annulent : seulement pour les utilisateurs qui ont tout ce que \
         l’exécution prévoyait. Ceux qui ont divergé ou disparu sont rejetés et listés avec ce qu’ils ont maintenant.",
    ),
    (
        "explain",
        "Dire pourquoi un utilisateur a cette adresse et ce pool",
        "Reprend la décision d’une exécution à partir de ses entrées, retrouvées par les chemins et hachages de manifest.json, \
         et dit le chemin qui y mène : sélectionné par quoi, adresse de quel attribut, quelles adresses étaient prises et \
         par quel objet, quelle règle et pourquoi ce pool, ce qui est écrit. Sans les entrées, montre la ligne du rapport. \
         Code de sortie 2 si l’exécution ne connaît pas l’utilisateur.",
    ),
    (
        "init",
        "Poser les questions de l’assistant, et écrire un userprep.toml",
        "Les pages de l’assistant : utilisateurs, pool, domaines SIP, nom de connexion, chacune préremplie d’après les exports, \
         avec le nombre d’utilisateurs que chaque nom de connexion laisserait sans adresse. Les options répondent d’avance \
         à une page ; --yes prend les réponses par défaut : tous les utilisateurs, le seul pool, les domaines d’une adresse \
         SIP sur dix et d’une adresse de messagerie sur cent, l’adresse de messagerie comme nom de connexion. Les chemins du \
         fichier sont ceux du dossier courant. --format json ne demande rien non plus, et affiche ce qu’offre chaque page, \
         même là où aucun fichier n’est écrit parce que le pool reste à choisir.",
    ),
    (
        "schema",
        "Afficher le schéma XML de report.xml",
        "Le même fichier, report.xsd, est dans chaque dossier d’exécution. Avec --json, le schéma JSON de ce qu’affichent \
         --format json et ndjson.",
    ),
    (
        "completions",
        "Afficher le script de complétion d’un interpréteur",
        "Commandes, options et leurs valeurs, d’après la même définition que cette aide.",
    ),
    (
        "man",
        "Écrire les pages de manuel dans un dossier",
        "userprep.1, une page pour chaque commande, et userprep-codes.7. Le dossier est créé s’il n’existe pas ; une page qui \
         existe n’est pas écrasée.",
    ),
];

/// The captions of the examples.
pub(super) const CAPTIONS: &[(&str, &str)] = &[
    (
        "As the wizard, with the mail address as sign-in name:",
        "Comme l’assistant, avec l’adresse de messagerie comme nom de connexion :",
    ),
    (
        "first.last@contoso.com for one OU, without change files:",
        "first.last@contoso.com pour une OU, sans fichier de modification :",
    ),
    (
        "The second wave of a migration; the addresses of the whole forest count as taken:",
        "La deuxième vague d’une migration ; les adresses de toute la forêt comptent comme prises :",
    ),
    ("One export:", "Un export :"),
    ("What does this configuration mean?", "Que signifie cette configuration ?"),
    ("What a program reads:", "Ce que lit un programme :"),
    ("Is everything in the directory?", "Tout est-il dans l’annuaire ?"),
    (
        "After an import that stopped half-way: what was refused and why, and a run that does the rest:",
        "Après un import arrêté à mi-chemin : ce qui a été refusé et pourquoi, et une exécution qui fait le reste :",
    ),
    (
        "Did the run directory cross the air gap unharmed?",
        "Le dossier d’exécution a-t-il franchi intact la coupure du réseau ?",
    ),
    ("Change files that take the run back:", "Des fichiers de modification qui annulent l’exécution :"),
    (
        "Who could be taken back? The report alone, in undo1.plan:",
        "Pour qui serait-ce possible ? Le rapport seul, dans undo1.plan :",
    ),
    ("With one record a line, for ldapmodify:", "Sans plier les lignes, pour ldapmodify :"),
    ("Why did Ann get this address?", "Pourquoi Ann a-t-elle cette adresse ?"),
    (
        "Who has the address that she did not get? The inputs have moved:",
        "Qui a l’adresse qu’elle n’a pas reçue ? Les entrées ont été déplacées :",
    ),
    ("Into a file:", "Dans un fichier :"),
    ("Is this report whole?", "Ce rapport est-il entier ?"),
    (
        "How many users were rejected, by reason, without Excel:",
        "Combien d’utilisateurs rejetés, par raison, sans Excel :",
    ),
    ("bash, from the next login on:", "bash, dès la prochaine session :"),
    ("zsh, with ~/.zfunc in $fpath:", "zsh, avec ~/.zfunc dans $fpath :"),
    ("PowerShell, in the profile:", "PowerShell, dans le profil :"),
    ("For oneself:", "Pour soi :"),
    ("For a package:", "Pour un paquet :"),
    (
        "After an update; the older pages are renamed to userprep.1.1 and so on:",
        "Après une mise à jour ; les anciennes pages sont renommées en userprep.1.1, etc. :",
    ),
    ("Federation and remote access for one OU:", "Fédération et accès à distance pour une OU :"),
    (
        "Enterprise Voice, each with a line made of telephoneNumber:",
        "Enterprise Voice, chacun avec une ligne faite de telephoneNumber :",
    ),
    (
        "What [options] and the rules of the configuration say:",
        "Ce que disent [options] et les règles de la configuration :",
    ),
    (
        "Users without a pool, or with one that the export of the pools lacks, to pool01:",
        "Les utilisateurs sans pool, ou dont le pool manque dans l’export des pools, vers pool01 :",
    ),
    (
        "Those of a pool that is gone, shared among two:",
        "Ceux d’un pool qui n’existe plus, répartis sur deux :",
    ),
    (
        "Which users would it move, and which are left for the real wizard? The report alone, in run6.plan:",
        "Qui serait déplacé, et qui reste pour le vrai assistant ? Le rapport seul, dans run6.plan :",
    ),
    ("Those who have left:", "Ceux qui sont partis :"),
    ("One OU:", "Une OU :"),
    ("Everybody, as a rehearsal:", "Tout le monde, en répétition :"),
    ("Accounts that are disabled in Windows:", "Les comptes désactivés dans Windows :"),
    ("The whole estate, after it has been decommissioned:", "Tout le parc, après sa mise hors service :"),
    (
        "A merger: everybody of fabrikam.com goes to contoso.com; most addresses change, and that is meant:",
        "Une fusion : tous ceux de fabrikam.com passent à contoso.com ; la plupart des adresses changent, et c’est voulu :",
    ),
    (
        "The same, with the old address still found by presence look-ups:",
        "De même, l’ancienne adresse restant trouvée par les recherches de présence :",
    ),
    ("One OU to first.last@contoso.com:", "Une OU vers first.last@contoso.com :"),
    ("Who is ready? The summary alone:", "Qui est prêt ? Le bilan seul :"),
    ("With reports:", "Avec des rapports :"),
    (
        "And change files with the repairs that need no decision:",
        "Et des fichiers pour les réparations qui n’appellent aucune décision :",
    ),
    ("Question by question, in a terminal:", "Question par question, dans un terminal :"),
    ("The defaults, for one pool:", "Les réponses par défaut, pour un pool :"),
    (
        "Account names in contoso.com for one OU, into a file of another name:",
        "Noms de compte dans contoso.com pour une OU, dans un fichier d’un autre nom :",
    ),
    (
        "What there is to choose from, for a program that asks:",
        "Ce qu’il y a à choisir, pour un programme qui pose les questions :",
    ),
];
