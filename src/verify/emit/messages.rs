//! Messages about a user of the run: warnings in `verify`; in `undo`, errors that reject the user.

use crate::change::{Change, Compared, Matching};
use crate::codes::Reason;
use crate::input::fault::{self, ALL_RANGES};
use crate::language::{Text, text};
use crate::message::{Message, Severity, visible};
use crate::report::redaction::{MASK, Redaction};
use crate::run::Run;
use crate::schema::value::readable;
use crate::sip::AddressFaultKind;
use crate::sip::fault::IN_UTF8;
use crate::verify::Task;
use crate::wizard::validity::REPLACES;

/// Creates a finding: a warning in `verify`, an error in `undo`.
pub(super) fn finding(task: Task, code: &'static str, what: Text) -> Message {
    let severity = match task {
        Task::Verify => Severity::Warning,
        Task::Undo => Severity::Error,
    };
    Message::of(severity, code, what)
}

/// Reports that no export shows the user of this DN, unless in one of the records that could not be read.
pub(super) fn gone(task: Task, dn: &str, run: &Run, has_unread: bool) -> Message {
    let what = text!(
        "no export shows the user, who was {dn} in {}",
        "aucun export ne montre l’utilisateur, qui était {dn} dans {}",
        run.name
    );
    let mut message = finding(task, "gone", what);
    if has_unread {
        message = message.because(text!(
            "records of the exports could not be read, and the user may be among them",
            "des enregistrements des exports n’ont pas pu être lus, et l’utilisateur est peut-être parmi eux"
        ));
    }
    if run.ignores_guids {
        return message;
    }
    message.help(text!(
        "export each domain of the run; if the directory is another one with the same DNs, such as a lab, add --match dn",
        "exportez chaque domaine de l’exécution\u{202f}; si l’annuaire en est un autre avec les mêmes DN, comme une maquette, ajoutez --match dn"
    ))
}

/// Reports that several records of the user have different states.
pub(super) fn disputed(task: Task) -> Message {
    let what = text!(
        "several records of this user contradict each other",
        "plusieurs enregistrements de cet utilisateur se contredisent"
    );
    finding(task, "dn-conflict", what)
}

/// Reports that a part of the user's record was cut off.
pub(super) fn record_cut(task: Task) -> Message {
    let (what, help) = fault::record_cut();
    finding(task, Reason::RECORD_CUT.code(), what).help(help)
}

/// Reports that some values of an attribute were not exported.
pub(super) fn cut(task: Task) -> Message {
    let what = text!(
        "the export shows only some of the values of an attribute that the run has written",
        "l’export ne montre qu’une partie des valeurs d’un attribut que l’exécution a écrit"
    );
    finding(task, "value-range-incomplete", what).help(ALL_RANGES.clone())
}

/// Reports a value that equals the run's only by a guess at its encoding.
pub(super) fn guessed(task: Task, name: &str, value: &[u8]) -> Message {
    let letter = String::from_utf8_lossy(value).chars().find(|c| !c.is_ascii()).unwrap_or_default();
    let fault = AddressFaultKind::Guessed(letter);
    finding(task, fault.code(), fault.what(name)).because(REPLACES.clone()).help(IN_UTF8.clone())
}

/// Reports why the user gets nothing; `holder` is the other holder, if any.
pub(super) fn barred(task: Task, reason: Reason, holder: &str) -> Message {
    let meaning = reason.meaning();
    let what = match (reason, task) {
        (Reason::SIP_DUPLICATE, Task::Verify) => text!(
            "the address that the user would get is taken by now: {holder}",
            "l’adresse que l’utilisateur recevrait est prise à présent\u{a0}: {holder}"
        ),
        (Reason::LINE_DUPLICATE, Task::Verify) => text!(
            "the line that the user would get is taken by now: {holder}",
            "la ligne que l’utilisateur recevrait est prise à présent\u{a0}: {holder}"
        ),
        (Reason::SIP_DUPLICATE, Task::Undo) => text!(
            "the address that the user would get back is another object's: {holder}",
            "l’adresse que l’utilisateur retrouverait est celle d’un autre objet\u{a0}: {holder}"
        ),
        (Reason::LINE_DUPLICATE, Task::Undo) => text!(
            "the line that the user would get back is another object's: {holder}",
            "la ligne que l’utilisateur retrouverait est celle d’un autre objet\u{a0}: {holder}"
        ),
        _ => text!(
            "nothing is written for the user: {meaning}",
            "rien n’est écrit pour l’utilisateur\u{a0}: {meaning}";
            meaning
        ),
    };
    let message = finding(task, reason.code(), what);
    if task == Task::Verify || holder.is_empty() {
        return message;
    }
    message.because(text!(
        "if both had it before the run, the undo files of the run itself restore it",
        "si les deux l’avaient avant l’exécution, les fichiers de retour de l’exécution même la rétablissent"
    ))
}

/// Reports that the user has nothing of what the run planned; `is_written` says whether this run writes it again.
pub(super) fn missing(task: Task, change: &Change<'_>, is_written: bool) -> Message {
    let lacked: Vec<String> = change.differences().map(|(attribute, ..)| format!("`{attribute}`")).collect();
    let what = text!(
        "has nothing of what the run planned: {}",
        "n’a rien de ce que l’exécution prévoyait\u{a0}: {}",
        lacked.join(", ")
    );
    let message = finding(task, "missing", what);
    if is_written {
        return message;
    }
    message.help(text!(
        "add --out DIR, which gets the change files for what is left to do",
        "ajoutez --out DIR, qui reçoit les fichiers de modification pour ce qui reste à faire"
    ))
}

/// Reports an attribute that is not as planned: its former, planned and present values.
pub(super) fn drifted(task: Task, compared: &Compared<'_, '_>, redaction: &Redaction) -> Message {
    let attribute = compared.attribute;
    let hides = redaction.hides(attribute);
    let shown = |value: &&[u8]| {
        if hides { MASK.to_owned() } else { format!("`{}`", visible(&readable(attribute, value))) }
    };
    let list = |values: &[&[u8]]| {
        (!values.is_empty()).then(|| Text::first_of(values.iter().map(shown), values.len()))
    };
    let is_found = Matching::of(attribute).among(&compared.found);
    let mut before: Vec<&[u8]> = compared.before.iter().map(AsRef::as_ref).collect();
    let mut after: Vec<&[u8]> = compared.planned.iter().map(AsRef::as_ref).collect();
    let plan = planned(task, list(&after), list(&before));
    before.retain(|value| is_found(value));
    after.retain(|value| !is_found(value));
    let difference = match (list(&after), list(&before)) {
        (Some(absent), _) => text!("{absent} is not there", "{absent} n’y est pas"; absent),
        (None, Some(kept)) => text!("{kept} is still there", "{kept} y est encore"; kept),
        (None, None) => text!("other values are there, too", "d’autres valeurs y sont aussi"),
    };
    let what = match list(&compared.found) {
        None => text!(
            "`{attribute}` {plan}; {difference}",
            "`{attribute}` {plan}\u{202f}; {difference}";
            plan, difference
        ),
        Some(found) => text!(
            "`{attribute}` {plan}; {difference}; found: {found}",
            "`{attribute}` {plan}\u{202f}; {difference}\u{202f}; trouvé\u{a0}: {found}";
            plan,
            difference,
            found
        ),
    };
    finding(task, "drifted", what)
}

/// Words the change that the run planned for an attribute.
fn planned(task: Task, gained: Option<Text>, lost: Option<Text>) -> Text {
    match (task, gained, lost) {
        (Task::Verify, None, None) => text!("was to lose all its values", "devait perdre toutes ses valeurs"),
        (Task::Verify, None, Some(lost)) => text!("was to lose {lost}", "devait perdre {lost}"; lost),
        (Task::Verify, Some(gained), None) => {
            text!("was to gain {gained}", "devait recevoir {gained}"; gained)
        }
        (Task::Verify, Some(gained), Some(lost)) => text!(
            "was to gain {gained} in place of {lost}",
            "devait recevoir {gained} à la place de {lost}";
            gained, lost
        ),
        (Task::Undo, None, None) => {
            text!("lost all its values by the run", "a perdu toutes ses valeurs par l’exécution")
        }
        (Task::Undo, None, Some(lost)) => {
            text!("lost {lost} by the run", "a perdu {lost} par l’exécution"; lost)
        }
        (Task::Undo, Some(gained), None) => {
            text!("got {gained} from the run", "a reçu {gained} de l’exécution"; gained)
        }
        (Task::Undo, Some(gained), Some(lost)) => text!(
            "got {gained} from the run in place of {lost}",
            "a reçu {gained} de l’exécution à la place de {lost}";
            gained, lost
        ),
    }
}
