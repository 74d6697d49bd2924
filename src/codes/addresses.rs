//! Codes about addresses, and about what keeps an enabled user from IM and presence.

super::section! { READINESS "Readiness" "Aptitude" {
    NO_ADDRESS "no-address" rejects [Error] "audit"
        "Enabled without a SIP address" "Activé sans adresse SIP"
        advice "Run `enable`, which adds missing attributes." "Lancez `enable`, qui ajoute les attributs manquants.";
    NO_POOL "no-pool" rejects [Error] "audit"
        "Enabled without a pool" "Activé sans pool"
        advice "Run `move`, which assigns a pool." "Lancez `move`, qui attribue un pool.";
    POOL_GONE "pool-gone" rejects [Error Warning] "enable, audit"
        "The pool is gone" "Le pool n’existe plus"
        advice "Run `move`, which assigns a new one." "Lancez `move`, qui en attribue un autre.";
    NO_ENHANCED_PRESENCE "no-enhanced-presence" rejects [Error] "audit"
        "Enhanced presence (bit 256) is not set" "La présence enrichie (bit 256) n’est pas activée"
        advice "Run `audit --fix` or `configure --enhanced-presence true`."
            "Lancez `audit --fix` ou `configure --enhanced-presence true`.";
    SIP_TWIN "sip-twin" rejects [Error Warning] UNDOING
        "Another object has the same address" "Un autre objet a la même adresse"
        advice "Decide who keeps it, and change the others with `rename` or in the directory."
            "Décidez qui la garde, et changez les autres avec `rename` ou dans l’annuaire.";
}}

super::section! { SECTION "Addresses" "Adresses" {
    ATTRIBUTE_MISSING "attribute-missing" rejects [Error] "enable, rename, configure"
        "The source attribute of the address or line is empty"
        "L’attribut dont vient l’adresse ou la ligne est vide"
        advice "Enter a value in the directory, or name another source in [sip] fallback."
            "Remplissez-le dans l’annuaire, ou nommez une autre source dans [sip] fallback.";
    SIP_SPACES "sip-spaces" rejects [Error] ADDRESSES
        "The address begins or ends with a space" "L’adresse commence ou finit par une espace"
        advice "Remove the space in the directory." "Supprimez l’espace dans l’annuaire.";
    SIP_INVALID "sip-invalid" rejects [Error Warning] WIZARDS
        "The attribute does not contain a valid address" "L’attribut ne contient pas d’adresse valide"
        advice "Correct it in the directory: one @, with text on both sides."
            "Corrigez-le dans l’annuaire\u{a0}: un seul @, du texte des deux côtés.";
    SIP_CHARACTERS "sip-characters" rejects [Error] "enable, rename, audit"
        "The address contains characters that are not allowed" "L’adresse contient des caractères non admis"
        advice "Correct the attribute, or choose a built format such as first.last."
            "Corrigez l’attribut, ou choisissez un format construit tel que first.last.";
    SIP_DOMAIN "sip-domain" rejects [Error] ADDRESSES
        "The domain of the address is not in the list" "Le domaine de l’adresse n’est pas dans la liste"
        advice "Correct the address, or add the domain with --sip-domain if the servers know it."
            "Corrigez l’adresse, ou ajoutez le domaine par --sip-domain si les serveurs le connaissent.";
    SIP_TOO_LONG "sip-too-long" rejects [Error] "enable, rename, audit"
        "The address is too long" "L’adresse est trop longue"
        advice "Shorten the attribute that it is made from." "Raccourcissez l’attribut dont elle est faite.";
    DOMAIN_FOREIGN "domain-foreign" rejects [Error Warning] "enable, audit"
        "The domain of the address is not in the list of SIP domains"
        "Le domaine de l’adresse n’est pas dans la liste des domaines SIP"
        advice "Add it with --sip-domain, or run `rename --domain OLD=NEW`."
            "Ajoutez-le par --sip-domain, ou lancez `rename --domain ANCIEN=NOUVEAU`.";
    ENCODING_GUESSED "encoding-guessed" rejects [Error Warning] USERS
        "An address or a change would depend on letters with a guessed encoding"
        "Une adresse, ou une modification, reposerait sur des lettres dont le codage est deviné"
        advice "Compare the names, and specify the encoding with --encoding."
            "Comparez les noms, et indiquez le codage par --encoding.";
    LOST_CHARACTERS "lost-characters" rejects [Error Warning] EXPORTS
        "The export has lost letters of a name (`?`, `\u{fffd}`, `Ã©`)"
        "L’export a perdu des lettres d’un nom (`?`, `\u{fffd}`, `Ã©`)"
        advice "Export again as Unicode (ldifde -u, Export-Csv -Encoding UTF8)."
            "Refaites l’export en Unicode (ldifde -u, Export-Csv -Encoding UTF8).";
    NAME_EMPTY "name-empty" rejects [Error] ADDRESSES
        "The name leaves no letter for an address" "Le nom ne laisse aucune lettre pour former une adresse"
        advice "Correct the name, or map its letters in [sip.fold] map."
            "Corrigez le nom, ou traduisez ses lettres dans [sip.fold] map.";
    NAME_NOT_FOLDED "name-not-folded" rejects [Error] ADDRESSES
        "The name contains a letter that the profile does not fold"
        "Le nom contient une lettre que le profil ne convertit pas"
        advice "Map the letter in [sip.fold] map." "Traduisez la lettre dans [sip.fold] map.";
    NAME_SCRIPT "name-script" rejects [Error] ADDRESSES
        "The name is written in another script" "Le nom est écrit dans un autre alphabet"
        advice "Map its letters in [sip.fold] map, or set other_scripts = \"transliterate\"."
            "Traduisez ses lettres dans [sip.fold] map, ou réglez other_scripts = \"transliterate\".";
    "name-folded" [Warning] ADDRESSES
        "Letters of the name were folded to ASCII" "Des lettres du nom ont été converties en ASCII"
        advice "Check the address; the letters of a wrong name can be mapped in [sip.fold] map."
            "Contrôlez l’adresse\u{202f}; un nom mal rendu peut être traduit dans [sip.fold] map.";
    SIP_DUPLICATE "sip-duplicate" rejects [Error Warning] ADDRESSES_COMPARED
        "Another object has the address, or would get it too" "Un autre objet a l’adresse, ou la recevrait aussi"
        advice "Decide who keeps it (see the conflicts) and change the attribute of the others, or set [sip] on_duplicate."
            "Décidez qui la garde (voir les conflits) et changez l’attribut des autres, ou réglez [sip] on_duplicate.";
    "sip-numbered" [Warning] ADDRESSES
        "The address got a number, because the bare one is taken"
        "L’adresse a reçu un numéro, car elle est prise sans numéro"
        advice "Check that the user accepts the number." "Vérifiez que le numéro convient à l’utilisateur.";
    "sip-dots" [Warning] ADDRESSES
        "The address has two consecutive dots, or a dot at an end"
        "L’adresse a deux points de suite, ou un point à un bout"
        advice "Correct the attribute in the directory." "Corrigez l’attribut dans l’annuaire.";
    "sip-leftover" [Warning] "audit"
        "A `sip:` value or settings without a SIP address" "Une valeur `sip:` ou des réglages sans adresse SIP"
        advice "Remove the leftovers with `delete`." "Supprimez ces restes par `delete`.";
    "sip-lookalike" [Warning] ADDRESSES_COMPARED
        "Another object has an address that differs only in accents or character width"
        "Un autre objet a une adresse qui ne diffère que par les accents ou la largeur"
        advice "Check that the two are not one person, and correct the other address."
            "Vérifiez que les deux ne sont pas une même personne, et corrigez l’autre adresse.";
    "sip-stand-in" [Warning] ADDRESSES
        "A contact that represents the user has the same address"
        "Un contact qui représente l’utilisateur a la même adresse"
        advice "Nothing, if the contact is the same person." "Rien, si le contact est la même personne.";
    "sip-fallback" [Note] ADDRESSES
        "A fallback gave the address" "Un format de repli a donné l’adresse";
    "sip-rehomed" [Note] ADDRESSES
        "The domain was replaced by the first in the list" "Le domaine a été remplacé par le premier de la liste";
    "sip-domains-unchecked" [Warning] ADDRESSES
        "No list of SIP domains: each address keeps its own domain"
        "Pas de liste de domaines SIP\u{a0}: chaque adresse garde son domaine"
        advice "Name the SIP domains of the servers with --sip-domain."
            "Nommez les domaines SIP des serveurs par --sip-domain.";
    "sip-domains-foreign" [Warning] ADDRESSES
        "Several users have an address in a domain outside the list"
        "Plusieurs utilisateurs ont une adresse d’un domaine hors de la liste"
        advice "Add the domain with --sip-domain if the servers know it."
            "Ajoutez le domaine par --sip-domain si les serveurs le connaissent.";
    "sip-ampersand" [Warning] ADDRESSES
        "The address contains `&`, which Lync Server 2013 does not support"
        "L’adresse contient `&`, que Lync Server 2013 n’admet pas"
        advice "Give the user an address without `&`." "Donnez à l’utilisateur une adresse sans `&`.";
    "sip-proxy-extra" [Warning] "enable, rename, delete, audit"
        "Another `sip:` proxy address stays" "Une autre adresse proxy `sip:` reste"
        advice "Remove the value from proxyAddresses if nobody uses it."
            "Supprimez la valeur de proxyAddresses si elle ne sert plus.";
    "no-proxy-address" [Warning] "enable, audit"
        "proxyAddresses has no `sip:` value for the address, and none is written"
        "proxyAddresses n’a pas de valeur `sip:` de l’adresse, et aucune n’est écrite"
        advice "Set [options] proxy_address = true, or add the value by hand."
            "Réglez [options] proxy_address = true, ou ajoutez la valeur à la main.";
    "sip-not-smtp" [Warning] "audit"
        "The address differs from the primary mail address" "L’adresse diffère de l’adresse de messagerie principale"
        advice "Nothing if this is intended; otherwise change it with `rename`."
            "Rien si c’est voulu\u{202f}; sinon changez-la avec `rename`.";
    "rename-federated" [Warning] "rename"
        "Outside contacts know the old address" "Des contacts externes connaissent l’ancienne adresse"
        advice "Announce the new address to the user's outside contacts."
            "Annoncez la nouvelle adresse aux contacts externes de l’utilisateur.";
    "rename-unseen" [Note] "rename"
        "Servers and contacts remember the old address: what remains to be done"
        "Serveurs et contacts se souviennent de l’ancienne adresse\u{a0}: ce qu’il reste à faire";
}}
