// What the page says, in English and French. The program's own words come from the program.
const WORDS = {
  en: {
    skip: "Skip to the task", language: "Language", tasks: "Tasks", steps: "Steps",
    title: "Prepare users for Communications Server",
    lead: "Exports of your directory go in. Change files for your directory team come out, with their undo files and a report on every user.",
    promise: "Nothing leaves this page.",
    "promise-more": "The program runs inside this file. Its own security policy forbids the browser to connect to anything. To see that, press F12, open the Network tab and watch it stay empty, or unplug the network: the page works the same.",
    "door-enable": "Enable users", "door-verify": "Verify a run", "door-undo": "Undo a run", "door-audit": "Audit", "door-check": "Check files",
    "step-exports": "Exports", "step-users": "Users", "step-pool": "Pool", "step-address": "Sign-in name", "step-ready": "Ready", "step-status": "Status",
    "exports-title": "Exports", "exports-lead": "Choose the exports of your directory, or drop them here.",
    inputs: "Users", "inputs-hint": "LDIF of ldifde or ldapsearch, CSV of csvde, Export-Csv or Excel; several files if you like.",
    pools: "Pools", "pools-hint": "The export of CN=RTC Service, so that nobody types a DN.",
    "known-pools": "Pools", "known-pools-hint": "Optional: the export of CN=RTC Service as it is now, which shows the pools that are gone.",
    references: "References", "references-hint": "Other domains, or the zip of an earlier run: their addresses count as used.",
    more: "Configuration, lists, encoding",
    config: "Configuration", "config-hint": "A userprep.toml with rules, capacities and options. Choices on the next pages win over it.",
    join: "Directory for lists", "join-hint": "If the users above are a list without DNs: the export that the list names users of.",
    encoding: "Encoding", absent: "Attributes that are empty everywhere", "absent-hint": "Names, separated by spaces; only where an export lacks them and you know that no user has a value.",
    remove: "Remove", "remove-file": "Remove {0}",
    large: "These exports are large. The program for Windows or Linux is faster; this page works as long as the browser has memory.",
    reading: "Reading…", "reading-at": "Reading… {0} %",
    "file-sum": "{0}, {1}: {2:entry|entries}", delimiter: "delimiter {0}", faults: "{0:error|errors}, {1:warning|warnings}", "no-fault": "no fault found",
    findings: "Findings ({0})", "first-findings": "The first {0} of {1} findings:", line: "line {0}",
    "users-title": "Choose users", "users-lead": "Without a choice, every user of the exports takes part.",
    containers: "Containers", "containers-hint": "Only users below the containers that you check.", "no-containers": "The exports show no container.",
    filter: "Filter", "filter-hint": "An LDAP filter (RFC 4515); only users that match it.",
    list: "List of users", "list-hint": "One a line: DN, account name, UPN or mail address; only users on the list.",
    selected: "{0:user takes|users take} part.",
    "pool-title": "Select server or pool", "pool-lead": "The users get this pool. Several pools share the users by their weight, up to their capacity.",
    enterprise: "Enterprise pools", standard: "Standard Edition servers", "other-pools": "Pools",
    homed: "{0:user of the exports is|users of the exports are} homed here.", weight: "Weight", capacity: "Capacity", "no-limit": "no limit",
    "pool-dn": "Another pool, by its DN", "pool-dn-hint": "The DN of its CN=LC Services object, where no export shows the pool.",
    "pool-config": "Pools and rules of the configuration apply unless you select a pool here.",
    "address-title": "Specify sign-in name", "address-lead": "What each user's SIP address is made of. The counts are those of the run.",
    formats: "Sign-in name", "as-config": "As the configuration says",
    mail: "E-mail address", upn: "User principal name", "first.last": "First name.last name", sam: "Account name (sAMAccountName)",
    outcome: "{0:user gets|users get} an address, {1:has|have} one, {2:goes|go} without: {3} missing, {4} malformed, {5} duplicate.",
    "outcome-all": "{0:user gets|users get} an address, {1:has|have} one, nobody goes without.",
    rest: "{0:is|are} rejected for another reason, {1:is|are} skipped.",
    "such-as": "such as {0}", "needs-domain": "Needs a SIP domain.",
    domains: "SIP domains", "domains-hint": "One a line. The first is for addresses built of names; an address in any other domain is rejected. Empty: any domain.",
    "known-domains": "Addresses in the exports", domain: "Domain", "sip-addresses": "SIP", "mail-addresses": "Mail", upns: "UPN",
    "ready-title": "Ready", "fact-users": "Users: {0} of the exports take part.", "fact-pool": "Pool: {0}.", "fact-pool-config": "Pool: as the configuration says.",
    "fact-address": "Sign-in name: {0}. {1}", "fact-domains": "SIP domains: {0}.", "fact-any": "SIP domains: any.",
    "fact-files": "Written: change files with their undo files, import scripts, report, checksums. Nothing is changed in the directory until your directory team imports the files.",
    command: "The same as a command", copy: "Copy", copied: "Copied", configuration: "The same as userprep.toml",
    "made-file": "The command reads {0}, which this page has made of your answers.", "dry-run": "Reports only, no change files",
    back: "Back", next: "Next", run: "Write the files", cancel: "Cancel",
    working: "Working…", pass: "{0}: {1} %", progress: "Progress",
    cancelled: "Cancelled", "cancelled-lead": "Nothing was written.",
    "exit-0": "Done", "exit-0-lead": "Nothing was rejected.",
    "exit-1": "A file could not be read", "exit-1-lead": "Nothing was written. The program says why:",
    "exit-2": "Something does not fit", "exit-2-lead": "Nothing was written. The program says why:",
    "exit-3": "Done, and some users need a decision", "exit-3-lead": "The change files are complete for all others. The report names each user who was rejected, and why.",
    "exit-4": "Stopped by a safety limit", "exit-4-lead": "Reports were written, and no change file.",
    "exit-5": "Done, with findings", "exit-5-lead": "The report names each user who needs attention.",
    memory: "The browser has no memory left for these exports", "memory-lead": "Nothing was written. Use the program for Windows or Linux, which reads files of any size, or a smaller export.",
    fault: "Internal fault", "fault-lead": "Nothing was written. Please report what the program says:",
    download: "Download {0}", "save-folder": "Save into a folder…", saved: "Saved into {0}.", "save-failed": "Not saved: {0}", taken: "{0} already exists.",
    report: "Report of the run", print: "Print the report", said: "What the program said",
    "next-title": "Next steps",
    "next-1": "Unpack the zip, and have the change files reviewed: report.html says what they do.",
    "next-2": "Have your directory team import them with apply.cmd (ldifde) or apply.sh (ldapmodify). The undo files take each of them back.",
    "next-3": "Export the users anew, and verify the run on this page.",
    "no-inputs": "Choose at least one export of users.", "same-name": "Two different files are named {0}. Rename one of them.",
    "no-run": "{0} is no zip of a run.", "no-zip": "Choose the zip of the run.", "no-against": "Choose the fresh export.",
    "verify-lead": "A fresh export shows whether a run was applied: applied, missing, drifted or gone, for each user. What is left to do is written as a new run.",
    "undo-lead": "Change files that take a run back, only where the values are still those of the run.",
    "audit-lead": "Who can use instant messaging and presence, and what the others lack.",
    "check-lead": "Every fault of an export or a userprep.toml, with its line. Nothing is written.",
    "run-zip": "Zip of the run", "run-zip-hint": "As this page or the program wrote it.", against: "Fresh export", "against-hint": "Of the directory as it is now, with the same attributes.",
    fix: "Write change files with the repairs that need no decision", files: "Files", "files-hint": "LDIF, CSV or userprep.toml.",
    "start-verify": "Verify", "start-undo": "Write the undo files", "start-audit": "Audit",
    foot: "userprep prepares users for Office Communications Server 2007 R2. The same program as on the command line, compiled to WebAssembly.",
  },
  fr: {
    skip: "Aller à la tâche", language: "Langue", tasks: "Tâches", steps: "Étapes",
    title: "Préparer les utilisateurs pour Communications Server",
    lead: "Les exports de votre annuaire entrent. Des fichiers de modification pour l’équipe de l’annuaire en sortent, avec leurs fichiers d’annulation et un rapport sur chaque utilisateur.",
    promise: "Rien ne quitte cette page.",
    "promise-more": "Le programme s’exécute dans ce fichier. Sa propre stratégie de sécurité interdit au navigateur toute connexion. Pour le voir, appuyez sur F12, ouvrez l’onglet Réseau : il reste vide. Ou débranchez le réseau : la page fonctionne de la même façon.",
    "door-enable": "Activer", "door-verify": "Vérifier une exécution", "door-undo": "Annuler une exécution", "door-audit": "Auditer", "door-check": "Contrôler des fichiers",
    "step-exports": "Exports", "step-users": "Utilisateurs", "step-pool": "Pool", "step-address": "Nom de connexion", "step-ready": "Prêt", "step-status": "État",
    "exports-title": "Exports", "exports-lead": "Choisissez les exports de votre annuaire, ou déposez-les ici.",
    inputs: "Utilisateurs", "inputs-hint": "LDIF de ldifde ou ldapsearch, CSV de csvde, Export-Csv ou Excel ; plusieurs fichiers si vous voulez.",
    pools: "Pools", "pools-hint": "L’export de CN=RTC Service, pour que personne ne tape de nom unique (DN).",
    "known-pools": "Pools", "known-pools-hint": "Facultatif : l’export de CN=RTC Service tel qu’il est maintenant, qui montre les pools disparus.",
    references: "Références", "references-hint": "D’autres domaines, ou le zip d’une exécution précédente : leurs adresses comptent comme utilisées.",
    more: "Configuration, listes, codage",
    config: "Configuration", "config-hint": "Un userprep.toml avec règles, capacités et options. Les choix des pages suivantes l’emportent.",
    join: "Annuaire pour les listes", "join-hint": "Si les utilisateurs ci-dessus sont une liste sans DN : l’export dont elle nomme les utilisateurs.",
    encoding: "Codage", absent: "Attributs vides partout", "absent-hint": "Des noms, séparés par des espaces ; seulement si un export ne les montre pas et que vous savez qu’aucun utilisateur n’a de valeur.",
    remove: "Retirer", "remove-file": "Retirer {0}",
    large: "Ces exports sont grands. Le programme pour Windows ou Linux est plus rapide ; cette page fonctionne tant que le navigateur a de la mémoire.",
    reading: "Lecture…", "reading-at": "Lecture… {0} %",
    "file-sum": "{0}, {1} : {2:entrée|entrées}", delimiter: "séparateur {0}", faults: "{0:erreur|erreurs}, {1:avertissement|avertissements}", "no-fault": "aucun défaut",
    findings: "Constats ({0})", "first-findings": "Les {0} premiers des {1} constats :", line: "ligne {0}",
    "users-title": "Choisir les utilisateurs", "users-lead": "Sans choix, tous les utilisateurs des exports participent.",
    containers: "Conteneurs", "containers-hint": "Seulement les utilisateurs sous les conteneurs cochés.", "no-containers": "Les exports ne montrent aucun conteneur.",
    filter: "Filtre", "filter-hint": "Un filtre LDAP (RFC 4515) ; seulement les utilisateurs qui y répondent.",
    list: "Liste d’utilisateurs", "list-hint": "Un par ligne : DN, nom de compte, UPN ou adresse de messagerie ; seulement les utilisateurs de la liste.",
    selected: "{0:utilisateur participe|utilisateurs participent}.",
    "pool-title": "Sélectionner un serveur ou un pool", "pool-lead": "Les utilisateurs reçoivent ce pool. Plusieurs pools se partagent les utilisateurs selon leur poids, jusqu’à leur capacité.",
    enterprise: "Pools d’entreprise", standard: "Serveurs Standard Edition Server", "other-pools": "Pools",
    homed: "{0:utilisateur des exports y est hébergé|utilisateurs des exports y sont hébergés}.", weight: "Poids", capacity: "Capacité", "no-limit": "sans limite",
    "pool-dn": "Un autre pool, par son DN", "pool-dn-hint": "Le DN de son objet CN=LC Services, si aucun export ne montre le pool.",
    "pool-config": "Les pools et les règles de la configuration s’appliquent, sauf si vous sélectionnez un pool ici.",
    "address-title": "Spécifier le nom de connexion", "address-lead": "Ce dont l’adresse SIP de chaque utilisateur est faite. Les nombres sont ceux de l’exécution.",
    formats: "Nom de connexion", "as-config": "Comme le dit la configuration",
    mail: "Adresse de messagerie", upn: "Nom d’utilisateur principal", "first.last": "Prénom.nom", sam: "Nom de compte (sAMAccountName)",
    outcome: "{0:utilisateur reçoit|utilisateurs reçoivent} une adresse, {1:en a|en ont} une, {2:reste|restent} sans : {3:manquante|manquantes}, {4:malformée|malformées}, {5} en double.",
    "outcome-all": "{0:utilisateur reçoit|utilisateurs reçoivent} une adresse, {1:en a|en ont} une, personne ne reste sans.",
    rest: "{0:est rejeté|sont rejetés} pour une autre raison, {1:est ignoré|sont ignorés}.",
    "such-as": "par exemple {0}", "needs-domain": "Nécessite un domaine SIP.",
    domains: "Domaines SIP", "domains-hint": "Un par ligne. Le premier sert aux adresses construites ; une adresse d’un autre domaine est rejetée. Vide : tous les domaines.",
    "known-domains": "Adresses dans les exports", domain: "Domaine", "sip-addresses": "SIP", "mail-addresses": "Mail", upns: "UPN",
    "ready-title": "Prêt", "fact-users": "Utilisateurs : {0} des exports participent.", "fact-pool": "Pool : {0}.", "fact-pool-config": "Pool : comme le dit la configuration.",
    "fact-address": "Nom de connexion : {0}. {1}", "fact-domains": "Domaines SIP : {0}.", "fact-any": "Domaines SIP : tous.",
    "fact-files": "Écrits : fichiers de modification avec leurs fichiers d’annulation, scripts d’import, rapport, sommes de contrôle. Rien n’est modifié dans l’annuaire tant que votre équipe n’a pas importé les fichiers.",
    command: "La même chose en ligne de commande", copy: "Copier", copied: "Copié", configuration: "La même chose en userprep.toml",
    "made-file": "La commande lit {0}, que cette page a fait de vos réponses.", "dry-run": "Les rapports seulement, sans fichiers de modification",
    back: "Précédent", next: "Suivant", run: "Écrire les fichiers", cancel: "Annuler",
    working: "En cours…", pass: "{0} : {1} %", progress: "Progression",
    cancelled: "Annulé", "cancelled-lead": "Rien n’a été écrit.",
    "exit-0": "Terminé", "exit-0-lead": "Rien n’a été rejeté.",
    "exit-1": "Un fichier n’a pas pu être lu", "exit-1-lead": "Rien n’a été écrit. Le programme dit pourquoi :",
    "exit-2": "Quelque chose ne convient pas", "exit-2-lead": "Rien n’a été écrit. Le programme dit pourquoi :",
    "exit-3": "Terminé ; certains utilisateurs demandent une décision", "exit-3-lead": "Les fichiers de modification sont complets pour tous les autres. Le rapport nomme chaque utilisateur rejeté, et pourquoi.",
    "exit-4": "Arrêté par une limite de sécurité", "exit-4-lead": "Des rapports ont été écrits, et aucun fichier de modification.",
    "exit-5": "Terminé, avec des constats", "exit-5-lead": "Le rapport nomme chaque utilisateur qui demande votre attention.",
    memory: "Le navigateur n’a plus de mémoire pour ces exports", "memory-lead": "Rien n’a été écrit. Utilisez le programme pour Windows ou Linux, qui lit des fichiers de toute taille, ou un export plus petit.",
    fault: "Défaut interne", "fault-lead": "Rien n’a été écrit. Merci de signaler ce que dit le programme :",
    download: "Télécharger {0}", "save-folder": "Enregistrer dans un dossier…", saved: "Enregistré dans {0}.", "save-failed": "Non enregistré : {0}", taken: "{0} existe déjà.",
    report: "Rapport de l’exécution", print: "Imprimer le rapport", said: "Ce que le programme a dit",
    "next-title": "Étapes suivantes",
    "next-1": "Décompressez le zip et faites relire les fichiers de modification : report.html dit ce qu’ils font.",
    "next-2": "Faites-les importer par l’équipe de l’annuaire avec apply.cmd (ldifde) ou apply.sh (ldapmodify). Les fichiers d’annulation reprennent chacun d’eux.",
    "next-3": "Exportez à nouveau les utilisateurs, et vérifiez l’exécution sur cette page.",
    "no-inputs": "Choisissez au moins un export d’utilisateurs.", "same-name": "Deux fichiers différents s’appellent {0}. Renommez l’un d’eux.",
    "no-run": "{0} n’est pas le zip d’une exécution.", "no-zip": "Choisissez le zip de l’exécution.", "no-against": "Choisissez le nouvel export.",
    "verify-lead": "Un nouvel export montre si une exécution a été appliquée : appliqué, manquant, divergent ou disparu, pour chaque utilisateur. Ce qui reste à faire est écrit comme une nouvelle exécution.",
    "undo-lead": "Des fichiers de modification qui annulent une exécution, seulement là où les valeurs sont encore les siennes.",
    "audit-lead": "Qui peut utiliser la messagerie instantanée et la présence, et ce qui manque aux autres.",
    "check-lead": "Chaque défaut d’un export ou d’un userprep.toml, avec sa ligne. Rien n’est écrit.",
    "run-zip": "Zip de l’exécution", "run-zip-hint": "Tel que cette page ou le programme l’a écrit.", against: "Nouvel export", "against-hint": "De l’annuaire tel qu’il est maintenant, avec les mêmes attributs.",
    fix: "Écrire les réparations qui ne demandent aucune décision", files: "Fichiers", "files-hint": "LDIF, CSV ou userprep.toml.",
    "start-verify": "Vérifier", "start-undo": "Écrire les fichiers d’annulation", "start-audit": "Auditer",
    foot: "userprep prépare les utilisateurs pour Office Communications Server 2007 R2. Le même programme qu’en ligne de commande, compilé en WebAssembly.",
  },
};

const asked = new URLSearchParams(location.search).get("lang") ?? navigator.language;
let language = asked.toLowerCase().startsWith("fr") ? "fr" : "en";

export function currentLanguage() {
  return language;
}

// A text of the page; `{0}` and so on are filled in, numbers as the language writes them, and `{0:user|users}` with the
// noun that agrees.
export function say(key, ...values) {
  const number = new Intl.NumberFormat(language);
  const plural = new Intl.PluralRules(language);
  const fill = (_, at, one, many) => {
    const value = values[at];
    const shown = typeof value === "number" ? number.format(value) : value;
    return many === undefined ? shown : `${shown} ${plural.select(value) === "one" ? one : many}`;
  };
  return WORDS[language][key].replace(/\{(\d)(?::([^|}]*)\|([^}]*))?\}/g, fill);
}

// Writes the texts of all elements that name theirs: data-t, data-t-label, data-t-title.
export function translate(wanted = language) {
  language = wanted;
  document.documentElement.lang = language;
  const each = (name, set) => {
    for (const element of document.querySelectorAll(`[${name}]`)) set(element, say(element.getAttribute(name)));
  };
  each("data-t", (element, text) => { element.textContent = text; });
  each("data-t-label", (element, text) => element.setAttribute("aria-label", text));
  each("data-t-title", (element, text) => element.setAttribute("title", text));
}
