//! Help, completions and man pages: one definition, checked by the shells and troffs.

use std::process::{Command, Stdio};

use crate::Work;

/// Returns the commands that the program lists.
fn commands(work: &Work) -> Vec<String> {
    let help = work.run(&["-h"]).stdout;
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    names
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(String::from)
        .collect()
}

/// Runs a program on a file with this name, if it is installed; returns its success, and everything it prints.
fn said(work: &Work, program: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(work.path(""))
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output();
    let output = output.ok()?;
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    Some((output.status.success(), text.concat()))
}

#[test]
fn short_help_fits_on_a_screen_and_long_help_shows_the_rest() {
    let work = Work::new();
    let commands = commands(&work);
    assert!(commands.len() >= 8, "{commands:?}");
    for command in &commands {
        let short = work.command(&[command, "-h"]).env("COLUMNS", "80").output().unwrap();
        let short = String::from_utf8(short.stdout).unwrap();
        assert!(short.lines().count() <= 25, "{command} -h has {} lines:\n{short}", short.lines().count());
        assert!(short.lines().all(|line| line.chars().count() <= 80), "{short}");
        let long = work.run(&[command, "--help"]).stdout;
        assert!(long.contains("\nExamples:\n"), "{command} --help shows no examples");
        let options = |text: &str| text.matches("\n      --").count() + text.matches("\n  -").count();
        assert!(options(&long) >= options(&short));
    }
    for (command, required) in [
        ("disable", "--out <DIR>\n    <--base <DN>|--filter <FILTER>|--users <FILE>|--all> <INPUT>...\n"),
        ("verify", " <--against <EXPORT>...|--files> <RUN>\n"),
        ("completions", " <SHELL>\n"),
    ] {
        for language in ["en", "fr"] {
            let short = work.run(&[command, "-h", "--language", language]).stdout;
            assert!(short.contains(required), "{short}");
        }
    }
    let enable = work.run(&["enable", "-h"]).stdout;
    assert!(enable.contains("--pool <NAME") && !enable.contains("--wrap"), "{enable}");
    assert!(work.run(&["enable", "--help"]).stdout.contains("--wrap"));
    assert!(work.run(&["--help"]).stdout.contains("130  interrupted"));
}

#[test]
fn help_is_shown_for_the_flags_of_windows() {
    let work = Work::new();
    for asking in ["/?", "-?"] {
        assert_eq!(work.run(&[asking]).stdout, work.run(&["--help"]).stdout);
        let asked = work.run(&["enable", asking]);
        assert_eq!((asked.code, asked.stdout), (0, work.run(&["enable", "--help"]).stdout));
    }
    let named = work.run(&["check", "--", "/?"]);
    assert_eq!(named.code, 1, "behind `--` it is a file: {}", named.stdout);
}

#[test]
fn a_misspelled_name_gets_the_nearest_one() {
    let work = Work::new();
    work.write("a.ldif", "");
    for (typed, meant) in [
        (&["chekc", "a.ldif"][..], "check"),
        (&["enable", "a.ldif", "--poool", "p"], "--pool"),
        (&["enable", "a.ldif", "--domain", "contoso.com"], "--sip-domain"),
        (&["enable", "a.ldif", "--out", "r", "--target", "ldifd"], "ldifde"),
        (&["enable", "a.ldif", "--out", "r", "--target", "LDAP"], "ldap"),
        (&["enable", "a.ldif", "--out", "r", "--sip-from", "sAMAccountName"], "sam"),
        (&["completions", "bsh"], "bash"),
    ] {
        let ran = work.run(typed);
        let help = format!("\nhelp: did you mean `{meant}`?\n");
        assert!(ran.code == 2 && ran.stderr.contains(&help), "{typed:?}: {}", ran.stderr);
    }
}

#[test]
fn errors_of_the_command_line_are_in_the_programs_own_words() {
    let work = Work::new();
    for (typed, said) in [
        (
            &["enable", "a", "--out", "r", "--limit", "-1"][..],
            "invalid value `-1` for `--limit <N>`\nhelp: give a whole number\n",
        ),
        (
            &["enable", "a", "--out", "r", "--now", "today"],
            "invalid value `today` for `--now <TIME>`\nhelp: give a time from 0001-01-01 to ",
        ),
        (&["enable", "a", "--out", "r", "--pool"], "`--pool <NAME|FQDN|DN>` lacks its value\n"),
        (&["enable", "a", "--out", "r", "--out", "s"], "`--out <DIR>` is given twice\n"),
        (
            &["disable", "a", "--out", "r", "--all", "--base", "b"],
            "`--all` cannot be used with `--base <DN>`\n",
        ),
        (&["configure", "a", "--out", "r", "--federation", "yes"], "\nhelp: give one of true, false\n"),
        (&["audit"], "missing: `<INPUT>...`\n\nUsage: userprep audit <INPUT>...\n"),
        (
            &["--format", "json", "enable", "a"],
            "unknown argument `--format`\nhelp: write `--format` after the command\n",
        ),
        (&["en\u{202e}able"], "unknown command `en\\u{202e}able`\n"),
    ] {
        let ran = work.run(typed);
        assert!(ran.code == 2 && ran.stderr.contains(said), "{typed:?}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("error[command-line]: "), "{}", ran.stderr);
    }
}

#[test]
fn completions_are_scripts_of_their_shells() {
    let work = Work::new();
    let commands = commands(&work);
    for (shell, file, arguments) in [
        ("bash", "userprep.bash", &["-n", "userprep.bash"][..]),
        ("zsh", "_userprep", &["-n", "_userprep"]),
        ("fish", "userprep.fish", &["--no-execute", "userprep.fish"]),
        ("powershell", "userprep.ps1", &[]),
    ] {
        let script = work.run(&["completions", shell]).stdout;
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell} knows no {command}");
        }
        work.write(file, &script);
        if !arguments.is_empty()
            && let Some((is_fine, text)) = said(&work, shell, arguments)
        {
            assert!(is_fine && text.is_empty(), "{shell}: {text}");
        }
    }
    let parse = "$e = $null; [void][Management.Automation.Language.Parser]::ParseFile('userprep.ps1', [ref]$null, [ref]$e); exit $e.Count";
    if let Some((is_fine, text)) = said(&work, "pwsh", &["-NoProfile", "-Command", parse]) {
        assert!(is_fine, "pwsh: {text}");
    }
}

#[test]
fn bash_and_fish_complete_commands_flags_and_values() {
    let work = Work::new();
    work.write("userprep.bash", work.run(&["completions", "bash"]).stdout);
    work.write("userprep.fish", work.run(&["completions", "fish"]).stdout);
    for (line, wanted) in [
        ("userprep ena", "enable"),
        ("userprep enable --sip-d", "--sip-domain"),
        ("userprep enable --target ld", "ldifde"),
        ("userprep enable --sip-from first", "first.last"),
        ("userprep rename --sip-from u", "upn"),
        ("userprep configure --archiving fed", "federated"),
    ] {
        let script = format!(
            "source userprep.bash; COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _userprep userprep \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        if let Some((_, text)) = said(&work, "bash", &["-c", &script]) {
            assert!(text.split_whitespace().any(|word| word == wanted), "bash {line}: {text}");
        }
        let script = format!("source userprep.fish; complete -C '{line}'");
        if let Some((_, text)) = said(&work, "fish", &["-c", &script]) {
            assert!(text.split_whitespace().any(|word| word == wanted), "fish {line}: {text}");
        }
    }
}

#[test]
fn man_pages_please_man_groff_and_mandoc_in_both_languages() {
    for language in ["en", "fr"] {
        man_pages_please(language);
    }
}

fn man_pages_please(language: &str) {
    let work = Work::new();
    assert_eq!(work.run(&["man", "share/man1", "--language", language]).code, 0);
    let mut wanted: Vec<String> = commands(&work).iter().map(|name| format!("userprep-{name}.1")).collect();
    wanted.extend(["userprep.1", "userprep-codes.7"].map(String::from));
    wanted.sort();
    assert_eq!(work.names("share/man1"), wanted);
    for name in &wanted {
        let page = format!("share/man1/{name}");
        assert!(work.read(&page).is_ascii());
        if let Some((is_fine, text)) = said(&work, "groff", &["-man", "-ww", "-Tutf8", "-z", &page]) {
            assert!(is_fine && text.is_empty(), "groff {name}: {text}");
        }
        if let Some((is_fine, text)) = said(&work, "mandoc", &["-Tlint", &page]) {
            assert!(is_fine && text.is_empty(), "mandoc {name}: {text}");
        }
        let warned = said(&work, "man", &["--warnings=all", "--encoding=UTF-8", "-l", &page]);
        if let Some((is_fine, text)) = warned {
            let last = if language == "fr" { "VOIR AUSSI" } else { "SEE ALSO" };
            assert!(is_fine && text.contains(last) && !text.contains("warning:"), "man {name}: {text}");
        }
    }
    let page = work.read("share/man1/userprep-enable.1");
    let headings = match language {
        "fr" => [".SH NOM", ".SH \"SORTIE\"", ".SH EXEMPLES", ".SH \"CODE DE SORTIE\""],
        _ => [".SH NAME", ".SH OUTPUT", ".SH EXAMPLES", ".SH \"EXIT STATUS\""],
    };
    assert!(headings.iter().all(|heading| page.contains(heading)), "{page}");
    assert!(page.contains("userprep\\-verify"), "{page}");
    assert_eq!(language == "fr", !page.contains("Print help") && !page.contains("[default: "), "{page}");
    assert!(work.read("share/man1/userprep-codes.7").contains("sip\\-duplicate"));
}

#[test]
fn an_existing_man_page_is_not_overwritten() {
    let work = Work::new();
    std::fs::create_dir(work.path("man1")).unwrap();
    work.write("man1/userprep.1", "somebody else's");
    let refused = work.run(&["man", "man1"]);
    assert!(
        refused.code == 2 && refused.stderr.contains("`man1/userprep.1` already exists"),
        "{}",
        refused.stderr
    );
    assert_eq!(work.names("man1"), ["userprep.1"]);
    assert_eq!(work.run(&["man", "man1", "--force"]).code, 0);
    assert_eq!(work.read("man1/userprep.1.1"), "somebody else's");
    assert!(work.read("man1/userprep.1").starts_with(".TH USERPREP 1"));
}

#[test]
fn a_french_user_gets_help_in_french() {
    let work = Work::new();
    for (typed, said) in [
        (&["enabel", "--language", "fr"][..], "aide: vouliez-vous dire `enable` ?\n"),
        (&["enable", "--language=fr"], "il manque `--out <DIR>`, `<INPUT>...`\n"),
        (&["enable", "--language", "fr", "--bas", "x"], "argument inconnu `--bas`\n"),
        (&["audit", "x", "--language", "fr", "--limit", "many"], "`--limit <N>` n’admet pas `many`\n"),
    ] {
        let ran = work.run(typed);
        assert!(ran.code == 2 && ran.stderr.contains(said), "{typed:?}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("erreur[command-line]: "), "{}", ran.stderr);
    }
    let by_locale = work.command(&["verify", "-h"]).env("LC_ALL", "fr_FR.UTF-8").output().unwrap();
    assert!(String::from_utf8(by_locale.stdout).unwrap().contains("\nUtilisation : userprep verify "));
}

#[test]
#[cfg(target_os = "linux")]
fn help_that_cannot_be_written_is_a_failure() {
    let work = Work::new();
    for typed in [&["--help"][..], &["enable", "-h"], &["--version"], &["enable", "--format", "json"]] {
        for language in ["en", "fr"] {
            let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
            let asked = [typed, &["--language", language]].concat();
            let output = work.command(&asked).stdout(full).output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{asked:?}");
            assert!(String::from_utf8(output.stderr).unwrap().contains("[output-unwritable]"), "{asked:?}");
        }
    }
}
