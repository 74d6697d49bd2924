//! The worked examples of `--help`, three a command.

pub(super) const ENABLE_EXAMPLES: &str = "\
Examples:
  As the wizard, with the mail address as sign-in name:
    userprep enable users.ldif --pools pools.ldif --pool pool01 --sip-domain contoso.com --out run1

  first.last@contoso.com for one OU, without change files:
    userprep enable users.ldif --config userprep.toml --sip-from first.last --base \"OU=Paris,DC=contoso,DC=com\" --out run1 --dry-run

  The second wave of a migration; the addresses of the whole forest count as taken:
    userprep enable wave2.csv --reference forest.ldif --config userprep.toml --out run2";

pub(super) const CHECK_EXAMPLES: &str = "\
Examples:
  One export:
    userprep check users.ldif

  What does this configuration mean?
    userprep check userprep.toml

  What a program reads:
    userprep check --format json users.csv userprep.toml";

pub(super) const VERIFY_EXAMPLES: &str = "\
Examples:
  Is everything in the directory?
    userprep verify run1 --against after.ldif

  After an import that stopped half-way: what was refused and why, and a run that does the rest:
    userprep verify run1 --against after.ldif --log run1/apply-log/0002/refused.ldif --out rest1

  Did the run directory cross the air gap unharmed?
    userprep verify run1 --files";

pub(super) const UNDO_EXAMPLES: &str = "\
Examples:
  Change files that take the run back:
    userprep undo run1 --against now.ldif --out undo1

  Who could be taken back? The report alone, in undo1.plan:
    userprep undo run1 --against now.ldif --out undo1 --dry-run

  With one record a line, for ldapmodify:
    userprep undo run1 --against now.ldif --out undo1 --target ldap --wrap 0";

pub(super) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  Why did Ann get this address?
    userprep explain run1 ann

  Who has the address that she did not get? The inputs have moved:
    userprep explain run1 ann.doe@contoso.com --input old/users.ldif old/forest.ldif

  What a program reads:
    userprep explain --format json run1.plan \"CN=Ann Doe,OU=Paris,DC=contoso,DC=com\"";

pub(super) const SCHEMA_EXAMPLES: &str = "\
Examples:
  Into a file:
    userprep schema > report.xsd

  Is this report whole?
    xmllint --noout --schema run1/report.xsd run1/report.xml

  How many users were rejected, by reason, without Excel:
    xmllint --xpath \"//*[local-name()='user'][@status='rejected']/@code\" run1/report.xml | sort | uniq -c";

pub(super) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  bash, from the next login on:
    userprep completions bash > ~/.local/share/bash-completion/completions/userprep

  zsh, with ~/.zfunc in $fpath:
    userprep completions zsh > ~/.zfunc/_userprep

  PowerShell, in the profile:
    userprep completions powershell | Out-String | Invoke-Expression";

pub(super) const MAN_EXAMPLES: &str = "\
Examples:
  For oneself:
    userprep man ~/.local/share/man/man1

  For a package:
    userprep man build/man

  After an update; the older pages are renamed to userprep.1.1 and so on:
    userprep man --force ~/.local/share/man/man1";

pub(super) const CONFIGURE_EXAMPLES: &str = "\
Examples:
  Federation and remote access for one OU:
    userprep configure users.ldif --base \"OU=Sales,DC=contoso,DC=com\" --federation true --remote-access true --out run4

  Enterprise Voice, each with a line made of telephoneNumber:
    userprep configure users.ldif --filter \"(telephoneNumber=*)\" --enterprise-voice true --line \"tel:+33{telephoneNumber:national}\" --out run5

  What [options] and the rules of the configuration say:
    userprep configure users.ldif --config userprep.toml --out run6";

pub(super) const MOVE_EXAMPLES: &str = "\
Examples:
  Users without a pool, or with one that the export of the pools lacks, to pool01:
    userprep move users.ldif --pools pools.ldif --pool pool01 --out run4

  Those of a pool that is gone, shared among two:
    userprep move users.ldif --pools pools.ldif --from \"CN=LC Services,CN=Microsoft,CN=old,CN=Pools,…\" --pool pool01 --pool pool02 --out run5

  Which users would it move, and which are left for the real wizard? The report alone, in run6.plan:
    userprep move users.ldif --pools pools.ldif --pool pool01 --out run6 --dry-run";

pub(super) const DISABLE_EXAMPLES: &str = "\
Examples:
  Those who have left:
    userprep disable users.ldif --users left.txt --out run4

  One OU:
    userprep disable users.ldif --base \"OU=Interns,DC=contoso,DC=com\" --out run5

  Everybody, as a rehearsal:
    userprep disable users.ldif --all --out run6 --dry-run";

pub(super) const DELETE_EXAMPLES: &str = "\
Examples:
  Those who have left:
    userprep delete users.ldif --users left.txt --out run4

  Accounts that are disabled in Windows:
    userprep delete users.ldif --filter \"(userAccountControl:1.2.840.113556.1.4.803:=2)\" --out run5

  The whole estate, after it has been decommissioned:
    userprep delete users.ldif --all --pools pools.ldif --out run6";

pub(super) const RENAME_EXAMPLES: &str = "\
Examples:
  A merger: everybody of fabrikam.com goes to contoso.com; most addresses change, and that is meant:
    userprep rename users.ldif --domain fabrikam.com=contoso.com --replace-many --out run4

  The same, with the old address still found by presence look-ups:
    userprep rename users.ldif --domain fabrikam.com=contoso.com --keep-old --replace-many --out run5

  One OU to first.last@contoso.com:
    userprep rename users.ldif --sip-from first.last --sip-domain contoso.com --base \"OU=Paris,DC=contoso,DC=com\" --out run6";

pub(super) const AUDIT_EXAMPLES: &str = "\
Examples:
  Who is ready? The summary alone:
    userprep audit users.ldif --pools pools.ldif --sip-domain contoso.com

  With reports:
    userprep audit users.ldif --pools pools.ldif --sip-domain contoso.com --out audit1

  And change files with the repairs that need no decision:
    userprep audit users.ldif --config userprep.toml --fix --out audit2";

pub(super) const INIT_EXAMPLES: &str = "\
Examples:
  Question by question, in a terminal:
    userprep init users.ldif --pools pools.ldif

  The defaults, for one pool:
    userprep init users.ldif --pools pools.ldif --pool pool01 --yes

  Account names in contoso.com for one OU, into a file of another name:
    userprep init users.ldif --pools pools.ldif --pool pool01 --base \"OU=Paris,DC=contoso,DC=com\" --sip-from sam --sip-domain contoso.com --yes --out paris.toml

  What there is to choose from, for a program that asks:
    userprep init users.ldif --pools pools.ldif --format json";
