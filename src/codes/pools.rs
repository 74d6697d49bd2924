//! Codes about pools, options and lines.

super::section! { SECTION "Pools, options and lines" "Pools, options et lignes" {
    ORIGINATOR_SID_MISSING "originator-sid-missing" rejects [Error Warning] "enable, audit"
        "The disabled linked account has no OriginatorSid" "Le compte lié désactivé n’a pas d’OriginatorSid"
        advice "Run `enable` with [options] originator_sid = \"copy\"."
            "Lancez `enable` avec [options] originator_sid = \"copy\".";
    "originator-sid-shared" [Warning] "enable"
        "Another user has, or would get, the same OriginatorSid"
        "Un autre utilisateur a, ou recevrait, le même OriginatorSid"
        advice "Enable the user who signs in with the account, and leave the others out (--filter, --users)."
            "Activez l’utilisateur qui se connecte avec le compte, et écartez les autres (--filter, --users).";
    LINE_INVALID "line-invalid" rejects [Error] "configure"
        "The number is not a valid E.164 line" "Le numéro ne donne pas de ligne E.164"
        advice "Name the country of the numbers with --line-region, or correct the attribute or the pattern of --line."
            "Nommez le pays des numéros par --line-region, ou corrigez l’attribut ou le modèle de --line.";
    LINE_DUPLICATE "line-duplicate" rejects [Error] "configure"
        "Another user has the line, or would get it too" "Un autre utilisateur a la ligne, ou la recevrait aussi"
        advice "Give each user a separate number." "Donnez à chaque utilisateur un numéro distinct.";
    POOL_UNKNOWN_TARGET "pool-unknown-target" rejects [Error] SETTINGS
        "Nothing describes the pool that a flag, a rule or a list names"
        "Rien ne décrit le pool que nomme une option, une règle ou une liste"
        advice "Correct the name, or describe the pool in [[pool]] or with --pools."
            "Corrigez le nom, ou décrivez le pool dans [[pool]] ou par --pools.";
    "pool-ambiguous" [Error] SETTINGS
        "A name matches several pools in the --pools export"
        "Un nom convient à plusieurs pools de l’export donné par --pools"
        advice "Name the pool by its DN." "Désignez le pool par son DN.";
    POOL_FULL "pool-full" rejects [Error] "enable, move"
        "No pool has room" "Aucun pool n’a de place"
        advice "Raise a capacity, or add a pool to the rule." "Augmentez une capacité, ou ajoutez un pool à la règle.";
    "pool-leftover" [Warning] "enable"
        "A user without an address still has a pool" "Un pool est resté chez un utilisateur sans adresse"
        advice "Nothing: the user gets a pool like a new user."
            "Rien\u{a0}: l’utilisateur reçoit un pool comme un nouvel utilisateur.";
    "pool-newer" [Warning] WIZARDS
        "A pool of Lync Server 2010 or later" "Un pool de Lync Server 2010 ou ultérieur"
        advice "Use Enable-CsUser and Set-CsUser for its users."
            "Utilisez Enable-CsUser et Set-CsUser pour ses utilisateurs.";
    "pool-without-users" [Warning] "enable, move"
        "An application pool" "Un pool d’applications"
        advice "Choose a pool for users." "Choisissez un pool d’utilisateurs.";
    "move-pending" [Warning] USERS
        "A move to another pool is pending" "Un déplacement vers un autre pool est en cours"
        advice "Finish the move with the Move Users wizard, or clear msRTCSIP-TargetHomeServer."
            "Terminez le déplacement avec l’assistant de déplacement, ou videz msRTCSIP-TargetHomeServer.";
    "pool-unknown" [Warning] "enable, audit"
        "Nothing describes the pool that the user has and keeps"
        "Rien ne décrit le pool que l’utilisateur a et garde"
        advice "Describe the pool in [[pool]], or give an export of the pools with --pools."
            "Décrivez le pool dans [[pool]], ou donnez un export des pools par --pools.";
    "pool-before-r2" [Warning] "configure"
        "The pool is of OCS 2007, not of R2" "Le pool est d’OCS 2007, non de R2"
        advice "For these users, use only settings that OCS 2007 supports."
            "N’utilisez pour ces utilisateurs que des réglages qu’OCS 2007 connaît.";
    "rehomed" [Warning] "move"
        "The user leaves an existing pool, and contact lists and meetings stay behind"
        "L’utilisateur quitte un pool qui existe, et y laisse listes de contacts et réunions"
        advice "Save contact lists and meetings first, or use the Move Users wizard."
            "Sauvegardez d’abord listes de contacts et réunions, ou utilisez l’assistant de déplacement.";
    "rehome-stays-behind" [Warning] "move"
        "Data that --rehome leaves behind" "Données que --rehome laisse derrière lui"
        advice "Save contact lists and meetings first, or use the Move Users wizard."
            "Sauvegardez d’abord listes de contacts et réunions, ou utilisez l’assistant de déplacement.";
    "enhanced-presence-missing" [Warning] "enable"
        "Enhanced presence (bit 256) is not set on a user whose settings are kept"
        "La présence enrichie (bit 256) n’est pas activée chez un utilisateur dont les réglages sont gardés"
        advice "Run `configure --enhanced-presence true`." "Lancez `configure --enhanced-presence true`.";
    "enhanced-presence-cleared" [Warning] "configure"
        "Enhanced presence is cleared: Communicator cannot sign in"
        "La présence enrichie est retirée\u{a0}: Communicator ne peut pas se connecter"
        advice "Keep enhanced presence for users of Communicator 2007."
            "Gardez la présence enrichie aux utilisateurs de Communicator 2007.";
    "archiving-leftover" [Warning] "enable, configure, audit"
        "ArchivingEnabled contains a value from Live Communications Server 2005"
        "ArchivingEnabled contient une valeur de Live Communications Server 2005"
        advice "Set it with `configure --archiving`." "Réglez-la par `configure --archiving`.";
    "line-missing" [Warning] "enable, configure"
        "Enterprise Voice is on, but the user has no line" "Enterprise Voice est activé, mais l’utilisateur n’a pas de ligne"
        advice "Give the user a line with --line." "Donnez une ligne à l’utilisateur par --line.";
    "line-not-written" [Warning] "enable"
        "The options name a line, which enable does not write"
        "Les options nomment une ligne, que enable n’écrit pas"
        advice "Run `configure --line` once the users are enabled."
            "Lancez `configure --line` une fois les utilisateurs activés.";
    "line-replaced" [Warning] "configure"
        "The line is replaced by another" "La ligne est remplacée par une autre"
        advice "Check that the new number is right." "Vérifiez que le nouveau numéro est le bon.";
    "line-server-missing" [Warning] "enable, configure"
        "Remote call control is on, but the user has no gateway"
        "Le contrôle d’appel à distance est activé, mais l’utilisateur n’a pas de passerelle"
        advice "Name the gateway with --line-server." "Nommez la passerelle par --line-server.";
    "voice-and-remote-call-control" [Warning] "enable, configure"
        "Enterprise Voice and remote call control are both on"
        "Enterprise Voice et le contrôle d’appel à distance sont tous deux activés"
        advice "Turn one of them off, unless the PBX rings alongside Communicator."
            "Désactivez l’un des deux, sauf si le PBX sonne à côté de Communicator.";
}}
