//! Codes about safety stops.

super::section! { SECTION "Safety stops (exit code 4)" "Arrêts de sécurité (code de sortie 4)" {
    "stop-max-changes" [Error] WIZARDS
        "More users would change than --max-changes allows"
        "Plus d’utilisateurs changeraient que --max-changes n’admet";
    "stop-max-rejects" [Error] WIZARDS
        "More users are rejected than --max-rejects allows"
        "Plus d’utilisateurs sont rejetés que --max-rejects n’admet";
    "stop-replace-many" [Error] WIZARDS
        "More than half of the addresses would be replaced" "Plus de la moitié des adresses seraient remplacées";
    "stop-duplicates" [Error] WIZARDS
        "Two users would get one address, and on_duplicate is `abort`"
        "Deux utilisateurs recevraient la même adresse, et on_duplicate vaut `abort`";
    "stop-pool-full" [Error] WIZARDS
        "A pool is full, and on_full is `abort`" "Un pool est plein, et on_full vaut `abort`";
}}
