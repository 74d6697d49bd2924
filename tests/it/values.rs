//! Values with invalid syntax: which commands they stop, and what each message says.

use crate::{POOL, Work};

/// A record in an export: the name of the case, additional lines, and the outcome by command.
struct Case {
    name: &'static str,
    lines: &'static str,
    enable: &'static str,
    disable: &'static str,
}

const CONTROL: &str = "userAccountControl: 512\n";

const fn case(name: &'static str, lines: &'static str, enable: &'static str, disable: &'static str) -> Case {
    Case { name, lines, enable, disable }
}

/// Users without an address; `disable` leaves them alone, unless a value decides whether it may.
const CASES: &[Case] = &[
    case("plain", "", "changed", "skipped not-enabled"),
    case("boolean", "msRTCSIP-UserEnabled: Oui\n", "rejected value-invalid", "rejected value-invalid"),
    case("admin", "adminCount: many\n", "rejected value-invalid", "rejected value-invalid"),
    case("guid", "objectGUID: 1234\n", "rejected value-invalid", "rejected value-invalid"),
    case("home", "msRTCSIP-PrimaryHomeServer: pool01\n", "rejected value-invalid", "skipped not-enabled"),
    case("flags", "msRTCSIP-OptionFlags: 0x100\n", "rejected value-invalid", "skipped not-enabled"),
    case("archive", "msRTCSIP-ArchivingEnabled: TRUE\n", "rejected value-invalid", "skipped not-enabled"),
    case("originator", "msRTCSIP-OriginatorSid: S-1-5\n", "rejected value-invalid", "skipped not-enabled"),
    case(
        "master",
        "msExchMasterAccountSid: System.Byte[]\n",
        "rejected value-invalid",
        "skipped not-enabled",
    ),
    case("type", "msExchRecipientTypeDetails: Room\n", "rejected value-invalid", "skipped not-enabled"),
    case("null", "msRTCSIP-PrimaryUserAddress: NULL\n", "rejected sip-invalid", "skipped not-enabled"),
    case("sid", "objectSid: S-1-5\n", "changed", "skipped not-enabled"),
    case("federation", "msRTCSIP-FederationEnabled: 1\n", "changed", "skipped not-enabled"),
    case("windows", "objectSid: S-1-5-21-1-2-3-502\n", "skipped critical-object", "skipped critical-object"),
    case(
        "online",
        "msRTCSIP-DeploymentLocator: sipfed.online.lync.com\n",
        "skipped homed-online",
        "skipped homed-online",
    ),
    case(
        "arbitration",
        "msExchRecipientTypeDetails: 8388608\n",
        "skipped system-mailbox",
        "skipped not-enabled",
    ),
    case("room", "msExchRecipientTypeDetails: 16\n", "skipped resource-mailbox", "skipped not-enabled"),
];

/// userAccountControl, which decides in every command.
const CONTROLS: &[(&str, &str, &str)] = &[
    ("none", "", "rejected value-missing"),
    ("twice", "userAccountControl: 512\nuserAccountControl: 514\n", "rejected value-invalid"),
    ("space", "userAccountControl: 512 \n", "rejected value-invalid"),
    ("hex", "userAccountControl: 0x202\n", "rejected value-invalid"),
    ("words", "userAccountControl: 514 ( NORMAL_ACCOUNT | ACCOUNTDISABLE )\n", "rejected value-invalid"),
    ("decimal", "userAccountControl: 514.0\n", "rejected value-invalid"),
    ("scientific", "userAccountControl: 5,14E+02\n", "rejected value-invalid"),
    ("octal", "userAccountControl: 0512\n", "rejected value-invalid"),
];

fn record(name: &str, lines: &str) -> String {
    format!(
        "dn: CN={name},OU=Paris,DC=contoso,DC=com\nobjectClass: user\ninstanceType: 4\nsAMAccountName: {name}\n\
         mail: {name}@contoso.com\n{lines}\n"
    )
}

fn users() -> String {
    let cases = CASES.iter().map(|case| record(case.name, &(CONTROL.to_owned() + case.lines)));
    cases.chain(CONTROLS.iter().map(|(name, lines, _)| record(name, lines))).collect()
}

#[test]
fn an_invalid_value_stops_the_commands_that_need_it() {
    let work = Work::new();
    work.write("users.ldif", users());
    let controls = CONTROLS.iter().map(|(name, _, row)| format!("{name} {row}"));
    let enable = CASES.iter().map(|case| format!("{} {}", case.name, case.enable));
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--sip-domain", "contoso.com"]).code, 3);
    assert_eq!(work.rows("run1"), enable.chain(controls.clone()).collect::<Vec<_>>());
    let disable = CASES.iter().map(|case| format!("{} {}", case.name, case.disable));
    assert_eq!(work.run(&["disable", "users.ldif", "--all", "--out", "run2"]).code, 3);
    assert_eq!(work.rows("run2"), disable.chain(controls).collect::<Vec<_>>());
}

#[test]
fn twenty_invalid_values_of_each_attribute_are_reported() {
    let work = Work::new();
    let more = "adminCount: many\nadminCount: 1\nadminCount: 2\n";
    let many: String = (0..30).map(|number| format!("proxyAddresses: nothing{number}\n")).collect();
    work.write("users.ldif", record("ann", &format!("{CONTROL}{many}{more}msRTCSIP-OptionFlags: 0x100\n")));
    let ran = work.enable(&["users.ldif", "--pool", POOL, "--sip-domain", "contoso.com", "--absent", "all"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    let report = work.read("run1/report.xml");
    let of = |attribute: &str| report.matches(&format!(" attribute=\"{attribute}\"")).count();
    let said = ["proxyAddresses", "adminCount", "msRTCSIP-OptionFlags"].map(of);
    assert_eq!(said, [20, 2, 1], "one that is no number, and one too many: {report}");
}

#[test]
fn check_reports_a_value_as_the_commands_do() {
    let work = Work::new();
    work.write("users.ldif", users());
    let ran = work.run(&["check", "users.ldif", "--all"]);
    let refused = |row: &str| row.contains("value-invalid") || row.contains("sip-invalid");
    let cases = CASES.iter().filter(|case| refused(case.enable)).count();
    let controls = CONTROLS.iter().filter(|(_, _, row)| refused(row)).count();
    let said =
        ran.stdout.matches("error[value-invalid]").count() + ran.stdout.matches("error[sip-invalid]").count();
    assert_eq!(said, cases + controls + 2, "objectSid and FederationEnabled, too: {}", ran.stdout);
    assert!(ran.stdout.contains("`userAccountControl` has more than one value"), "{}", ran.stdout);
}

#[test]
fn check_does_not_take_a_change_for_a_second_value() {
    let work = Work::new();
    work.write("users.ldif", record("ann", "userAccountControl: 512\nmsRTCSIP-OptionFlags: 1\n"));
    assert_eq!(work.enable(&["users.ldif", "--pool", POOL, "--sip-domain", "contoso.com"]).code, 0);
    let ran = work.run(&["check", "run1/0001-apply.ldif", "run1/0001-undo.ldif"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}

#[test]
fn a_list_of_resource_mailboxes_is_accepted_if_the_configuration_says_so() {
    let work = Work::new();
    let room = |name: &str, control: &str| {
        record(name, &format!("userAccountControl: {control}\nmsExchRecipientTypeDetails: 16\n"))
    };
    work.write("users.ldif", room("open", "512") + &room("shut", "514"));
    work.write("include.toml", "version = 1\n[select]\nresource_mailboxes = \"include\"\n");
    let pool = ["users.ldif", "--pool", POOL, "--sip-domain", "contoso.com"];
    assert_eq!(work.enable(&pool).code, 0);
    assert_eq!(work.rows("run1"), ["open skipped resource-mailbox", "shut skipped resource-mailbox"]);
    let ran = work.run(&[&["enable"], &pool[..], &["--config", "include.toml", "--out", "run2"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(work.rows("run2"), ["open changed", "shut skipped account-disabled"]);
}

#[test]
fn safety_attributes_are_needed_or_missed() {
    let work = Work::new();
    // Not a full dump: only the listed attributes are shown.
    let listed = record("ann", CONTROL).replace("instanceType: 4\n", "");
    work.write("users.ldif", listed);
    work.write("skip.toml", "version = 1\n[safety]\nprotected_accounts = \"skip\"\n");
    let absent = "proxyAddresses msRTCSIP-UserEnabled msRTCSIP-PrimaryUserAddress msRTCSIP-PrimaryHomeServer \
                  msRTCSIP-OptionFlags msRTCSIP-ArchivingEnabled msRTCSIP-OriginatorSid";
    let mut arguments = vec!["users.ldif", "--pool", POOL, "--sip-domain", "contoso.com"];
    arguments.extend(absent.split_whitespace().flat_map(|name| ["--absent", name]));
    let ran = work.enable(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("warning[safety-not-shown]: protected accounts and critical system objects"));
    let ran = work.run(&[&["enable"], &arguments[..], &["--config", "skip.toml", "--out", "run2"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("does not show adminCount"), "{}", ran.stderr);
    // Relative identifiers mark Windows' own accounts.
    work.write(
        "sids.ldif",
        record("ann", CONTROL).replace("instanceType: 4\n", "objectSid: S-1-5-21-1-2-3-1001\n"),
    );
    arguments[0] = "sids.ldif";
    let ran = work.run(&[&["enable"], &arguments[..], &["--out", "run3"]].concat());
    assert!(ran.stderr.contains("warning[safety-not-shown]: protected accounts look like"), "{}", ran.stderr);
}
