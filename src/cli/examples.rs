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

  A folder of them, the findings alone:
    userprep check --quiet exports

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

  zsh, where ~/.zfunc stands in $fpath:
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
